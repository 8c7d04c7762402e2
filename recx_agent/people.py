"""Whom an answer is for: history, candidates, and what of it may be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets import NO_ITEM, Dataset, Event, History
from recx_agent.errors import (
    NotOffered,
    UnknownAttribute,
    UnknownItem,
    UnknownUser,
    UsageError,
    Withheld,
)
from recx_agent.explainer.person import Person
from recx_agent.explainer.wording import wording_in_force
from recx_agent.protocols import AdditiveModel, UserStore
from recx_agent.schemas import HiddenRef
from recx_agent.sensitive import Sensitive, rules_in_force
from recx_agent.settings import Settings

Items = NDArray[np.int32]


def sensitive_in_force(
    dataset: Dataset, settings: Settings, fitted: Mapping[str, Any]
) -> Sensitive:
    """What must not be told of a version.

    Parameters
    ----------
    dataset : Dataset
    settings : Settings
    fitted : mapping
        The wording the version was fitted with: the domain may have rules of its own.
    """
    domain = wording_in_force(settings, fitted).domain
    return Sensitive.compile(rules_in_force(settings.privacy, domain), dataset)


@dataclass(frozen=True)
class People:
    """Finds users, items and attributes for an answer, and keeps to what may be told.

    Parameters
    ----------
    dataset : Dataset
    model : AdditiveModel
    sensitive : Sensitive
    store : UserStore
        What users have hidden, and who was erased.
    """

    dataset: Dataset
    model: AdditiveModel
    sensitive: Sensitive
    store: UserStore

    def person(
        self,
        user_id: str,
        *,
        history: Sequence[str] | None = None,
        exclude: Sequence[str] = (),
        allow_cold: bool = False,
        context: Mapping[str, str] | None = None,
    ) -> Person:
        """The user as the model sees him; for the parameters see :class:`recx_agent.Recx`.

        Raises
        ------
        UnknownUser, UnknownItem, UnknownAttribute, UsageError, NotOffered
        """
        around = self._context(context)
        filtered = self.filtered(exclude)
        hidden = self.hidden(user_id)
        if history is not None:
            return self._stranger(user_id, history, filtered, hidden, around)
        try:
            user = self.user(user_id)
        except UnknownUser:
            if not allow_cold:
                raise
            return self._stranger(user_id, (), filtered, frozenset(), around)
        return self._known(user_id, user, filtered, hidden, around)

    def user(self, user_id: str) -> int:
        """The internal id of a user who is neither a stranger nor erased.

        Raises
        ------
        UnknownUser
        """
        user = self.dataset.user(user_id)
        if self.store.tombstones.covers(user_id):
            raise UnknownUser(user_id)
        return user

    def hidden(self, user_id: str) -> frozenset[int]:
        """Items that a user has hidden, with those that are the same twice."""
        catalogue = self.dataset.catalogue
        found = {
            catalogue.twins[catalogue.ids.internal(item_id)]
            for item_id in self.store.hidden(user_id)
            if item_id in catalogue.ids
        }
        if not found:
            return frozenset()
        return frozenset(item for item, twin in enumerate(catalogue.twins) if twin in found)

    def hide(self, user_id: str, item: str) -> bool:
        """Hide an item for a user; ``False`` if it was hidden already."""
        self.user(user_id)
        found = self.dataset.catalogue.ids.external(self.find(item))
        return self.store.hide(user_id, found)

    def unhide(self, user_id: str, item: str) -> bool:
        """Undo it; ``False`` if the item was not hidden."""
        self.user(user_id)
        hidden = self.store.hidden(user_id)
        if item in hidden:  # perhaps no longer in the catalogue
            return self.store.unhide(user_id, item)
        ids, twins = self.dataset.catalogue.ids, self.dataset.catalogue.twins
        twin = twins[self.find(item)]
        alike = [id for id in hidden if id in ids and twins[ids.internal(id)] == twin]
        return any([self.store.unhide(user_id, id) for id in alike])

    def hidden_refs(self, user_id: str) -> tuple[HiddenRef, ...]:
        """What a user has hidden, in that order; the title is empty of what is gone."""
        self.user(user_id)
        catalogue, sensitive = self.dataset.catalogue, self.sensitive
        found = []
        for entry in self.store.hidden_items(user_id):
            there = entry.item_id in catalogue.ids
            item = catalogue.ids.internal(entry.item_id) if there else NO_ITEM
            if there and sensitive.items[item]:
                continue
            title = catalogue.titles[item] if there else ""
            since = entry.since.isoformat(timespec="seconds")
            found.append(HiddenRef(item_id=entry.item_id, title=title, since=since))
        return tuple(found)

    def find(self, item: str) -> int:
        """An item by id or title; an error suggests no title that may not be told.

        Raises
        ------
        UnknownItem
        """
        try:
            return self.dataset.catalogue.find(item)
        except UnknownItem as error:
            named = [title for title in error.closest if self.sensitive.names_title(title)]
            raise UnknownItem(item, named) from None

    def find_told(self, item: str, person: Person) -> int:
        """An item that may be talked about with this person.

        Raises
        ------
        UnknownItem, Withheld
        """
        found = self.find(item)
        if found in person.withheld:
            raise Withheld(item)
        return found

    def find_candidate(self, item: str, person: Person) -> int:
        """An item that may be talked about, and that the caller has not excluded himself.

        Raises
        ------
        UnknownItem, Withheld, UsageError
        """
        found = self.find_told(item, person)
        if found in person.excluded and found not in person.known:
            raise UsageError(f"{item!r} is left out by 'exclude'; ask without it")
        return found

    def find_attribute_told(self, text: str) -> tuple[str, str]:
        """An attribute that may be talked about.

        Raises
        ------
        UnknownAttribute, Withheld
        """
        name, value = self.find_attribute(text)
        if not self.sensitive.names_value(name, value):
            raise Withheld(text)
        return name, value

    def find_attribute(self, text: str) -> tuple[str, str]:
        """Name and value of an attribute; an error suggests none that may not be told.

        Raises
        ------
        UnknownAttribute
        """
        try:
            return self.dataset.catalogue.find_attribute(text)
        except UnknownAttribute as error:
            named = [t for t in error.closest if self.sensitive.names_value(*t.split("=", 1))]
            raise UnknownAttribute(text, named) from None

    def in_history(self, item: str, person: Person) -> int:
        """An item that is a term of the person's score, and may be talked about.

        Raises
        ------
        UnknownItem, Withheld, UsageError
        """
        found = self.find_told(item, person)
        if found in person.unnamed:
            raise Withheld(item)
        if found not in person.history.items:
            title = self.dataset.catalogue.titles[found]
            raise UsageError(
                f"{title!r} is no term of user {person.user_id!r}'s score: it is not among the "
                "history items that count; see 'recx profile'"
            )
        return found

    def _known(
        self,
        user_id: str,
        user: int,
        filtered: Items,
        hidden: frozenset[int],
        context: Mapping[str, str],
    ) -> Person:
        uses_disliked = self.model.uses_disliked
        whole = self.dataset.history(user, disliked=uses_disliked, context=context)
        out, unnamed, withheld = self._by_event_type(user, whole)
        seen = self.dataset.seen(user)
        person = Person(
            user_id=user_id,
            history=whole,
            excluded=np.union1d(seen, filtered).astype(np.int32),
            known=frozenset(seen.tolist()),
            unnamed=unnamed,
            withheld=withheld | hidden,
            user=user,
        )
        return self._kept_to_what_counts(person, out | hidden)

    def _stranger(
        self,
        user_id: str,
        history: Sequence[str],
        filtered: Items,
        hidden: frozenset[int],
        context: Mapping[str, str],
    ) -> Person:
        items = list(dict.fromkeys(self.find(item) for item in history))
        events = {
            item: [Event(f"given/{n}", item, "interaction", None, None, None, None, "given", True)]
            for n, item in enumerate(items)
        }
        person = Person(
            user_id=user_id,
            history=replace(History.of(items), context=tuple(sorted(context.items()))),
            excluded=np.union1d(np.array(items, dtype=np.int32), filtered).astype(np.int32),
            known=frozenset(items),
            withheld=hidden,
            events=events,
        )
        return self._kept_to_what_counts(person, hidden)

    def _kept_to_what_counts(self, person: Person, out: frozenset[int]) -> Person:
        """The person without the items that do not count, and with nothing sensitive told."""
        sensitive = frozenset(np.flatnonzero(self.sensitive.items).tolist())
        gone = out | frozenset(np.flatnonzero(self.sensitive.items_out).tolist())
        history = person.history.without(sorted(gone))
        if not len(history):  # what everyone likes has no terms of the context
            history = replace(history, context=())
        withheld = person.withheld | sensitive
        return replace(
            person,
            history=history,
            excluded=np.union1d(person.excluded, sorted(withheld)).astype(np.int32),
            unnamed=(person.unnamed | sensitive) & frozenset(history.items.tolist()),
            withheld=withheld,
        )

    def _by_event_type(
        self, user: int, history: History
    ) -> tuple[frozenset[int], frozenset[int], frozenset[int]]:
        """Items of a user that only events of a sensitive type are known of.

        Returns
        -------
        out, unnamed, withheld : set of int
            History items that do not count; history items that are not to be named; items
            of which nothing is said, since all events with them or their twins are such.
        """
        if not self.sensitive.kinds:
            return frozenset(), frozenset(), frozenset()
        events = self.dataset.events
        where = events.of_user(user)
        items, kinds = events.item[where], events.kind[where]
        terms = np.asarray(events.positive[where]).copy()
        if self.model.uses_disliked:
            terms |= self.dataset.disliked[where]
        known = items != NO_ITEM
        twins = np.array(self.dataset.catalogue.twins, dtype=np.int32)[items]
        soft = self._of_kinds(kinds, self.sensitive.kinds)
        hard = self._of_kinds(kinds, self.sensitive.kinds_out)
        alike = set(twins[known & soft].tolist()) - set(twins[known & ~soft].tolist())
        return (
            _only(items, hard, known & terms),
            _only(items, soft, known & terms),
            frozenset(i for i, twin in enumerate(self.dataset.catalogue.twins) if twin in alike),
        )

    def _of_kinds(self, kinds: NDArray[np.int16], named: frozenset[str]) -> NDArray[np.bool_]:
        numbers = [n for n, kind in enumerate(self.dataset.events.kinds) if kind in named]
        return np.isin(kinds, numbers)

    def filtered(self, exclude: Sequence[str]) -> Items:
        """Items given by id or title, and those that have an attribute.

        Raises
        ------
        UnknownItem, UnknownAttribute
        """
        catalogue = self.dataset.catalogue
        found: list[int] = []
        for text in exclude:
            if text in catalogue.ids or ("=" not in text and catalogue.has_title(text)):
                found.append(self.find(text))
            else:
                found += catalogue.having(*self.find_attribute(text))
        return np.array(sorted(set(found)), dtype=np.int32)

    def _context(self, context: Mapping[str, str] | None) -> Mapping[str, str]:
        if not context:
            return {}
        known = list(self.model.contexts)
        if not known:
            raise NotOffered("terms of the context", self.model.kind)
        for name, value in context.items():
            if (name, value) not in known:
                named = ", ".join(f"{n}={v}" for n, v in known)
                raise UsageError(f"no context {name}={value}; the model knows {named}")
        return context


def _only(
    items: NDArray[np.int32], of_kind: NDArray[np.bool_], terms: NDArray[np.bool_]
) -> frozenset[int]:
    """Items all of whose terms are of the kind."""
    return frozenset(items[terms & of_kind].tolist()) - frozenset(items[terms & ~of_kind].tolist())
