"""The model of the settings as a chat model of LangChain, for chains and agents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recx_agent.errors import SettingsError
from recx_agent.llms.endpoint import NO_KEY
from recx_agent.settings import LlmSettings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


def as_langchain(settings: LlmSettings, model: str, **more: Any) -> BaseChatModel:
    """A LangChain chat model that asks the same endpoint with the same limits.

    It is ``langchain_openai.ChatOpenAI``: tools, streams and structured output are LangChain's
    own, and errors are those of ``openai``. Explanations do not go this way; agents do.

    Parameters
    ----------
    settings : LlmSettings
        ``base_url`` must be set.
    model : str
        As the endpoint calls it.
    **more
        Further arguments of ``ChatOpenAI``.

    Raises
    ------
    SettingsError
        There is no address, or ``langchain-openai`` is not installed.
    """
    if settings.base_url is None:
        raise SettingsError("llm.base_url is not set: give it the address of a chat endpoint")
    try:
        from langchain_openai import ChatOpenAI
    except ImportError as error:
        raise SettingsError(
            "the package 'langchain-openai' is missing: pip install 'recx-agent[llm]'"
        ) from error
    values: dict[str, Any] = {
        "base_url": settings.base_url,
        "api_key": settings.api_key or NO_KEY,
        "model": model,
        "temperature": settings.temperature,
        "timeout": settings.timeout_seconds,
        "max_retries": settings.retries,
        "stream_usage": True,
        "use_responses_api": False,  # few compatible servers have the newer protocol
    }
    return ChatOpenAI(**{**values, **more})
