"""A recommender whose score is a sum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets import History
from recx_agent.schemas import View, WhatIfKind


class Feature(NamedTuple):
    """One feature of items: the identity of an item, or one value of an attribute."""

    kind: str
    name: str
    value: str

    @property
    def id(self) -> str:
        """``name=value`` of an attribute, the item's id of an identity."""
        return f"{self.name}={self.value}" if self.kind == "attribute" else self.value


class AdditiveModel(Protocol):
    """A model whose score is a sum over the history, the context and the item's features.

    ``score(u, i) = baseline + Σ_h ⟨t_h, q_i⟩ + Σ_c ⟨t_c, q_i⟩ + b_i``. The *term vector*
    ``t_h`` of a history item is what it adds to the user's representation, ``t_c`` that of
    a value of the context. A model that has features has ``q_i = Σ_f x_if q_f`` and
    ``b_i = Σ_f x_if b_f``; one that has none offers the history view alone.

    What a model offers is declared in ``views`` and ``what_ifs``; asked for anything else
    it raises :class:`~recx_agent.errors.NotOffered`. ``recx_agent.testing`` has the tests
    that every model must pass.
    """

    @property
    def kind(self) -> str:
        """Name of the kind of model."""
        ...

    @property
    def fingerprint(self) -> str:
        """Digest of the factors: equal factors give equal fingerprints."""
        ...

    @property
    def views(self) -> frozenset[View]:
        """The views this model can be taken apart in."""
        ...

    @property
    def what_ifs(self) -> frozenset[WhatIfKind]:
        """The changes this model can answer for exactly."""
        ...

    @property
    def removal_is_contribution(self) -> bool:
        """Whether the score falls by exactly ``⟨t_h, q_i⟩`` when a history item is removed.

        Else its removal changes the other terms too; ``represent_without`` is exact.
        """
        ...

    @property
    def uses_disliked(self) -> bool:
        """Whether items with a low rating are terms of the score as well."""
        ...

    @property
    def contexts(self) -> Sequence[tuple[str, str]]:
        """Name and value of each context the model has a term for."""
        ...

    @property
    def baseline(self) -> float:
        """Constant of the score that belongs to no term."""
        ...

    @property
    def history_factors(self) -> NDArray[np.float32]:
        """``p_h``, shape (n_items, d): one row per item that can be in a history."""
        ...

    @property
    def item_factors(self) -> NDArray[np.float64]:
        """``q_i``, shape (n_items, d), summed in double precision."""
        ...

    @property
    def item_biases(self) -> NDArray[np.float64]:
        """``b_i``, shape (n_items,), summed in double precision."""
        ...

    @property
    def item_lengths(self) -> NDArray[np.float64]:
        """Euclidean length of each ``q_i``, shape (n_items,)."""
        ...

    @property
    def feature_factors(self) -> NDArray[np.float32]:
        """``q_f``, shape (n_features, d)."""
        ...

    @property
    def feature_biases(self) -> NDArray[np.float32]:
        """``b_f``, shape (n_features,)."""
        ...

    @property
    def features(self) -> Sequence[Feature]:
        """What each feature is, length n_features."""
        ...

    def features_of(self, item: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Features of one item and their weights ``x_if``."""
        ...

    def items_with(self, feature: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Items that have a feature and their weights ``x_if``."""
        ...

    def weights(self, ages: NDArray[np.float64]) -> NDArray[np.float64]:
        """Weight of history items of the given ages; it depends on nothing else."""
        ...

    def event_vectors(
        self, items: NDArray[np.int32], disliked: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        """``p_h`` of history items, shape (n, d): what the evidence index holds of events."""
        ...

    def term_vectors(
        self, history: History, vectors: NDArray[np.float32] | None = None
    ) -> NDArray[np.float64]:
        """``t_h`` of each history item, shape (n_h, d).

        ``vectors``, shape (n_h, d), are used in the place of ``event_vectors``: so what an
        index gave back can be compared with the model.
        """
        ...

    def context_vectors(self, history: History) -> NDArray[np.float64]:
        """``t_c`` of each value of ``history.context``, shape (n_c, d); zero if unknown."""
        ...

    def represent(self, history: History) -> NDArray[np.float64]:
        """``p_u = Σ_h t_h + Σ_c t_c``, shape (d,)."""
        ...

    def represent_without(
        self, history: History, sets: Sequence[Sequence[int]]
    ) -> NDArray[np.float64]:
        """``p_u`` after each set of history positions is removed, shape (n_sets, d).

        Exact: equal to ``represent`` of the shorter history, whose other items keep
        their ages.
        """
        ...

    def muted(self, features: Sequence[int]) -> AdditiveModel:
        """The same model with these features' terms left out of every score."""
        ...

    def top_k(
        self,
        history: History,
        k: int,
        exclude: NDArray[np.int32],
    ) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """The best ``k`` items outside ``exclude`` and their scores, best first.

        Equal scores are ordered by item.
        """
        ...
