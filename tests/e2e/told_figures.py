"""What the saved arrays of a version say of a user, computed anew; imports nothing of recx_agent.

::

    p_u = Σ_h w_h p_h,  w_h = 2^(−age/half-life)/Z     q_i = Σ_f x_if q_f,  b_i = Σ_f x_if b_f
    score = Σ_h w_h ⟨p_h, q_i⟩ + b_i
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray


class Saved:
    """Events, titles and factors of one version, as they lie there.

    Parameters
    ----------
    version : Path
        Folder with ``data`` and ``model``.
    """

    def __init__(self, version: Path) -> None:
        data, model = version / "data", version / "model"
        items = pd.read_parquet(data / "items.parquet")
        self.titles = list(items["title"])
        self.ids = list(items["item_id"])
        self.attributes = [
            {("genre", value) for value in genre} | {("year", value) for value in year}
            for genre, year in zip(items["attribute:genre"], items["attribute:year"], strict=True)
        ]
        self.users = list(pd.read_parquet(data / "users.parquet")["user_id"])
        columns = ("user", "item", "time", "value", "positive")
        self.event = {name: np.load(data / f"event_{name}.npy") for name in columns}
        parts = (np.load(model / f"item_features_{name}.npy") for name in ("data", "indices"))
        pointers = np.load(model / "item_features_indptr.npy")
        factors = np.load(model / "feature_factors.npy").astype(np.float64)
        self.x = sp.csr_matrix((*parts, pointers), shape=(len(self.ids), len(factors)))
        self.q_f = factors
        self.b_f = np.load(model / "feature_biases.npy").astype(np.float64)
        self.q = np.asarray(self.x.astype(np.float64) @ factors)
        self.b = np.asarray(self.x.astype(np.float64) @ self.b_f)
        self.p = np.load(model / "history_factors.npy").astype(np.float64)
        self.features = [
            tuple(f) for f in json.loads((model / "features.json").read_text(encoding="utf-8"))
        ]
        manifest = json.loads((model / "manifest.json").read_text(encoding="utf-8"))
        self.half_life, self.scale = float(manifest["half_life"]), float(manifest["scale"])
        both = zip(self.titles, self.attributes, strict=True)
        keys = [(title.casefold(), tuple(sorted(own))) for title, own in both]
        self.same = {key: [n for n, k in enumerate(keys) if k == key] for key in set(keys)}
        self.key = keys


@dataclass(eq=False)
class Figures:
    """One user's numbers; ``without`` items that are thought out of the history."""

    saved: Saved
    user: str
    without: frozenset[int] = frozenset()

    @cache  # noqa: B019 - gone with the test
    def less(self, item: int) -> Figures:
        """The figures with one item thought out of the history."""
        return Figures(self.saved, self.user, self.without | {item})

    @cached_property
    def rows(self) -> NDArray[Any]:
        return np.flatnonzero(self.saved.event["user"] == self.saved.users.index(self.user))

    @cached_property
    def weights(self) -> dict[int, float]:
        """Weight of each liked item, the newest first; equal times are ordered by item."""
        event, s = self.saved.event, self.saved
        liked = [r for r in self.rows if event["positive"][r]]
        liked.sort(key=lambda r: (event["time"][r], event["item"][r]), reverse=True)
        order = dict.fromkeys(int(event["item"][r]) for r in liked)
        length = 1.0 / np.sqrt(1.0 - 4.0 ** (-1.0 / s.half_life))
        weights = {
            item: float(s.scale / length * 2.0 ** (-age / s.half_life))
            for age, item in enumerate(order)
        }
        return {item: w for item, w in weights.items() if item not in self.without}

    @cached_property
    def vector(self) -> NDArray[Any]:
        parts = [w * self.saved.p[item] for item, w in self.weights.items()]
        return np.asarray(np.sum(parts, axis=0))

    @cached_property
    def scores(self) -> NDArray[Any]:
        return np.asarray(self.saved.q @ self.vector + self.saved.b)

    @cached_property
    def seen(self) -> set[int]:
        own = {int(item) for item in self.saved.event["item"][self.rows]}
        return {twin for item in own for twin in self.saved.same[self.saved.key[item]]}

    @cached_property
    def order(self) -> list[int]:
        """The candidates, best first."""
        ranked = np.lexsort((np.arange(len(self.scores)), -self.scores))
        return [int(item) for item in ranked if int(item) not in self.seen]

    @cached_property
    def ranks(self) -> dict[int, int]:
        return {item: rank for rank, item in enumerate(self.order, start=1)}

    def terms(self, item: int) -> dict[int, float]:
        """What each history item adds to a score."""
        return {h: w * float(self.saved.p[h] @ self.saved.q[item]) for h, w in self.weights.items()}

    def feature_terms(self, item: int) -> dict[tuple[str, ...], float]:
        """What each feature of an item adds to its score, by kind, name and value."""
        row = self.saved.x[item]
        own = zip(row.indices, row.data, strict=True)
        return {
            self.saved.features[f]: float(x * (self.saved.q_f[f] @ self.vector + self.saved.b_f[f]))
            for f, x in own
        }

    def leaning(self, name: str, value: str) -> float:
        number = self.saved.features.index(("attribute", name, value))
        return float(self.saved.q_f[number] @ self.vector)

    def ratings(self, title: str) -> set[int]:
        """What the user gave the films of a title."""
        event = self.saved.event
        return {
            int(event["value"][r])
            for r in self.rows
            if self.saved.titles[event["item"][r]] == title
        }

    def liked(self, title: str) -> list[int]:
        """History items of a title."""
        return [item for item in self.weights if self.saved.titles[item] == title]
