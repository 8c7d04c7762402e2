"""The same plans without placeholders: how much of it is not carried by evidence.

What is asked stands in :mod:`recx_agent.evals.writers.baselines`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from recx_agent.errors import LlmRefused
from recx_agent.evals.journal import Pulse
from recx_agent.evals.writers.baselines import BASELINES, baseline_request, json_sentences
from recx_agent.evals.writing.blocks import Bench, Kept, side_by_side
from recx_agent.factory import slots_of, speech_of
from recx_agent.protocols import ChatRequest, Plan
from recx_agent.schemas import Violation

FOREIGN = frozenset({"foreign_name", "foreign_number", "polarity_mismatch", "causal_overclaim"})
"""Violations that are no matter of words that the verifier does not know."""

__all__ = ["BASELINES", "Judged", "ask_baseline", "judge"]


@dataclass(frozen=True)
class Judged:
    """One answer: its text, and what was found in it; ``None`` where it was no JSON."""

    text: str
    violations: tuple[Violation, ...] | None

    @property
    def unsupported(self) -> bool:
        """Whether a statement is not carried by evidence, by the verifier."""
        return self.violations is None or bool(self.violations)

    @property
    def foreign(self) -> bool:
        """Whether a name, a number, a rating or a cause is not that of the evidence."""
        return bool(self.violations) and any(v.kind in FOREIGN for v in self.violations or ())


def ask_baseline(bench: Bench, name: str, plans: Sequence[Plan]) -> list[Judged]:
    """Ask for every plan; one that is refused is left out."""

    def job(block: Sequence[Plan]) -> Callable[[Pulse], Kept]:
        return lambda pulse: {"answers": _answers(bench, name, block, pulse)}

    blocks = bench.blocks(plans)
    kept = bench.done(name, [(name, block, job(block)) for block in blocks])
    pairs = [
        pair
        for block, one in zip(blocks, kept, strict=True)
        for pair in zip(block, one["answers"], strict=True)
    ]
    return [judge(name, plan, *answer) for plan, answer in pairs if answer is not None]


def _answers(
    bench: Bench, name: str, block: Sequence[Plan], pulse: Pulse
) -> list[tuple[str, str] | None]:
    model = bench.salted(name)

    async def ask(plan: Plan) -> tuple[str, str] | None:
        try:
            reply = await model.complete(_request(name, plan))
        except LlmRefused:
            return None
        return reply.choices[0].text, reply.choices[0].finish_reason

    return side_by_side(block, ask, bench.concurrency, pulse)


def _request(name: str, plan: Plan) -> ChatRequest:
    told = {id for claim in plan.claims for id in claim.evidence}
    evidence = [(id, piece.text) for id, piece in plan.evidence.items() if id in told]
    return baseline_request(name, plan.item_title, evidence)


def judge(name: str, plan: Plan, text: str, finish_reason: str) -> Judged:
    """Read an answer as the writer's own drafts are read."""
    if name == "json":
        sentences = json_sentences(text)
        if sentences is None:
            return Judged(text, None)
        text = " ".join(sentence.text for sentence in sentences)
    reading = speech_of(plan.wording).judge.read(
        text, plan, slots_of(plan), finish_reason=finish_reason
    )
    found = tuple(violation for one in reading.sentences for violation in one.violations)
    return Judged(text, found if reading.sentences else None)
