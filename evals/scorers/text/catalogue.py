"""The features that an items file knows: the values of its attributes."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from recx_agent.errors import DataError
from recx_agent.evals.scorers.sources import Sources


def features_of(sources: Sources) -> frozenset[str]:
    """Attribute values in the items file, without numbers: a year is no feature.

    Empty without a CSV file of items.

    Raises
    ------
    DataError
        The file cannot be read.
    """
    if sources.items is None or sources.items.suffix.lower() != ".csv":
        return frozenset()
    try:
        return frozenset(_values(sources))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(
            f"the items cannot be read: {error}",
            source=sources.items,
            remedy="give the CSV file that the recommender was fitted on",
        ) from error


def _values(sources: Sources) -> Iterator[str]:
    data = sources.data
    none = {data.map.get(name, name) for name in ("item_id", "title")}
    assert sources.items is not None
    with sources.items.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for column, text in row.items():
                wanted = data.attributes is None or column in data.attributes
                if column not in none and wanted and text:
                    parts = text.split(data.multi_separator)
                    yield from (part for part in parts if part and not part.isdigit())
