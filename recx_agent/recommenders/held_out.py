"""How well a model finds held-out positives again: NDCG@10, one value a user."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recx_agent.datasets import Dataset
from recx_agent.datasets.split import Split
from recx_agent.protocols import AdditiveModel
from recx_agent.ranking_metrics import NOTHING, ndcg

K = 10


@dataclass(frozen=True)
class HeldOut:
    """Held-out positives that models trained on the rest are asked for.

    Attributes
    ----------
    split : Split
    whole : Dataset
        What was split: it knows the context of a held-out event.
    users : int32 array, shape (n_users,)
        Who is asked about.
    """

    split: Split
    whole: Dataset
    users: NDArray[np.int32]

    @classmethod
    def of(cls, split: Split, whole: Dataset) -> HeldOut:
        """Ask about every user with held-out items and something left to learn from."""
        learnt = np.diff(split.train.positives.indptr)
        return cls(split, whole, split.users[learnt[split.users] > 0])

    def by_user(self, model: AdditiveModel, *, tell_context: bool = True) -> NDArray[np.float64]:
        """Ask once a user, for all held-out items, at the moment of the first one.

        Parameters
        ----------
        model : AdditiveModel
        tell_context : bool
            Whether a model that has terms of the context is told it.

        Returns
        -------
        float64 array, shape (n_users,)
        """
        asked = [self.split.test[user] for user in self.users.tolist()]
        ranked = np.array(
            [
                self._ranked(model, user, int(items[0]), (), tell_context)
                for user, items in zip(self.users.tolist(), asked, strict=True)
            ]
        )
        return ndcg(ranked, self._relevant(asked))

    def by_moment(self, model: AdditiveModel, *, tell_context: bool = True) -> NDArray[np.float64]:
        """Ask for each held-out item at its own moment; a user's value is the mean.

        The user's other held-out items are no candidates. Parameters and result are as in
        :meth:`by_user`.
        """
        rows = [
            (row, item)
            for row, user in enumerate(self.users.tolist())
            for item in self.split.test[user].tolist()
        ]
        ranked = np.array(
            [
                self._ranked(
                    model,
                    int(self.users[row]),
                    item,
                    [other for other in self.split.test[int(self.users[row])] if other != item],
                    tell_context,
                )
                for row, item in rows
            ]
        )
        values = ndcg(ranked, self._relevant([np.array([item]) for _, item in rows]))
        owner = np.array([row for row, _ in rows])
        sums = np.bincount(owner, weights=values, minlength=len(self.users))
        return np.asarray(sums / np.bincount(owner, minlength=len(self.users)))

    def _ranked(
        self,
        model: AdditiveModel,
        user: int,
        item: int,
        others: Sequence[int],
        tell_context: bool,
    ) -> NDArray[np.int32]:
        """The list at the moment of a user's first positive event with an item."""
        context = None
        if model.contexts and tell_context:
            context = self.whole.contexts.at(int(self.whole.positions(user, item)[0]))
        train = self.split.train
        history = train.history(user, disliked=model.uses_disliked, context=context)
        excluded = np.union1d(train.seen(user), np.array(others, dtype=np.int32))
        found, _ = model.top_k(history, K, excluded.astype(np.int32))
        ranked = np.full(K, NOTHING, dtype=np.int32)
        ranked[: len(found)] = found
        return ranked

    def _relevant(self, asked: Sequence[NDArray[np.int32]]) -> sp.csr_matrix:
        indptr = np.concatenate([[0], np.cumsum([len(items) for items in asked])])
        return sp.csr_matrix(
            (np.ones(indptr[-1]), np.concatenate(asked), indptr),
            shape=(len(asked), len(self.whole.catalogue)),
        )
