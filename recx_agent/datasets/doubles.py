"""Items that a catalogue lists twice, and items that share a title."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np

from recx_agent.datasets.catalogue import Catalogue, folded
from recx_agent.datasets.events import NO_ITEM, Events
from recx_agent.datasets.idmap import IdMap


def merge_doubles(catalogue: Catalogue, events: Events) -> tuple[Catalogue, Events, int]:
    """Make items of equal title and attributes one item, under the first one's id.

    Two entries of one film are two terms of a score, and taking one away leaves the
    other: what is said of "it" would then be true of half of it.

    Returns
    -------
    catalogue : Catalogue
    events : Events
        Those of a double are events with the first one.
    int
        How many items were merged into others.
    """
    twins = np.array(catalogue.twins, dtype=np.int32)
    kept = np.flatnonzero(twins == np.arange(len(twins)))
    if len(kept) == len(twins):
        return catalogue, events, 0
    place = np.full(len(twins), NO_ITEM, dtype=np.int32)
    place[kept] = np.arange(len(kept), dtype=np.int32)
    merged = replace(
        catalogue,
        ids=IdMap([catalogue.ids.external(int(i)) for i in kept]),
        titles=tuple(catalogue.titles[i] for i in kept),
        attributes={
            name: tuple(values[i] for i in kept) for name, values in catalogue.attributes.items()
        },
        descriptions=tuple(catalogue.descriptions[i] for i in kept)
        if catalogue.descriptions
        else (),
    )
    columns = {
        name: getattr(events, name)
        for name in ("user", "kind", "value", "time", "positive", "row", "source")
    }
    item = np.where(events.item == NO_ITEM, NO_ITEM, place[twins[events.item]])
    moved = Events.sorted(
        item=item.astype(np.int32),
        kinds=events.kinds,
        sources=events.sources,
        n_users=events.n_users,
        texts=events.texts,
        contexts=events.contexts,
        **columns,
    )
    return merged, moved, len(twins) - len(kept)


def tell_titles_apart(catalogue: Catalogue) -> Catalogue:
    """Put an attribute, or else the id, behind a title that several items have.

    "Cape Fear" of 1962 and of 1991 become "Cape Fear (1962)" and "Cape Fear (1991)".
    """
    having = Counter(folded(title) for title in catalogue.titles)
    same: dict[str, list[int]] = {}
    for item, title in enumerate(catalogue.titles):
        if having[folded(title)] > 1:
            same.setdefault(folded(title), []).append(item)
    titles = list(catalogue.titles)
    for items in same.values():
        for item, mark in zip(items, _marks(catalogue, items), strict=True):
            titles[item] = f"{titles[item]} ({mark})"
    return replace(catalogue, titles=tuple(titles))


def _marks(catalogue: Catalogue, items: list[int]) -> list[str]:
    for name in sorted(catalogue.attributes):
        values = [catalogue.attributes[name][item] for item in items]
        if all(len(own) == 1 for own in values) and len(set(values)) == len(items):
            return [own[0] for own in values]
    return [catalogue.ids.external(item) for item in items]
