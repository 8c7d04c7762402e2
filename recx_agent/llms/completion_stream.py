"""Reads what an endpoint answers piece by piece, and takes nothing of it for granted."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable
from typing import Any

from recx_agent.errors import LlmFaulty
from recx_agent.llms.completion import count_of, finish_reason, text_of
from recx_agent.protocols import ChatChoice, ChatReply, FinishReason


async def read_stream(
    where: str, chunks: AsyncIterable[Any], say: Callable[[str], None]
) -> ChatReply:
    """Hand on each piece of text as it comes, and return the whole.

    Parameters
    ----------
    where : str
        The endpoint, for messages.
    chunks : async iterable
        ``ChatCompletionChunk`` of the client; servers leave out fields or give them other types.
    say : callable
        Called with each piece.

    Raises
    ------
    LlmFaulty
        It ended without a word why, as where a connection breaks silently; or without text.
    """
    pieces: list[str] = []
    reason: FinishReason | None = None
    model, usage = "", None
    async for chunk in chunks:
        model = text_of(getattr(chunk, "model", None)) or model
        usage = getattr(chunk, "usage", None) or usage
        for entry in _entries(chunk):
            piece = text_of(getattr(getattr(entry, "delta", None), "content", None))
            if piece:
                pieces.append(piece)
                say(piece)
            told = getattr(entry, "finish_reason", None)
            reason = reason if told is None else finish_reason(told)
    text = "".join(pieces)
    if reason is None:
        raise LlmFaulty(f"{where}: the stream ended before the answer did; the connection broke")
    if not text.strip():
        raise LlmFaulty(f"{where}: the answer is empty (it ended by {reason!r})")
    details = getattr(usage, "prompt_tokens_details", None)
    return ChatReply(
        choices=(ChatChoice(text, reason),),
        model=model,
        prompt_tokens=count_of(getattr(usage, "prompt_tokens", None)),
        completion_tokens=count_of(getattr(usage, "completion_tokens", None)),
        cached_tokens=count_of(getattr(details, "cached_tokens", None)),
    )


def _entries(chunk: Any) -> list[Any]:
    """The first choice's part; one with the usage has none."""
    choices = getattr(chunk, "choices", None)
    if not isinstance(choices, list):
        return []
    return [entry for entry in choices if getattr(entry, "index", 0) in (0, None)]
