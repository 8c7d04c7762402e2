"""Makes the chat model that the settings ask for."""

from __future__ import annotations

from recx_agent.errors import SettingsError
from recx_agent.protocols import ChatModel
from recx_agent.settings import LlmSettings


def open_chat_model(settings: LlmSettings) -> ChatModel | None:
    """The chat model of the settings; ``None`` where none is set.

    Nothing is asked of an endpoint yet; a model in this process is loaded, which takes
    seconds to minutes.

    Raises
    ------
    SettingsError
        A package is missing, or the settings name two models, or half of one.
    LlmRefused
        The model cannot be loaded.
    """
    if settings.in_process:
        if settings.base_url is not None:
            raise SettingsError(
                "llm.in_process and llm.base_url are both set: a model is either loaded here or "
                "asked at its address; leave one of them out"
            )
        from recx_agent.llms.in_process import InProcessModel

        return InProcessModel(settings)
    if settings.base_url is None:
        return None
    from recx_agent.llms.openai_chat import OpenAIChatModel

    return OpenAIChatModel(settings)
