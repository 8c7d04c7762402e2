"""The terms of one score as public records, in each view the model offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import TypeAdapter

from recx_agent.attribution.terms import pair_terms
from recx_agent.protocols import Feature
from recx_agent.schemas import Contribution, SourceKind, Views

if TYPE_CHECKING:
    from recx_agent.attribution.item_attribution import ItemAttribution

OTHER_HISTORY = "other items in your history"
OTHER_ATTRIBUTES = "other attributes"

_Term = dict[str, Any]
_RECORDS: TypeAdapter[tuple[Contribution, ...]] = TypeAdapter(tuple[Contribution, ...])
"""Makes all records of a view at once: of the pair view there are hundreds for one item."""


@dataclass(frozen=True)
class Unnamed:
    """Terms that count, but are not to be named: each view tells their sum alone.

    Attributes
    ----------
    items : set of int
        History items.
    attributes : set of (str, str)
        Names and values of attributes.
    """

    items: frozenset[int] = frozenset()
    attributes: frozenset[tuple[str, str]] = frozenset()

    def feature(self, feature: Feature) -> bool:
        """Whether a feature is not to be named."""
        return feature.kind == "attribute" and (feature.name, feature.value) in self.attributes


NAMED = Unnamed()
"""Everything may be named."""


def views_of(
    entry: ItemAttribution, titles: Sequence[str], ids: Sequence[str], unnamed: Unnamed
) -> Views:
    """Every view the model offers, each complete.

    Parameters
    ----------
    entry : ItemAttribution
    titles, ids : sequence of str
        Title and external id of every item, by internal id.
    unnamed : Unnamed
    """
    offered = entry.model.views
    return Views(
        history=_history_view(entry, titles, ids, unnamed),
        attribute=_attribute_view(entry, titles, unnamed) if "attribute" in offered else None,
        pair=_pair_view(entry, titles, ids, unnamed) if "pair" in offered else None,
    )


def _history_view(
    entry: ItemAttribution, titles: Sequence[str], ids: Sequence[str], unnamed: Unnamed
) -> tuple[Contribution, ...]:
    history = entry.history
    told = [
        _term("disliked" if low else "history", ids[item], titles[item], value)
        for item, low, value in zip(
            history.items, history.disliked, entry.history_values, strict=True
        )
        if int(item) not in unnamed.items
    ]
    hidden = [
        float(value)
        for item, value in zip(history.items, entry.history_values, strict=True)
        if int(item) in unnamed.items
    ]
    if hidden:
        told.append(_term("other_history", "others", OTHER_HISTORY, sum(hidden)))
    told += [
        _term("context", f"{name}={known}", f"{name}: {known}", value)
        for (name, known), value in zip(history.context, entry.context_values, strict=True)
    ]
    label = f"how {titles[entry.item]} does with everyone"
    told.append(_term("item_bias", ids[entry.item], label, entry.item_bias))
    return _RECORDS.validate_python(told)


def _attribute_view(
    entry: ItemAttribution, titles: Sequence[str], unnamed: Unnamed
) -> tuple[Contribution, ...]:
    features = [entry.model.features[feature] for feature in entry.features]
    told = [
        _feature_term(feature, titles[entry.item], value)
        for feature, value in zip(features, entry.feature_values, strict=True)
        if not unnamed.feature(feature)
    ]
    hidden = [
        float(value)
        for feature, value in zip(features, entry.feature_values, strict=True)
        if unnamed.feature(feature)
    ]
    if hidden:
        told.append(_term("other_attributes", "others", OTHER_ATTRIBUTES, sum(hidden)))
    return _RECORDS.validate_python(told)


def _pair_view(
    entry: ItemAttribution, titles: Sequence[str], ids: Sequence[str], unnamed: Unnamed
) -> tuple[Contribution, ...]:
    numbers, terms, biases = pair_terms(entry.model, entry.history, entry.item)
    features = [entry.model.features[number] for number in numbers]
    names = [
        (f.id, f"{f.name}: {f.value}" if f.kind == "attribute" else titles[entry.item])
        for f in features
    ]
    history = entry.history
    sources = [(ids[item], titles[item]) for item in history.items]
    sources += [(f"{name}={known}", f"{name}: {known}") for name, known in history.context]
    rows = np.ones(len(sources), dtype=bool)
    rows[: len(history)] = [int(item) not in unnamed.items for item in history.items]
    columns = np.array([not unnamed.feature(f) for f in features], dtype=bool)
    named = [names[n] for n in np.flatnonzero(columns)]
    told = [
        _term("pair", f"{source}|{feature}", f"{title} × {label}", value)
        for (source, title), row in zip(
            (sources[h] for h in np.flatnonzero(rows)),
            terms[np.ix_(rows, columns)].tolist(),  # Python's own numbers: there are hundreds
            strict=True,
        )
        for (feature, label), value in zip(named, row, strict=True)
    ]
    told += [
        _term("item_bias", names[n][0], f"{names[n][1]}, with everyone", biases[n])
        for n in np.flatnonzero(columns)
    ]
    if not rows.all():
        told.append(_term("other_history", "others", OTHER_HISTORY, terms[~rows].sum()))
    if not columns.all():
        rest = terms[rows][:, ~columns].sum() + biases[~columns].sum()
        told.append(_term("other_attributes", "others", OTHER_ATTRIBUTES, rest))
    return _RECORDS.validate_python(told)


def _term(kind: SourceKind, id: str, label: str, value: float) -> _Term:
    return {"source": {"kind": kind, "id": id, "label": label}, "value": float(value)}


def _feature_term(feature: Feature, title: str, value: float) -> _Term:
    if feature.kind == "attribute":
        return _term("attribute", feature.id, f"{feature.name}: {feature.value}", value)
    return _term("item_itself", feature.id, f"{title} itself", value)
