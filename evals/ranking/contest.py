"""The comparison: split, search with equal budgets, refit, test once, report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from recx_agent.datasets import Dataset
from recx_agent.datasets.split import Rule
from recx_agent.evals.intervals import LEVEL, RESAMPLES, bootstrap_mean
from recx_agent.evals.journal import Journal
from recx_agent.evals.ranking.entrants import (
    Ease,
    HistoryLightfm,
    IdentityLightfm,
    ImplicitAls,
    Popularity,
    TwoRuns,
)
from recx_agent.evals.ranking.metrics import METRICS
from recx_agent.evals.ranking.ranker import Entrant
from recx_agent.evals.ranking.report import (
    DEFINITIONS,
    Difference,
    RankingReport,
    Row,
    reading_of,
    write_report,
)
from recx_agent.evals.ranking.search import (
    PROTOCOL,
    Choice,
    Effort,
    UserValues,
    refit_chosen,
    search,
)
from recx_agent.evals.ranking.task import RULES, Task, tasks_of
from recx_agent.evals.tables import versions
from recx_agent.protocols import Progress, no_progress

JOURNAL_FILE = "trials.jsonl"
AGAINST = "ours_recency"


def all_entrants() -> tuple[Entrant, ...]:
    """Every model that takes part, simple ones first."""
    return (Popularity(), ImplicitAls(), Ease(), IdentityLightfm(), HistoryLightfm(), TwoRuns())


def run_ranking(
    dataset: Dataset,
    out: Path,
    *,
    budget: int = 15,
    seeds: int = 5,
    k: int = 10,
    quick: bool = False,
    threads: int = 2,
    entrants: Sequence[Entrant] | None = None,
    rules: Mapping[str, Rule] = RULES,
    progress: Progress = no_progress,
) -> RankingReport:
    """Compare the models on every split and write what was found.

    Parameters
    ----------
    dataset : Dataset
        Interactions with times.
    out : Path
        Folder of the results. Every finished fit is kept there in ``trials.jsonl`` and
        not done again when the same comparison is started once more.
    budget : int
        Configurations tried for each model, drawn at random from its space.
    seeds : int
        Refits of the chosen configuration; the seeds are ``0 … seeds - 1``.
    k : int
        Length of the ranked lists.
    quick : bool
        Five passes at most in every fit: to see that it works, not to learn anything.
    threads : int
        Fits side by side, each on one thread.
    entrants, rules : optional
        Others than the standard ones.
    progress : callable
        Called as ``progress(stage, done, total)`` after each fit.

    Returns
    -------
    RankingReport
        Also written as ``results.json`` and ``ranking.md``.

    Raises
    ------
    DataError
        The data leave no user to test.
    """
    entrants = all_entrants() if entrants is None else tuple(entrants)
    effort = Effort(budget=budget, seeds=seeds, k=k, quick=quick, threads=threads)
    journal = Journal(out / JOURNAL_FILE)
    rows: list[Row] = []
    differences: list[Difference] = []
    choices: list[dict[str, Any]] = []
    splits: dict[str, dict[str, Any]] = {}
    # Every fit has one thread; a BLAS with threads of its own would only get in the way.
    with threadpool_limits(1, "blas"):
        for name, rule in rules.items():
            validation, final = tasks_of(name, rule, dataset)
            chosen = search(entrants, validation, effort, journal, progress)
            values, chosen = refit_chosen(entrants, chosen, final, effort, journal, progress)
            rows += _rows(name, values)
            differences += _differences(name, values)
            choices += [_as_json(name, choice) for choice in chosen.values()]
            splits[name] = _facts(validation, final)
    setup = {
        "k": k,
        "budget": budget,
        "seeds": seeds,
        "quick": quick,
        "protocol": PROTOCOL,
        "data": dataset.fingerprint,
        "splits": splits,
        "bootstrap": {"resamples": RESAMPLES, "level": LEVEL},
        "spaces": {
            ",".join(e.variants): {n: list(v) for n, v in e.space.items()} for e in entrants
        },
        "definitions": DEFINITIONS,
        "versions": versions(),
    }
    report = RankingReport(tuple(rows), tuple(differences), tuple(choices), setup)
    write_report(report, out)
    return report


def _rows(split: str, values: UserValues) -> list[Row]:
    return [
        Row(split, model, metric, *bootstrap_mean(own[metric]))
        for model, own in values.items()
        for metric in METRICS
    ]


def _differences(split: str, values: UserValues) -> list[Difference]:
    if AGAINST not in values:
        return []
    found = []
    for model, own in values.items():
        for metric in METRICS if model != AGAINST else ():
            gap = bootstrap_mean(own[metric] - values[AGAINST][metric])
            found.append(Difference(split, model, AGAINST, metric, *gap, reading_of(gap)))
    return found


def _as_json(split: str, choice: Choice) -> dict[str, Any]:
    return {
        "split": split,
        "model": choice.variant,
        "config": dict(choice.config),
        "validation": choice.validation,
        "trials": choice.trials,
    }


def _facts(validation: Task, final: Task) -> dict[str, Any]:
    return {
        "description": final.description,
        "users": len(final.users),
        "held_out": int(final.relevant.nnz),
        "train_positives": int(final.train.positives.nnz),
        "validation_users": len(validation.users),
        "validation_train_positives": int(validation.train.positives.nnz),
    }
