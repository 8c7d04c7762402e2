"""Disliked and context terms on and off: what they do to the ranking of held-out items.

The rule of :mod:`recx_agent.evals.ranking` for the last three positives of each user, on a
validation split and on the test split; the same settings and seeds with and without the
terms. The time of an event is used as its context here even where it only says when
something was recorded: to see the effect, never to tell it as a cause.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from recx_agent.datasets import Dataset
from recx_agent.datasets.contexts import TIME_OF_DAY, WEEKDAY
from recx_agent.errors import SettingsError
from recx_agent.evals.intervals import LEVEL, RESAMPLES, bootstrap_mean, gain_of_runs
from recx_agent.evals.journal import Journal, Pulse, key_of, work_off
from recx_agent.evals.ranking.report import reading_of
from recx_agent.evals.ranking.task import RULES
from recx_agent.evals.tables import markdown_table, versions, write_whole
from recx_agent.protocols import Progress, no_progress
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recommenders.held_out import HeldOut
from recx_agent.recommenders.lightfm_trainer import fit_runs
from recx_agent.settings import ModelSettings

PROTOCOL = 2
"""Raised when a change makes stored fits incomparable."""

SEEDS = 3
QUICK_SEEDS, QUICK_EPOCHS = 2, 3
RULE = "leave_last_3"
PLAIN, NOT_TOLD = "plain", "context_not_told"
ARMS: dict[str, dict[str, str]] = {
    PLAIN: {},
    "disliked": {"disliked": "on"},
    "context": {"context": "on"},
    "both": {"disliked": "on", "context": "on"},
}
LABELS = {
    PLAIN: "history alone",
    "disliked": "with disliked terms",
    "context": "with context terms",
    NOT_TOLD: "trained with context terms, the context not told",
    "both": "with both",
}
STAGES = ("validation", "test")
MEASURES = {
    "by_user": "one list a user at the moment of the first held-out item",
    "by_moment": "each held-out item at its own moment",
}
"""The first as in the ranking comparison, the second as ``auto`` decides."""


@dataclass(frozen=True)
class Row:
    """NDCG@10 of one model at one stage, and its difference to the plain one."""

    stage: str
    model: str
    measure: str
    ndcg: tuple[float, float, float]
    gain: tuple[float, float, float] | None
    reading: str
    users: int


@dataclass(frozen=True)
class TermsReport:
    """What was found."""

    rows: tuple[Row, ...]
    setup: Mapping[str, Any]

    def as_markdown(self) -> str:
        """A table for each stage and measure."""
        parts = []
        for stage in STAGES:
            for measure, words in MEASURES.items():
                own = [r for r in self.rows if (r.stage, r.measure) == (stage, measure)]
                lines = [
                    [LABELS[r.model], _interval(r.ndcg), _interval(r.gain, "+"), r.reading]
                    for r in own
                ]
                heads = ("model", "NDCG@10", "less history alone", "")
                title = f"### {stage.capitalize()} split, {words}: {own[0].users} users"
                parts.append(f"{title}\n\n{markdown_table(heads, lines)}")
        return "\n".join(parts)


def run_terms(
    dataset: Dataset,
    out: Path,
    *,
    seeds: int | None = None,
    time_zone: str | None = None,
    settings: ModelSettings | None = None,
    quick: bool = False,
    threads: int = 2,
    progress: Progress = no_progress,
) -> TermsReport:
    """Measure and write ``results.json`` and ``terms.md``.

    Parameters
    ----------
    dataset : Dataset
        Its contexts, the time of day and the weekday are the context.
    out : Path
        Folder of the results; every finished fit is kept there in ``fits.jsonl``.
    seeds : int, optional
        Runs with and without, two at least; 3, or 2 with ``quick``.
    time_zone : str, optional
        In which hours and days are told; that of the data set if not given.
    settings : ModelSettings, optional
        Of the fits; the defaults if not given.
    quick : bool
        Few epochs: to see that it works.
    threads : int
        Fits side by side, each on one thread.
    progress : callable

    Raises
    ------
    SettingsError
        ``seeds`` is less than 2, or there is no such time zone.
    """
    seeds = seeds if seeds is not None else QUICK_SEEDS if quick else SEEDS
    if seeds < 2:
        raise SettingsError(f"--seeds: {seeds} is not possible; give 2 or more")
    settings = settings or ModelSettings()
    if quick:
        settings = settings.model_copy(update={"epochs": min(QUICK_EPOCHS, settings.epochs)})
    names = tuple(dict.fromkeys((*dataset.context_names, TIME_OF_DAY, WEEKDAY)))
    dataset = replace(dataset, context_names=names, time_zone=time_zone or dataset.time_zone)
    test = RULES[RULE](dataset)
    splits = {
        "validation": HeldOut.of(RULES[RULE](test.train), test.train),
        "test": HeldOut.of(test, dataset),
    }
    jobs: dict[str, Callable[[Pulse], Mapping[str, Any]]] = {}
    keys: dict[tuple[str, str], list[str]] = {}
    for stage, held_out in splits.items():
        for arm, terms in ARMS.items():
            for seed in range(seeds):
                own = settings.model_copy(
                    update={**terms, "runs": 1, "seed": settings.seed + seed, "threads": 1}
                )
                key = key_of(
                    protocol=PROTOCOL,
                    data=held_out.split.train.fingerprint,
                    settings=own.model_dump(mode="json"),
                )
                jobs[key] = _job(held_out, own)
                keys.setdefault((stage, arm), []).append(key)
    journal = Journal(out / "fits.jsonl")
    # Every fit has one thread; a BLAS with threads of its own would only get in the way.
    with threadpool_limits(1, "blas"):
        work_off(journal, jobs, threads=threads, stage="fits", progress=progress)
    rows = [row for stage in STAGES for row in _rows(stage, journal, keys)]
    setup = {
        "rule": RULE,
        "seeds": seeds,
        "quick": quick,
        "contexts": names,
        "time_zone": dataset.time_zone,
        "time_meaning": dataset.time_meaning,
        "settings": settings.model_dump(mode="json"),
        "data": dataset.fingerprint,
        "bootstrap": {"resamples": RESAMPLES, "level": LEVEL},
        "versions": versions(),
    }
    report = TermsReport(tuple(rows), setup)
    content = {"setup": setup, "rows": [asdict(row) for row in rows]}
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
    write_whole(out / "results.json", text + "\n")
    write_whole(out / "terms.md", report.as_markdown())
    return report


def _job(held_out: HeldOut, settings: ModelSettings) -> Callable[[Pulse], Mapping[str, Any]]:
    def job(pulse: Pulse) -> Mapping[str, Any]:
        began = time.perf_counter()
        (model,) = fit_runs(held_out.split.train, settings, progress=lambda *_: pulse())
        seconds = round(time.perf_counter() - began, 3)
        return {"told": _measured(held_out, model, True), "seconds": seconds} | (
            {"not_told": _measured(held_out, model, False)} if model.contexts else {}
        )

    return job


def _measured(held_out: HeldOut, model: FactorModel, tell: bool) -> dict[str, list[float]]:
    return {
        "by_user": held_out.by_user(model, tell_context=tell).tolist(),
        "by_moment": held_out.by_moment(model, tell_context=tell).tolist(),
    }


def _rows(stage: str, journal: Journal, keys: Mapping[tuple[str, str], list[str]]) -> list[Row]:
    rows = []
    for measure in MEASURES:
        values = {arm: _values(journal, keys[stage, arm], "told", measure) for arm in ARMS}
        values[NOT_TOLD] = _values(journal, keys[stage, "context"], "not_told", measure)
        for model in LABELS:
            own = bootstrap_mean(values[model].mean(axis=0))
            gap = None if model == PLAIN else gain_of_runs(values[model], values[PLAIN])
            reading = "" if gap is None else reading_of(gap)
            gain = None if gap is None else gap[:3]
            rows.append(Row(stage, model, measure, own[:3], gain, reading, own.n))
    return rows


def _values(journal: Journal, keys: list[str], told: str, measure: str) -> NDArray[np.float64]:
    """One value for each seed and user."""
    records = [journal.get(key) or {} for key in keys]
    return np.array([record[told][measure] for record in records])


def _interval(values: tuple[float, float, float] | None, sign: str = "") -> str:
    if values is None:
        return ""
    value, low, high = (format(number, f"{sign}.4f") for number in values)
    return f"{value} [{low}, {high}]"
