"""The raw data by the paths that a suite gives."""

from __future__ import annotations

import csv

from recx_agent.errors import DataError
from recx_agent.evals.scorers.grounded.data import Raw, Scale
from recx_agent.evals.scorers.sources import Sources


def raw_of(sources: Sources) -> Raw | None:
    """The raw files, or ``None`` where nobody knows where they are.

    Raises
    ------
    DataError
        They cannot be read: no CSV, a column is missing, ratings are no whole numbers.
    """
    if sources.interactions is None or sources.items is None:
        return None
    low, high = sources.data.scale or (1.0, 5.0)
    liked = sources.data.positive_from
    bar = liked if liked is not None else low + 0.75 * (high - low)
    try:
        return Raw.of_csv(
            sources.interactions,
            sources.items,
            names=sources.data.map,
            scale=Scale(round(low), round(high), -(-int(bar * 1000) // 1000)),
            separator=sources.data.multi_separator,
        )
    except (OSError, ValueError, csv.Error) as error:
        raise DataError(
            f"the checker cannot read the raw data: {error}",
            source=sources.interactions,
            remedy="give CSV files with user_id, item_id, value, timestamp, and item_id, title",
        ) from error
