"""Stage: top-k against ``LightFM.predict`` and a sort, one thread, the same users."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from lightfm import LightFM
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from benchmarks.names import OURS, PREDICT, SUMMED, K
from benchmarks.same_lists import compare_lists
from benchmarks.stopwatch import Stopwatch
from recx_agent.cli.console import progress_bar
from recx_agent.datasets import Dataset
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recommenders.lightfm_twin import LightFMTwin

UNIT = 2.0**-24
"""Half the distance of a float32 to the next one, relative."""


def compare(work: Path, name: str, rounds: int, batch: int) -> dict[str, Any]:
    """Time the ways in turn, for one user a call and for several."""
    folder = work / name
    dataset, model = Dataset.load(folder / "data"), FactorModel.load(folder / "model")
    ways = Ways(dataset, model)
    lengths = np.bincount(dataset.events.user, minlength=len(dataset.users))
    random = np.random.default_rng(4)
    found: dict[str, Any] = {"items": len(dataset.catalogue), "width": ways.width}
    with threadpool_limits(1), progress_bar() as progress:
        for users, times in ((1, rounds), (batch, max(3, rounds // batch))):
            clock, verdicts = Stopwatch(), Counter[str]()
            ways.ask(Stopwatch(), random.choice(np.flatnonzero(lengths), users))
            for done in range(times):
                verdicts.update(ways.ask(clock, random.choice(np.flatnonzero(lengths), users)))
                progress(f"{users} users a call", done + 1, times)
            found[f"batch_{users}"] = {
                "users": users,
                "latency": clock.summary(),
                "ratios": {way: clock.ratio(way, OURS) for way in (PREDICT, SUMMED)},
                "lists": dict(verdicts),
            }
    return found


class Ways:
    """Three ways to the same lists."""

    def __init__(self, dataset: Dataset, model: FactorModel) -> None:
        self.dataset, self.model = dataset, model
        self.every = np.arange(len(dataset.catalogue), dtype=np.int32)
        self.width = int(model.item_factors.shape[1])
        self.twin = LightFMTwin(model)
        self.summed = LightFM(no_components=self.width, loss="warp")
        self.summed._initialize(self.width, len(self.every), 1)
        self.summed.item_embeddings = model.item_factors.astype(np.float32)
        self.summed.item_biases = model.item_biases.astype(np.float32)
        self._longest = float(np.linalg.norm(model.item_factors, axis=1).max())

    def ask(self, clock: Stopwatch, users: NDArray[np.int64]) -> list[str]:
        """Time each way and say of each user whether the lists agree."""
        ours = clock.time(OURS, lambda: self.our_lists(users))
        scores, theirs = clock.time(PREDICT, lambda: self.predicted(users))
        own = np.array([self.model.represent(self.dataset.history(int(u))) for u in users])
        clock.time(SUMMED, lambda: self.predicted_summed(users, own.astype(np.float32)))
        return [
            compare_lists(own_list, their_list, row, self.rounding(user))
            for user, own_list, their_list, row in zip(
                users.tolist(), ours, theirs, scores, strict=True
            )
        ]

    def our_lists(self, users: NDArray[np.int64]) -> list[NDArray[np.int32]]:
        """The product's own way."""
        data = self.dataset
        return [self.model.top_k(data.history(u), K, data.seen(u))[0] for u in users.tolist()]

    def predicted(self, users: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        """All scores by LightFM as it stands, and the lists."""
        histories = [self.dataset.history(user) for user in users.tolist()]
        return self._sorted(users, self.twin.predict_many(histories, self.every))

    def predicted_summed(
        self, users: NDArray[np.int64], own: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        """The same with nothing left to sum: one row a user, one an item."""
        self.summed.user_embeddings = own
        self.summed.user_biases = np.zeros(len(own), dtype=np.float32)
        scores = self.summed.predict(
            np.repeat(np.arange(len(own), dtype=np.int32), len(self.every)),
            np.tile(self.every, len(own)),
        )
        return self._sorted(users, scores.reshape(len(own), -1))

    def _sorted(
        self, users: NDArray[np.int64], scores: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        for row, user in zip(scores, users.tolist(), strict=True):
            row[self.dataset.seen(user)] = -np.inf
        # Stable, so that level scores are ordered by item, as ours are.
        return scores, np.argsort(-scores, axis=1, kind="stable")[:, :K].astype(np.int32)

    def rounding(self, user: int) -> float:
        """Bound of the error of a score summed in single precision, term by term.

        ``γ_n Σ|terms|`` with ``γ_n ≈ n 2^-24`` for n additions (Higham, "Accuracy and
        Stability of Numerical Algorithms", section 3.1); sums over history items,
        features and factors follow one another.
        """
        history = self.dataset.history(user)
        lengths = np.linalg.norm(self.model.history_factors[history.items], axis=1)
        terms = float(self.model.weights(history.ages) @ lengths) * self._longest
        features = int(np.diff(self.model.item_features.indptr).max())
        additions = len(history) + self.width + features + 3
        return additions * UNIT * (terms + float(np.abs(self.model.item_biases).max()))
