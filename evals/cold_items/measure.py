"""One fit for each part of the items, measured by user; what is finished is kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from recx_agent.datasets import Dataset
from recx_agent.errors import SettingsError
from recx_agent.evals.cold_items.chance import by_chance
from recx_agent.evals.cold_items.rankers import (
    ByModel,
    ByNumber,
    ByProfile,
    attribute_popularity,
    with_identities,
)
from recx_agent.evals.cold_items.report import (
    CHANCE,
    OURS,
    ColdReport,
    make_report,
    write_report,
)
from recx_agent.evals.cold_items.split import ColdSplit, hold_items_out
from recx_agent.evals.journal import Journal, Pulse, key_of, work_off
from recx_agent.evals.ranking.metrics import METRICS
from recx_agent.evals.ranking.ranker import Scorer, rank_users
from recx_agent.evals.tables import versions
from recx_agent.protocols import Progress, no_progress
from recx_agent.recommenders import lightfm_trainer
from recx_agent.settings import ModelSettings

PROTOCOL = 1
"""Raised when a change makes stored parts incomparable."""

PARTS = 10
QUICK_EPOCHS = 5
QUICK_SPLITS = 2
JOURNAL_FILE = "splits.jsonl"

UserValues = dict[str, dict[str, dict[int, list[float]]]]
"""Ranker, metric and user to the user's values, one for each split he counts in."""


def run_cold_items(
    dataset: Dataset,
    out: Path,
    *,
    splits: int | None = None,
    settings: ModelSettings | None = None,
    k: int = 10,
    quick: bool = False,
    threads: int = 2,
    progress: Progress = no_progress,
) -> ColdReport:
    """Measure how well held-out items are put in order, and write what was found.

    Parameters
    ----------
    dataset : Dataset
    out : Path
        Folder of the results. Every finished split is kept there in ``splits.jsonl``.
    splits : int, optional
        Parts of a tenth of the items that are held out in turn, at most 10; all, or 2
        with ``quick``.
    settings : ModelSettings, optional
        Of the fits; the defaults if not given. The seed of a fit moves with the split.
    k : int
        Length of the lists.
    quick : bool
        Few epochs and splits: to see that it works.
    threads : int
        Fits side by side, each on one thread.
    progress : callable

    Returns
    -------
    ColdReport
        Also written as ``results.json`` and ``cold-items.md``.

    Raises
    ------
    SettingsError
        ``splits`` is not between 1 and 10.
    DataError
        Held-out items are liked by nobody who likes anything else.
    """
    splits = splits if splits is not None else QUICK_SPLITS if quick else PARTS
    if not 1 <= splits <= PARTS:
        raise SettingsError(f"--splits: {splits} is not possible; give 1 to {PARTS}")
    settings = settings or ModelSettings()
    if quick:
        settings = settings.model_copy(update={"epochs": min(QUICK_EPOCHS, settings.epochs)})
    jobs: dict[str, Callable[[Pulse], Mapping[str, Any]]] = {}
    for number in range(splits):
        own = settings.model_copy(
            update={"seed": settings.seed + number * settings.runs, "threads": 1}
        )
        key = key_of(
            protocol=PROTOCOL,
            data=dataset.fingerprint,
            part=number,
            k=k,
            settings=own.model_dump(mode="json"),
        )
        jobs[key] = _job(dataset, number, own, k)
    # Every fit has one thread; a BLAS with threads of its own would only get in the way.
    with threadpool_limits(1, "blas"):
        records = work_off(
            Journal(out / JOURNAL_FILE), jobs, threads=threads, stage="splits", progress=progress
        )
    setup = {
        "k": k,
        "splits": splits,
        "parts": PARTS,
        "quick": quick,
        "settings": settings.model_dump(mode="json"),
        "data": dataset.fingerprint,
        "cold_items": [record["cold"] for record in records],
        "held_out": [record["held_out"] for record in records],
        "users": [len(record["users"]) for record in records],
        "versions": versions(),
    }
    report = make_report(_by_user(records), _by_split(records), setup)
    write_report(report, out)
    return report


def _job(
    dataset: Dataset, number: int, settings: ModelSettings, k: int
) -> Callable[[Pulse], Mapping[str, Any]]:
    def job(pulse: Pulse) -> Mapping[str, Any]:
        began = time.perf_counter()
        split = hold_items_out(dataset, number, PARTS)
        values = {name: _values(r, split, k) for name, r in _rankers(dataset, split).items()}
        values[CHANCE] = by_chance(split, k)
        model = lightfm_trainer.fit(split.train, settings, progress=lambda *_: pulse())
        values[OURS] = _values(ByModel(split.train, model), split, k)
        kept = with_identities(model, split.train)
        values["ours_identity"] = _values(ByModel(split.train, kept), split, k)
        return {
            "users": split.users.tolist(),
            "values": {n: {m: v.tolist() for m, v in own.items()} for n, own in values.items()},
            "cold": len(split.cold),
            "held_out": int(split.relevant.nnz),
            "seconds": round(time.perf_counter() - began, 3),
        }

    return job


def _rankers(dataset: Dataset, split: ColdSplit) -> dict[str, Scorer]:
    return {
        "attribute_popularity": ByNumber(attribute_popularity(split.train, split.cold)),
        "oracle_popularity": ByNumber(dataset.popularity.astype(np.float64)),
        "attribute_profile": ByProfile.of(split.train),
    }


def _values(scorer: Scorer, split: ColdSplit, k: int) -> dict[str, NDArray[np.float64]]:
    ranked = rank_users(scorer, split.train, split.users, k, among=split.cold)
    return {name: metric(ranked, split.relevant) for name, metric in METRICS.items()}


def _by_user(records: list[dict[str, Any]]) -> dict[str, dict[str, NDArray[np.float64]]]:
    """Ranker and metric to one value a user: the mean over the splits he counts in."""
    gathered: UserValues = {}
    for record in records:
        for name, own in record["values"].items():
            for metric, values in own.items():
                of_users = gathered.setdefault(name, {}).setdefault(metric, {})
                for user, value in zip(record["users"], values, strict=True):
                    of_users.setdefault(user, []).append(value)
    return {
        name: {
            metric: np.array([np.mean(of_users[user]) for user in sorted(of_users)])
            for metric, of_users in own.items()
        }
        for name, own in gathered.items()
    }


def _by_split(records: list[dict[str, Any]]) -> dict[str, dict[str, list[float]]]:
    """Ranker and metric to the mean of each split."""
    return {
        name: {
            metric: [float(np.mean(record["values"][name][metric])) for record in records]
            for metric in METRICS
        }
        for name in records[0]["values"]
    }
