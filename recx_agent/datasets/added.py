"""What users did since the data were fitted: laid over a data set without reading it anew.

One user's events with what was added are a small data set of their own
(:func:`own_events`), so that everything that is asked of a user's events is asked of it in
the same way: which of them count, what was seen, how they read. Nothing else is copied.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets.dataset import Dataset
from recx_agent.datasets.events import NO_ITEM, NO_TIME, Event, Events
from recx_agent.datasets.idmap import IdMap, natural_key
from recx_agent.datasets.joining import joined, value_key
from recx_agent.datasets.positive import is_positive

TAKEN_IN = "added events"
"""What the source of an added event is called once a fit or an update has taken it in."""

_COLUMNS = ("item", "kind", "value", "time", "positive", "row", "source")

SINCE = "added since"
"""What it is called before that."""


@dataclass(frozen=True)
class AddedEvent:
    """An event by external ids, as it was added.

    Attributes
    ----------
    item_id : str
        ``""`` for an event without item, such as a search.
    event_type : str
    value : float or None
    time : int or None
        Seconds since 1970 UTC.
    text, context : str
        ``""`` if there is none; the context is JSON.
    number : int
        Its row in the store.
    id : str
        By which it is taken back.
    """

    item_id: str
    event_type: str
    value: float | None = None
    time: int | None = None
    text: str = ""
    context: str = ""
    number: int = 0
    id: str = ""

    @property
    def key(self) -> tuple[str, str, int, int | None, str]:
        """What tells it from other events of its user; equal ones are one event."""
        value = np.array([np.nan if self.value is None else self.value])
        told = "" if self.item_id else self.text
        return self.item_id, self.event_type, int(value_key(value)[0]), self.time, told


@dataclass(frozen=True)
class OwnEvents:
    """The events of one user that count now.

    Attributes
    ----------
    version : Dataset
        The data in force.
    dataset : Dataset
        Of the user alone, who is user 0 of it.
    position : int64 array, shape (n,)
        Where each event of ``dataset`` stands in the version's; -1 if it was added since.
    """

    version: Dataset
    dataset: Dataset
    position: NDArray[np.int64]

    def describe_terms(self, *, disliked: bool = False) -> list[tuple[Event, bool]]:
        """Put the events behind the terms of the user's score into words, oldest first.

        Returns
        -------
        list of (Event, bool)
            Whether it is one of the version's: then its id is the one it has there.
        """
        own = self.dataset.events
        kept: NDArray[np.bool_] = own.positive & (own.item != NO_ITEM)
        if disliked:
            kept = kept | self.dataset.disliked
        at = np.flatnonzero(kept)
        user_id, ids = self.dataset.users.external(0), self.dataset.catalogue.ids.ids
        described = own.describe(at, user_id, ids)
        places = self.position[at]
        known = self.version.events.describe(places[places >= 0], user_id, ids)
        of_version = iter(known)
        return [
            (next(of_version), True) if place >= 0 else (event, False)
            for event, place in zip(described, places.tolist(), strict=True)
        ]

    def still_has(self, event: Event) -> bool:
        """Whether an event of the version's still counts: it was not taken back."""
        return event.id in self._of_version

    @cached_property
    def _of_version(self) -> frozenset[str]:
        places = self.position[self.position >= 0]
        user_id, ids = self.dataset.users.external(0), self.dataset.catalogue.ids.ids
        return frozenset(event.id for event in self.version.events.describe(places, user_id, ids))


def own_events(
    dataset: Dataset,
    user_id: str,
    added: Sequence[AddedEvent],
    taken_back: Sequence[AddedEvent] = (),
) -> OwnEvents:
    """Lay what a user did since over what the data set has of him.

    The result is what an update with the same events would make of the user. Events that
    the data set has already count once; those of unknown items wait for the next update.

    Parameters
    ----------
    dataset : Dataset
    user_id : str
        He need not be in the data set.
    added : sequence of AddedEvent
    taken_back : sequence of AddedEvent
        Added before and undone since: a fit may have taken them in.
    """
    known = user_id in dataset.users
    user = dataset.users.internal(user_id) if known else None
    where = slice(0, 0) if user is None else dataset.events.of_user(user)
    stays = _staying(dataset, where, taken_back)
    own = _alone(dataset.events, where, stays)
    fresh = _events_of(dataset, {user_id: added}, IdMap([user_id]), SINCE)
    events, _ = joined(own, fresh)
    # Both are in one order, so the n-th that was not added is the n-th there was.
    is_added = _is_of(events, SINCE)
    position = np.full(len(events), -1, dtype=np.int64)
    position[~is_added] = np.flatnonzero(stays) + where.start
    attributes = {
        name: ("" if user is None else values[user],)
        for name, values in dataset.user_attributes.items()
    }
    alone = replace(dataset, users=IdMap([user_id]), events=events, user_attributes=attributes)
    return OwnEvents(dataset, alone, position)


