"""A language model that calls tools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from recx_agent.protocols.chat import FinishReason

ToolChoice = Literal["auto", "required", "none"] | str
"""Whether tools are called; any other text is the name of the one that has to be."""


@dataclass(frozen=True)
class ToolCall:
    """A tool call as a model wrote it: nothing of it can be taken for granted.

    Attributes
    ----------
    id : str
        Of the endpoint; the answer names it.
    name : str
    arguments : str
        JSON, if it is well-formed.
    """

    id: str
    name: str
    arguments: str


@dataclass(frozen=True)
class ToolRequest:
    """One request.

    Attributes
    ----------
    messages : sequence of mapping
        Of the chat-completions protocol, those of tools included.
    tools : sequence of mapping
        Function tools of that protocol.
    tool_choice : str
    schema : mapping, optional
        JSON schema that the answer's text has to follow; without tools.
    """

    messages: Sequence[Mapping[str, Any]]
    tools: Sequence[Mapping[str, Any]] = ()
    tool_choice: ToolChoice = "auto"
    schema: Mapping[str, Any] | None = None
    max_tokens: int = 256
    temperature: float = 0.0


@dataclass(frozen=True)
class ToolReply:
    """The answer: words, calls, or both.

    Attributes
    ----------
    prompt_tokens, completion_tokens : int
        0 where the endpoint does not say.
    """

    text: str = ""
    calls: Sequence[ToolCall] = field(default_factory=tuple)
    finish_reason: FinishReason = "stop"
    model: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0


class ToolChat(Protocol):
    """Answers requests that may call tools; from any thread, any number at once."""

    def ask(self, request: ToolRequest, *, deadline: float | None = None) -> ToolReply:
        """Answer by ``deadline``, a time of :func:`time.monotonic`; waits for it.

        Raises
        ------
        LlmError
            One of its kinds.
        """
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
