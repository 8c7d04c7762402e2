"""One item's score, taken apart for one user."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recx_agent.attribution.standing import Standing
from recx_agent.attribution.terms import feature_terms, history_terms, pair_terms
from recx_agent.attribution.threads import one_blas_thread
from recx_agent.datasets import History
from recx_agent.protocols import AdditiveModel, Feature
from recx_agent.schemas import Attribution, Contribution, Source, SourceKind, View, Views


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
        ``w_h ⟨p_h, q_i⟩``, one for each history item.
    item_bias : float
        ``b_i``: how the item does with everyone.
    features : int32 array, shape (n_f,)
    feature_values : float64 array, shape (n_f,)
        ``x_if (⟨p_u, q_f⟩ + b_f)``.
    model : AdditiveModel
    """

    item: int
    score: float
    rank: int | None
    history: History
    history_values: NDArray[np.float64]
    item_bias: float
    features: NDArray[np.int32]
    feature_values: NDArray[np.float64]
    model: AdditiveModel

    @property
    def history_total(self) -> float:
        """``Σ|terms|`` of the history view, the item's bias included."""
        return float(np.abs(self.history_values).sum() + abs(self.item_bias))

    @property
    def attribute_total(self) -> float:
        """``Σ|terms|`` of the attribute view."""
        return float(np.abs(self.feature_values).sum())

    def record(self, titles: Sequence[str], ids: Sequence[str], view: View) -> Attribution:
        """The attribution as a public record, every view complete.

        Parameters
        ----------
        titles, ids : sequence of str
            Title and external id of every item, by internal id.
        view : str
            Which view ``contributions`` shows.
        """
        views = Views(
            history=self._history_view(titles, ids),
            attribute=self._attribute_view(titles),
            pair=self._pair_view(titles, ids),
        )
        return Attribution(
            score=self.score,
            baseline=self.model.baseline,
            view=view,
            rank=self.rank,
            contributions=getattr(views, view),
            views=views,
        )

    def _history_view(self, titles: Sequence[str], ids: Sequence[str]) -> tuple[Contribution, ...]:
        terms = [
            _term("history", ids[item], titles[item], value)
            for item, value in zip(self.history.items, self.history_values, strict=True)
        ]
        label = f"how {titles[self.item]} does with everyone"
        return (*terms, _term("item_bias", ids[self.item], label, self.item_bias))

    def _attribute_view(self, titles: Sequence[str]) -> tuple[Contribution, ...]:
        return tuple(
            _feature_term(self.model.features[feature], titles[self.item], value)
            for feature, value in zip(self.features, self.feature_values, strict=True)
        )

    def _pair_view(self, titles: Sequence[str], ids: Sequence[str]) -> tuple[Contribution, ...]:
        features, terms, biases = pair_terms(self.model, self.history, self.item)
        names = [
            (f.id, f"{f.name}: {f.value}" if f.kind == "attribute" else titles[self.item])
            for f in (self.model.features[feature] for feature in features)
        ]
        pairs = [
            _term("pair", f"{ids[item]}|{name}", f"{titles[item]} × {label}", terms[h, n])
            for h, item in enumerate(self.history.items)
            for n, (name, label) in enumerate(names)
        ]
        own = [
            _term("item_bias", name, f"{label}, with everyone", bias)
            for (name, label), bias in zip(names, biases, strict=True)
        ]
        return (*pairs, *own)


def _term(kind: SourceKind, id: str, label: str, value: float) -> Contribution:
    # Built thousands at a time from values that are right by construction, so the
    # validation that guards input from outside would only cost time here.
    source = Source.model_construct(kind=kind, id=id, label=label)
    return Contribution.model_construct(source=source, value=float(value))


def _feature_term(feature: Feature, title: str, value: float) -> Contribution:
    if feature.kind == "attribute":
        return _term("attribute", feature.id, f"{feature.name}: {feature.value}", value)
    return _term("item_itself", feature.id, f"{title} itself", value)


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
    found = []
    for item, values in zip(items, by_history, strict=True):
        features, feature_values = feature_terms(model, history, item)
        found.append(
            ItemAttribution(
                item=int(item),
                score=float(standing.scores[item]),
                rank=standing.rank(int(item)),
                history=history,
                history_values=values,
                item_bias=float(model.item_biases[item]),
                features=features,
                feature_values=feature_values,
                model=model,
            )
        )
    return found
