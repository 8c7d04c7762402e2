"""The served model: factors, biases, weights by age; no training code here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recx_agent.artefacts import (
    load_array,
    new_folder,
    read_manifest,
    save_array,
    write_manifest,
)
from recx_agent.datasets import History
from recx_agent.errors import ArtefactDamaged
from recx_agent.protocols import Feature
from recx_agent.recommenders.top_k import TopK
from recx_agent.schemas import View, WhatIfKind

FORMAT_VERSION = 1
WITH_MORE_TERMS = 2
"""Format version of a model with disliked or context terms: who knows none must not read it."""
_ARRAYS = (
    "history_factors",
    "feature_factors",
    "feature_biases",
    "item_factors",
    "item_biases",
)
_MATRIX = ("data", "indices", "indptr")
_MORE_ARRAYS = ("disliked_factors", "context_factors")


@dataclass(frozen=True)
class FactorModel:
    """An additive factor model, as :class:`recx_agent.protocols.AdditiveModel` says.

    Attributes
    ----------
    history_factors : float32 array, shape (n_items, d)
    feature_factors : float32 array, shape (n_features, d)
    feature_biases : float32 array, shape (n_features,)
    item_features : csr_matrix, shape (n_items, n_features)
    features : sequence of Feature
    item_factors : float64 array, shape (n_items, d)
        ``item_features @ feature_factors``, kept so that it can be memory-mapped; in
        double precision, so that all views of a score have the same sum.
    item_biases : float64 array, shape (n_items,)
    half_life : float
        Events after which the weight of a history item halves.
    scale : float
        Length of the weights of an endless history.
    notes : mapping
        Training parameters, seeds and the data's fingerprint, for the record.
    disliked_factors : float32 array, shape (n_items, d), optional
        ``p_h`` of an item that is there for its low rating; without them such an item is
        no term.
    contexts : sequence of (str, str)
        Name and value of each context there is a term for.
    context_factors : float32 array, shape (n_contexts, d)
        ``p_c`` of each, its constant weight included.
    """

    history_factors: NDArray[np.float32]
    feature_factors: NDArray[np.float32]
    feature_biases: NDArray[np.float32]
    item_features: sp.csr_matrix
    features: Sequence[Feature]
    item_factors: NDArray[np.float64]
    item_biases: NDArray[np.float64]
    half_life: float
    scale: float = 1.0
    notes: Mapping[str, Any] = field(default_factory=dict)
    kind: str = "lightfm"
    disliked_factors: NDArray[np.float32] | None = None
    contexts: Sequence[tuple[str, str]] = ()
    context_factors: NDArray[np.float32] | None = None

    @property
    def views(self) -> frozenset[View]:
        """All three: history, attribute and pair."""
        return frozenset({"history", "attribute", "pair"})

    @property
    def what_ifs(self) -> frozenset[WhatIfKind]:
        """All of them: every term can be left out by itself."""
        return frozenset({"remove", "add", "mute", "exclude"})

    @property
    def removal_is_contribution(self) -> bool:
        """True: a weight depends on its own age alone."""
        return True

    @property
    def uses_disliked(self) -> bool:
        """Whether items with a low rating are terms."""
        return self.disliked_factors is not None

    @property
    def baseline(self) -> float:
        """Zero: user biases are zeroed in training, so nothing is left over."""
        return 0.0

    @classmethod
    def of(
        cls,
        history_factors: NDArray[np.float32],
        feature_factors: NDArray[np.float32],
        feature_biases: NDArray[np.float32],
        item_features: sp.csr_matrix,
        **rest: Any,
    ) -> FactorModel:
        """Build from the trained arrays; the items' factors are summed here."""
        return cls(
            history_factors=history_factors,
            feature_factors=feature_factors,
            feature_biases=feature_biases,
            item_features=item_features,
            item_factors=np.asarray(item_features @ feature_factors.astype(np.float64)),
            item_biases=np.asarray(item_features @ feature_biases.astype(np.float64)),
            **rest,
        )

    @cached_property
    def fingerprint(self) -> str:
        """Digest of factors, features and weights."""
        digest = hashlib.sha256(f"{self.half_life!r} {self.scale!r}".encode())
        for name in _ARRAYS:
            digest.update(np.ascontiguousarray(getattr(self, name)).tobytes())
        digest.update("\x1f".join(feature.id for feature in self.features).encode())
        for name in _MORE_ARRAYS:
            if getattr(self, name) is not None:
                digest.update(name.encode())
                digest.update(np.ascontiguousarray(getattr(self, name)).tobytes())
        digest.update("\x1f".join(f"{name}={value}" for name, value in self.contexts).encode())
        return digest.hexdigest()[:16]

    @cached_property
    def item_lengths(self) -> NDArray[np.float64]:
        """Euclidean length of each ``q_i``, shape (n_items,)."""
        return np.asarray(np.linalg.norm(self.item_factors, axis=1))

    @cached_property
    def _by_feature(self) -> sp.csc_matrix:
        return self.item_features.tocsc()

    def features_of(self, item: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Features of one item and their weights."""
        matrix = self.item_features
        where = slice(matrix.indptr[item], matrix.indptr[item + 1])
        return matrix.indices[where], matrix.data[where]

    def items_with(self, feature: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Items that have a feature and their weights."""
        matrix = self._by_feature
        where = slice(matrix.indptr[feature], matrix.indptr[feature + 1])
        return matrix.indices[where], matrix.data[where]

    def weights(self, ages: NDArray[np.float64]) -> NDArray[np.float64]:
        """``2^(-age / half_life) / Z``, Z one constant for every user.

        ``Z`` is the Euclidean length of the weights of an endless history divided by
        ``scale``, so a long history has a weight vector of length ``scale`` and a short
        one a shorter vector: it leans more on what everyone likes.
        """
        length = 1.0 / np.sqrt(1.0 - 4.0 ** (-1.0 / self.half_life))
        return np.asarray(self.scale / length * 2.0 ** (-np.asarray(ages) / self.half_life))

    def event_vectors(
        self, items: NDArray[np.int32], disliked: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        """``p_h`` of history items, shape (n, d); zero for a low one that is no term."""
        vectors = np.array(self.history_factors[items])
        low = np.asarray(disliked, dtype=bool)
        vectors[low] = 0.0 if self.disliked_factors is None else self.disliked_factors[items[low]]
        return vectors

    def term_vectors(
        self, history: History, vectors: NDArray[np.float32] | None = None
    ) -> NDArray[np.float64]:
        """``t_h = w_h p_h`` of each history item, shape (n_h, d)."""
        if vectors is None:
            vectors = self.event_vectors(history.items, history.disliked)
        return np.asarray(vectors.astype(np.float64) * self.weights(history.ages)[:, None])

    def context_vectors(self, history: History) -> NDArray[np.float64]:
        """``t_c = p_c`` of each value of the context, shape (n_c, d); zero if unknown."""
        vectors = np.zeros((len(history.context), self.history_factors.shape[1]))
        if self.context_factors is not None:
            for row, pair in enumerate(history.context):
                if pair in self._place_of_context:
                    vectors[row] = self.context_factors[self._place_of_context[pair]]
        return vectors

    @cached_property
    def _place_of_context(self) -> dict[tuple[str, str], int]:
        return {pair: place for place, pair in enumerate(self.contexts)}

    def represent(self, history: History) -> NDArray[np.float64]:
        """``p_u = Σ_h t_h + Σ_c t_c``, shape (d,)."""
        factors = self.event_vectors(history.items, history.disliked).astype(np.float64)
        own = self.weights(history.ages) @ factors
        return np.asarray(own + self.context_vectors(history).sum(axis=0))

    def represent_without(
        self, history: History, sets: Sequence[Sequence[int]]
    ) -> NDArray[np.float64]:
        """``p_u`` after each set of history positions is removed, shape (n_sets, d)."""
        terms = self.term_vectors(history)
        whole = self.represent(history)
        return np.array([whole - terms[list(taken)].sum(axis=0) for taken in sets])

    def muted(self, features: Sequence[int]) -> FactorModel:
        """The same model with these features' terms left out of every score."""
        kept = np.ones(len(self.features), dtype=np.float32)
        kept[list(features)] = 0.0
        return self.with_items(sp.csr_matrix(self.item_features @ sp.diags_array(kept)))

    def with_items(self, item_features: sp.csr_matrix, **changes: Any) -> FactorModel:
        """The same factors for items of other features; ``changes`` are of other fields."""
        return replace(
            self,
            item_features=item_features,
            item_factors=np.asarray(item_features @ self.feature_factors.astype(np.float64)),
            item_biases=np.asarray(item_features @ self.feature_biases.astype(np.float64)),
            **changes,
        )

    def top_k(
        self, history: History, k: int, exclude: NDArray[np.int32]
    ) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """The best ``k`` items outside ``exclude`` and their scores, best first."""
        return self._top_k.best(self.represent(history), k, exclude)

    @cached_property
    def _top_k(self) -> TopK:
        return TopK(self.item_factors, self.item_biases)

    def save(self, folder: Path) -> None:
        """Write the model, whole or not at all."""
        with new_folder(folder) as scratch:
            for name in _ARRAYS:
                save_array(scratch, name, getattr(self, name))
            for name in _MATRIX:
                save_array(scratch, f"item_features_{name}", getattr(self.item_features, name))
            text = json.dumps([list(feature) for feature in self.features], ensure_ascii=False)
            (scratch / "features.json").write_text(text, encoding="utf-8")
            more = [name for name in _MORE_ARRAYS if getattr(self, name) is not None]
            for name in more:
                save_array(scratch, name, getattr(self, name))
            own = {
                "kind": self.kind,
                "half_life": self.half_life,
                "scale": self.scale,
                "fingerprint": self.fingerprint,
                "notes": dict(self.notes),
            }
            if more:
                own |= {"more_arrays": more, "contexts": [list(pair) for pair in self.contexts]}
            write_manifest(scratch, WITH_MORE_TERMS if more else FORMAT_VERSION, own)

    @classmethod
    def load(cls, folder: Path) -> FactorModel:
        """Read what :meth:`save` wrote; arrays stay on disk until touched.

        Raises
        ------
        ArtefactDamaged, ArtefactVersion
            See :mod:`recx_agent.artefacts`; shapes are compared with one another too.
        """
        manifest = read_manifest(folder, FORMAT_VERSION, WITH_MORE_TERMS)
        more = [name for name in _MORE_ARRAYS if name in manifest.get("more_arrays", ())]
        arrays = {name: load_array(folder, name) for name in (*_ARRAYS, *more)}
        try:
            text = (folder / "features.json").read_text(encoding="utf-8")
            features = tuple(Feature(*entry) for entry in json.loads(text))
            matrix = sp.csr_matrix(
                tuple(load_array(folder, f"item_features_{name}") for name in _MATRIX),
                shape=(len(arrays["item_factors"]), len(features)),
            )
            model = cls(
                **arrays,
                item_features=matrix,
                features=features,
                half_life=float(manifest["half_life"]),
                scale=float(manifest["scale"]),
                notes=manifest["notes"],
                kind=manifest["kind"],
                contexts=tuple((name, value) for name, value in manifest.get("contexts", ())),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ArtefactDamaged(folder, f"no readable model ({error!r})") from error
        model._check_shapes(folder)
        return model

    def _check_shapes(self, folder: Path) -> None:
        n_items, n_features = self.item_features.shape
        width = self.item_factors.shape[1]
        wanted = {
            "history_factors": (n_items, width),
            "item_factors": (n_items, width),
            "item_biases": (n_items,),
            "feature_factors": (n_features, width),
            "feature_biases": (n_features,),
            "disliked_factors": (n_items, width),
            "context_factors": (len(self.contexts), width),
        }
        for name, shape in wanted.items():
            array = getattr(self, name)
            if name in _MORE_ARRAYS and array is None:
                continue
            found = array.shape
            if found != shape:
                raise ArtefactDamaged(folder / f"{name}.npy", f"shape {found}, expected {shape}")
