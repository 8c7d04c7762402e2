"""The same item and the same sorts of claims with another user's causes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from recx_agent.evals.writing.texts import Texts, shown_of
from recx_agent.grounding import skeleton
from recx_agent.protocols import Plan
from recx_agent.schemas import AuditRecord

_ABOUT_CAUSES = frozenset({"weighed_most", "without", "in_common", "against"})


def swap_causes(plans: Sequence[tuple[int, Plan]]) -> list[tuple[int, Plan]]:
    """Each plan that rests on history with the history items of the next one's reason.

    Claims that would not hold of them are left out; the key is another one.

    Parameters
    ----------
    plans : sequence of (int, Plan)
        Numbered by the caller.

    Returns
    -------
    list of (int, Plan)
        With the number of the plan that it was made of.
    """
    of_history = [pair for pair in plans if pair[1].claims[0].kind == "because_history"]
    swapped = []
    for at, (number, own) in enumerate(of_history):
        _, other = of_history[(at + 1) % len(of_history)]
        reason = other.claims[0]
        beside = [c for c in own.claims[1:] if c.kind not in _ABOUT_CAUSES]
        pieces = {id: piece for id, piece in own.evidence.items() if id[0] != "H"}
        pieces |= {id: other.evidence[id] for id in reason.evidence}
        plan = replace(
            own,
            claims=[replace(reason, values={}), *beside],
            evidence=pieces,
            totals=other.totals,
            key=f"{own.key}/{other.key}",
        )
        swapped.append((number, plan))
    return swapped


def changed(before: Texts, after: Texts, numbers: Sequence[int]) -> tuple[int, int]:
    """How many texts changed skeleton or chosen evidence, of those that are the model's own."""
    pairs = [
        (before.records[number], record)
        for number, record in zip(numbers, after.records, strict=True)
    ]
    own = [(a, b) for a, b in pairs if shown_of(a) and shown_of(b)]
    different = sum(_said(a) != _said(b) for a, b in own)
    return different, len(own)


def _said(record: AuditRecord) -> tuple[tuple[str, ...], frozenset[str]]:
    text = " ".join(shown_of(record))
    named = {slot["name"] for slot in record.plan["slots"]}
    return skeleton(text), frozenset(name for name in named if "{" + name + "}" in text)
