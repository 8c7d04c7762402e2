"""Whom an answer is for: history, candidates, and what of it may be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from recx_agent.datasets import Dataset, Event, History
from recx_agent.datasets.added import OwnEvents, own_events
from recx_agent.errors import NotOffered, UnknownUser, UsageError
from recx_agent.explainer.person import Person
from recx_agent.people.event_types import by_event_type
from recx_agent.people.finding import Finding, Items
from recx_agent.people.said import Said
from recx_agent.protocols import UserRecord, UserStore


@dataclass(frozen=True)
class People(Finding):
    """Finds users, items and attributes for an answer, and keeps to what may be told.

    Parameters
    ----------
    dataset : Dataset
    model : AdditiveModel
    sensitive : Sensitive
    store : UserStore
        What users said and did since, and who was erased: read anew for every answer.
    """

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
        record = self.store.record(user_id)
        said = Said.of(record.feedback, self.dataset)
        if history is not None:
            return self._stranger(user_id, history, filtered, said, around)
        if not self._is_known(user_id, record):
            if not allow_cold:
                raise UnknownUser(user_id)
            return self._stranger(user_id, (), filtered, Said(), around)
        return self._known(user_id, record, filtered, said, around)

    def check_known(self, user_id: str) -> None:
        """See that a user is neither a stranger nor erased.

        Raises
        ------
        UnknownUser
        """
        if not self._is_known(user_id, self.store.record(user_id)):
            raise UnknownUser(user_id)

    def _is_known(self, user_id: str, record: UserRecord) -> bool:
        # A new user is one from the first event that was added.
        return not record.erased and (user_id in self.dataset.users or bool(record.added))

    def _known(
        self,
        user_id: str,
        record: UserRecord,
        filtered: Items,
        said: Said,
        context: Mapping[str, str],
    ) -> Person:
        own = self._own(user_id, record, said)
        user = self.dataset.users.internal(user_id) if user_id in self.dataset.users else None
        data, number = (self.dataset, user) if own is None else (own.dataset, 0)
        assert number is not None
        uses_disliked = self.model.uses_disliked
        whole = data.history(number, disliked=uses_disliked, context=context)
        typed = by_event_type(data, number, self.sensitive, disliked=uses_disliked)
        seen = self._seen(data, number)
        person = Person(
            user_id=user_id,
            history=whole,
            excluded=np.union1d(seen, filtered).astype(np.int32),
            known=frozenset(seen.tolist()),
            unnamed=typed.unnamed,
            withheld=typed.withheld,
            user=user,
            own=own,
        )
        return self._kept_to_what_counts(person, typed.out, said)

    def _own(self, user_id: str, record: UserRecord, said: Said) -> OwnEvents | None:
        """The user's events with those since; ``None`` where the version has them all."""
        added = (*record.added, *said.likes)
        if not (added or record.taken_back):
            return None
        return own_events(self.dataset, user_id, added, record.taken_back)

    def _seen(self, data: Dataset, user: int) -> Items:
        where = data.events.of_user(user)
        items = np.unique(data.events.item[where])
        # By the data in force: it knows already which items are there twice.
        return self.dataset.with_twins(items[items >= 0])

    def _stranger(
        self,
        user_id: str,
        history: Sequence[str],
        filtered: Items,
        said: Said,
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
            events=events,
        )
        return self._kept_to_what_counts(person, frozenset(), said)

    def _kept_to_what_counts(self, person: Person, out: frozenset[int], said: Said) -> Person:
        """The person without the items that do not count, and with nothing sensitive told."""
        sensitive = frozenset(np.flatnonzero(self.sensitive.items).tolist())
        gone = out | said.hidden | frozenset(np.flatnonzero(self.sensitive.items_out).tolist())
        history = person.history.without(sorted(gone))
        # That an item got a low rating goes on counting against others when it is disliked.
        unliked = [i for i in history.items[~history.disliked].tolist() if i in said.disliked]
        history = history.without(unliked)
        if not len(history):  # what everyone likes has no terms of the context
            history = replace(history, context=())
        withheld = person.withheld | sensitive | said.hidden
        turned_down = said.disliked | said.excluded
        return replace(
            person,
            history=history,
            excluded=np.union1d(person.excluded, sorted(withheld | turned_down)).astype(np.int32),
            unnamed=(person.unnamed | sensitive) & frozenset(history.items.tolist()),
            withheld=withheld,
            muted_items=said.hidden,
            turned_down=turned_down,
            muted=said.muted,
        )

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
