"""The way from a user and items to explanations."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.attribution import ItemAttribution, Standing, attribute_items
from recx_agent.datasets import Dataset, Event, History
from recx_agent.evidence import EventsByItem, EvidenceBuilder, EvidenceSet, retrieved_by_item
from recx_agent.explainer.claims import REASONS
from recx_agent.explainer.planner import ListContext, Planner, plan_known, plan_popular
from recx_agent.protocols import (
    AdditiveModel,
    Claim,
    EvidenceRetriever,
    ExplanationWriter,
    Plan,
)
from recx_agent.schemas import Explanation, ItemRef, View
from recx_agent.settings import EvidenceSettings, WordingSettings


@dataclass(frozen=True)
class Person:
    """Whom an explanation is for, as the model sees them.

    Attributes
    ----------
    user_id : str
    history : History
        What the score is summed over.
    excluded : int32 array
        Items that are no candidates.
    events : mapping of int to sequence of Event, optional
        Events by item for a history that is in no index; else they are retrieved.
    user : int or None
        Internal id, ``None`` for a stranger.
    """

    user_id: str
    history: History
    excluded: NDArray[np.int32]
    events: EventsByItem | None = None
    user: int | None = None


@dataclass(frozen=True)
class Explainer:
    """Explains items to a person.

    Parameters
    ----------
    model : AdditiveModel
    dataset : Dataset
    retriever : EvidenceRetriever
    writer : ExplanationWriter
    settings : EvidenceSettings
    wording : WordingSettings
    """

    model: AdditiveModel
    dataset: Dataset
    retriever: EvidenceRetriever
    writer: ExplanationWriter
    settings: EvidenceSettings
    wording: WordingSettings

    def explain(self, person: Person, items: Sequence[int], k: int) -> list[Explanation]:
        """Explain items as one list: a cause they share is told once.

        Parameters
        ----------
        person : Person
        items : sequence of int
            In the order they are shown.
        k : int
            Length of the list that ranks are told against.
        """
        standing = Standing(self.model, person.history, person.excluded)
        attributions = attribute_items(standing, items)
        if not len(person.history):
            sets = [self._builder.popular_item(attribution) for attribution in attributions]
            plans = [plan_popular(evidence) for evidence in sets]
        else:
            sets, plans = self._from_history(person, standing, attributions, k)
        start = zlib.crc32(person.user_id.encode())
        return [
            self._write(person, attribution, evidence, claims, start + number)
            for number, (attribution, evidence, claims) in enumerate(
                zip(attributions, sets, plans, strict=True)
            )
        ]

    def _from_history(
        self,
        person: Person,
        standing: Standing,
        attributions: Sequence[ItemAttribution],
        k: int,
    ) -> tuple[list[EvidenceSet], list[list[Claim]]]:
        events = self._events(person, attributions)
        known = [not standing.candidates[a.item] for a in attributions]
        fresh = [a for a, is_known in zip(attributions, known, strict=True) if not is_known]
        built = iter(self._builder.build(standing, fresh, events))
        sets = [
            self._builder.known_item(a.item, a, self._own_events(person, a.item))
            if is_known
            else next(built)
            for a, is_known in zip(attributions, known, strict=True)
        ]
        groups = [
            frozenset() if is_known else self._causes(evidence)
            for evidence, is_known in zip(sets, known, strict=True)
        ]
        plans = []
        for number, (evidence, is_known) in enumerate(zip(sets, known, strict=True)):
            if is_known:
                plans.append(plan_known(evidence))
                continue
            later = {
                self.dataset.catalogue.titles[attributions[n].item]: groups[n]
                for n in range(number + 1, len(groups))
            }
            told = frozenset().union(*groups[:number])
            plans.append(self._planner.plan(evidence, k, ListContext(told, later)))
        return sets, plans

    def _causes(self, evidence: EvidenceSet) -> frozenset[str]:
        return frozenset(p.fields["item_id"] for p in self._planner.told_causes(evidence))

    def _events(self, person: Person, attributions: Sequence[ItemAttribution]) -> EventsByItem:
        if person.events is not None:
            return person.events
        if person.user is None:
            return {}
        known = self.dataset.describe_positives(person.user)
        retrieved = self.retriever.fetch(person.user_id, [event.id for event in known])
        return retrieved_by_item(retrieved, attributions)

    def _own_events(self, person: Person, item: int) -> list[Event]:
        """Every event of the person with an item or its twin, liked or not."""
        if person.user is None:
            return list((person.events or {}).get(item, ()))
        events = self.dataset.events
        twins = self.dataset.catalogue.twins
        where = events.of_user(person.user)
        positions = [
            p
            for p in range(where.start, where.stop)
            if events.item[p] >= 0 and twins[events.item[p]] == twins[item]
        ]
        return events.describe(positions, person.user_id, self.dataset.catalogue.ids.ids)

    def _write(
        self,
        person: Person,
        attribution: ItemAttribution,
        evidence: EvidenceSet,
        claims: Sequence[Claim],
        variant: int,
    ) -> Explanation:
        catalogue = self.dataset.catalogue
        title = catalogue.titles[attribution.item]
        plan = Plan(title, claims, evidence.by_id, self.wording.model_dump(), variant)
        draft = self.writer.write(plan)
        by_attribute = any(claim.evidence[0].startswith("A") for claim in claims)
        view: View = "attribute" if by_attribute else "history"
        abstained = not any(claim.kind in REASONS for claim in claims)
        return Explanation(
            user_id=person.user_id,
            item=ItemRef(item_id=catalogue.ids.external(attribution.item), title=title),
            text=" ".join(sentence.text for sentence in draft.sentences),
            sentences=draft.sentences,
            evidence=evidence.evidence,
            attribution=attribution.record(catalogue.titles, catalogue.ids.ids, view),
            verdict="abstained" if abstained else "template",
            writer=draft.writer,
            audit_id=self._audit_id(person, title, evidence, draft.writer.model_dump()),
        )

    def _audit_id(
        self, person: Person, title: str, evidence: EvidenceSet, writer: Mapping[str, Any]
    ) -> str:
        content = {
            "model": self.model.fingerprint,
            "user": person.user_id,
            "item": title,
            "evidence": [piece.model_dump(mode="json") for piece in evidence.evidence],
            "writer": writer,
        }
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:24]

    @cached_property
    def _planner(self) -> Planner:
        counts = Counter(
            (name, value)
            for name, values in self.dataset.catalogue.attributes.items()
            for own in values
            for value in own
        )
        several = frozenset(
            name
            for name, values in self.dataset.catalogue.attributes.items()
            if any(len(own) > 1 for own in values)
        )
        return Planner(self.settings, counts, several)

    @cached_property
    def _builder(self) -> EvidenceBuilder:
        def describe(id: str, fields: Mapping[str, Any]) -> str:
            return self.writer.evidence_text(id, fields, self.wording.model_dump())

        return EvidenceBuilder(self.dataset, self.settings, describe, self._liked_by_text)

    @property
    def _liked_by_text(self) -> str:
        events = self.dataset.events
        kinds = {events.kinds[kind] for kind in np.unique(events.kind[events.positive])}
        if kinds == {"rating"} and self.dataset.positive_from is not None:
            return f"rated it {self.dataset.positive_from:g} or higher"
        return "have it in their history"
