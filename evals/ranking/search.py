"""Random search with equal budgets, and the test of what it chose."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.errors import TrainingDiverged
from recx_agent.evals.journal import Journal, Pulse, key_of, work_off
from recx_agent.evals.ranking.metrics import METRICS
from recx_agent.evals.ranking.ranker import Config, Entrant, Space, rank_users
from recx_agent.evals.ranking.task import Task
from recx_agent.protocols import Progress, no_progress

PROTOCOL = 2
"""Raised when a change makes stored trials incomparable."""

CHOSEN_BY = "ndcg"
QUICK_PASSES = 5
_PASSES = ("epochs", "iterations")

UserValues = dict[str, dict[str, NDArray[np.float64]]]
"""Variant and metric to one value a user, shape (n_users,)."""


@dataclass(frozen=True)
class Choice:
    """What a variant's search came to.

    Attributes
    ----------
    variant : str
    config : mapping
        The configuration with the highest NDCG on the validation split.
    validation : float or None
        That NDCG; ``None`` where nothing was searched.
    trials : int
        Configurations tried.
    """

    variant: str
    config: Config
    validation: float | None
    trials: int


@dataclass(frozen=True)
class Effort:
    """How much is done: equal for all models.

    Attributes
    ----------
    budget : int
        Configurations tried for each model.
    seeds : int
        Refits of what was chosen.
    k : int
        Length of the lists.
    quick : bool
        Few passes only; the figures mean nothing.
    threads : int
        Fits side by side.
    code : str
        Digest of the code that fits, where finished fits are to be done anew when it changes.
    """

    budget: int = 15
    seeds: int = 5
    k: int = 10
    quick: bool = False
    threads: int = 2
    code: str = ""


@dataclass(frozen=True)
class Wanted:
    """One variant of an entrant in one configuration."""

    entrant: Entrant
    variant: str
    config: Config


def draw_configs(space: Space, n: int, seed: int = 0) -> list[dict[str, Any]]:
    """Draw ``n`` different configurations; all there are if there are no more.

    Every combination of values is equally likely (Bergstra & Bengio, "Random Search for
    Hyper-Parameter Optimization", 2012).
    """
    names = sorted(space)
    shape = [len(space[name]) for name in names]
    total = math.prod(shape)
    if not names:
        return [{}]
    numbers = np.random.default_rng(seed).choice(total, size=min(n, total), replace=False)
    places = np.column_stack(np.unravel_index(numbers, shape))
    return [
        {name: space[name][int(p)] for name, p in zip(names, row, strict=True)} for row in places
    ]


def _shortened(config: Config, quick: bool) -> dict[str, Any]:
    short = {p: min(config[p], QUICK_PASSES) for p in _PASSES if quick and p in config}
    return {**config, **short}


def measure_lists(ranked: NDArray[np.int32], task: Task) -> dict[str, NDArray[np.float64]]:
    """Every metric of ranked lists, one value a user."""
    return {name: metric(ranked, task.relevant) for name, metric in METRICS.items()}


def search(
    entrants: Sequence[Entrant],
    task: Task,
    effort: Effort,
    journal: Journal,
    progress: Progress = no_progress,
) -> dict[str, Choice]:
    """Try ``effort.budget`` configurations of each entrant on a validation task.

    Returns
    -------
    dict of variant to Choice
        Of the entrants that have a space; the first drawn wins a tie.
    """
    jobs: dict[str, Callable[[Pulse], Mapping[str, Any]]] = {}
    tried: dict[str, tuple[Entrant, dict[str, Any]]] = {}
    for entrant in entrants:
        if not entrant.space:
            continue
        for drawn in draw_configs(entrant.space, effort.budget):
            config = _shortened(drawn, effort.quick)
            key = _key("trial", task, entrant, config, 0, effort)
            jobs[key] = _trial(entrant, task, config, effort)
            tried[key] = (entrant, config)
    work_off(
        journal,
        _slow_first(jobs),
        threads=effort.threads,
        stage=f"search {task.name}",
        progress=progress,
    )
    choices: dict[str, Choice] = {}
    for entrant in entrants:
        own = [key for key, (e, _) in tried.items() if e is entrant]
        for variant in entrant.variants if own else ():
            values = [_mean(journal, key, variant) for key in own]
            best = int(np.argmax(values))
            config = tried[own[best]][1]
            choices[variant] = Choice(variant, config, values[best], len(own))
    return choices


def refit_chosen(
    entrants: Sequence[Entrant],
    choices: Mapping[str, Choice],
    task: Task,
    effort: Effort,
    journal: Journal,
    progress: Progress = no_progress,
) -> tuple[UserValues, dict[str, Choice]]:
    """Refit what was chosen, once a seed, and measure on the test task.

    Returns
    -------
    values : dict
        By variant and metric, one value a user: the mean over the seeds.
    choices : dict
        With the entrants that were not searched.
    """
    complete = dict(choices)
    wanted: dict[str, Wanted] = {}
    for entrant in entrants:
        for variant in entrant.variants:
            if variant not in complete:
                config = complete[entrant.follows].config if entrant.follows else {}
                complete[variant] = Choice(variant, config, None, 0)
            wanted[variant] = Wanted(entrant, variant, complete[variant].config)
    lists = refit(wanted, task, effort, journal, progress)
    values: UserValues = {}
    for variant, ranked in lists.items():
        of_seeds = [measure_lists(own, task) for own in ranked]
        values[variant] = {
            metric: np.mean([own[metric] for own in of_seeds], axis=0) for metric in METRICS
        }
    return values, complete


def refit(
    wanted: Mapping[str, Wanted],
    task: Task,
    effort: Effort,
    journal: Journal,
    progress: Progress = no_progress,
) -> dict[str, NDArray[np.int32]]:
    """Train each configuration once a seed and rank for the users of a task.

    Parameters
    ----------
    wanted : mapping of str to Wanted
        By name. Variants of one entrant in one configuration share the fit.
    task : Task
    effort : Effort
        Seeds, length of the lists, threads.
    journal : Journal
    progress : callable

    Returns
    -------
    dict of str to int32 array, shape (n_seeds, n_users, k)
        One list alone where another seed gives the same model.
    """
    jobs: dict[str, Callable[[Pulse], Mapping[str, Any]]] = {}
    keys: dict[str, list[str]] = {}
    for name, one in wanted.items():
        for seed in range(effort.seeds if one.entrant.seeded else 1):
            key = _key("test", task, one.entrant, one.config, seed, effort)
            jobs[key] = _refit(one.entrant, task, one.config, seed, effort)
            keys.setdefault(name, []).append(key)
    work_off(
        journal,
        _slow_first(jobs),
        threads=effort.threads,
        stage=f"test {task.name}",
        progress=progress,
    )
    return {
        name: np.array(
            [_record(journal, key)["ranked"][wanted[name].variant] for key in own], dtype=np.int32
        )
        for name, own in keys.items()
    }


def _key(
    stage: str, task: Task, entrant: Entrant, config: Config, seed: int, effort: Effort
) -> str:
    stamp = {"code": effort.code} if effort.code else {}
    return key_of(
        **stamp,
        protocol=PROTOCOL,
        stage=stage,
        task=task.name,
        data=task.train.fingerprint,
        entrant=",".join(entrant.variants),
        config=dict(config),
        seed=seed,
        k=effort.k,
    )


def _trial(
    entrant: Entrant, task: Task, config: Config, effort: Effort
) -> Callable[[Pulse], Mapping[str, Any]]:
    def job(pulse: Pulse) -> Mapping[str, Any]:
        try:
            lists, seconds = _fit_and_rank(entrant, task, config, 0, effort, pulse)
        except TrainingDiverged as error:
            # A bad configuration is a bad trial, not the end of the search.
            none = {v: dict.fromkeys(METRICS, 0.0) for v in entrant.variants}
            return {"means": none, "seconds": 0.0, "error": str(error)}
        means = {
            variant: {m: float(x.mean()) for m, x in measure_lists(ranked, task).items()}
            for variant, ranked in lists.items()
        }
        return {"means": means, "seconds": seconds}

    return job


def _refit(
    entrant: Entrant, task: Task, config: Config, seed: int, effort: Effort
) -> Callable[[Pulse], Mapping[str, Any]]:
    def job(pulse: Pulse) -> Mapping[str, Any]:
        lists, seconds = _fit_and_rank(entrant, task, config, seed, effort, pulse)
        return {"ranked": {v: own.tolist() for v, own in lists.items()}, "seconds": seconds}

    return job


def _fit_and_rank(
    entrant: Entrant, task: Task, config: Config, seed: int, effort: Effort, pulse: Pulse
) -> tuple[dict[str, NDArray[np.int32]], float]:
    began = time.perf_counter()
    scorers = entrant.fit(task.train, config, seed, pulse)
    seconds = round(time.perf_counter() - began, 3)
    return {
        variant: rank_users(scorer, task.train, task.users, effort.k)
        for variant, scorer in scorers.items()
    }, seconds


def _slow_first(
    jobs: Mapping[str, Callable[[Pulse], Mapping[str, Any]]],
) -> dict[str, Callable[[Pulse], Mapping[str, Any]]]:
    # The slow models come last among the entrants; begun first, no thread waits long.
    return dict(reversed(list(jobs.items())))


def _record(journal: Journal, key: str) -> dict[str, Any]:
    record = journal.get(key)
    assert record is not None, "work_off leaves no job undone"
    return record


def _mean(journal: Journal, key: str, variant: str) -> float:
    return float(_record(journal, key)["means"][variant][CHOSEN_BY])
