"""Texts of plans, each with its audit record, and what they amount to."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from recx_agent.factory import make_grounded_writer, slots_of, speech_of
from recx_agent.grounding import skeleton
from recx_agent.protocols import ChatModel, ChatReply, ChatRequest, Plan, Progress
from recx_agent.schemas import AuditRecord
from recx_agent.settings import Settings

OWN = frozenset({"supported", "repaired"})


class Shared:
    """A chat model that outlives the writers that ask it."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """The model's own."""
        return self._model.name

    async def complete(self, request: ChatRequest, *, deadline: float | None = None) -> ChatReply:
        """Ask the model."""
        return await self._model.complete(request, deadline=deadline)

    async def aclose(self) -> None:
        """Nothing: whoever made the model closes it."""


@dataclass
class Records:
    """Audit records in memory; see :class:`recx_agent.protocols.AuditLog`."""

    kept: dict[str, AuditRecord] = field(default_factory=dict)

    def put(self, record: AuditRecord) -> None:
        """Keep a record, by the key of its plan."""
        self.kept[str(record.plan["key"])] = record

    def get(self, audit_id: str) -> AuditRecord | None:
        """None is looked for."""
        return None

    def of_user(self, user_id: str) -> Sequence[AuditRecord]:
        """Those of one user."""
        return [record for record in self.kept.values() if record.user_id == user_id]

    def newest(self, count: int) -> Sequence[AuditRecord]:
        """The last ones."""
        return list(self.kept.values())[-count:]

    def users(self) -> frozenset[str]:
        """Whose records there are."""
        return frozenset(record.user_id for record in self.kept.values())

    def drop_before(self, moment: datetime) -> int:
        """Nothing is too old."""
        return 0

    def erase(self, user_id: str) -> int:
        """Nothing lasts."""
        return 0

    def close(self) -> None:
        """Nothing is held open."""


@dataclass(frozen=True)
class Texts:
    """Records in the order of their plans, and the seconds that all of them took."""

    records: Sequence[AuditRecord]
    seconds: float

    @property
    def verdicts(self) -> Counter[str]:
        """How many of each."""
        return Counter(record.verdict for record in self.records)

    @property
    def violations(self) -> Counter[str]:
        """Texts with at least one violation of a kind in a draft."""
        found: Counter[str] = Counter()
        for record in self.records:
            sentences = [one for step in record.steps for one in step.sentences]
            found.update({violation.kind for one in sentences for violation in one.violations})
        return found

    @property
    def own(self) -> int:
        """Texts that are the model's own, wholly or in part."""
        return sum(record.verdict in OWN for record in self.records)

    @property
    def skeletons(self) -> list[tuple[str, ...]]:
        """Of the model's sentences that are shown, one a text that is its own."""
        return [skeleton_of(record) for record in self.records if record.verdict in OWN]

    def cost(self, kind: str) -> tuple[int, float, int]:
        """Requests of a kind, the seconds they took, and the tokens written."""
        steps = [s for r in self.records for s in r.steps if s.kind == kind and s.messages]
        return len(steps), sum(s.seconds for s in steps), sum(s.completion_tokens for s in steps)

    @property
    def cached(self) -> float:
        """Part of the prompts' tokens that the engine had already."""
        steps = [s for r in self.records for s in r.steps]
        asked = sum(s.prompt_tokens for s in steps)
        return sum(s.cached_tokens for s in steps) / asked if asked else 0.0


def skeleton_of(record: AuditRecord) -> tuple[str, ...]:
    """The words of the model's sentences that are shown, placeholders masked."""
    return skeleton(" ".join(shown_of(record)))


def shown_of(record: AuditRecord) -> list[str]:
    """The model's sentences that are shown, with placeholders."""
    return [
        one.raw
        for step in record.steps
        if step.kind in ("draft", "repair")
        for one in step.sentences
        if one.fate == "kept"
    ]


def untrue(plan: Plan, record: AuditRecord) -> bool:
    """Whether the verifier finds fault with what is shown, read without placeholders."""
    filled = " ".join(
        one.text
        for step in record.steps
        for one in step.sentences
        if step.kind in ("draft", "repair") and one.fate == "kept"
    )
    judge = speech_of(plan.wording).judge
    return bool(filled) and not judge.read(filled, plan, slots_of(plan)).ok


def write_texts(
    plans: Sequence[Plan],
    model: ChatModel,
    settings: Settings,
    concurrency: int,
    progress: Progress,
    stage: str = "writing",
) -> Texts:
    """Write every plan, so many side by side, without a deadline."""
    records = Records()
    writer = make_grounded_writer(settings, Shared(model), audit=records)
    done = 0

    async def one(plan: Plan, turn: asyncio.Semaphore) -> None:
        nonlocal done
        async with turn:
            await writer.write_slowly(plan)
        done += 1
        progress(stage, done, len(plans))

    async def all_of_them() -> None:
        turn = asyncio.Semaphore(concurrency)
        await asyncio.gather(*(one(plan, turn) for plan in plans))

    began = time.monotonic()
    try:
        asyncio.run(all_of_them())
        seconds = time.monotonic() - began
    finally:
        writer.close()
    return Texts([records.kept[plan.key] for plan in plans if plan.key in records.kept], seconds)
