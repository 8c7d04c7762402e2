"""Scores and ranks with evidence taken away, and with nothing else left: asked of the model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recx_agent.attribution import Standing, feature_terms, history_terms
from recx_agent.attribution.terms import context_terms
from recx_agent.attribution.threads import one_blas_thread

Float64 = NDArray[np.float64]
_BLOCK = 1 << 22
"""Scores held at once, 32 MiB in double precision."""


@dataclass(frozen=True)
class Evidence:
    """Terms of one score.

    Attributes
    ----------
    history : tuple of int
        Positions in the user's history.
    features : tuple of int
        Features of the item.
    """

    history: tuple[int, ...] = ()
    features: tuple[int, ...] = ()

    def __len__(self) -> int:
        """How many terms."""
        return len(self.history) + len(self.features)


class Place(NamedTuple):
    """Where an item stands: its score, and its 1-based rank among the candidates."""

    score: float
    rank: int


@dataclass(frozen=True)
class Cuts:
    """What becomes of one item of one user.

    Ranks are among all that could be suggested, and what is taken away does not become a
    candidate: the user knows it.

    Attributes
    ----------
    standing : Standing
    item : int
        A candidate.
    """

    standing: Standing
    item: int

    @property
    def whole(self) -> Place:
        """With everything."""
        return self.without([Evidence()])[0]

    @one_blas_thread
    def without(self, sets: Sequence[Evidence]) -> list[Place]:
        """After each set is deleted: history items removed, attributes muted.

        The other history items keep their ages, and the model is asked anew: nothing is
        subtracted that it would not lose.
        """
        model, history = self.standing.model, self.standing.history
        users = model.represent_without(history, [evidence.history for evidence in sets])
        places: list[Place] = []
        for start, scores in self._scored(users):
            for row, evidence in zip(scores, sets[start : start + len(scores)], strict=True):
                user = users[len(places)]
                for feature in evidence.features:
                    having, weights = model.items_with(feature)
                    row[having] -= weights * self._term(user, feature, bias=True)
                places.append(self._place(row))
        return places

    @one_blas_thread
    def only(self, sets: Sequence[Evidence]) -> list[Place]:
        """With each set alone: no other history item, and of the attributes' terms no other.

        How items do with everyone (their biases) stays: that is where an empty set stands.
        """
        model, history = self.standing.model, self.standing.history
        every = range(len(history))
        users = model.represent_without(
            history, [[p for p in every if p not in evidence.history] for evidence in sets]
        )
        whole = model.represent(history)
        places: list[Place] = []
        for start, scores in self._scored(users):
            for row, evidence in zip(scores, sets[start : start + len(scores)], strict=True):
                rest = whole - users[len(places)]
                for feature in evidence.features:
                    having, weights = model.items_with(feature)
                    row[having] += weights * self._term(rest, feature, bias=False)
                places.append(self._place(row))
        return places

    def weighed(self, evidence: Evidence) -> float:
        """``Σ|terms|`` of the view that the evidence is part of, the item's bias included.

        Of the history view; of the attribute view for attributes alone.
        """
        standing, items = self.standing, [self.item]
        if evidence.features and not evidence.history:
            _, terms = feature_terms(standing.model, standing.history, self.item)
            return float(np.abs(terms).sum())
        personal = np.abs(history_terms(standing.model, standing.history, items)).sum()
        around = np.abs(context_terms(standing.model, standing.history, items)).sum()
        return float(personal + around + abs(standing.model.item_biases[self.item]))

    def attributes(self) -> list[int]:
        """The item's features that are attributes."""
        model = self.standing.model
        if "attribute" not in model.views:
            return []
        features, _ = model.features_of(self.item)
        return [int(f) for f in features if model.features[int(f)].kind == "attribute"]

    def _term(self, user: Float64, feature: int, *, bias: bool) -> float:
        model = self.standing.model
        own = float(model.feature_factors[feature].astype(np.float64) @ user)
        return own + (float(model.feature_biases[feature]) if bias else 0.0)

    def _scored(self, users: Float64) -> Iterator[tuple[int, Float64]]:
        """Every item's score for each representation, some rows at a time."""
        model = self.standing.model
        floor = model.item_biases + model.baseline
        rows = max(1, _BLOCK // len(floor))
        for start in range(0, len(users), rows):
            yield start, users[start : start + rows] @ model.item_factors.T + floor

    def _place(self, scores: Float64) -> Place:
        own, there = scores[self.item], self.standing.candidates
        # Where nothing is left of two scores they are level up to the last bit of a sum.
        slack = 1e-9 * (1.0 + abs(own))
        above = there & (scores > own + slack)
        level = there[: self.item] & (np.abs(scores[: self.item] - own) <= slack)
        return Place(float(own), int(np.count_nonzero(above) + np.count_nonzero(level)) + 1)
