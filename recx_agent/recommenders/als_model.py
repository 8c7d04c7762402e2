"""The served ALS model: fixed item factors, a user's factor solved from the history."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.artefacts import (
    load_array,
    new_folder,
    read_manifest,
    save_array,
    write_manifest,
)
from recx_agent.attribution.threads import one_blas_thread
from recx_agent.datasets import History
from recx_agent.errors import ArtefactDamaged, NotOffered
from recx_agent.protocols import Feature
from recx_agent.recommenders.als_solver import UserSolver
from recx_agent.recommenders.top_k import TopK
from recx_agent.schemas import View, WhatIfKind

FORMAT_VERSION = 1
_OPTIONS = ("regularization", "alpha", "half_life", "added", "by_length")


@dataclass(frozen=True)
class AlsModel:
    """ALS as :class:`recx_agent.protocols.AdditiveModel` says; it has no features.

    An item without events has a zero vector: its score is 0 for everyone, it is no reason
    for anything, and nothing is known of it until the next training.

    Attributes
    ----------
    history_factors : float32 array, shape (n_items, d)
        ``y_h``, as trained.
    item_factors : float64 array, shape (n_items, d)
        The same in double precision, kept so that it can be memory-mapped.
    solver : UserSolver
        How a user's factor follows from the history.
    notes : mapping
        Training parameters or origin, and the data's fingerprint, for the record.
    """

    history_factors: NDArray[np.float32]
    item_factors: NDArray[np.float64]
    solver: UserSolver
    notes: Mapping[str, Any] = field(default_factory=dict)
    kind: str = "als"

    @classmethod
    def of(
        cls,
        factors: NDArray[np.float32],
        *,
        notes: Mapping[str, Any] | None = None,
        gram: NDArray[np.float64] | None = None,
        **options: Any,
    ) -> AlsModel:
        """Build from item factors.

        Parameters
        ----------
        factors : float32 array, shape (n_items, d)
        notes : mapping, optional
        gram : float64 array, shape (d, d), optional
            ``YᵀY``, if the factors were trained with more items than these.
        **options
            The other attributes of :class:`~recx_agent.recommenders.als_solver.UserSolver`.
        """
        single = np.ascontiguousarray(factors, dtype=np.float32)
        double = single.astype(np.float64)
        solver = UserSolver(gram=double.T @ double if gram is None else gram, **options)
        return cls(single, double, solver, dict(notes or {}))

    @property
    def views(self) -> frozenset[View]:
        """The history alone."""
        return frozenset({"history"})

    @property
    def what_ifs(self) -> frozenset[WhatIfKind]:
        """All but muting: there are no attributes in the sum."""
        return frozenset({"remove", "add", "exclude"})

    @property
    def removal_is_contribution(self) -> bool:
        """False: without an item the terms of the others change too."""
        return False

    @property
    def uses_disliked(self) -> bool:
        """False: an item with a low rating counts like one without any."""
        return False

    @property
    def contexts(self) -> Sequence[tuple[str, str]]:
        """None."""
        return ()

    @property
    def baseline(self) -> float:
        """Zero."""
        return 0.0

    @cached_property
    def fingerprint(self) -> str:
        """Digest of factors and solver."""
        options = [repr(getattr(self.solver, name)) for name in _OPTIONS]
        digest = hashlib.sha256(" ".join([self.kind, *options]).encode())
        digest.update(repr(self.history_factors.shape).encode())
        for array in (self.history_factors, self.item_factors, self.solver.gram):
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()[:16]

    @cached_property
    def item_biases(self) -> NDArray[np.float64]:
        """Zero for every item, shape (n_items,)."""
        return np.zeros(len(self.item_factors))

    @cached_property
    def item_lengths(self) -> NDArray[np.float64]:
        """Euclidean length of each ``y_i``, shape (n_items,)."""
        return np.asarray(np.linalg.norm(self.item_factors, axis=1))

    @property
    def feature_factors(self) -> NDArray[np.float32]:
        """None, shape (0, d)."""
        return np.empty((0, self.history_factors.shape[1]), dtype=np.float32)

    @property
    def feature_biases(self) -> NDArray[np.float32]:
        """None, shape (0,)."""
        return np.empty(0, dtype=np.float32)

    @property
    def features(self) -> Sequence[Feature]:
        """None."""
        return ()

    def features_of(self, item: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Not offered."""
        raise NotOffered("features of items", self.kind)

    def items_with(self, feature: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Not offered."""
        raise NotOffered("features of items", self.kind)

    def weights(self, ages: NDArray[np.float64]) -> NDArray[np.float64]:
        """Confidence ``c_h`` of history items of the given ages."""
        return self.solver.confidences(ages)

    def event_vectors(
        self, items: NDArray[np.int32], disliked: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        """``y_h`` of history items, shape (n, d)."""
        return np.asarray(self.history_factors[items])

    def term_vectors(
        self, history: History, vectors: NDArray[np.float32] | None = None
    ) -> NDArray[np.float64]:
        """``t_h = c_h A⁻¹ y_h`` of each history item, shape (n_h, d)."""
        if vectors is None:
            vectors = self.event_vectors(history.items, history.disliked)
        return self.solver.terms(history, vectors.astype(np.float64))

    def context_vectors(self, history: History) -> NDArray[np.float64]:
        """Zero, shape (n_c, d): no context is a term."""
        return np.zeros((len(history.context), self.item_factors.shape[1]))

    def represent(self, history: History) -> NDArray[np.float64]:
        """``x = A⁻¹ Σ_h c_h y_h``, shape (d,)."""
        return self.solver.solve(history, self.item_factors[history.items])

    def represent_without(
        self, history: History, sets: Sequence[Sequence[int]]
    ) -> NDArray[np.float64]:
        """``x`` after each set of history positions is removed, shape (n_sets, d)."""
        return self.solver.solve_without(history, self.item_factors[history.items], sets)

    def muted(self, features: Sequence[int]) -> AlsModel:
        """Not offered, unless nothing is to be muted."""
        if len(features):
            raise NotOffered("muting attributes: none is a term of its score", self.kind)
        return self

    @one_blas_thread
    def top_k(
        self, history: History, k: int, exclude: NDArray[np.int32]
    ) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """The best ``k`` items outside ``exclude`` and their scores, best first."""
        return self._top_k.best(self.represent(history), k, exclude)

    @cached_property
    def _top_k(self) -> TopK:
        return TopK(self.item_factors, self.item_biases)

    def grown(self, n_items: int) -> AlsModel:
        """The same model of a catalogue that has grown to ``n_items``.

        Nothing is known of the new items: their vectors are zero.
        """
        fresh = n_items - len(self.history_factors)
        if not fresh:
            return self
        blank = np.zeros((fresh, self.history_factors.shape[1]), dtype=np.float32)
        factors = np.vstack([self.history_factors, blank])
        notes = {**self.notes, "folded_in_items": fresh}
        return replace(
            self,
            history_factors=factors,
            item_factors=factors.astype(np.float64),
            notes=notes,
        )

    def save(self, folder: Path) -> None:
        """Write the model, whole or not at all."""
        with new_folder(folder) as scratch:
            save_array(scratch, "history_factors", self.history_factors)
            save_array(scratch, "item_factors", self.item_factors)
            save_array(scratch, "gram", self.solver.gram)
            own = {
                "kind": self.kind,
                "solver": {name: getattr(self.solver, name) for name in _OPTIONS},
                "fingerprint": self.fingerprint,
                "notes": dict(self.notes),
            }
            write_manifest(scratch, FORMAT_VERSION, own)

    @classmethod
    def load(cls, folder: Path) -> AlsModel:
        """Read what :meth:`save` wrote; factors stay on disk until touched.

        Raises
        ------
        ArtefactDamaged, ArtefactVersion
            See :mod:`recx_agent.artefacts`; shapes are compared with one another too.
        """
        manifest = read_manifest(folder, FORMAT_VERSION)
        gram = np.array(load_array(folder, "gram"))
        try:
            options = {name: manifest["solver"][name] for name in _OPTIONS}
            model = cls(
                history_factors=load_array(folder, "history_factors"),
                item_factors=load_array(folder, "item_factors"),
                solver=UserSolver(gram=gram, **options),
                notes=manifest["notes"],
                kind=manifest["kind"],
            )
        except (KeyError, TypeError) as error:
            raise ArtefactDamaged(folder, f"no readable model ({error!r})") from error
        model._check_shapes(folder)
        return model

    def _check_shapes(self, folder: Path) -> None:
        shape = self.history_factors.shape
        wanted = {"item_factors": shape, "gram": (shape[-1], shape[-1])}
        found = {"item_factors": self.item_factors.shape, "gram": self.solver.gram.shape}
        for name, right in wanted.items():
            if len(shape) != 2 or found[name] != right:
                raise ArtefactDamaged(
                    folder / f"{name}.npy", f"shape {found[name]}, expected {right}"
                )
