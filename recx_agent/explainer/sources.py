"""What an explanation draws on besides the score: events, texts, facts of now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recx_agent.attribution import ItemAttribution
from recx_agent.datasets import Dataset, Event
from recx_agent.evidence import Beside, EventsByItem, retrieved_by_item
from recx_agent.explainer.person import Person
from recx_agent.protocols import CurrentFact, CurrentFacts, EvidenceRetriever, RetrievedText
from recx_agent.sensitive import Sensitive
from recx_agent.settings import EvidenceSettings

_SPARE_TEXTS = 5
"""Texts asked for beyond the budget, since some may not be told."""


@dataclass(frozen=True)
class Sources:
    """Brings what may be told of a person and of items.

    Parameters
    ----------
    dataset : Dataset
    retriever : EvidenceRetriever
    settings : EvidenceSettings
    sensitive : Sensitive
    facts : CurrentFacts or None
        Asked once an answer.
    uses_disliked : bool
        Whether the events with a low rating are behind terms of the score.
    """

    dataset: Dataset
    retriever: EvidenceRetriever
    settings: EvidenceSettings
    sensitive: Sensitive
    facts: CurrentFacts | None = None
    uses_disliked: bool = False

    def events(self, person: Person, attributions: Sequence[ItemAttribution]) -> EventsByItem:
        """The events behind the terms that may be named, by item, checked against the model."""
        if person.events is not None:
            return self._named(person.events)
        terms = set(person.history.items.tolist()) - person.unnamed
        if person.own is not None:
            described = person.own.describe_terms(disliked=self.uses_disliked)
        elif person.user is not None:
            own = self.dataset.describe_terms(person.user, disliked=self.uses_disliked)
            described = [(event, True) for event in own]
        else:
            return {}
        wanted = [(event, there) for event, there in described if event.item in terms]
        indexed = [event.id for event, there in wanted if there]
        if not indexed and person.user is None:  # of someone new the index knows nothing
            found: EventsByItem = {}
        else:
            found = retrieved_by_item(self.retriever.fetch(person.user_id, indexed), attributions)
        return self._named(_with_those_since(found, wanted))

    def own_events(self, person: Person, item: int) -> list[Event]:
        """Every event of the person with an item or its twin, liked or not, that may be told."""
        data = person.data_in(self.dataset)
        if data is None:
            return list((person.events or {}).get(item, ()))
        events = data[0].events
        twins = self.dataset.catalogue.twins
        where = events.of_user(data[1])
        positions = [
            p
            for p in range(where.start, where.stop)
            if events.item[p] >= 0 and twins[events.item[p]] == twins[item]
        ]
        told = events.describe(positions, person.user_id, self.dataset.catalogue.ids.ids)
        return [event for event in told if self.sensitive.names_event(event)]

    def tells(self, person: Person, event: Event) -> bool:
        """Whether an event of the person, and its text, may be told."""
        return (
            (person.own is None or person.own.still_has(event))
            and event.item not in person.unnamed
            and event.item not in person.withheld
            and self.sensitive.names_event(event)
            and self.sensitive.names_text(event.text or "")
        )

    def beside(self, person: Person, items: Sequence[int], chosen_by: str | None) -> list[Beside]:
        """What is known of each item besides the terms of its score."""
        ids = [self.dataset.catalogue.ids.external(item) for item in items]
        facts: Mapping[str, Sequence[CurrentFact]] = {}
        if self.facts is not None and ids:
            facts = self.facts(ids)
        return [
            Beside(texts, facts.get(id, ()), chosen_by)
            for id, texts in zip(ids, self._texts(person, ids), strict=True)
        ]

    def _texts(self, person: Person, ids: Sequence[str]) -> list[list[RetrievedText]]:
        budget = self.settings.support_budget
        if person.user is None or not len(person.history) or not budget or not ids:
            return [[] for _ in ids]
        found = self.retriever.similar_texts(person.user_id, ids, budget + _SPARE_TEXTS)
        return [self._tellable(person, texts)[:budget] for texts in found]

    def _tellable(self, person: Person, texts: Sequence[RetrievedText]) -> list[RetrievedText]:
        told: dict[str, RetrievedText] = {}
        for found in texts:
            text = (found.event.text or "").strip()
            near = found.similarity >= self.settings.min_similarity
            if text and near and self.tells(person, found.event):
                told.setdefault(text, found)
        return list(told.values())

    def _named(self, found: EventsByItem) -> EventsByItem:
        if not self.sensitive:
            return found
        named = {
            item: [event for event in events if self.sensitive.names_event(event)]
            for item, events in found.items()
        }
        return {item: events for item, events in named.items() if events}


def _with_those_since(
    retrieved: EventsByItem, wanted: Sequence[tuple[Event, bool]]
) -> EventsByItem:
    """What the index gave back with the events it cannot have yet, by item, oldest first."""
    by_id = {event.id: event for events in retrieved.values() for event in events}
    found: dict[int, list[Event]] = {}
    for event, there in wanted:
        found.setdefault(event.item, []).append(by_id[event.id] if there else event)
    return found
