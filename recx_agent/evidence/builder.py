"""From one item's attribution and the user's events to a citable evidence set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from recx_agent.attribution import ItemAttribution, Standing
from recx_agent.datasets import Event
from recx_agent.datasets.catalogue import folded
from recx_agent.evidence.evidence_set import NOTHING_BESIDE, Beside, EvidenceSet, Told
from recx_agent.evidence.pieces import Pieces
from recx_agent.protocols import Foretold
from recx_agent.schemas import Evidence
from recx_agent.settings import EvidenceSettings


@dataclass(frozen=True)
class EvidenceBuilder:
    """Chooses, types and deduplicates evidence within a budget.

    Parameters
    ----------
    pieces : Pieces
        Makes and words each piece.
    settings : EvidenceSettings
    """

    pieces: Pieces
    settings: EvidenceSettings

    def build(
        self,
        standing: Standing,
        attributions: Sequence[ItemAttribution],
        told: Told,
        beside: Sequence[Beside],
        foretold: Foretold | None = None,
    ) -> list[EvidenceSet]:
        """Evidence sets of several items of one user.

        Parameters
        ----------
        standing : Standing
        attributions : sequence of ItemAttribution, length n
        told : Told
        beside : sequence of Beside, length n
        foretold : Foretold, optional
            Whether the history foretells itself.
        """
        chosen = [self._causes(attribution, told) for attribution in attributions]
        items = np.array([attribution.item for attribution in attributions], dtype=np.int32)
        ranks = standing.ranks_without_history(items, chosen)
        without_context = _without_context(standing)
        sets = []
        for entry, positions, without, more in zip(
            attributions, chosen, ranks, beside, strict=True
        ):
            causes = [
                *self._history(entry, positions, without, told),
                *self._others(entry, told),
                *self._attributes(standing, entry),
                *self._context(without_context, entry),
                *self._everyone(entry),
                self._whole_history(standing, entry, foretold),
            ]
            unnamed = entry.history_values[_positions_of(entry, told.unnamed)]
            sets.append(
                replace(
                    self._wrap(standing, entry, causes, more),
                    unnamed_most=float(unnamed.max(initial=0.0)),
                    foretold=foretold,
                )
            )
        return sets

    def known_item(
        self,
        standing: Standing,
        attribution: ItemAttribution,
        events: Sequence[Event],
        beside: Beside = NOTHING_BESIDE,
    ) -> EvidenceSet:
        """Evidence that the user knows an item already: the own events, and facts."""
        item = attribution.item
        own = [self.pieces.history("H1", item, events, disliked=False)] if events else []
        return self._wrap(standing, attribution, own, beside)

    def popular_item(
        self,
        standing: Standing,
        attribution: ItemAttribution,
        beside: Beside = NOTHING_BESIDE,
    ) -> EvidenceSet:
        """Evidence of an item that stands on what everyone likes alone."""
        total = attribution.history_total
        everyone = self.pieces.everyone(attribution.item, attribution.item_bias, total)
        return self._wrap(standing, attribution, [everyone], beside)

    def removed_items(
        self, attribution: ItemAttribution, positions: Sequence[int], told: Told, standing: Standing
    ) -> list[Evidence]:
        """Evidence of history items at these positions, with what each adds alone."""
        items = np.array([attribution.item], dtype=np.int32)
        [without] = standing.ranks_without_history(items, [positions])
        return self._history(attribution, positions, without, told)

    def _wrap(
        self,
        standing: Standing,
        attribution: ItemAttribution,
        causes: Sequence[Evidence],
        beside: Beside,
    ) -> EvidenceSet:
        """The causes, and beside them who chose the item, facts, and texts of the user's own."""
        chosen = []
        if beside.chosen_by is not None:
            candidates = int(np.count_nonzero(standing.candidates))
            chosen = [self.pieces.recommender(beside.chosen_by, attribution.rank, candidates)]
        budget = self.settings.fact_budget
        facts = self.pieces.facts(attribution.item, budget, beside.facts)
        texts = [
            self.pieces.text(f"S{number}", text)
            for number, text in enumerate(beside.texts, start=1)
        ]
        return EvidenceSet(
            item=attribution.item,
            evidence=(*chosen, *causes, *facts, *texts),
            history_total=attribution.history_total,
            attribute_total=attribution.attribute_total,
            rank=attribution.rank,
        )

    def _causes(self, attribution: ItemAttribution, told: Told) -> list[int]:
        """Positions of the history items to hand over: the largest, then the most negative.

        Of items with equal titles (one film listed twice) only the first is handed over. An
        item with a low rating is no reason to suggest anything; it can only count against.
        """
        history, values = attribution.history, attribution.history_values
        titles: set[str] = set()
        up: list[int] = []
        down: list[int] = []
        for position in (int(p) for p in np.argsort(-values, kind="stable")):
            item = int(history.items[position])
            title = folded(self.pieces.dataset.catalogue.titles[item])
            if title in titles or item in told.unnamed or not told.events.get(item):
                continue
            titles.add(title)
            if values[position] <= 0:
                down.append(position)
            elif not history.disliked[position]:
                up.append(position)
        negative = [
            position
            for position in down[-1:]
            if values[position] < 0
            and -values[position] >= self.settings.against_share * attribution.history_total
        ]
        return up[: self.settings.history_budget] + negative

    def _history(
        self,
        attribution: ItemAttribution,
        positions: Sequence[int],
        without: Sequence[int | None],
        told: Told,
    ) -> list[Evidence]:
        history = attribution.history
        return [
            self.pieces.history(
                f"H{number}",
                int(history.items[position]),
                told.events[int(history.items[position])],
                disliked=bool(history.disliked[position]),
                contribution=float(attribution.history_values[position]),
                rank_without=rank,
            )
            for number, (position, rank) in enumerate(zip(positions, without, strict=True), start=1)
        ]

    def _others(self, attribution: ItemAttribution, told: Told) -> list[Evidence]:
        positions = _positions_of(attribution, told.unnamed)
        if not len(positions):
            return []
        term = float(attribution.history_values[positions].sum())
        return [self.pieces.others(term, attribution.history_total)]

    def _attributes(self, standing: Standing, attribution: ItemAttribution) -> list[Evidence]:
        values, features = attribution.feature_values, attribution.model.features
        found: list[Evidence] = []
        for n in np.argsort(-values, kind="stable"):
            if values[n] <= 0 or len(found) == self.settings.max_causes:
                break
            number = int(attribution.features[n])
            feature = features[number]
            if feature.kind != "attribute" or not self.pieces.sensitive.names_value(
                feature.name, feature.value
            ):
                continue
            found.append(
                self.pieces.attribute(
                    f"A{len(found) + 1}",
                    feature.name,
                    feature.value,
                    float(values[n]),
                    standing.rank_without_feature(attribution.item, number),
                )
            )
        return found

    def _context(self, without: Sequence[Standing], attribution: ItemAttribution) -> list[Evidence]:
        terms = zip(attribution.history.context, attribution.context_values, without, strict=True)
        return [
            self.pieces.context(
                f"C{number}", name, value, float(term), standing.rank(attribution.item)
            )
            for number, ((name, value), term, standing) in enumerate(terms, start=1)
        ]

    def _everyone(self, attribution: ItemAttribution) -> list[Evidence]:
        bias = attribution.item_bias
        if not bias:  # a model without biases: it is no term of its scores
            return []
        return [self.pieces.everyone(attribution.item, bias, attribution.history_total)]

    def _whole_history(
        self, standing: Standing, attribution: ItemAttribution, foretold: Foretold | None
    ) -> Evidence:
        values, total = attribution.history_values, attribution.history_total
        return self.pieces.whole_history(
            count=len(values),
            share=float(np.abs(values).sum()) / total if total else 0.0,
            rank=attribution.rank,
            candidates=int(np.count_nonzero(standing.candidates)),
            contribution=float(values.sum()),
            foretold=foretold,
        )


def _positions_of(attribution: ItemAttribution, items: frozenset[int]) -> list[int]:
    return [n for n, item in enumerate(attribution.history.items) if int(item) in items]


def _without_context(standing: Standing) -> list[Standing]:
    """The standing without each value of the context."""
    history = standing.history
    return [
        replace(
            standing,
            history=replace(history, context=history.context[:n] + history.context[n + 1 :]),
        )
        for n in range(len(history.context))
    ]
