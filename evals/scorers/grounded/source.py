"""The raw data by the paths that a suite gives."""

from __future__ import annotations

import csv

import pyarrow as pa

from recx_agent.errors import DataError
from recx_agent.evals.scorers.grounded.data import Raw, Scale, films_as
from recx_agent.evals.scorers.grounded.files import Columns
from recx_agent.evals.scorers.sources import Sources


def raw_of(sources: Sources) -> Raw | None:
    """The raw files, or ``None`` where nobody knows where they are.

    Raises
    ------
    DataError
        They cannot be read: neither CSV nor Parquet, a column is missing, a rating is no number.
    """
    if sources.interactions is None or sources.items is None:
        return None
    data = sources.data
    low, high = data.scale or (1.0, 5.0)
    bar = data.positive_from if data.positive_from is not None else low + 0.75 * (high - low)
    try:
        return Raw.of_csv(
            sources.interactions,
            sources.items,
            names=data.map,
            scale=Scale(*(int(n) if n.is_integer() else n for n in map(float, (low, high, bar)))),
            separator=data.multi_separator,
            columns=Columns(data.attributes, data.changing, data.default_event_type),
            ignored=data.ignore_event_types,
            house=sources.houses.__getitem__ if sources.houses else films_as,
            hides=sources.hides,
        )
    except (OSError, ValueError, csv.Error, pa.ArrowException) as error:
        raise DataError(
            f"the checker cannot read the raw data: {error}",
            source=sources.interactions,
            remedy="give CSV or Parquet files with user_id, item_id, and item_id, title",
        ) from error
