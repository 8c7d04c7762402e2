"""What a request shows of a plan: each placeholder beside its words, and what may be told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recx_agent.prompts.claim_rules import AGAINST
from recx_agent.prompts.languages import Language
from recx_agent.prompts.prompt_data import as_data
from recx_agent.prompts.request_set import RequestSet
from recx_agent.prompts.style_bank import StyleBank
from recx_agent.protocols import Claim, Plan, Slot

_PIECE = re.compile(r"\{([A-Z][A-Z_]*\d*)")
_MACROS = {"ITEM": "item", "SHARED": "F", "RANK": "rank", "RANK_WITHOUT": "rank"}
"""Placeholders that are of no evidence of their own: how they are shown."""

_REASONS = frozenset({"because_history", "because_attr"})
"""Claims that a language model may tell as the reason."""


@dataclass(frozen=True)
class EvidenceLine:
    """One piece of evidence: its placeholders in braces, and their words as data.

    Both by what comes after the point of the name: ``""`` for ``{H1}``, ``"deed"`` for
    ``{H1.deed}``.
    """

    name: Mapping[str, str]
    shown: Mapping[str, str]


def lines_of(
    slots: Mapping[str, Slot], told: Sequence[str], requests: RequestSet, language: Language
) -> tuple[str, ...]:
    """Every piece of evidence that is named: its placeholders beside their words, as data.

    Parameters
    ----------
    slots : mapping of str to Slot
    told : sequence of str
        What is asked for, with placeholders.
    requests : RequestSet
    language : Language
    """
    named = {name for text in told for name in _PIECE.findall(text)} | {"ITEM"}
    pieces: dict[str, dict[str, Slot]] = {}
    for name, slot in slots.items():
        piece, _, part = name.partition(".")
        if piece in named:
            pieces.setdefault(piece, {})[part] = slot
    return tuple(
        requests.note(
            f"of_{_MACROS.get(piece, piece[0])}",
            EvidenceLine(
                {part: braced(slot.name) for part, slot in parts.items()},
                {part: as_data(slot.text, language) for part, slot in parts.items()},
            ),
        )
        for piece, parts in pieces.items()
    )


@dataclass(frozen=True)
class Notes:
    """What is to be told beside the reason: the claims, and a sentence for each."""

    claims: tuple[Claim, ...]
    sentences: tuple[str, ...]


def notes_of(plan: Plan, bank: StyleBank, number: int) -> Notes:
    """What a text on a plan is to tell beside its reason: what counts against, and one thing more.

    Of what else the plan allows, one is taken in turn by the variant: a small model given more
    muddles them.

    Parameters
    ----------
    plan : Plan
    bank : StyleBank
        Has the wordings.
    number : int
        Of the wording, in turn.

    Raises
    ------
    PromptError
        A claim is not for a language model.
    """
    beside = [claim for claim in plan.claims if claim.kind not in _REASONS]
    beside = [claim for claim in beside if not _without_attribute(claim)]
    worded = {id(claim): bank.sentence(claim, number) for claim in beside}
    more = [claim for claim in beside if claim.kind not in AGAINST]
    taken = more[plan.variant % len(more) :][:1] if more else []
    told = [*taken, *(claim for claim in beside if claim.kind in AGAINST)]
    return Notes(tuple(told), tuple(worded[id(claim)] for claim in told))


def reasons_of(plan: Plan, slots: Mapping[str, Slot]) -> tuple[str, ...]:
    """Placeholders of the reasons; those of attributes after their names."""
    return tuple(
        f"{braced(f'{id}.name')} {braced(id)}" if f"{id}.name" in slots else braced(id)
        for claim in plan.claims
        if claim.kind in _REASONS
        for id in claim.evidence
    )


def _without_attribute(claim: Claim) -> bool:
    """What would be without an attribute needs more words than a small model finds."""
    return claim.kind == "without" and claim.evidence[0].startswith("A")


def told_before(plan: Plan) -> tuple[str, ...]:
    """Placeholders of what was told for an earlier item of the list."""
    return tuple(
        braced(id)
        for claim in plan.claims
        if claim.kind == "because_history"
        for id in claim.values.get("again") or ()
    )


def braced(name: str) -> str:
    """Write a placeholder as it stands in a text."""
    return "{" + name + "}"
