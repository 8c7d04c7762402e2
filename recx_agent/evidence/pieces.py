"""One piece of evidence of each sort: its fields, and its text from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from recx_agent.datasets import Dataset, Event
from recx_agent.evidence.history import ToldEvent
from recx_agent.protocols import CurrentFact, Foretold, RetrievedText
from recx_agent.schemas import Evidence, EvidenceKind
from recx_agent.sensitive import Sensitive

Describe = Callable[[str, Mapping[str, Any]], str]
"""Words one piece of evidence: ``describe(id, fields)``."""


@dataclass(frozen=True)
class Pieces:
    """Makes evidence; the fields of each sort are those of :class:`~recx_agent.schemas.Evidence`.

    Parameters
    ----------
    dataset : Dataset
    describe : callable
        Words one piece of evidence.
    liked_from : float or None
        The rating from which on an event of another user is positive.
    liked_event : str or None
        The type of all positive events, where they are no ratings and of one type.
    sensitive : Sensitive
        Attribute values that may not be told are left out.
    """

    dataset: Dataset
    describe: Describe
    liked_from: float | None
    liked_event: str | None
    sensitive: Sensitive

    def history(
        self,
        id: str,
        item: int,
        events: Sequence[Event],
        *,
        disliked: bool,
        contribution: float | None = None,
        rank_without: int | None = None,
    ) -> Evidence:
        """An item of the history; a fact, not a cause, where it has no contribution."""
        told = ToldEvent.of(events)
        catalogue = self.dataset.catalogue
        fields = {
            "item_id": catalogue.ids.external(item),
            "title": catalogue.titles[item],
            **self._deed(told.event_type, told.rating, told.date, told.source),
            "events": list(told.events),
            "attributes": {
                name: self._told(name, values[item])
                for name, values in catalogue.attributes.items()
            },
            "disliked": disliked,
        }
        kind: EvidenceKind = "fact" if contribution is None else "cause"
        return self._piece(id, kind, fields, contribution, rank_without)

    def attribute(
        self, id: str, name: str, value: str, contribution: float, rank_without: int | None
    ) -> Evidence:
        """An attribute of the item."""
        fields = {"name": name, "value": value}
        return self._piece(id, "cause", fields, contribution, rank_without)

    def context(
        self, id: str, name: str, value: str, contribution: float, rank_without: int | None
    ) -> Evidence:
        """A value of the context."""
        fields = {"name": name, "value": value}
        return self._piece(id, "cause", fields, contribution, rank_without)

    def everyone(self, item: int, bias: float, total: float) -> Evidence:
        """How the item does with everyone."""
        fields = {
            "liked_by": int(self.dataset.popularity[item]),
            "users": len(self.dataset.users),
            "liked_from": self.liked_from,
            "liked_event": self.liked_event,
            "share": _share(bias, total),
        }
        return self._piece("B1", "cause", fields, bias)

    def whole_history(
        self,
        count: int,
        share: float,
        rank: int | None,
        candidates: int,
        contribution: float,
        foretold: Foretold | None = None,
    ) -> Evidence:
        """The history as a whole."""
        fields = {"count": count, "share": share, "rank": rank, "candidates": candidates}
        if foretold is not None:
            fields |= {"foretold": foretold.likelihood, "likes_judged": foretold.likes}
        return self._piece("T1", "cause", fields, contribution)

    def others(self, contribution: float, total: float) -> Evidence:
        """The history items that are not to be named, as one."""
        return self._piece("O1", "cause", {"share": _share(contribution, total)}, contribution)

    def recommender(self, name: str, rank: int | None, candidates: int) -> Evidence:
        """The recommender that chose the item, and where the item stands by our score."""
        return self._piece("R1", "fact", {"name": name, "rank": rank, "candidates": candidates})

    def text(self, id: str, found: RetrievedText) -> Evidence:
        """A text of the user's own."""
        event = found.event
        fields = {
            "text": event.text,
            **self._deed(event.event_type, event.value, event.date, event.source),
            "title": found.title,
            "similarity": found.similarity,
        }
        return self._piece(id, "support", fields)

    def facts(self, item: int, budget: int, current: Sequence[CurrentFact] = ()) -> list[Evidence]:
        """Catalogue facts of an item and what is known of now, each within the budget.

        A fact of now takes the place of a catalogue fact of the same name.
        """
        fresh = [(fact, self._told(fact.name, fact.values)) for fact in current]
        fresh = [(fact, values) for fact, values in fresh if values][:budget]
        names = {fact.name for fact, _ in fresh}
        fields: list[dict[str, Any]] = [
            {"name": name, "values": told, "as_of": None}
            for name, values in self.dataset.catalogue.attributes.items()
            if name not in names and (told := self._told(name, values[item]))
        ][:budget]
        for fact, values in fresh:
            as_of = fact.as_of.astimezone(UTC).isoformat(timespec="seconds")
            fields.append({"name": fact.name, "values": values, "as_of": as_of})
        return [self._piece(f"F{n}", "fact", own) for n, own in enumerate(fields, start=1)]

    def _told(self, name: str, values: Sequence[str]) -> list[str]:
        return [value for value in values if self.sensitive.names_value(name, value)]

    def _deed(
        self, event_type: str, rating: float | None, date: str | None, source: str
    ) -> dict[str, Any]:
        scale = self.dataset.scale
        return {
            "event_type": event_type,
            "rating": rating,
            "rating_min": scale[0] if scale and rating is not None else None,
            "rating_max": scale[1] if scale and rating is not None else None,
            "date": date,
            "source": source,
        }

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


def _share(term: float, total: float) -> float:
    return abs(term) / total if total else 0.0
