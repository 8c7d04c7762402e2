"""Items that a catalogue lists twice, and items that share a title.

Both are remembered in the catalogue: a merged id goes on meaning the item it was merged
into, and a title that was once told apart keeps its mark.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from recx_agent.datasets.catalogue import Catalogue, folded
from recx_agent.datasets.idmap import IdMap


def source_titles(catalogue: Catalogue) -> tuple[str, ...]:
    """Return the titles as the items file has them, without the marks."""
    if not catalogue.marks:
        return catalogue.titles
    return tuple(
        title.removesuffix(_behind(mark))
        for title, mark in zip(catalogue.titles, catalogue.marks, strict=True)
    )


def merge_doubles(catalogue: Catalogue, known: int = 0) -> Catalogue:
    """Make items of equal title and attributes one item, under the first one's id.

    Two entries of one film are two terms of a score, and taking one away leaves the
    other: what is said of "it" would then be true of half of it.

    Parameters
    ----------
    catalogue : Catalogue
        With the titles of the source.
    known : int
        The first so many items stay as they are: others may be merged into them, they
        into none.

    Returns
    -------
    Catalogue
        ``doubles`` holds the ids that were merged into each item, earlier ones included.
    """
    merged: list[list[str]] = [list(ids) for ids in catalogue.doubles]
    merged += [[] for _ in range(len(catalogue) - len(merged))]
    kept = []
    for item, twin in enumerate(catalogue.twins):
        if item < known or twin == item:
            kept.append(item)
        else:
            merged[twin].append(catalogue.ids.external(item))
    return replace(
        catalogue,
        ids=IdMap([catalogue.ids.external(item) for item in kept]),
        titles=tuple(catalogue.titles[item] for item in kept),
        attributes={
            name: tuple(values[item] for item in kept)
            for name, values in catalogue.attributes.items()
        },
        descriptions=tuple(catalogue.descriptions[item] for item in kept)
        if catalogue.descriptions
        else (),
        doubles=tuple(tuple(merged[item]) for item in kept),
    )


def tell_titles_apart(catalogue: Catalogue, before: Catalogue | None = None) -> Catalogue:
    """Put an attribute, or else the id, behind a title that several items have.

    "Cape Fear" of 1962 and of 1991 become "Cape Fear (1962)" and "Cape Fear (1991)".

    Parameters
    ----------
    catalogue : Catalogue
        With the titles of the source.
    before : Catalogue, optional
        An earlier state, whose items are the first ones. Their titles stay as they are,
        unless the source now has another one or the mark is true no more.
    """
    settled = {} if before is None else _settled(catalogue, before)
    having = Counter(folded(title) for title in catalogue.titles)
    same: dict[str, list[int]] = {}
    for item, title in enumerate(catalogue.titles):
        if having[folded(title)] > 1:
            same.setdefault(folded(title), []).append(item)
    marks = [settled.get(item, "") for item in range(len(catalogue))]
    for items in same.values():
        for item, mark in zip(items, _marks(catalogue, items, having), strict=True):
            marks[item] = settled.get(item, mark)
    titles = tuple(
        title + _behind(mark) for title, mark in zip(catalogue.titles, marks, strict=True)
    )
    return replace(catalogue, titles=titles, marks=tuple(marks))


def _behind(mark: str) -> str:
    return f" ({mark})" if mark else ""


def _settled(catalogue: Catalogue, before: Catalogue) -> dict[int, str]:
    """Find the earlier items whose mark still holds, and it."""
    settled = {}
    marks = before.marks or ("",) * len(before)
    for item, title in enumerate(source_titles(before)):
        own = {value for values in catalogue.attributes.values() for value in values[item]}
        holds = marks[item] in {"", catalogue.ids.external(item), *own}
        if holds and catalogue.titles[item] == title:
            settled[item] = marks[item]
    return settled


def _marks(catalogue: Catalogue, items: Sequence[int], having: Counter[str]) -> list[str]:
    for name in sorted(catalogue.attributes):
        values = [catalogue.attributes[name][item] for item in items]
        if not all(len(own) == 1 for own in values) or len(set(values)) < len(items):
            continue
        marks = [own[0] for own in values]
        titles = [catalogue.titles[i] + _behind(m) for i, m in zip(items, marks, strict=True)]
        # "Fear (1962)" could be the very title of another item.
        if not any(folded(title) in having for title in titles):
            return marks
    return [catalogue.ids.external(item) for item in items]
