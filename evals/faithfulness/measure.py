"""Faithfulness of one data set and one set of settings: fit, delete, compare, report."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from recx_agent.datasets import Dataset
from recx_agent.errors import DataError
from recx_agent.evals.faithfulness.agreement import COMPARED_RUNS, Agreement, measure_agreement
from recx_agent.evals.faithfulness.deletion import Deletion, measure_deletion
from recx_agent.evals.faithfulness.fits import fit_all
from recx_agent.evals.intervals import bootstrap_mean
from recx_agent.evals.tables import markdown_table, versions, write_whole
from recx_agent.protocols import Progress, no_progress
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recommenders.joining import served_as_one
from recx_agent.settings import ModelSettings

RESULTS_FILE = "results.json"
MARKDOWN_FILE = "faithfulness.md"
MAX_USERS = 2000
QUICK_EPOCHS = 5

_SAYINGS = {
    "more": "rank falls more without the 3 largest than without 3 random others",
    "level": "both fall the same",
    "less": "rank falls less without the 3 largest",
    "fall_largest": "places lost without the 3 largest (median over a user's items)",
    "fall_random": "places lost without 3 random others (likewise)",
    "same_top": "two trainings name the same top cause",
    "in_group": "the top cause of one is among the first 3 of the other",
}


@dataclass(frozen=True)
class Row:
    """One figure with its interval over ``n`` users; ``runs`` served as one model."""

    test: str
    measure: str
    runs: int
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class FaithfulnessReport:
    """Rows and how they came about."""

    rows: tuple[Row, ...]
    setup: dict[str, Any]

    def row(self, test: str, measure: str, runs: int) -> Row:
        """One row; ``KeyError`` if there is none."""
        for row in self.rows:
            if (row.test, row.measure, row.runs) == (test, measure, runs):
                return row
        raise KeyError((test, measure, runs))

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"setup": self.setup, "rows": [asdict(row) for row in self.rows]}

    def as_markdown(self) -> str:
        """One table, and who was left out."""
        lines = [
            [
                row.test,
                _SAYINGS[row.measure],
                str(row.runs),
                f"{row.value:.3f} [{row.low:.3f}, {row.high:.3f}]",
                str(row.n),
            ]
            for row in self.rows
        ]
        parts = ["# Faithfulness\n"]
        if self.setup["quick"]:
            parts.append("**A quick run with few epochs. The figures mean nothing.**\n")
        parts.append(markdown_table(["test", "measure", "runs as one", "value", "users"], lines))
        parts.append(f"Top {self.setup['k']} items of each user. {self.setup['left_out']}")
        return "\n".join(parts) + "\n"


def run_faithfulness(
    dataset: Dataset,
    out: Path,
    *,
    settings: ModelSettings | None = None,
    model: FactorModel | None = None,
    k: int = 10,
    max_users: int = MAX_USERS,
    quick: bool = False,
    threads: int = 2,
    progress: Progress = no_progress,
) -> FaithfulnessReport:
    """Measure deletion and agreement, and write what was found.

    Parameters
    ----------
    dataset : Dataset
    out : Path
        Folder of the results. Fits are kept there in ``models`` and not done again.
    settings : ModelSettings, optional
        Of the fits; the defaults if not given.
    model : FactorModel, optional
        The model whose contributions are deleted; else ``settings.runs`` of the fits
        (at most six), served as one.
    k : int
        Items a user.
    max_users : int
        With more users, that many drawn at random.
    quick : bool
        Few epochs, few users: to see that it works.
    threads : int
        Fits side by side.
    progress : callable

    Returns
    -------
    FaithfulnessReport
        Also written as ``results.json`` and ``faithfulness.md``.

    Raises
    ------
    DataError
        No user has a history long enough.
    """
    settings = settings or ModelSettings()
    if quick:
        settings = settings.model_copy(update={"epochs": min(QUICK_EPOCHS, settings.epochs)})
        max_users = min(max_users, 200)
    users = _some_users(dataset, max_users, settings.seed)
    with threadpool_limits(1, "blas"):
        singles = [
            settings.model_copy(update={"runs": 1, "threads": 1, "seed": settings.seed + number})
            for number in range(COMPARED_RUNS + 1)
        ]
        fits = fit_all(dataset, singles, out / "models", threads=threads, progress=progress)
        progress("measure", 0, 2)
        runs = min(settings.runs, COMPARED_RUNS)
        tested = model or served_as_one(fits[:runs])
        deletion = measure_deletion(tested, dataset, users, k=k, seed=settings.seed)
        progress("measure", 1, 2)
        agreement = measure_agreement(fits[-1], fits[:-1], dataset, users, k=k)
        progress("measure", 2, 2)
    width = tested.history_factors.shape[1] // settings.components
    report = FaithfulnessReport(
        rows=(*_deletion_rows(deletion, max(1, width)), *_agreement_rows(agreement)),
        setup={
            "k": k,
            "quick": quick,
            "users": len(users),
            "left_out": _left_out(deletion, agreement, len(users)),
            "left_out_deletion": deletion.left_out,
            "left_out_agreement": agreement.left_out,
            "settings": settings.model_dump(mode="json"),
            "data": dataset.fingerprint,
            "tested_model": tested.fingerprint,
            "versions": versions(),
        },
    )
    text = json.dumps(report.as_json(), indent=1, ensure_ascii=False, allow_nan=False)
    write_whole(out / RESULTS_FILE, text + "\n")
    write_whole(out / MARKDOWN_FILE, report.as_markdown())
    return report


def _some_users(dataset: Dataset, most: int, seed: int) -> NDArray[np.int64]:
    users = np.flatnonzero(np.diff(dataset.positives.indptr)).astype(np.int64)
    if len(users) <= most:
        return users
    return np.sort(np.random.default_rng(seed).choice(users, size=most, replace=False))


def _deletion_rows(deletion: Deletion, runs: int) -> list[Row]:
    if not len(deletion.users):
        raise DataError(
            "no user has a history of six or more items",
            source="interactions",
            remedy="measure faithfulness on data with longer histories",
        )
    names = ("more", "level", "less", "fall_largest", "fall_random")
    return [Row("deletion", name, runs, *bootstrap_mean(getattr(deletion, name))) for name in names]


def _agreement_rows(agreement: Agreement) -> list[Row]:
    parts: Sequence[tuple[str, dict[int, NDArray[np.float64]]]] = (
        ("same_top", agreement.same_top),
        ("in_group", agreement.in_group),
    )
    return [
        Row("agreement", name, runs, *bootstrap_mean(values))
        for name, by_runs in parts
        for runs, values in by_runs.items()
    ]


def _left_out(deletion: Deletion, agreement: Agreement, users: int) -> str:
    return (
        f"Of {users} users with positives, {deletion.left_out} have fewer than 6 history "
        f"items and are left out of deletion, {agreement.left_out} fewer than 2 and are left "
        "out of agreement."
    )
