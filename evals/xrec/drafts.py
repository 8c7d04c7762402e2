"""Drafts of a language model, each asked for once, whoever wants it."""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from dataclasses import replace
from typing import Any

from recx_agent.errors import LlmError
from recx_agent.evals.journal import Journal, key_of
from recx_agent.protocols import ChatChoice, ChatModel, ChatReply, ChatRequest


class KeptDrafts:
    """A chat model that keeps what another one answers, and asks only for what it lacks.

    So a run that was killed goes on where it stood, ways of choosing are compared on the very
    same drafts, and somebody who wants four drafts where there is one is given three more.

    Parameters
    ----------
    model : ChatModel
        Is closed by whoever made it.
    journal : Journal
        Takes each answer as it comes; faults are not kept.

    Attributes
    ----------
    fault : LlmError or None
        The last one: a writer makes a template of it, a measurement must not.
    """

    def __init__(self, model: ChatModel, journal: Journal) -> None:
        self._model, self._journal = model, journal
        self._name = model.name
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.fault: LlmError | None = None

    @property
    def name(self) -> str:
        """The model's own."""
        return self._name

    async def complete(self, request: ChatRequest, *, deadline: float | None = None) -> ChatReply:
        """Answer with the first drafts there are for these messages, and ask for the others."""
        key = self._digest(request)
        async with self._turns[key]:
            kept = self._kept(key)
            if len(kept) < request.n:
                await self._ask(key, request, len(kept), deadline)
                kept = self._kept(key)
        choices = tuple(ChatChoice(one["text"], one["finish"]) for one in kept[: request.n])
        return ChatReply(choices, kept[0]["model"])

    async def aclose(self) -> None:
        """Nothing: whoever made the model closes it."""

    async def _ask(
        self, key: str, request: ChatRequest, there: int, deadline: float | None
    ) -> None:
        try:
            missing = replace(request, n=request.n - there)
            reply = await self._model.complete(missing, deadline=deadline)
        except LlmError as error:
            self.fault = error
            raise
        for number, choice in enumerate(reply.choices, start=there):
            record = {"text": choice.text, "finish": choice.finish_reason, "model": reply.model}
            self._journal.add(_place(key, number), record)

    def _kept(self, key: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while (record := self._journal.get(_place(key, len(found)))) is not None:
            found.append(record)
        return found

    def _digest(self, request: ChatRequest) -> str:
        """Of all that an answer depends on but how many there are."""
        asked = key_of(
            model=self._name,
            messages=[(message.role, message.content) for message in request.messages],
            grammar=request.grammar,
            max_tokens=request.max_tokens,
            temperature=request.temperature,
        )
        return hashlib.sha256(asked.encode()).hexdigest()


def _place(key: str, number: int) -> str:
    return f"{key} {number}"
