"""Ranked lists of a file: a recommender that runs elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets import Dataset
from recx_agent.datasets.tables import read_table
from recx_agent.errors import DataError
from recx_agent.evals.journal import Pulse
from recx_agent.evals.ranking.ranker import Config, Scorer, Space

COLUMNS = ("user_id", "item_id", "rank")


@dataclass(frozen=True)
class _Lists:
    """Items of a user by rank; what is not on his list is never ranked."""

    places: Mapping[str, Mapping[str, float]]
    train: Dataset

    def score(self, users: NDArray[np.int64]) -> NDArray[np.float64]:
        found = np.full((len(users), len(self.train.catalogue)), -np.inf)
        ids = self.train.catalogue.ids
        for row, user in enumerate(users):
            for item_id, rank in self.places.get(self.train.users.external(int(user)), {}).items():
                found[row, ids.internal(item_id)] = -rank
        return found


class Listed:
    """Lists made from the training part alone, by whatever made them.

    Parameters
    ----------
    path : Path
        CSV or Parquet with ``user_id``, ``item_id`` and ``rank``, 1 the best.

    Raises
    ------
    DataError
        The file cannot be read, lacks a column, has a rank that is no number or a pair twice.
    """

    variants = ("file",)
    seeded = False
    follows = None
    space: Space = {}

    def __init__(self, path: Path) -> None:
        self.path = path
        self.digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path.is_file() else ""
        self._places = _read(path)

    def fit(self, train: Dataset, config: Config, seed: int, pulse: Pulse) -> Mapping[str, Scorer]:
        """Look the items up in the catalogue.

        Raises
        ------
        DataError
            An item is not in it.
        """
        known = train.catalogue.ids
        for user_id, own in self._places.items():
            if alien := next((item_id for item_id in own if item_id not in known), None):
                raise DataError(
                    f"user {user_id!r} has item {alien!r}, which is not in the catalogue",
                    source=self.path,
                    field="item_id",
                    remedy="make the lists from the training part that the run wrote",
                )
        return {"file": _Lists(self._places, train)}


def _read(path: Path) -> dict[str, dict[str, float]]:
    table = read_table(path, path.name)
    if missing := [name for name in COLUMNS if name not in table.columns]:
        raise DataError(
            f"there is no column {missing[0]!r}; there are {', '.join(table.columns) or 'none'}",
            source=path,
            remedy=f"name the columns {', '.join(COLUMNS)}",
        )
    found: dict[str, dict[str, float]] = {}
    columns = (table.columns[name].texts() for name in COLUMNS)
    for number, user_id, item_id, rank in zip(table.rows.tolist(), *columns, strict=True):
        own = found.setdefault(user_id, {})
        try:
            place = float(rank)
        except ValueError as error:
            raise DataError(
                f"{rank!r} is no rank", source=path, row=number, field="rank", remedy="1 is best"
            ) from error
        if item_id in own:
            raise DataError(
                f"user {user_id!r} has item {item_id!r} twice",
                source=path,
                row=number,
                remedy="leave one of them",
            )
        own[item_id] = place
    return found
