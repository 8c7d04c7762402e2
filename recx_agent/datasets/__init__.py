"""Files in, a :class:`Dataset` out: read, validate, map ids, split by time.

::

    tables        a file or data frame as columns of text (csvfile: with line numbers)
      → column_names          which of them are ours
      → validation            bad values by row and field (numbers_and_times: read from text)
      → items, interactions   the rows of each file (attributes: features or facts;
                              rule: what is positive)
      → reader, merge         a data set, new or extended
        (contexts: the moment and place of each event; history: what a score is summed over)
      → split                 train and held-out items, by time
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from recx_agent.datasets.catalogue import Catalogue
from recx_agent.datasets.dataset import Dataset
from recx_agent.datasets.events import NO_ITEM, NO_TIME, Event, Events
from recx_agent.datasets.history import History
from recx_agent.datasets.idmap import IdMap

if TYPE_CHECKING:
    from recx_agent.datasets.merge import extend_dataset
    from recx_agent.datasets.movielens import MovieLens, fetch_ml_100k
    from recx_agent.datasets.reader import read_dataset
    from recx_agent.datasets.report import FileReport, ImportReport
    from recx_agent.datasets.split import Split, global_time, leave_last

# Reading needs pandas; what only answers from a fitted workspace does not wait for it.
_HOME = {
    "FileReport": "report",
    "ImportReport": "report",
    "MovieLens": "movielens",
    "Split": "split",
    "extend_dataset": "merge",
    "fetch_ml_100k": "movielens",
    "global_time": "split",
    "leave_last": "split",
    "read_dataset": "reader",
}

__all__ = [
    "NO_ITEM",
    "NO_TIME",
    "Catalogue",
    "Dataset",
    "Event",
    "Events",
    "FileReport",
    "History",
    "IdMap",
    "ImportReport",
    "MovieLens",
    "Split",
    "extend_dataset",
    "fetch_ml_100k",
    "global_time",
    "leave_last",
    "read_dataset",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"recx_agent.datasets.{_HOME[name]}"), name)
