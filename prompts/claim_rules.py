"""Which evidence each kind of claim can rest on; what does not fit is said."""

from __future__ import annotations

from collections.abc import Sequence

from recx_agent.errors import PromptError
from recx_agent.explainer.claims import REASONS
from recx_agent.prompts.evidence_fields import Fields
from recx_agent.protocols import Claim, Plan

CITES = {
    "because_history": "H",
    "because_attr": "A",
    "because_others": "O",
    "weighed_most": "HA",
    "without": "HA",
    "in_common": "HF",
    "against": "HA",
    "context": "C",
    "support": "S",
    "everyone": "B",
    "everyone_against": "B",
    "fact": "F",
    "current_fact": "F",
    "chosen_elsewhere": "R",
    "no_single_cause": "T",
    "rests_everyone": "B",
    "unforetold": "T",
    "no_history": "B",
    "own_item": "HF",
    "outside": "T",
    "speaks_for": "HAO",
}
"""First letters of the evidence each kind of claim can cite."""

OF_ONE_CAUSE = frozenset({"weighed_most", "without"})
"""Claims about causes told before; ``without`` may be of several history items at once."""

FOR = REASONS | {"context", "everyone"}
AGAINST = frozenset({"against", "everyone_against"})

_ONE_PIECE = frozenset({"weighed_most", "support", "chosen_elsewhere", "because_others"})
_ABOUT_OTHERS = frozenset({"weighed_most", "without", "in_common", "against", "support"})


def cited(plan: Plan, claim: Claim) -> list[Fields]:
    """The fields of what a claim cites.

    Raises
    ------
    PromptError
        It is of no known kind, cites nothing, or what does not carry it.
    """
    where = f"claim {claim.kind!r}"
    if claim.kind not in CITES:
        raise PromptError(f"{where}: there is no such kind; known are {', '.join(CITES)}")
    if not claim.evidence:
        raise PromptError(f"{where} cites no evidence")
    for id in claim.evidence:
        if id not in plan.evidence:
            raise PromptError(f"{where} cites {id!r}, which is not in the plan")
        if id[0] not in CITES[claim.kind]:
            raise PromptError(f"{where} cannot rest on evidence {id!r}")
    letters = {id[0] for id in claim.evidence}
    one_sort = claim.kind == "in_common" or len(letters) == 1
    alone = claim.kind in _ONE_PIECE or (claim.kind == "without" and letters == {"A"})
    if not one_sort or (alone and len(claim.evidence) > 1):
        raise PromptError(f"{where} cannot rest on {', '.join(claim.evidence)} together")
    if claim.kind == "in_common" and "H" not in letters:
        raise PromptError("claim 'in_common' cites no history item")
    return [Fields(id, plan.evidence[id].fields) for id in claim.evidence]


def are_causes_told(claim: Claim, before: Sequence[Claim]) -> bool:
    """Whether a claim is about all causes told, with no other thing told in between."""
    while before and before[-1].kind in OF_ONE_CAUSE:
        before = before[:-1]
    if [c.kind for c in before] != ["because_history"]:
        return False
    told = set(before[0].evidence)
    return len(told) > 1 and told == {id for id in claim.evidence if id[0] == "H"}


def leaves_item_in_mind(claim: Claim) -> bool:
    """Whether "it" in the next sentence is understood as the item."""
    if "item_in_mind" in claim.values:  # it was told in other words than a template's
        return bool(claim.values["item_in_mind"])
    if claim.kind in ("chosen_elsewhere", "unforetold"):  # the recommender, the history
        return False
    ends_with_other = claim.kind in _ABOUT_OTHERS and claim.evidence[0][0] in "HS"
    ends_with_item = claim.values.get("rank_without") is not None
    return (ends_with_item or not ends_with_other) and not claim.values.get("also_for")
