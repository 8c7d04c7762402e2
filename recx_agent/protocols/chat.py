"""A language model behind an endpoint."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from recx_agent.protocols.writing import Message

FinishReason = Literal["stop", "length", "content_filter", "tool_calls", "other"]


@dataclass(frozen=True)
class ChatRequest:
    """One request.

    Attributes
    ----------
    messages : tuple of Message
    grammar : str or None
        EBNF (xgrammar's dialect) that the text must follow; left out where the endpoint has
        no structured output.
    n : int
        How many answers.
    cache_salt : str or None
        vLLM's: only requests of the same salt share its prefix cache.
    """

    messages: tuple[Message, ...]
    grammar: str | None = None
    max_tokens: int = 160
    temperature: float = 0.7
    n: int = 1
    cache_salt: str | None = None


@dataclass(frozen=True)
class ChatChoice:
    """One answer and why it ended."""

    text: str
    finish_reason: FinishReason


@dataclass(frozen=True)
class ChatReply:
    """The answers to one request.

    Attributes
    ----------
    choices : sequence of ChatChoice
    model : str
        As the endpoint calls it.
    prompt_tokens, completion_tokens, cached_tokens : int
        0 where the endpoint does not say.
    seconds : float
        Retries included.
    """

    choices: Sequence[ChatChoice]
    model: str
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    seconds: float = 0.0


class ChatModel(Protocol):
    """Answers chat requests; any number at once, from any thread's event loop."""

    @property
    def name(self) -> str:
        """What identifies endpoint and model, for caches and records; no secret in it."""
        ...

    async def complete(self, request: ChatRequest, *, deadline: float | None = None) -> ChatReply:
        """Answer by ``deadline``, a time of :func:`time.monotonic`.

        Raises
        ------
        LlmError
            One of its kinds; never anything else but cancellation.
        """
        ...

    async def aclose(self) -> None:
        """Let go of connections."""
        ...


@runtime_checkable
class Pausing(Protocol):
    """Asks an endpoint that it leaves alone after too many faults."""

    @property
    def paused(self) -> bool:
        """Whether it is being left alone now."""
        ...


@runtime_checkable
class StreamingChatModel(ChatModel, Protocol):
    """A chat model that lets its text be seen while it writes."""

    def stream(
        self, request: ChatRequest, *, deadline: float | None = None
    ) -> AsyncGenerator[str | ChatReply]:
        """Answer piece by piece; the last thing that comes is the whole reply.

        Closed or cancelled, it ends the request. Attempts are repeated only as long as no
        piece has come.

        Parameters
        ----------
        request : ChatRequest
            With ``n=1``.
        deadline : float, optional
            A time of :func:`time.monotonic`, for the whole of it.

        Raises
        ------
        LlmError
            Also after some pieces; never anything else but cancellation.
        """
        ...
