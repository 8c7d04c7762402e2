"""Which kinds of claim a language model words, and which must not be lost on the way.

The kinds themselves are those of :mod:`recx_agent.explainer.claims`.
"""

from __future__ import annotations

from recx_agent.protocols import Claim, Plan

WORDED_REASONS = frozenset({"because_history", "because_attr"})
"""Reasons that a language model words; a text in which none is its own is a template's."""

GIVES_REASON = WORDED_REASONS | {"because_others", "speaks_for"}
"""Claims that give a reason; a plan without one of them abstains."""

TEMPLATE_ONLY = frozenset({"chosen_elsewhere", "outside", "because_others", "speaks_for"})
"""What a plan may hold that leaves it to the template writer."""

NEVER_LOST = frozenset({"against", "everyone_against"})
"""What speaks against the item: told by a template where the model has left it out."""

ABOUT_CAUSES = frozenset({"weighed_most", "without", "in_common"})
"""Claims about causes, which have to be told before."""


def is_worded(plan: Plan) -> bool:
    """Whether a language model words the plan; others are template text as they are."""
    kinds = [claim.kind for claim in plan.claims]
    return bool(kinds) and kinds[0] in WORDED_REASONS and not TEMPLATE_ONLY & set(kinds)


def abstains(plan: Plan) -> bool:
    """Whether the plan says that there is no reason."""
    return not any(claim.kind in GIVES_REASON for claim in plan.claims)


def causes_of(claim: Claim) -> set[str]:
    """Ids of the causes that a claim is about."""
    return {id for id in claim.evidence if id[0] in "HA"}
