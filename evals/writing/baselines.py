"""The same plans without placeholders: how much of it is not carried by evidence.

Both get the evidence in words. ``naive`` is asked for two sentences; ``json`` for sentences
with the ids of their evidence, in a grammar that lets it write nothing but that.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from recx_agent.errors import LlmRefused
from recx_agent.evals.journal import Pulse
from recx_agent.evals.writing.blocks import Bench, Kept, side_by_side
from recx_agent.factory import slots_of, speech_of
from recx_agent.protocols import ChatRequest, Message, Plan
from recx_agent.schemas import Violation

BASELINES = ("naive", "json")
FOREIGN = frozenset({"foreign_name", "foreign_number", "polarity_mismatch", "causal_overclaim"})
"""Violations that are no matter of words that the verifier does not know."""

_SYSTEM = "You explain recommendations in two short, friendly sentences, using the facts given."
_JSON = (
    'Answer with a JSON list of objects such as {"sentence": "...", "evidence": ["H1"]}, '
    "at most three; cite the ids that carry each sentence."
)
_GRAMMAR = r"""root ::= "[" object ("," " "? object){0,2} "]"
object ::= "{\"sentence\": \"" [^"\\\n]{10,240} "\", \"evidence\": [" id ("," " "? id){0,3} "]}"
id ::= "\"" [A-Z] [0-9] "\""
"""


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
    lines = [f"{id}: {piece.text}" for id, piece in plan.evidence.items() if id in told]
    asked = f"Recommended: {plan.item_title}\nWhat is known:\n" + "\n".join(lines)
    asked += "\nWhy is it recommended to this user? Address the user as 'you'."
    if name == "json":
        asked += f"\n{_JSON}"
    messages = (Message("system", _SYSTEM), Message("user", asked))
    return ChatRequest(messages, grammar=_GRAMMAR if name == "json" else None)


def judge(name: str, plan: Plan, text: str, finish_reason: str) -> Judged:
    """Read an answer as the writer's own drafts are read."""
    if name == "json":
        try:
            text = " ".join(str(part["sentence"]) for part in json.loads(text))
        except (ValueError, TypeError, KeyError):
            return Judged(text, None)
    reading = speech_of(plan.wording).judge.read(
        text, plan, slots_of(plan), finish_reason=finish_reason
    )
    found = tuple(violation for one in reading.sentences for violation in one.violations)
    return Judged(text, found if reading.sentences else None)
