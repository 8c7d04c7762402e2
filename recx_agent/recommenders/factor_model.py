"""The served model: factors, biases, weights by age; no training code here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
from recx_agent.recommenders.top_k import likely_best
from recx_agent.schemas import View

FORMAT_VERSION = 1
_ARRAYS = (
    "history_factors",
    "feature_factors",
    "feature_biases",
    "item_factors",
    "item_biases",
)
_MATRIX = ("data", "indices", "indptr")


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

    @property
    def views(self) -> frozenset[View]:
        """All three: history, attribute and pair."""
        return frozenset({"history", "attribute", "pair"})

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

    def represent(self, history: History) -> NDArray[np.float64]:
        """``p_u = Σ_h w_h p_h``, shape (d,)."""
        factors = self.history_factors[history.items].astype(np.float64)
        return np.asarray(self.weights(history.ages) @ factors)

    def muted(self, features: Sequence[int]) -> FactorModel:
        """The same model with these features' terms left out of every score."""
        kept = np.ones(len(self.features), dtype=np.float32)
        kept[list(features)] = 0.0
        return FactorModel.of(
            history_factors=self.history_factors,
            feature_factors=self.feature_factors,
            feature_biases=self.feature_biases,
            item_features=sp.csr_matrix(self.item_features @ sp.diags_array(kept)),
            features=self.features,
            half_life=self.half_life,
            scale=self.scale,
            notes=self.notes,
            kind=self.kind,
        )

    def top_k(
        self, history: History, k: int, exclude: NDArray[np.int32]
    ) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """The best ``k`` items outside ``exclude`` and their scores, best first."""
        user = self.represent(history)
        # More than k, so that items whose float32 scores are level are told apart below.
        chosen = likely_best(self._kernel_items, user, k, exclude)
        scores = self.item_factors[chosen] @ user + self.item_biases[chosen]
        order = np.lexsort((chosen, -scores))[:k]
        return chosen[order], scores[order]

    @cached_property
    def _kernel_items(self) -> NDArray[np.float32]:
        # One column more, for a query vector that ends in 1: the kernel knows no biases.
        return np.column_stack([self.item_factors, self.item_biases]).astype(np.float32)

    def save(self, folder: Path) -> None:
        """Write the model, whole or not at all."""
        with new_folder(folder) as scratch:
            for name in _ARRAYS:
                save_array(scratch, name, getattr(self, name))
            for name in _MATRIX:
                save_array(scratch, f"item_features_{name}", getattr(self.item_features, name))
            text = json.dumps([list(feature) for feature in self.features], ensure_ascii=False)
            (scratch / "features.json").write_text(text, encoding="utf-8")
            own = {
                "kind": self.kind,
                "half_life": self.half_life,
                "scale": self.scale,
                "fingerprint": self.fingerprint,
                "notes": dict(self.notes),
            }
            write_manifest(scratch, FORMAT_VERSION, own)

    @classmethod
    def load(cls, folder: Path) -> FactorModel:
        """Read what :meth:`save` wrote; arrays stay on disk until touched.

        Raises
        ------
        ArtefactDamaged, ArtefactVersion
            See :mod:`recx_agent.artefacts`; shapes are compared with one another too.
        """
        manifest = read_manifest(folder, FORMAT_VERSION)
        arrays = {name: load_array(folder, name) for name in _ARRAYS}
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
        }
        for name, shape in wanted.items():
            found = getattr(self, name).shape
            if found != shape:
                raise ArtefactDamaged(folder / f"{name}.npy", f"shape {found}, expected {shape}")
