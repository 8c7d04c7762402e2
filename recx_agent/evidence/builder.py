"""From one item's attribution and the user's events to a citable evidence set."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.attribution import ItemAttribution, Standing
from recx_agent.datasets import Dataset, Event
from recx_agent.datasets.catalogue import folded
from recx_agent.evidence.history import EventsByItem, ToldEvent
from recx_agent.schemas import Evidence, EvidenceKind
from recx_agent.settings import EvidenceSettings

Describe = Callable[[str, Mapping[str, Any]], str]
"""Words one piece of evidence: ``describe(id, fields)``."""


@dataclass(frozen=True)
class EvidenceSet:
    """The evidence of one explanation, with the totals that shares refer to.

    Attributes
    ----------
    item : int
    evidence : tuple of Evidence
        Causes of the history first, largest contribution first.
    history_total, attribute_total : float
        ``Σ|terms|`` of the two views.
    rank : int or None
    """

    item: int
    evidence: tuple[Evidence, ...]
    history_total: float
    attribute_total: float
    rank: int | None

    def of(self, letter: str) -> list[Evidence]:
        """The pieces whose id starts with ``letter``, in order."""
        return [piece for piece in self.evidence if piece.id.startswith(letter)]

    @property
    def by_id(self) -> dict[str, Evidence]:
        """The pieces by id."""
        return {piece.id: piece for piece in self.evidence}


@dataclass(frozen=True)
class EvidenceBuilder:
    """Chooses, types, deduplicates and words evidence within a budget.

    Parameters
    ----------
    dataset : Dataset
    settings : EvidenceSettings
    describe : callable
        Words one piece of evidence.
    liked_by_text : str
        What a positive event of another user is called, such as "rated it 4 or higher".
    """

    dataset: Dataset
    settings: EvidenceSettings
    describe: Describe
    liked_by_text: str

    def build(
        self,
        standing: Standing,
        attributions: Sequence[ItemAttribution],
        events: EventsByItem,
    ) -> list[EvidenceSet]:
        """Evidence sets of several items of one user.

        A history item without events in ``events`` cannot be told and is left out.
        """
        chosen = [self._causes(attribution, events) for attribution in attributions]
        items = np.array([attribution.item for attribution in attributions], dtype=np.int32)
        ranks = standing.ranks_without_history(items, chosen)
        return [
            self._set(standing, attribution, positions, without, events)
            for attribution, positions, without in zip(attributions, chosen, ranks, strict=True)
        ]

    def known_item(
        self, item: int, attribution: ItemAttribution, events: Sequence[Event]
    ) -> EvidenceSet:
        """Evidence that the user knows an item already: the own events, and facts."""
        pieces = []
        if events:
            pieces.append(self._piece("H1", "fact", self._history_fields(item, events)))
        pieces += self._facts(item)
        return self._wrap(attribution, pieces)

    def popular_item(self, attribution: ItemAttribution) -> EvidenceSet:
        """Evidence of an item that stands on what everyone likes alone."""
        pieces = [self._everyone(attribution), *self._facts(attribution.item)]
        return self._wrap(attribution, pieces)

    def _wrap(self, attribution: ItemAttribution, pieces: Sequence[Evidence]) -> EvidenceSet:
        return EvidenceSet(
            item=attribution.item,
            evidence=tuple(pieces),
            history_total=attribution.history_total,
            attribute_total=attribution.attribute_total,
            rank=attribution.rank,
        )

    def _causes(self, attribution: ItemAttribution, events: EventsByItem) -> list[int]:
        """Positions of the history items to hand over: the largest, then the most negative.

        Of items with equal titles (one film listed twice) only the first is handed over.
        """
        values, items = attribution.history_values, attribution.history.items
        titles: set[str] = set()
        up: list[int] = []
        down: list[int] = []
        for position in np.argsort(-values, kind="stable"):
            title = folded(self.dataset.catalogue.titles[items[position]])
            if title in titles or not events.get(int(items[position])):
                continue
            titles.add(title)
            (up if values[position] > 0 else down).append(int(position))
        negative = [
            position
            for position in down[-1:]
            if -values[position] >= self.settings.against_share * attribution.history_total
        ]
        return up[: self.settings.history_budget] + negative

    def _set(
        self,
        standing: Standing,
        attribution: ItemAttribution,
        positions: Sequence[int],
        without: Sequence[int | None],
        events: EventsByItem,
    ) -> EvidenceSet:
        pieces = []
        for number, (position, rank) in enumerate(zip(positions, without, strict=True), start=1):
            item = int(attribution.history.items[position])
            pieces.append(
                self._piece(
                    f"H{number}",
                    "cause",
                    self._history_fields(item, events[item]),
                    float(attribution.history_values[position]),
                    rank,
                )
            )
        pieces += self._attributes(standing, attribution)
        pieces.append(self._everyone(attribution))
        if len(attribution.history):
            pieces.append(self._whole_history(standing, attribution))
        pieces += self._facts(attribution.item)
        return self._wrap(attribution, pieces)

    def _history_fields(self, item: int, events: Sequence[Event]) -> dict[str, Any]:
        told = ToldEvent.of(events)
        catalogue = self.dataset.catalogue
        scale = self.dataset.scale
        return {
            "item_id": catalogue.ids.external(item),
            "title": catalogue.titles[item],
            "event_type": told.event_type,
            "rating": told.rating,
            "rating_max": scale[1] if scale and told.rating is not None else None,
            "date": told.date,
            "source": told.source,
            "events": list(told.events),
            "attributes": {
                name: list(values[item]) for name, values in catalogue.attributes.items()
            },
        }

    def _attributes(self, standing: Standing, attribution: ItemAttribution) -> list[Evidence]:
        values: NDArray[np.float64] = attribution.feature_values
        named = [
            n
            for n in np.argsort(-values, kind="stable")
            if attribution.model.features[attribution.features[n]].kind == "attribute"
        ]
        up = [n for n in named if values[n] > 0][: self.settings.max_causes]
        pieces = []
        for number, n in enumerate(up, start=1):
            feature = int(attribution.features[n])
            name = attribution.model.features[feature]
            pieces.append(
                self._piece(
                    f"A{number}",
                    "cause",
                    {"name": name.name, "value": name.value},
                    float(values[n]),
                    standing.rank_without_feature(attribution.item, feature),
                )
            )
        return pieces

    def _everyone(self, attribution: ItemAttribution) -> Evidence:
        total = attribution.history_total
        fields = {
            "liked_by": int(self.dataset.popularity[attribution.item]),
            "users": len(self.dataset.users),
            "liked_by_text": self.liked_by_text,
            "share": abs(attribution.item_bias) / total if total else 0.0,
        }
        return self._piece("B1", "cause", fields, attribution.item_bias)

    def _whole_history(self, standing: Standing, attribution: ItemAttribution) -> Evidence:
        values = attribution.history_values
        total = attribution.history_total
        fields = {
            "count": len(values),
            "share": float(np.abs(values).sum()) / total if total else 0.0,
            "rank": attribution.rank,
            "candidates": int(np.count_nonzero(standing.candidates)),
        }
        return self._piece("T1", "cause", fields, float(values.sum()))

    def _facts(self, item: int) -> list[Evidence]:
        named = [
            (name, list(values[item]))
            for name, values in self.dataset.catalogue.attributes.items()
            if values[item]
        ]
        return [
            self._piece(f"F{number}", "fact", {"name": name, "values": values})
            for number, (name, values) in enumerate(named[: self.settings.fact_budget], start=1)
        ]

    def _piece(
        self,
        id: str,
        kind: EvidenceKind,
        fields: dict[str, Any],
        contribution: float | None = None,
        rank_without: int | None = None,
    ) -> Evidence:
        return Evidence(
            id=id,
            kind=kind,
            text=self.describe(id, fields),
            fields=fields,
            contribution=contribution,
            rank_without=rank_without,
        )
