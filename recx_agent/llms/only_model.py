"""Which model is asked, where the settings do not say."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from recx_agent.errors import LlmFaulty, LlmRefused
from recx_agent.llms.asked_once import AskedOnce
from recx_agent.llms.endpoint import Endpoint, seconds_left
from recx_agent.settings import LlmSettings

if TYPE_CHECKING:
    from openai import AsyncOpenAI


class OnlyModel:
    """The name of the model: by the settings, or the only one that the endpoint serves.

    Is used in the loop that asks the endpoint.

    Parameters
    ----------
    settings : LlmSettings
    endpoint : Endpoint
    """

    def __init__(self, settings: LlmSettings, endpoint: Endpoint) -> None:
        self._settings = settings
        self._endpoint = endpoint
        self._asked = AskedOnce(self._ask)

    async def name(self, deadline: float | None) -> str:
        """The name, by a time of :func:`time.monotonic`.

        Raises
        ------
        LlmError
            The endpoint does not say, or serves several.
        """
        return self._settings.model or await self._asked.get(seconds_left(deadline))

    def forget(self) -> None:
        """Ask again: another one may be served there now."""
        self._asked.forget()

    async def served(self, deadline: float | None) -> list[str]:
        """The names of all that the endpoint serves."""
        return await self._endpoint.attempt(_list_models, _names, deadline)

    async def _ask(self) -> str:
        names = await self.served(time.monotonic() + self._settings.timeout_seconds)
        if len(names) == 1:
            return names[0]
        listed = ", ".join(names) or "none"
        raise LlmRefused(
            f"{self._endpoint.url} serves {len(names)} models ({listed}); "
            "set llm.model to the one to ask"
        )


async def _list_models(client: AsyncOpenAI) -> Any:
    return await client.get("/models", cast_to=object)


def _names(page: Any) -> list[str]:
    models = page.get("data") if isinstance(page, dict) else None
    if not isinstance(models, list):
        raise LlmFaulty(
            "what came back is no list of models; give llm.base_url the address of a chat "
            "endpoint, such as http://localhost:8000/v1"
        )
    return [str(model["id"]) for model in models if isinstance(model, dict) and "id" in model]