def with_added(dataset: Dataset, added: Mapping[str, Sequence[AddedEvent]]) -> Dataset:
    """Take added events into a data set; what it has already, and unknown items, are skipped.

    Parameters
    ----------
    dataset : Dataset
        It is not changed.
    added : mapping of str to sequence of AddedEvent
        By user; one who is not in the data set comes in behind the others.
    """
    found = {user: events for user, events in added.items() if events}
    if not found:
        return dataset
    newcomers = sorted((user for user in found if user not in dataset.users), key=natural_key)
    users = dataset.users.extended(newcomers)
    old = replace(dataset.events, n_users=len(users))
    events, _ = joined(old, _events_of(dataset, found, users, TAKEN_IN))
    attributes = {
        name: (*values, *[""] * len(newcomers)) for name, values in dataset.user_attributes.items()
    }
    return replace(dataset, users=users, events=events, user_attributes=attributes)


def without_taken_back(dataset: Dataset, taken_back: Mapping[str, Sequence[AddedEvent]]) -> Dataset:
    """Leave out what an earlier fit took in and was undone since."""
    stays = np.ones(len(dataset.events), dtype=bool)
    for user_id, events in taken_back.items():
        if user_id in dataset.users:
            where = dataset.events.of_user(dataset.users.internal(user_id))
            stays[where] = _staying(dataset, where, events)
    return dataset if stays.all() else replace(dataset, events=dataset.events.take(stays))


def _staying(dataset: Dataset, where: slice, taken_back: Sequence[AddedEvent]) -> NDArray[np.bool_]:
    """Which events stay: those that were taken in and undone do not."""
    events, ids = dataset.events, dataset.catalogue.ids
    stays = np.ones(where.stop - where.start, dtype=bool)
    gone = {event.key for event in taken_back}
    if not gone:
        return stays
    came_so = np.array([name == TAKEN_IN for name in events.sources], dtype=bool)
    for n in np.flatnonzero(came_so[np.asarray(events.source[where])]):
        at = where.start + int(n)
        item, seconds, value = int(events.item[at]), int(events.time[at]), float(events.value[at])
        event = AddedEvent(
            item_id="" if item == NO_ITEM else ids.external(item),
            event_type=events.kinds[events.kind[at]],
            value=None if np.isnan(value) else value,
            time=None if seconds == NO_TIME else seconds,
            text=(events.texts[at] or "") if events.texts else "",
        )
        stays[n] = event.key not in gone
    return stays


def _alone(events: Events, where: slice, stays: NDArray[np.bool_]) -> Events:
    def taken(name: str) -> NDArray[Any]:
        return np.asarray(getattr(events, name)[where])[stays]

    kept = (np.flatnonzero(stays) + where.start).tolist()
    columns: dict[str, Any] = {name: taken(name) for name in _COLUMNS}
    return replace(
        events,
        **columns,
        user=np.zeros(int(stays.sum()), dtype=np.int32),
        n_users=1,
        texts=tuple(events.texts[at] for at in kept) if events.texts else (),
        contexts=tuple(events.contexts[at] for at in kept) if events.contexts else (),
    )


def _events_of(
    dataset: Dataset, added: Mapping[str, Iterable[AddedEvent]], users: IdMap, source: str
) -> Events:
    """Translate and judge added events; those of items that are not there are left out."""
    catalogue = dataset.catalogue
    rows = [
        (users.internal(user), _item(dataset, event), event)
        for user, events in added.items()
        for event in events
        if not event.item_id or catalogue.aliases.get(event.item_id, event.item_id) in catalogue.ids
    ]
    told = [event for _, _, event in rows]
    kinds = tuple(sorted({event.event_type for event in told}, key=natural_key))
    kind = np.array([kinds.index(event.event_type) for event in told], dtype=np.int16)
    item = np.array([place for _, place, _ in rows], dtype=np.int32)
    value = np.array([np.nan if e.value is None else e.value for e in told], dtype=np.float32)
    good = is_positive(kind, kinds, value, dataset.positive_from, dataset.ignored_kinds)
    texts = tuple(event.text or None for event in told)
    contexts = tuple(event.context or None for event in told)
    return Events.sorted(
        user=np.array([user for user, _, _ in rows], dtype=np.int32),
        item=item,
        kind=kind,
        value=value,
        time=np.array([NO_TIME if e.time is None else e.time for e in told], dtype=np.int64),
        positive=good & (item != NO_ITEM),
        row=np.array([event.number for event in told], dtype=np.int64),
        source=np.zeros(len(told), dtype=np.int16),
        kinds=kinds,
        sources=(source,),
        n_users=len(users),
        texts=texts if any(texts) else (),
        contexts=contexts if any(contexts) else (),
    )


def _item(dataset: Dataset, event: AddedEvent) -> int:
    if not event.item_id:
        return NO_ITEM
    catalogue = dataset.catalogue
    return catalogue.ids.internal(catalogue.aliases.get(event.item_id, event.item_id))


def _is_of(events: Events, source: str) -> NDArray[np.bool_]:
    named = np.array([name == source for name in events.sources], dtype=bool)
    return np.asarray(named[np.asarray(events.source)], dtype=bool)
