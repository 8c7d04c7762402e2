"""Events laid together: equal ones are told by their columns, and kept once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets.events import NO_ITEM, Events
from recx_agent.datasets.idmap import natural_key

_COLUMNS = ("user", "item", "kind", "value", "time", "positive", "row", "source")


def first_of_equal(*keys: NDArray[Any]) -> NDArray[np.int64]:
    """For each row the first row that equals it in all keys; itself if none is before it."""
    order = np.lexsort(keys)
    changes = np.zeros(len(order), dtype=bool)
    changes[:1] = True
    for key in keys:
        ordered = key[order]
        changes[1:] |= ordered[1:] != ordered[:-1]
    starts = np.maximum.accumulate(np.where(changes, np.arange(len(order)), 0))
    first = np.empty(len(order), dtype=np.int64)
    # The sort is stable, so a group begins with the row that comes first in the file.
    first[order] = order[starts]
    return first


def value_key(value: NDArray[Any]) -> NDArray[np.int32]:
    """Make values comparable as stored, a missing value equal to a missing one."""
    stored = np.where(np.isnan(value), np.nan, value + 0.0).astype(np.float32)
    return stored.view(np.int32)


def joined(old: Events, new: Events) -> tuple[Events, int]:
    """Join events and skip the new ones that are there already; also count those."""
    kinds = tuple(sorted({*old.kinds, *new.kinds}, key=natural_key))
    sources = tuple(dict.fromkeys((*old.sources, *new.sources)))
    columns = {
        name: np.concatenate([np.asarray(getattr(part, name)) for part in (old, new)])
        for name in _COLUMNS
    }
    columns["kind"] = np.concatenate([_moved(p.kind, p.kinds, kinds) for p in (old, new)])
    columns["source"] = np.concatenate([_moved(p.source, p.sources, sources) for p in (old, new)])
    texts, contexts = _side_by_side(old, new, "texts"), _side_by_side(old, new, "contexts")
    keys = [columns["time"], value_key(columns["value"]), columns["kind"], columns["item"]]
    if texts:
        keys.append(_text_keys(texts, columns["item"]))
    first = first_of_equal(*keys, columns["user"])
    is_new = np.arange(len(first)) >= len(old)
    kept = ~(is_new & (first < len(old)))
    chosen = np.flatnonzero(kept)
    events = Events.sorted(
        **{name: column[kept] for name, column in columns.items()},
        kinds=kinds,
        sources=sources,
        n_users=new.n_users,
        texts=tuple(texts[i] for i in chosen) if texts else (),
        contexts=tuple(contexts[i] for i in chosen) if contexts else (),
    )
    return events, int((~kept).sum())


def _moved(codes: NDArray[Any], names: Sequence[str], among: Sequence[str]) -> NDArray[np.int16]:
    places = np.array([among.index(name) for name in names], dtype=np.int16)
    moved: NDArray[np.int16] = places[np.asarray(codes)]
    return moved


def _side_by_side(old: Events, new: Events, name: str) -> list[str | None]:
    parts = [(getattr(part, name), len(part)) for part in (old, new)]
    if not any(texts for texts, _ in parts):
        return []
    return [text for texts, n in parts for text in (texts or [None] * n)]


def _text_keys(texts: Sequence[str | None], items: NDArray[np.int32]) -> NDArray[np.int32]:
    """Give each text of an event without item a number; the item tells all others apart."""
    known: dict[str | None, int] = {}
    keys = np.full(len(items), NO_ITEM, dtype=np.int32)
    for position in np.flatnonzero(items == NO_ITEM).tolist():
        keys[position] = known.setdefault(texts[position], len(known))
    return keys
