"""What the model is called: part of every key, and perhaps known to its endpoint alone."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

from recx_agent.protocols import ChatModel

_UNKNOWN = "?"


class ModelName:
    """Asks once and remembers.

    Parameters
    ----------
    model : ChatModel
        Its name begins with ``?`` as long as the endpoint has not told it.
    """

    def __init__(self, model: ChatModel) -> None:
        self._model = model
        self._name: str | None = None

    @property
    def guess(self) -> str:
        """The name as far as it is known."""
        return self._name or _UNKNOWN

    async def known(self, deadline: float | None) -> str | None:
        """The name; ``None`` if it is not to be had by the deadline."""
        if self._name is None:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            with suppress(TimeoutError):
                name = await asyncio.wait_for(asyncio.to_thread(self._asked), left)
                self._name = None if name.startswith(_UNKNOWN) else name
        return self._name

    def forget(self) -> None:
        """Ask again the next time: after a fault another model may answer."""
        self._name = None

    def _asked(self) -> str:
        return self._model.name
