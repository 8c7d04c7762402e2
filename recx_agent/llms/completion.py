"""Reads what an endpoint answered, and takes nothing of it for granted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast, get_args

from recx_agent.errors import LlmFaulty
from recx_agent.protocols import ChatChoice, ChatReply, FinishReason

_REASONS = frozenset(get_args(FinishReason))
_OLDER = {"function_call": "tool_calls", "eos": "stop", "end_turn": "stop", "max_tokens": "length"}


def read_completion(where: str) -> Callable[[Any], ChatReply]:
    """What reads the completions of an endpoint.

    Servers that are almost compatible leave out fields or give them other types, and the
    client passes that on unchecked; an answer that is no JSON arrives as a text.

    Raises
    ------
    LlmFaulty
        By the reader: there is no choice, or none has a text.
    """

    def read(completion: Any) -> ChatReply:
        choices = [_choice(entry) for entry in choices_of(where, completion)]
        if not any(choice.text.strip() for choice in choices):
            raise LlmFaulty(
                f"{where}: the answer is empty (it ended by {choices[0].finish_reason!r}); a "
                "model that thinks first needs a larger llm.max_tokens, or is told not to"
            )
        usage = getattr(completion, "usage", None)
        details = getattr(usage, "prompt_tokens_details", None)
        return ChatReply(
            choices=tuple(choices),
            model=text_of(getattr(completion, "model", None)),
            prompt_tokens=count_of(getattr(usage, "prompt_tokens", None)),
            completion_tokens=count_of(getattr(usage, "completion_tokens", None)),
            cached_tokens=count_of(getattr(details, "cached_tokens", None)),
        )

    return read


def choices_of(where: str, completion: Any) -> list[Any]:
    """What a completion offers, one at least.

    Raises
    ------
    LlmFaulty
        There is nothing.
    """
    entries = getattr(completion, "choices", None)
    if not isinstance(entries, list) or not entries:
        raise LlmFaulty(
            f"{where}: what came back holds no answer; is it the address of a chat endpoint, "
            "such as http://localhost:8000/v1?"
        )
    return entries


def finish_reason(told: Any) -> FinishReason:
    """The reason as the protocol names it; ``other`` for what it does not know."""
    word = _OLDER.get(told, told) if isinstance(told, str) else None
    return cast(FinishReason, word) if word in _REASONS else "other"


def _choice(entry: Any) -> ChatChoice:
    message = getattr(entry, "message", None)
    return ChatChoice(
        text=text_of(getattr(message, "content", None)),
        finish_reason=finish_reason(getattr(entry, "finish_reason", None)),
    )


def text_of(value: Any) -> str:
    """The value, if it is a text."""
    return value if isinstance(value, str) else ""


def count_of(value: Any) -> int:
    """The value, if it is a count."""
    return value if isinstance(value, int) and value >= 0 else 0
