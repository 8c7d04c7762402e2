"""A chat model that several writers share, and what each text costs of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from recx_agent.protocols import ChatModel, ChatReply, ChatRequest


@dataclass
class Cost:
    """Requests, tokens, and the time in which at least one answer was waited for, of one text."""

    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    model_seconds: float = 0.0
    _waiting: int = 0
    _since: float = 0.0

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Wait for an answer; what is waited for at once counts once."""
        if not self._waiting:
            self._since = time.perf_counter()
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1
            if not self._waiting:
                self.model_seconds += time.perf_counter() - self._since

    def as_took(self) -> dict[str, float]:
        """For a sample."""
        return {
            "requests": float(self.requests),
            "prompt_tokens": float(self.prompt_tokens),
            "completion_tokens": float(self.completion_tokens),
            "model_seconds": self.model_seconds,
        }


NO_MODEL = Cost().as_took()
"""Of a text that no language model was asked for."""

_COST: ContextVar[Cost | None] = ContextVar("cost", default=None)


@contextmanager
def metered() -> Iterator[Cost]:
    """Count what is asked in this task and in those that it starts."""
    cost = Cost()
    token = _COST.set(cost)
    try:
        yield cost
    finally:
        _COST.reset(token)


class Metered:
    """Asks a model, counts, and outlives the writers that ask it.

    Parameters
    ----------
    model : ChatModel
        Is closed by whoever made it.
    """

    def __init__(self, model: ChatModel) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """The model's own."""
        return self._model.name

    async def complete(self, request: ChatRequest, *, deadline: float | None = None) -> ChatReply:
        """Ask the model."""
        cost = _COST.get()
        if cost is None:
            return await self._model.complete(request, deadline=deadline)
        with cost.waiting():
            reply = await self._model.complete(request, deadline=deadline)
        cost.requests += 1
        cost.prompt_tokens += reply.prompt_tokens
        cost.completion_tokens += reply.completion_tokens
        return reply

    async def aclose(self) -> None:
        """Nothing: whoever made the model closes it."""
