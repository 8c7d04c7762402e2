"""The features that an items file knows: the values of its attributes."""

from __future__ import annotations

import csv

import pyarrow as pa

from recx_agent.errors import DataError
from recx_agent.evals.scorers.grounded.files import Columns, items_of
from recx_agent.evals.scorers.sources import Sources


def features_of(sources: Sources) -> frozenset[str]:
    """Attribute values in the items file, without numbers: a year is no feature.

    Empty without a file of items.

    Raises
    ------
    DataError
        The file cannot be read.
    """
    if sources.items is None:
        return frozenset()
    data = sources.data
    columns = Columns(data.attributes, data.changing)
    try:
        items = items_of(sources.items, data.map, data.multi_separator, columns)
    except (OSError, ValueError, csv.Error, pa.ArrowException) as error:
        raise DataError(
            f"the items cannot be read: {error}",
            source=sources.items,
            remedy="give the CSV or Parquet file that the recommender was fitted on",
        ) from error
    values = (value for _, own in items.values() for told in own.values() for value in told)
    return frozenset(value for value in values if not value.isdigit())
