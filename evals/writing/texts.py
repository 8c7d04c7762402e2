"""Texts of plans, each with its audit record, and what they amount to."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from recx_agent.evals.journal import Pulse
from recx_agent.evals.writing.blocks import Bench, Kept, check_answered, side_by_side
from recx_agent.factory import make_grounded_writer, slots_of, speech_of
from recx_agent.grounding import skeleton
from recx_agent.protocols import Plan
from recx_agent.schemas import AuditRecord
from recx_agent.settings import Settings

OWN = frozenset({"supported", "repaired"})


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

    def text(self, audit_id: str) -> str | None:
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


def write_texts(bench: Bench, plans: Sequence[Plan], stage: str = "writing") -> Texts:
    """Write every plan, checked and repaired, without a deadline."""

    def job(block: Sequence[Plan]) -> Callable[[Pulse], Kept]:
        return lambda pulse: write_block(bench, block, bench.settings, pulse, stage)

    kept = bench.done(stage, [(stage, block, job(block)) for block in bench.blocks(plans)])
    records = [AuditRecord.model_validate(one) for block in kept for one in block["records"]]
    return Texts(records, sum(block["seconds"] for block in kept))


def write_block(
    bench: Bench, block: Sequence[Plan], settings: Settings, pulse: Pulse, salt: str
) -> Kept:
    """Write the plans of one block; the records and the seconds that all of them took."""
    records = Records()
    writer = make_grounded_writer(settings, bench.salted(salt), audit=records)
    try:
        began = time.monotonic()
        side_by_side(block, writer.write_slowly, bench.concurrency, pulse)
        seconds = time.monotonic() - began
    finally:
        writer.close()
    steps = (step for record in records.kept.values() for step in record.steps)
    check_answered(step.detail for step in steps if step.kind == "fault")
    whole = [records.kept[plan.key].model_dump(mode="json") for plan in block]
    return {"records": whole, "seconds": seconds}
