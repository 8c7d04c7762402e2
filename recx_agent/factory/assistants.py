"""What a conversation is made of: words, the language model, what judges own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recx_agent.errors import SettingsError
from recx_agent.grounding import Talk
from recx_agent.prompts import AssistantWords
from recx_agent.protocols import ToolChat
from recx_agent.settings import LlmSettings

__all__ = ["AssistantWords", "make_assistant_words", "make_talk", "make_tool_chat", "user_key"]


def make_tool_chat(settings: LlmSettings) -> ToolChat | None:
    """The language model that calls tools; ``None`` where none is set.

    Raises
    ------
    SettingsError
        A model in this process is set: only an endpoint calls tools.
    """
    if settings.in_process:
        raise SettingsError(
            "llm.in_process is set: a conversation needs an endpoint; set llm.base_url instead"
        )
    if settings.base_url is None:
        return None
    from recx_agent.llms.tool_chat import OpenAIToolChat

    return OpenAIToolChat(settings)


def make_assistant_words(wording: Mapping[str, Any]) -> AssistantWords:
    """What an assistant is told and shows, in the language of a wording.

    Raises
    ------
    SettingsError
        There is no such domain or language.
    """
    return AssistantWords(wording)


def user_key() -> str:
    """The key of a LangChain config that says who the user is."""
    from recx_agent.tools import USER_KEY

    return USER_KEY


def make_talk(words: AssistantWords) -> Talk:
    """What reads sentences that assert nothing, with the words of the domain."""
    return Talk(words.language, words.domain_words)
