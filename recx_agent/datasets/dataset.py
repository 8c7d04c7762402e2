"""A data set: users, catalogue and events that belong together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import scipy.sparse as sp
from numpy.typing import NDArray

from recx_agent.artefacts import MANIFEST, new_folder, read_manifest, write_manifest
from recx_agent.datasets.catalogue import ATTRIBUTE_PREFIX, Catalogue
from recx_agent.datasets.contexts import EventContexts, event_contexts
from recx_agent.datasets.events import NO_ITEM, Event, Events
from recx_agent.datasets.history import History
from recx_agent.datasets.idmap import IdMap
from recx_agent.errors import ArtefactDamaged, UnknownUser

FORMAT_VERSION = 1
USERS_FILE = "users.parquet"


@dataclass(frozen=True)
class Dataset:
    """Users, catalogue, events and what the values and times mean.

    Attributes
    ----------
    users : IdMap
        Users.
    catalogue : Catalogue
        Items.
    events : Events
        All interactions.
    scale : tuple of float or None
        Lowest and highest possible value.
    time_meaning : str
        ``"use"`` or ``"record"``: what a timestamp tells.
    user_attributes : mapping of str to tuple of str
        Attribute name to one value a user; never used unless switched on.
    positive_from : float or None
        The value from which on an event with a value is positive.
    disliked_to : float or None
        The value up to which a value is a low one.
    ignored_kinds : tuple of str
        Event types that are no sign of liking, nor of dislike.
    context_names : tuple of str
        What of an event is its context: see :mod:`recx_agent.datasets.contexts`.
    time_zone : str
        In which the context of a time is told.
    """

    users: IdMap
    catalogue: Catalogue
    events: Events
    scale: tuple[float, float] | None = None
    time_meaning: str = "record"
    user_attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    positive_from: float | None = None
    disliked_to: float | None = None
    ignored_kinds: tuple[str, ...] = ()
    context_names: tuple[str, ...] = ()
    time_zone: str = "UTC"

    def user(self, user_id: str) -> int:
        """Return a user's internal id; :class:`~recx_agent.errors.UnknownUser` if none."""
        try:
            return self.users.internal(user_id)
        except KeyError:
            raise UnknownUser(user_id) from None

    def history(
        self, user: int, *, disliked: bool = False, context: Mapping[str, str] | None = None
    ) -> History:
        """Return the distinct positive items of one user, newest first.

        Several events with one item are one entry, as old as its newest positive event;
        equal times are ordered by item.

        Parameters
        ----------
        user : int
        disliked : bool
            Whether the items with a low rating follow them, newest first too.
        context : mapping of str to str, optional
            What is known of the moment that is asked for.
        """
        where = self.events.of_user(user)
        liked = self._newest_first(where, self.events.positive[where])
        low = self._newest_first(where, self.disliked[where]) if disliked else liked[:0]
        return History.of(liked, low, context)

    def _newest_first(self, where: slice, mask: NDArray[np.bool_]) -> NDArray[np.int32]:
        items: NDArray[np.int32] = np.asarray(self.events.item[where])[::-1][np.asarray(mask)[::-1]]
        _, first = np.unique(items, return_index=True)
        return items[np.sort(first)]

    @cached_property
    def disliked(self) -> NDArray[np.bool_]:
        """Shape (n_events,): events with a low value, of items the user has no positive one with.

        Low is what is not above ``disliked_to``, in an event that could have been positive.
        """
        events = self.events
        if self.disliked_to is None:
            return np.zeros(len(events), dtype=bool)
        low = np.asarray(events.value) <= np.float32(self.disliked_to)
        low &= np.asarray(events.item) != NO_ITEM
        counts = np.array([kind not in self.ignored_kinds for kind in events.kinds], dtype=bool)
        low &= counts[events.kind]
        pair = np.asarray(events.user).astype(np.int64) * len(self.catalogue) + events.item
        return low & ~np.isin(pair, pair[np.asarray(events.positive)])

    def positions(self, user: int, item: int) -> NDArray[np.int64]:
        """Find the positive events of one user with one item, oldest first."""
        where = self.events.of_user(user)
        hit: NDArray[np.bool_] = (self.events.item[where] == item) & self.events.positive[where]
        found: NDArray[np.int64] = np.flatnonzero(hit) + where.start
        return found

    def describe_terms(self, user: int, *, disliked: bool = False) -> list[Event]:
        """Put the events behind the terms of a user's score into words, oldest first.

        These are the positive events that have an item and, if asked for, the low ones.
        """
        where = self.events.of_user(user)
        kept: NDArray[np.bool_] = self.events.positive[where] & (self.events.item[where] != NO_ITEM)
        if disliked:
            kept = kept | self.disliked[where]
        positions = np.flatnonzero(kept) + where.start
        return self.events.describe(positions, self.users.external(user), self.catalogue.ids.ids)

    def seen(self, user: int) -> NDArray[np.int32]:
        """Return the items of any event of the user, positive or not, and their twins."""
        items: NDArray[np.int32] = np.unique(self.events.item[self.events.of_user(user)])
        return self.with_twins(items[items != NO_ITEM])

    def with_twins(self, items: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return distinct items with those that the catalogue lists twice."""
        if not self._twin_groups:
            return items
        groups = [self._twin_groups[t] for t in self._twins[items] if t in self._twin_groups]
        return np.unique(np.concatenate([items, *groups])) if groups else items

    @cached_property
    def _twins(self) -> NDArray[np.int32]:
        return np.asarray(self.catalogue.twins, dtype=np.int32)

    @cached_property
    def _twin_groups(self) -> dict[int, NDArray[np.int32]]:
        first, counts = np.unique(self._twins, return_counts=True)
        groups = first[counts > 1]
        return {int(g): np.flatnonzero(self._twins == g).astype(np.int32) for g in groups}

    @cached_property
    def contexts(self) -> EventContexts:
        """The context of each event."""
        return event_contexts(self.events, self.context_names, self.time_zone)

    @cached_property
    def positives(self) -> sp.csr_matrix:
        """Shape (n_users, n_items): 1 where the user has a positive event with the item."""
        return self._items_of(np.asarray(self.events.positive))

    @cached_property
    def low_rated(self) -> sp.csr_matrix:
        """Shape (n_users, n_items): 1 where ``disliked`` has an event of the user and item."""
        return self._items_of(self.disliked)

    def _items_of(self, mask: NDArray[np.bool_]) -> sp.csr_matrix:
        rows, columns = self.events.user[mask], self.events.item[mask]
        ones = np.ones(len(rows), dtype=np.float32)
        matrix = sp.csr_matrix(
            (ones, (rows, columns)), shape=(len(self.users), len(self.catalogue))
        )
        matrix.sum_duplicates()
        matrix.data[:] = 1.0
        return matrix

    @cached_property
    def popularity(self) -> NDArray[np.int64]:
        """Shape (n_items,): users with a positive event with the item."""
        counts: NDArray[np.int64] = np.bincount(
            self.positives.indices, minlength=len(self.catalogue)
        ).astype(np.int64)
        return counts

    @cached_property
    def fingerprint(self) -> str:
        """Digest of ids, titles, attributes and events: equal data, equal fingerprints.

        Source rows, texts and what is no context are left out: no model rests on them.
        """
        digest = hashlib.sha256()
        for ids in (self.users.ids, self.catalogue.ids.ids, self.catalogue.titles):
            _digest_text(digest, ids)
        for name, values in sorted(self.catalogue.attributes.items()):
            _digest_text(digest, [name, str(name in self.catalogue.features)])
            _digest_text(digest, ["\x1d".join(some) for some in values])
        _digest_text(digest, self.events.kinds)
        for name in ("user", "item", "kind", "value", "time", "positive"):
            digest.update(np.ascontiguousarray(getattr(self.events, name)).tobytes())
        if self.disliked.any():
            digest.update(np.packbits(self.disliked).tobytes())
        if self.context_names:
            contexts = self.contexts
            _digest_text(digest, contexts.names)
            for known in contexts.values:
                _digest_text(digest, known)
            digest.update(contexts.codes.tobytes())
        return digest.hexdigest()[:16]

    def save(self, folder: Path) -> None:
        """Write everything to ``folder``, whole or not at all."""
        with new_folder(folder) as scratch:
            self.catalogue.save(scratch)
            self.events.save(scratch)
            _save_users(scratch, self.users, self.user_attributes)
            notes = {
                "kinds": self.events.kinds,
                "sources": self.events.sources,
                "scale": self.scale,
                "positive_from": self.positive_from,
                "disliked_to": self.disliked_to,
                "ignored_kinds": self.ignored_kinds,
                "context_names": self.context_names,
                "time_zone": self.time_zone,
                "time_meaning": self.time_meaning,
                "fingerprint": self.fingerprint,
            }
            write_manifest(scratch, FORMAT_VERSION, notes)

    @classmethod
    def load(cls, folder: Path) -> Dataset:
        """Read what :meth:`save` wrote; arrays stay on disk until touched.

        Raises
        ------
        ArtefactDamaged, ArtefactVersion
            See :mod:`recx_agent.artefacts`.
        """
        manifest = read_manifest(folder, FORMAT_VERSION)
        users, attributes = _load_users(folder)
        try:
            scale = manifest["scale"]
            events = Events.load(
                folder,
                kinds=manifest["kinds"],
                sources=manifest["sources"],
                n_users=len(users),
            )
            return cls(
                users=users,
                catalogue=Catalogue.load(folder),
                events=events,
                scale=None if scale is None else (float(scale[0]), float(scale[1])),
                time_meaning=manifest["time_meaning"],
                user_attributes=attributes,
                positive_from=_float_or_none(manifest["positive_from"]),
                # Data sets of before there were these notes have no such terms.
                disliked_to=_float_or_none(manifest.get("disliked_to")),
                ignored_kinds=tuple(manifest.get("ignored_kinds", ())),
                context_names=tuple(manifest.get("context_names", ())),
                time_zone=str(manifest.get("time_zone", "UTC")),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ArtefactDamaged(folder / MANIFEST, f"lacks a note ({error!r})") from error


def _float_or_none(number: Any) -> float | None:
    return None if number is None else float(number)


def _digest_text(digest: Any, texts: Iterable[str]) -> None:
    # Ids and titles hold no control characters, so the separators are unambiguous.
    digest.update("\x1f".join(texts).encode())
    digest.update(b"\x1e")


def _save_users(folder: Path, users: IdMap, attributes: Mapping[str, tuple[str, ...]]) -> None:
    columns = {"user_id": pa.array(users.ids, pa.string())}
    for name, values in attributes.items():
        # The prefix keeps an attribute that is called "user_id" from replacing the ids.
        columns[f"{ATTRIBUTE_PREFIX}{name}"] = pa.array(values, pa.string())
    pq.write_table(pa.table(columns), folder / USERS_FILE)


def _load_users(folder: Path) -> tuple[IdMap, dict[str, tuple[str, ...]]]:
    try:
        table = pq.read_table(folder / USERS_FILE)
        attributes = {
            name.removeprefix(ATTRIBUTE_PREFIX): tuple(table.column(name).to_pylist())
            for name in table.column_names
            if name.startswith(ATTRIBUTE_PREFIX)
        }
        return IdMap(table.column("user_id").to_pylist()), attributes
    except (OSError, pa.ArrowException, KeyError, ValueError) as error:
        raise ArtefactDamaged(folder / USERS_FILE, f"no readable users ({error})") from error
