"""Plans in blocks, each done once and kept, so that a run goes on where it was stopped."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from recx_agent.errors import PASSING_FAULTS, LlmUnreachable
from recx_agent.evals.journal import Journal, Pulse, key_of, work_off
from recx_agent.factory import explain_request
from recx_agent.protocols import ChatModel, ChatReply, ChatRequest, Plan, Progress
from recx_agent.settings import Settings

Answer = TypeVar("Answer")
Kept = Mapping[str, Any]
"""What is kept of a block: plain values."""

WAVES = 2
"""Requests at once fill so many waves of a block; more would be lost by an interruption."""


class Salted:
    """A chat model that outlives the writers that ask it, with a prefix cache of its own.

    Parameters
    ----------
    model : ChatModel
    salt : callable
        Gives the salt of each request.
    """

    def __init__(self, model: ChatModel, salt: Callable[[], str]) -> None:
        self._model = model
        self._salt = salt

    @property
    def name(self) -> str:
        """The model's own."""
        return self._model.name

    async def complete(self, request: ChatRequest, *, deadline: float | None = None) -> ChatReply:
        """Ask the model."""
        salted = replace(request, cache_salt=self._salt())
        return await self._model.complete(salted, deadline=deadline)

    async def aclose(self) -> None:
        """Nothing: whoever made the model closes it."""


@dataclass(frozen=True)
class Bench:
    """A model, how it is asked, and what was done with it before.

    Attributes
    ----------
    concurrency : int
        Requests side by side.
    """

    model: ChatModel
    settings: Settings
    journal: Journal
    concurrency: int
    progress: Progress

    def salted(self, salt: str) -> Salted:
        """The model with a prefix cache that only requests of this salt share."""
        return Salted(self.model, lambda: salt)

    def blocks(self, plans: Sequence[Plan]) -> list[Sequence[Plan]]:
        """The plans, so many at a time."""
        size = WAVES * self.concurrency
        return [plans[at : at + size] for at in range(0, len(plans), size)]

    def done(
        self, stage: str, jobs: Sequence[tuple[str, Sequence[Plan], Callable[[Pulse], Kept]]]
    ) -> list[dict[str, Any]]:
        """Do what the journal does not hold, one job after the other.

        Parameters
        ----------
        stage : str
            For the progress.
        jobs : sequence of (str, sequence of Plan, callable)
            What is done, with which plans, and how.

        Returns
        -------
        list of dict
            What is kept, in the order of the jobs.
        """
        by_key = {self._key(what, block): job for what, block, job in jobs}
        return work_off(self.journal, by_key, threads=1, stage=stage, progress=self.progress)

    def _key(self, what: str, block: Sequence[Plan]) -> str:
        asked = [
            [plan.key, [m.content for m in request.messages], request.grammar]
            for plan in block
            for request in [explain_request(plan, self.settings.llm)]
        ]
        return key_of(
            what=what,
            model=self.model.name,
            concurrency=self.concurrency,
            asked=hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16],
            settings=self.settings.llm.model_dump(
                include={"structured", "temperature", "max_tokens", "candidates", "repair"}
            ),
        )


def check_answered(faults: Iterable[str]) -> None:
    """See that no text is another one because the endpoint failed.

    Raises
    ------
    LlmUnreachable
        One is; a block of which that is known is done again.
    """
    for fault in faults:
        if fault.partition(":")[0] in PASSING_FAULTS:
            raise LlmUnreachable(
                f"the endpoint failed in the middle ({fault}); what is measured so far is kept: "
                "give the same command again when it answers"
            )


def side_by_side(
    plans: Sequence[Plan],
    work: Callable[[Plan], Awaitable[Answer]],
    concurrency: int,
    pulse: Pulse,
) -> list[Answer]:
    """Work on several plans at once, in their order; ``pulse`` is asked before each."""

    async def one(plan: Plan, turn: asyncio.Semaphore) -> Answer:
        async with turn:
            pulse()
            return await work(plan)

    async def all_of_them() -> list[Answer]:
        turn = asyncio.Semaphore(concurrency)
        return await asyncio.gather(*(one(plan, turn) for plan in plans))

    return asyncio.run(all_of_them())
