"""An explanation as it is shown, with what its sentences tell."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from recx_agent.evals.scorers.grounded.known.reading import Told, Tongue
from recx_agent.evals.scorers.grounded.known.values import shown

REASONS = {"because_history", "because_attr", "because_others", "speaks_for"}


@dataclass
class Shown:
    """One explanation as it is shown, with what its first sentences told."""

    public: Mapping[str, Any]
    tongue: Tongue
    told: list[Told | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.told = [self.tongue.read(sentence["text"]) for sentence in self.public["sentences"]]
        self.user: str = self.public["user_id"]
        self.title: str = shown(self.public["item"]["title"])
        self.id: str = self.public["item"]["item_id"]

    @cached_property
    def reason(self) -> Told | None:
        """The first sentence that gives a reason."""
        return next((t for t in self.told if t and t.kind in REASONS), None)

    @cached_property
    def causes(self) -> tuple[str, ...]:
        """What the reason names."""
        return causes_of(self.reason) if self.reason else ()

    @cached_property
    def terms(self) -> dict[str, float]:
        """History item id or ``genre=Drama`` to its term; ``*`` is how it does with everyone.

        A model without a view by attributes has no term of any.
        """
        views = self.public["attribution"]["views"]
        terms = {}
        for term in [*views["history"], *(views.get("attribute") or ())]:
            bias = term["source"]["kind"] == "item_bias"
            terms["*" if bias else term["source"]["id"]] = float(term["value"])
        return terms

    def total(self, view: str) -> float:
        """Σ|terms| of a view."""
        terms = self.public["attribution"]["views"].get(view) or ()
        return math.fsum(abs(term["value"]) for term in terms)

    @cached_property
    def history(self) -> dict[str, float]:
        """History item id to its term."""
        terms = self.public["attribution"]["views"]["history"]
        return {t["source"]["id"]: t["value"] for t in terms if t["source"]["kind"] == "history"}

    @property
    def by_template(self) -> bool:
        """Whether it is wholly a template's, which leaves nothing out."""
        return bool(self.public["writer"].get("kind") == "template")

    @property
    def hides(self) -> bool:
        """Whether some items of the history are not named: they are one term together."""
        terms = self.public["attribution"]["views"]["history"]
        return any(term["source"]["kind"] == "other_history" for term in terms)

    @cached_property
    def evidence(self) -> dict[str, Mapping[str, Any]]:
        """Evidence by id."""
        return {piece["id"]: piece for piece in self.public["evidence"]}


def causes_of(told: Told) -> tuple[str, ...]:
    """Titles, or ``genre=Drama``, that a sentence gives as reasons."""
    if told.attributes:
        return tuple(f"{name}={v}" for name, vs in told.attributes.items() for v in vs)
    return (*(title for group in told.deeds for title in group.titles), *told.again)
