"""What an endpoint is asked once, for all who want to know."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

from recx_agent.errors import LlmTimeout

Answer = TypeVar("Answer")


class AskedOnce(Generic[Answer]):
    """Keeps the answer to a question; a fault is told, and the next caller asks again.

    Several who want to know at the same time wait for one answer. Whoever runs out of time
    leaves, and the question stands for the next.

    Parameters
    ----------
    ask : coroutine function
        Asks; it sees to a limit of time itself.
    """

    def __init__(self, ask: Callable[[], Coroutine[Any, Any, Answer]]) -> None:
        self._ask = ask
        self._asking: asyncio.Task[Answer] | None = None

    async def get(self, seconds: float | None = None) -> Answer:
        """The answer, within so many seconds.

        Raises
        ------
        LlmError
            What the asking ran into; :class:`LlmTimeout` where it takes longer.
        """
        task = self._asking
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = self._asking = asyncio.create_task(self._ask())
            task.add_done_callback(_seen)
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.shield(task)
        except TimeoutError:
            raise LlmTimeout("the endpoint has not said in time what it offers") from None

    def forget(self) -> None:
        """Ask again the next time, unless it is being asked."""
        if self._asking is not None and self._asking.done():
            self._asking = None


def _seen(task: asyncio.Task[Any]) -> None:
    """Fetch the outcome, or asyncio complains of one that nobody waited for."""
    if not task.cancelled():
        task.exception()
