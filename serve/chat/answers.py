"""Completions and their chunks, in the shape of the chat protocol."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from recx_agent.assistant import Reply
from recx_agent.serve.chat.bodies import MODEL

STARTED = int(time.time())


class Usage(BaseModel):
    """Tokens of the language model that was asked for this answer; 0 where none was."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class AnswerMessage(BaseModel):
    """What is shown."""

    role: str = "assistant"
    content: str
    refusal: str | None = None


class Choice(BaseModel):
    """The one answer."""

    index: int = 0
    message: AnswerMessage
    logprobs: None = None
    finish_reason: str = "stop"


class Completion(BaseModel):
    """A whole answer."""

    id: str
    object: str = "chat.completion"
    created: int
    model: str = MODEL
    choices: list[Choice]
    usage: Usage


class Model(BaseModel):
    """The one model."""

    id: str = MODEL
    object: str = "model"
    created: int = STARTED
    owned_by: str = "recx-agent"


class Models(BaseModel):
    """All models."""

    object: str = "list"
    data: list[Model]


def usage_of(reply: Reply) -> Usage:
    """What the answer cost."""
    asked, answered = reply.prompt_tokens, reply.completion_tokens
    return Usage(prompt_tokens=asked, completion_tokens=answered, total_tokens=asked + answered)


def completion_of(reply: Reply) -> Completion:
    """A reply as a whole."""
    message = AnswerMessage(content=reply.text)
    return Completion(
        id=new_id(),
        created=int(time.time()),
        choices=[Choice(message=message)],
        usage=usage_of(reply),
    )


def new_id() -> str:
    """The number of an answer."""
    return f"chatcmpl-{uuid.uuid4().hex}"


class Chunks:
    """The chunks of one streamed answer.

    Parameters
    ----------
    include_usage : bool
        Whether the last chunk tells what the answer cost.
    """

    def __init__(self, include_usage: bool) -> None:
        self._include_usage = include_usage
        self._head = {
            "id": new_id(),
            "object": "chat.completion.chunk",
            "created": int(time.time()),
            "model": MODEL,
        }

    def begin(self) -> dict[str, Any]:
        """Who speaks; nothing is said yet."""
        return self._chunk({"role": "assistant", "content": ""})

    def of(self, reply: Reply) -> Iterator[dict[str, Any]]:
        """The text line by line, and how it ended."""
        for line in reply.text.splitlines(keepends=True):
            yield self._chunk({"content": line})
        yield self._chunk({}, "stop")
        if self._include_usage:
            usage = usage_of(reply).model_dump()
            yield {**self._head, "choices": [], "usage": usage}

    def _chunk(self, delta: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
        choice = {
            "index": 0,
            "delta": delta,
            "logprobs": None,
            "finish_reason": finish_reason,
        }
        usage = {"usage": None} if self._include_usage else {}
        return {**self._head, "choices": [choice], **usage}
