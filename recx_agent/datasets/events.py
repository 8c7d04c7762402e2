"""The interactions of all users, as columns sorted by user and time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from recx_agent.artefacts import load_array, save_array
from recx_agent.errors import ArtefactDamaged

NO_TIME = np.iinfo(np.int64).min
NO_ITEM = -1
EXTRAS_FILE = "event_extras.parquet"
_ARRAYS = ("user", "item", "kind", "value", "time", "positive", "row")


@dataclass(frozen=True)
class Event:
    """One event in words: what a piece of evidence is made of.

    ``id`` is made of user, item, type and time alone, so the same event has the same id
    in every import; events equal in all four are counted (``…/2``).
    """

    id: str
    item: int
    event_type: str
    value: float | None
    date: str | None
    text: str | None
    context: str | None
    source: str
    positive: bool


@dataclass(frozen=True)
class Events:
    """Columns of ``n`` events, sorted by user, time, item, type, value and source row.

    Attributes
    ----------
    user, item : int32 arrays, shape (n,)
        Internal ids; ``item`` is ``NO_ITEM`` for an event without one, such as a search.
    kind : int16 array, shape (n,)
        Position in ``kinds``.
    value : float32 array, shape (n,)
        Value on the declared scale, NaN where there is none.
    time : int64 array, shape (n,)
        Seconds since 1970 UTC; ``NO_TIME`` where there is none.
    positive : bool array, shape (n,)
        Whether the event is a sign of liking; only such events are terms of the score.
    row : int64 array, shape (n,)
        Row in the source.
    kinds : tuple of str
        Event types.
    n_users : int
        Number of users, those without events included.
    sources : tuple of str
        Names of the source files.
    source : int16 array, shape (n,)
        Position in ``sources``.
    texts, contexts : tuple of (str or None), or empty
        Free text and free context (JSON) of each event.
    """

    user: NDArray[np.int32]
    item: NDArray[np.int32]
    kind: NDArray[np.int16]
    value: NDArray[np.float32]
    time: NDArray[np.int64]
    positive: NDArray[np.bool_]
    row: NDArray[np.int64]
    source: NDArray[np.int16]
    kinds: tuple[str, ...]
    sources: tuple[str, ...]
    n_users: int
    texts: tuple[str | None, ...] = ()
    contexts: tuple[str | None, ...] = ()

    def __len__(self) -> int:
        """Return the number of events."""
        return len(self.user)

    @classmethod
    def sorted(cls, **columns: Any) -> Events:
        """Build from columns in any order.

        Ties in time are ordered by item, type and value; the source row comes last, so
        the order does not hang on how a file happens to be sorted.
        """
        keys = ("row", "value", "kind", "item", "time", "user")
        order = np.lexsort([columns[key] for key in keys])
        taken: dict[str, Any] = {
            name: np.ascontiguousarray(columns.pop(name)[order]) for name in (*_ARRAYS, "source")
        }
        for name in ("texts", "contexts"):
            if columns.get(name):
                columns[name] = tuple(columns[name][i] for i in order)
        return cls(**taken, **columns)

    def take(self, mask: NDArray[np.bool_]) -> Events:
        """Return the events where ``mask`` (shape (n,)) is true; users and items stay."""
        kept = np.flatnonzero(mask)
        taken: dict[str, Any] = {n: getattr(self, n)[kept] for n in (*_ARRAYS, "source")}
        return Events(
            **taken,
            kinds=self.kinds,
            sources=self.sources,
            n_users=self.n_users,
            texts=tuple(self.texts[i] for i in kept) if self.texts else (),
            contexts=tuple(self.contexts[i] for i in kept) if self.contexts else (),
        )

    @cached_property
    def offsets(self) -> NDArray[np.int64]:
        """Shape (n_users + 1,): events of user ``u`` are ``offsets[u]:offsets[u + 1]``."""
        return np.searchsorted(self.user, np.arange(self.n_users + 1)).astype(np.int64)

    def of_user(self, user: int) -> slice:
        """Return where the events of one user stand."""
        return slice(int(self.offsets[user]), int(self.offsets[user + 1]))

    def date(self, position: int) -> str | None:
        """Return the day of an event as ``YYYY-MM-DD`` in UTC, ``None`` if it has no time."""
        return _day(int(self.time[position]))

    def _occurrences(self, positions: NDArray[np.int64]) -> NDArray[np.int64]:
        """Count the events up to each of a user's that differ from it in value or text only."""
        if not len(positions):
            return positions
        start = int(self.offsets[self.user[positions[0]]])
        near = slice(start, int(positions.max()) + 1)
        first = np.arange(near.stop - start)
        keys = [np.asarray(getattr(self, name)[near]) for name in ("time", "item", "kind")]
        again = np.logical_and.reduce([key[1:] == key[:-1] for key in keys])
        first[1:][again] = 0
        return np.asarray(positions - start - np.maximum.accumulate(first)[positions - start] + 1)

    def describe(
        self, positions: Sequence[int] | NDArray[Any], user_id: str, item_ids: Sequence[str]
    ) -> list[Event]:
        """Put the events at ``positions``, all of one user, into words.

        Parameters
        ----------
        positions : sequence of int
            Positions of the events.
        user_id : str
            External id of the user, for the event ids.
        item_ids : sequence of str
            External ids of all items, by internal id.
        """
        at = np.asarray(positions, dtype=np.int64)
        user_part = quote(user_id, safe="")
        kind_parts = [quote(kind, safe="") for kind in self.kinds]
        columns = zip(
            at.tolist(),
            *(getattr(self, n)[at].tolist() for n in ("item", "kind", "value", "time", "row")),
            *(getattr(self, n)[at].tolist() for n in ("source", "positive")),
            self._occurrences(at).tolist(),
            strict=True,
        )
        described = []
        for position, item, kind, value, seconds, row, source, positive, count in columns:
            item_part = "" if item == NO_ITEM else quote(item_ids[item], safe="")
            stamp = "" if seconds == NO_TIME else str(seconds)
            key = f"{user_part}/{item_part}/{kind_parts[kind]}/{stamp}"
            described.append(
                Event(
                    id=key if count == 1 else f"{key}/{count}",
                    item=item,
                    event_type=self.kinds[kind],
                    value=None if math.isnan(value) else value,
                    date=_day(seconds),
                    text=self.texts[position] if self.texts else None,
                    context=self.contexts[position] if self.contexts else None,
                    source=f"{self.sources[source]}:{row}",
                    positive=positive,
                )
            )
        return described

    def save(self, folder: Path) -> None:
        """Write arrays and texts into ``folder``."""
        for name in (*_ARRAYS, "source"):
            save_array(folder, f"event_{name}", getattr(self, name))
        if self.texts or self.contexts:
            none = [None] * len(self)
            table = pa.table(
                {"text": list(self.texts) or none, "context": list(self.contexts) or none},
                schema=pa.schema([("text", pa.string()), ("context", pa.string())]),
            )
            pq.write_table(table, folder / EXTRAS_FILE)

    @classmethod
    def load(
        cls, folder: Path, *, kinds: Sequence[str], sources: Sequence[str], n_users: int
    ) -> Events:
        """Memory-map what :meth:`save` wrote.

        Raises
        ------
        ArtefactDamaged
            A file is missing, unreadable or of another length.
        """
        arrays = {name: load_array(folder, f"event_{name}") for name in (*_ARRAYS, "source")}
        if len({len(array) for array in arrays.values()}) != 1:
            raise ArtefactDamaged(folder, "event columns differ in length")
        texts: tuple[str | None, ...] = ()
        contexts: tuple[str | None, ...] = ()
        extras = folder / EXTRAS_FILE
        if extras.exists():
            try:
                table = pq.read_table(extras)
                texts = tuple(table.column("text").to_pylist())
                contexts = tuple(table.column("context").to_pylist())
            except (OSError, pa.ArrowException, KeyError) as error:
                raise ArtefactDamaged(extras, f"no readable table ({error})") from error
        return cls(
            **arrays,
            kinds=tuple(kinds),
            sources=tuple(sources),
            n_users=n_users,
            texts=texts,
            contexts=contexts,
        )


def _day(seconds: int) -> str | None:
    if seconds == NO_TIME:
        return None
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
