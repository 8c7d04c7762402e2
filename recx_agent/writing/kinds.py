"""Which kinds of claim a language model words, and which must not be lost on the way.

The kinds themselves are those of :mod:`recx_agent.explainer.claims`.
"""

from __future__ import annotations

from collections.abc import Mapping

from recx_agent.protocols import Claim, Plan, Task

_WORDED: Mapping[Task, frozenset[str]] = {
    "explain": frozenset({"because_history", "because_attr"}),
    "compare": frozenset({"because_more"}),
    "what_if": frozenset({"list_replaced", "leaves", "enters", "gone"}),
    "profile": frozenset({"leans_to", "leans_away"}),
}

WORDED_REASONS = frozenset().union(*_WORDED.values())
"""What a text is for: a reason, what would be, a leaning. A language model words it; a text in
which none of it is the model's own is a template's."""

GIVES_REASON = WORDED_REASONS | {
    *("because_others", "speaks_for"),
    *("level", "because_others_more"),
    *("list_same", "list_reordered", "list_grows", "moves"),
    "history_counts",
}
"""Claims that give a reason or an answer; a plan without one of them abstains."""

TEMPLATE_ONLY = frozenset(
    {
        *("chosen_elsewhere", "outside", "because_others", "speaks_for"),
        *("because_others_more", "list_same", "list_reordered", "list_grows"),
    }
)
"""What a plan may hold that leaves it to the template writer."""

NEVER_LOST = frozenset({"against", "everyone_against", "more_for_other"})
"""What speaks against the item, or for the other one: told by a template where the model has left
it out."""

ABOUT_CAUSES = frozenset({"weighed_most", "without", "in_common"})
"""Claims about causes, which have to be told before."""


def is_worded(plan: Plan) -> bool:
    """Whether a language model words the plan; others are template text as they are."""
    kinds = [claim.kind for claim in plan.claims]
    if TEMPLATE_ONLY & set(kinds):
        return False
    # An explanation begins with its reason; what comes first of other tasks leads up to it.
    first = kinds[:1] if plan.task == "explain" else kinds
    return not _WORDED[plan.task].isdisjoint(first)


def abstains(plan: Plan) -> bool:
    """Whether the plan says that there is no reason."""
    return not any(claim.kind in GIVES_REASON for claim in plan.claims)


def causes_of(claim: Claim) -> set[str]:
    """Ids of the causes that a claim is about."""
    return {id for id in claim.evidence if id[0] in "HA"}
