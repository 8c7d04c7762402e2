"""Feedback: given, listed, undone."""

from __future__ import annotations

from dataclasses import dataclass

from recx_agent.datasets import NO_ITEM
from recx_agent.errors import UnknownFeedback
from recx_agent.explainers import Explainers
from recx_agent.feedback.meaning import (
    Meant,
    check_offered,
    label_of,
    meant_by,
    of_nothing,
    told_reason_of,
)
from recx_agent.people import People
from recx_agent.protocols import FeedbackEntry, FeedbackKind, UserStore
from recx_agent.schemas import FeedbackGiven, FeedbackRef, HiddenRef


@dataclass(frozen=True)
class Decisions:
    """What users say of items and attributes.

    Parameters
    ----------
    people : People
    explainers : Explainers
    store : UserStore
    """

    people: People
    explainers: Explainers
    store: UserStore

    def give(
        self, user_id: str, kind: FeedbackKind, what: str | None, about: str | None, k: int
    ) -> FeedbackGiven:
        """See :meth:`recx_agent.Recx.feedback`."""
        person = self.people.person(user_id)
        if (what is None) == (about is None):
            raise of_nothing(what, about)
        if what is not None:
            meant = meant_by(what, kind, self.people, person)
        else:
            assert about is not None
            explainer = self.explainers.explainer_for(person)
            meant = told_reason_of(about, self.people, person, explainer, k)
        check_offered(meant, kind, self.people)
        entry, is_new = self.store.give(user_id, kind, meant.target, meant.value, meant.name)
        muted = (kind, meant.target) == ("mute", "attribute")
        return FeedbackGiven(
            user_id=user_id,
            feedback=self._ref(entry),
            is_new=is_new,
            k=k,
            remaining=self._remaining(user_id, meant, k) if muted else None,
        )

    def listed(self, user_id: str, *, undone: bool) -> tuple[FeedbackRef, ...]:
        """See :meth:`recx_agent.Recx.feedback_of`."""
        self.people.check_known(user_id)
        entries = self.store.feedback(user_id, undone=undone)
        return tuple(self._ref(entry) for entry in entries if self._may_be_told(entry))

    def undo(self, user_id: str, feedback_id: str | None) -> FeedbackRef:
        """See :meth:`recx_agent.Recx.undo_feedback`."""
        self.people.check_known(user_id)
        wanted = feedback_id
        if wanted is None:
            entries = self.store.feedback(user_id)
            if not entries:
                raise UnknownFeedback(None)
            wanted = entries[-1].id
        entry = self.store.undo(user_id, wanted)
        if entry is None:
            raise UnknownFeedback(feedback_id)
        return self._ref(entry)

    def hide(self, user_id: str, item: str) -> bool:
        """Mute an item; ``False`` if it was muted already."""
        self.people.check_known(user_id)
        found = self.people.dataset.catalogue.ids.external(self.people.find(item))
        return self.store.give(user_id, "mute", "item", found)[1]

    def unhide(self, user_id: str, item: str) -> bool:
        """Undo it; ``False`` if the item was not muted."""
        self.people.check_known(user_id)
        muted = self._muted_items(user_id)
        chosen = [entry for entry in muted if entry.value == item]
        if not chosen:  # by title, or by a twin's
            ids, twins = self.people.dataset.catalogue.ids, self.people.dataset.catalogue.twins
            twin = twins[self.people.find(item)]
            chosen = [e for e in muted if e.value in ids and twins[ids.internal(e.value)] == twin]
        return any([self.store.undo(user_id, entry.id) is not None for entry in chosen])

    def hidden(self, user_id: str) -> tuple[HiddenRef, ...]:
        """The muted items, in the order they were; the title is empty of what is gone."""
        self.people.check_known(user_id)
        return tuple(
            HiddenRef(
                item_id=entry.value,
                title=label_of(Meant("item", entry.value), self.people),
                since=entry.since.isoformat(timespec="seconds"),
            )
            for entry in self._muted_items(user_id)
            if self._may_be_told(entry)
        )

    def _muted_items(self, user_id: str) -> list[FeedbackEntry]:
        entries = self.store.feedback(user_id)
        return [entry for entry in entries if (entry.kind, entry.target) == ("mute", "item")]

    def _ref(self, entry: FeedbackEntry) -> FeedbackRef:
        meant = Meant(entry.target, entry.value, entry.name)
        return FeedbackRef(
            id=entry.id,
            kind=entry.kind,
            target=entry.target,
            what=meant.what,
            label=label_of(meant, self.people),
            since=entry.since.isoformat(timespec="seconds"),
            undone=None if entry.undone is None else entry.undone.isoformat(timespec="seconds"),
        )

    def _may_be_told(self, entry: FeedbackEntry) -> bool:
        sensitive, catalogue = self.people.sensitive, self.people.dataset.catalogue
        if entry.target == "attribute":
            return sensitive.names_value(entry.name, entry.value)
        own = catalogue.aliases.get(entry.value, entry.value)
        item = catalogue.ids.internal(own) if own in catalogue.ids else NO_ITEM
        return item == NO_ITEM or not sensitive.items[item]

    def _remaining(self, user_id: str, meant: Meant, k: int) -> int:
        """How many items of the list of now have the attribute: its items stay candidates."""
        person = self.people.person(user_id)
        items, _ = self.explainers.model_for(person).top_k(person.history, k, person.excluded)
        having = set(self.people.dataset.catalogue.having(meant.name, meant.value))
        return len(having.intersection(items.tolist()))
