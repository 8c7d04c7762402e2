"""What the exact terms of a score say of a rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from recx_agent.evals.worlds.rules import Rule

MOST = 3
"""Causes that are told at most."""


class Term(NamedTuple):
    """One term: an external item id, or ``name=value``; its title or value; its size."""

    id: str
    label: str
    value: float


class Terms(NamedTuple):
    """The terms of one score that a reason can be made of, the largest first."""

    history: tuple[Term, ...]
    attribute: tuple[Term, ...]


def terms_of(explanation: Mapping[str, Any]) -> Terms:
    """The terms in a public record; those of items and attributes that may be named."""
    views = explanation["attribution"]["views"]
    return Terms(_of_kind(views["history"], "history"), _of_kind(views["attribute"], "attribute"))


def carried(terms: Terms, rule: Rule) -> frozenset[str]:
    """The parts of a rule that the model's terms carry.

    Of ``n`` attributes those among the ``n`` largest positive terms of attributes; of a rule
    that is told by items, what is carried is one of them as the largest positive term of the
    history. The share of the parts is their recall at ``n``: R-precision (Manning et al. 2008,
    section 8.4).
    """
    if rule.parts:
        most = [term.id for term in terms.attribute[: len(rule.parts)] if term.value > 0]
        return frozenset(most) & frozenset(rule.parts)
    most = [term.id for term in terms.history[:1] if term.value > 0]
    return frozenset(most) & frozenset(rule.items)


def largest_causes(terms: Terms) -> list[str]:
    """External ids of the history items with the largest positive terms, ``MOST`` at most."""
    return [term.id for term in terms.history[:MOST] if term.value > 0]


def _of_kind(view: Sequence[Mapping[str, Any]] | None, kind: str) -> tuple[Term, ...]:
    found = [
        Term(term["source"]["id"], term["source"]["label"], float(term["value"]))
        for term in view or ()
        if term["source"]["kind"] == kind
    ]
    return tuple(sorted(found, key=lambda term: -term.value))
