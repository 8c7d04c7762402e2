"""One item's score, taken apart for one user."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recx_agent.attribution.standing import Standing
from recx_agent.attribution.terms import context_terms, feature_terms, history_terms
from recx_agent.attribution.threads import one_blas_thread
from recx_agent.attribution.views import NAMED, Unnamed, views_of
from recx_agent.datasets import History
from recx_agent.errors import NotOffered
from recx_agent.protocols import AdditiveModel
from recx_agent.schemas import Attribution, View


@dataclass(frozen=True)
class ItemAttribution:
    """The terms of one score as arrays; :meth:`record` words them.

    Attributes
    ----------
    item : int
    score : float
    rank : int or None
        Among the user's candidates.
    history : History
    history_values : float64 array, shape (n_h,)
        ``⟨t_h, q_i⟩``, one for each history item.
    context_values : float64 array, shape (n_c,)
        ``⟨t_c, q_i⟩``, one for each value of the context.
    item_bias : float
        ``b_i``: how the item does with everyone.
    features : int32 array, shape (n_f,)
        Empty if the model has no attribute view.
    feature_values : float64 array, shape (n_f,)
        ``x_if (⟨p_u, q_f⟩ + b_f)``.
    model : AdditiveModel
    """

    item: int
    score: float
    rank: int | None
    history: History
    history_values: NDArray[np.float64]
    context_values: NDArray[np.float64]
    item_bias: float
    features: NDArray[np.int32]
    feature_values: NDArray[np.float64]
    model: AdditiveModel

    @property
    def history_total(self) -> float:
        """``Σ|terms|`` of the history view, context and the item's bias included."""
        personal = np.abs(self.history_values).sum() + np.abs(self.context_values).sum()
        return float(personal + abs(self.item_bias))

    @property
    def attribute_total(self) -> float:
        """``Σ|terms|`` of the attribute view."""
        return float(np.abs(self.feature_values).sum())

    def record(
        self, titles: Sequence[str], ids: Sequence[str], view: View, unnamed: Unnamed = NAMED
    ) -> Attribution:
        """The attribution as a public record, every view complete.

        Parameters
        ----------
        titles, ids : sequence of str
            Title and external id of every item, by internal id.
        view : str
            Which view ``contributions`` shows.
        unnamed : Unnamed, optional
            Terms of which the sum alone is told.

        Raises
        ------
        NotOffered
            The model has no such view.
        """
        if view not in self.model.views:
            raise NotOffered(f"the {view} view", self.model.kind)
        views = views_of(self, titles, ids, unnamed)
        return Attribution(
            score=self.score,
            baseline=self.model.baseline,
            view=view,
            rank=self.rank,
            contributions=getattr(views, view),
            views=views,
        )


def _no_features() -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    return np.empty(0, dtype=np.int32), np.empty(0)


@one_blas_thread
def attribute_items(
    standing: Standing, items: Sequence[int] | NDArray[np.int32]
) -> list[ItemAttribution]:
    """Take the scores of several items apart for one user.

    Parameters
    ----------
    standing : Standing
        The user's scores.
    items : sequence of int or int32 array, length n

    Returns
    -------
    list of ItemAttribution, length n
    """
    model, history = standing.model, standing.history
    by_history = history_terms(model, history, items)
    by_context = context_terms(model, history, items)
    has_features = "attribute" in model.views
    found = []
    for item, values, around in zip(items, by_history, by_context, strict=True):
        features, feature_values = (
            feature_terms(model, history, item) if has_features else _no_features()
        )
        found.append(
            ItemAttribution(
                item=int(item),
                score=float(standing.scores[item]),
                rank=standing.rank(int(item)),
                history=history,
                history_values=values,
                context_values=around,
                item_bias=float(model.item_biases[item]),
                features=features,
                feature_values=feature_values,
                model=model,
            )
        )
    return found
