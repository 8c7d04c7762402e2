"""The items: titles, attributes, descriptions."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from recx_agent.datasets.idmap import IdMap
from recx_agent.errors import ArtefactDamaged, UnknownAttribute, UnknownItem

CATALOGUE_FILE = "items.parquet"
ATTRIBUTE_PREFIX = "attribute:"
DOUBLES = "doubles"


def folded(text: str) -> str:
    """Make text comparable: no case, no accents, no outer or double spaces."""
    plain = unicodedata.normalize("NFKD", text)
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(kept.casefold().split())


@dataclass(frozen=True)
class Catalogue:
    """Items by internal id.

    Attributes
    ----------
    ids : IdMap
        Items, internal id ``i`` at position ``i``.
    titles : tuple of str
        One title an item; the external id where the source has none.
    attributes : mapping of str to tuple of tuple of str
        Attribute name to the values of each item, possibly none.
    features : tuple of str
        The attribute names that are features of the model. The others (prices, links,
        values that nearly every item has for itself) are facts alone.
    descriptions : tuple of str
        One description an item, empty where there is none.
    doubles : tuple of tuple of str, or empty
        The ids that were merged into each item; empty where doubles are not merged.
    marks : tuple of str, or empty
        What stands in brackets behind each title to tell it from others, if anything.
    """

    ids: IdMap
    titles: tuple[str, ...]
    attributes: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    features: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    doubles: tuple[tuple[str, ...], ...] = ()
    marks: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Return the number of items."""
        return len(self.ids)

    def values(self, item: int, name: str) -> tuple[str, ...]:
        """Return the values of one attribute of one item."""
        return self.attributes[name][item]

    @cached_property
    def aliases(self) -> Mapping[str, str]:
        """Each merged id, and the id of the item it was merged into."""
        return {
            double: item_id
            for item_id, doubles in zip(self.ids, self.doubles, strict=False)
            for double in doubles
        }

    @cached_property
    def _by_title(self) -> dict[str, int]:
        # The first item wins, so that a title always means the same one.
        return {folded(title): i for i, title in reversed(list(enumerate(self.titles)))}

    @cached_property
    def twins(self) -> tuple[int, ...]:
        """For each item, the first item of equal title and attributes (itself if none).

        Catalogues list some things twice; a twin of a seen item is no recommendation.
        """
        first: dict[tuple[object, ...], int] = {}
        names = sorted(self.attributes)
        twins = []
        for item, title in enumerate(self.titles):
            key = (folded(title), *(tuple(sorted(self.attributes[n][item])) for n in names))
            twins.append(first.setdefault(key, item))
        return tuple(twins)

    def find(self, item: str) -> int:
        """Return the internal id of an item given by external id, a merged one too, or by title.

        What is an id and another item's title too is the id.

        Raises
        ------
        UnknownItem
            Neither; carries the closest titles.
        """
        own = self.aliases.get(item, item)
        if own in self.ids:
            return self.ids.internal(own)
        found = self._by_title.get(folded(item))
        if found is not None:
            return found
        closest = difflib.get_close_matches(folded(item), self._by_title, n=3, cutoff=0.5)
        raise UnknownItem(item, [self.titles[self._by_title[title]] for title in closest])

    def titled(self, title: str) -> int | None:
        """The first item of this title, case and accents aside, whatever ids there are."""
        return self._by_title.get(folded(title))

    @cached_property
    def _attribute_values(self) -> dict[tuple[str, str], tuple[int, ...]]:
        having: dict[tuple[str, str], list[int]] = {}
        for name, values in self.attributes.items():
            for item, own in enumerate(values):
                for value in dict.fromkeys(own):
                    having.setdefault((name, value), []).append(item)
        return {key: tuple(items) for key, items in having.items()}

    def having(self, name: str, value: str) -> tuple[int, ...]:
        """Items that have an attribute value."""
        return self._attribute_values.get((name, value), ())

    def find_attribute(self, text: str) -> tuple[str, str]:
        """Name and value of an attribute written ``name=value`` or, if unique, ``value``.

        Raises
        ------
        UnknownAttribute
            No item has it, or several names have the value; carries the closest ones.
        """
        wanted = folded(text)
        by_text: dict[str, list[tuple[str, str]]] = {}
        for name, value in self._attribute_values:
            by_text.setdefault(folded(f"{name}={value}"), []).append((name, value))
            by_text.setdefault(folded(value), []).append((name, value))
        found = by_text.get(wanted, [])
        if len(found) == 1:
            return found[0]
        if not found:
            close = difflib.get_close_matches(wanted, by_text, n=3, cutoff=0.5)
            found = [pair for key in close for pair in by_text[key]]
        raise UnknownAttribute(text, list(dict.fromkeys(f"{n}={v}" for n, v in found))[:3])

    def save(self, folder: Path) -> None:
        """Write the catalogue as one Parquet file."""
        columns: dict[str, Sequence[object]] = {
            "item_id": list(self.ids),
            "title": list(self.titles),
            "description": list(self.descriptions) or [""] * len(self),
        }
        if self.doubles:
            columns[DOUBLES] = [list(ids) for ids in self.doubles]
        if self.marks:
            columns["mark"] = list(self.marks)
        for name, values in self.attributes.items():
            columns[f"{ATTRIBUTE_PREFIX}{name}"] = [list(v) for v in values]
        schema = pa.schema(
            [(name, pa.list_(pa.string()) if _is_list(name) else pa.string()) for name in columns],
            metadata={"features": "\x1f".join(self.features)},
        )
        pq.write_table(pa.table(columns, schema=schema), folder / CATALOGUE_FILE)

    @classmethod
    def load(cls, folder: Path) -> Catalogue:
        """Read what :meth:`save` wrote.

        Raises
        ------
        ArtefactDamaged
            The file is missing or not such a table.
        """
        path = folder / CATALOGUE_FILE
        try:
            table = pq.read_table(path)
            features = (table.schema.metadata or {}).get(b"features", b"").decode()
            return cls(
                ids=IdMap(table.column("item_id").to_pylist()),
                titles=tuple(table.column("title").to_pylist()),
                attributes={
                    name.removeprefix(ATTRIBUTE_PREFIX): tuple(
                        tuple(v) for v in table.column(name).to_pylist()
                    )
                    for name in table.column_names
                    if name.startswith(ATTRIBUTE_PREFIX)
                },
                features=tuple(f for f in features.split("\x1f") if f),
                descriptions=tuple(table.column("description").to_pylist()),
                doubles=tuple(tuple(ids) for ids in _column(table, DOUBLES)),
                marks=tuple(_column(table, "mark")),
            )
        except (OSError, pa.ArrowException, KeyError, ValueError) as error:
            raise ArtefactDamaged(path, f"no readable catalogue ({error})") from error


def _is_list(column: str) -> bool:
    return column == DOUBLES or column.startswith(ATTRIBUTE_PREFIX)


def _column(table: Any, name: str) -> list[Any]:
    return list(table.column(name).to_pylist()) if name in table.column_names else []
