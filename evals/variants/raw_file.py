"""The interactions of a data set as a raw file, for checkers that read nothing else."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from recx_agent.datasets import NO_ITEM, Dataset
from recx_agent.datasets.events import NO_TIME
from recx_agent.evals.tables import write_whole

COLUMNS = ("user_id", "item_id", "value", "timestamp", "event_type", "text")


def write_interactions(dataset: Dataset, path: Path, names: Mapping[str, str]) -> Path:
    """Write every event with an item as CSV; searches are left out.

    Parameters
    ----------
    dataset : Dataset
    path : Path
    names : mapping of str to str
        Our column name to the one wanted, as in ``data.map``.
    """
    events = dataset.events
    users, items = dataset.users.ids, dataset.catalogue.ids.ids
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow([names.get(name, name) for name in COLUMNS])
    for at in np.flatnonzero(np.asarray(events.item) != NO_ITEM).tolist():
        value, time = float(events.value[at]), int(events.time[at])
        rows.writerow(
            [
                users[events.user[at]],
                items[events.item[at]],
                "" if np.isnan(value) else f"{value:g}",
                "" if time == NO_TIME else datetime.fromtimestamp(time, UTC).isoformat(),
                events.kinds[events.kind[at]],
                (events.texts[at] or "") if events.texts else "",
            ]
        )
    return write_whole(path, file.getvalue())
