"""What the recommenders of a suite rank for users whose last likings they were not shown."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from recx_agent.datasets.events import NO_ITEM
from recx_agent.errors import DataError, SettingsError
from recx_agent.evals.journal import Journal, Stopped
from recx_agent.evals.ranking.entrants.listed import COLUMNS
from recx_agent.evals.ranking.facts import Facts
from recx_agent.evals.ranking.making import RankingSpec, RecommenderSpec, make_recommender
from recx_agent.evals.ranking.metrics import NOTHING
from recx_agent.evals.ranking.search import Effort, Wanted, refit, search
from recx_agent.evals.ranking.task import RULES, Task, tasks_of
from recx_agent.evals.ranking.user_metrics import USER_METRICS
from recx_agent.evals.run.code import code_of_recommenders
from recx_agent.evals.run.faults import Fault, told
from recx_agent.evals.run.suite import Suite
from recx_agent.evals.run.world import World
from recx_agent.evals.tables import write_whole
from recx_agent.protocols import Progress
from recx_agent.recommenders.saved_model import SavedModel

STAGE = "rank"
SPLIT_FOLDER = "split"


@dataclass(frozen=True)
class Rankings:
    """What was ranked.

    Attributes
    ----------
    lengths : tuple of int
        Of the lists that are measured.
    task : Task or None
        What was trained on, and what was to be found again; ``None`` where there was nothing to
        rank.
    facts : Facts or None
    lists : dict of str to int32 array, shape (n_seeds, n_users, longest)
        By recommender; one that failed is not there.
    values : dict of (str, str) to float64 array, shape (n_users,)
        By recommender and metric (``ndcg@10``), the mean over seeds; not a number where a list
        cannot be judged.
    described : dict of str to mapping
        Kind, configuration, and what validation said of it.
    faults : list of Fault
        Nothing of them is kept: the next run tries again.
    """

    lengths: tuple[int, ...]
    task: Task | None = None
    facts: Facts | None = None
    lists: dict[str, NDArray[np.int32]] = field(default_factory=dict)
    values: dict[tuple[str, str], NDArray[np.float64]] = field(default_factory=dict)
    described: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @property
    def users(self) -> list[str]:
        """The users that were ranked for, by external id, in the order of the values."""
        if self.task is None:
            return []
        return [self.task.train.users.external(int(user)) for user in self.task.users]

    @property
    def facts_told(self) -> dict[str, Any]:
        """What was held out, for the run log."""
        if self.task is None:
            return {}
        return {
            "split": self.task.description,
            "users": len(self.task.users),
            "held_out": int(self.task.relevant.nnz),
            "train_positives": int(self.task.train.positives.nnz),
        }

    def without_list(self, name: str) -> int:
        """Users for whom a recommender has nothing, on the average of its trainings."""
        return round(float((self.lists[name][:, :, 0] == NOTHING).sum(axis=1).mean()))


def rank_recommenders(
    suite: Suite,
    world: World,
    out: Path,
    journal: Journal,
    *,
    threads: int,
    progress: Progress,
) -> Rankings:
    """Train every recommender on what lies before the cut, and rank; finished fits are kept.

    One that fails is a record and not the end, and so is that of a workspace whose factors were
    made elsewhere. Data that cannot be split are one too, so that
    a suite's texts can be judged on data without times.

    Raises
    ------
    SettingsError, DataError
        A recommender cannot be made: a file of lists is not there or no such file.
    """
    spec = suite.ranking
    if not suite.recommenders or world.dataset is None or world.model is None:
        return Rankings(spec.k)
    try:
        validation, task = tasks_of(spec.split, RULES[spec.split], world.dataset)
    except DataError as error:
        faults = [Fault(STAGE, name, "", "", told(error)) for name in suite.recommenders]
        return Rankings(spec.k, faults=faults)
    for name, given in suite.recommenders.items():
        if given.path is not None and not given.path.is_file():
            folder = write_split(out / SPLIT_FOLDER, task)
            raise DataError(
                f"the lists of {name!r} are not there",
                source=given.path,
                remedy=f"train on {folder / 'train.csv'}, rank for the users of "
                f"{folder / 'users.csv'}, and write {', '.join(COLUMNS)}",
            )
    facts = Facts.of(task)
    found = Rankings(spec.k, task, facts)
    wanted = _made(suite.recommenders, world.model, found)
    # Every fit has one thread; a BLAS with threads of its own would only get in the way.
    with threadpool_limits(1, "blas"):
        for name, one in wanted.items():
            effort = Effort(
                budget=max(1, spec.trials),
                seeds=spec.seeds,
                k=max(spec.k),
                threads=threads,
                code=code_of_recommenders(),
            )
            try:
                chosen, about = _chosen(
                    one, suite.recommenders[name], spec, validation, effort, journal, progress
                )
                found.lists[name] = refit({name: chosen}, task, effort, journal, progress)[name]
            except Stopped:
                raise
            except Exception as error:  # noqa: BLE001 - a record, whatever a recommender does
                found.faults.append(Fault(STAGE, name, "", "", told(error)))
                about = {"config": dict(one.config)}
            found.described[name] = {"kind": suite.recommenders[name].kind, **about}
    for name in found.lists:
        found.values.update(_values(found, name, facts))
    return found


def _made(
    specs: Mapping[str, RecommenderSpec], model: SavedModel, found: Rankings
) -> dict[str, Wanted]:
    """The recommenders of a suite; that of a workspace which cannot be trained anew is a fault."""
    wanted = {}
    for name, spec in specs.items():
        try:
            wanted[name] = make_recommender(spec, model)
        except SettingsError as error:
            if spec.kind != "workspace":
                raise
            found.faults.append(Fault(STAGE, name, "", "", told(error)))
            found.described[name] = {"kind": spec.kind, "config": {}}
    return wanted


def _chosen(
    wanted: Wanted,
    spec: RecommenderSpec,
    ranking: RankingSpec,
    validation: Task,
    effort: Effort,
    journal: Journal,
    progress: Progress,
) -> tuple[Wanted, dict[str, Any]]:
    """With ``trials``, what validation chooses, as ``recx eval ranking`` does."""
    if not ranking.trials or spec.config or not wanted.entrant.space:
        return wanted, {"config": dict(wanted.config)}
    choice = search([wanted.entrant], validation, effort, journal, progress)[wanted.variant]
    about = {
        "config": dict(choice.config),
        "validation": choice.validation,
        "trials": choice.trials,
    }
    return replace(wanted, config=choice.config), about


def _values(found: Rankings, name: str, facts: Facts) -> dict[tuple[str, str], NDArray[np.float64]]:
    values = {}
    for k in found.lengths:
        for metric in USER_METRICS:
            of_seeds = [metric.of(own[:, :k], facts) for own in found.lists[name]]
            # Not a number in one training is none in the mean: the users must be the same.
            values[name, f"{metric.name}@{k}"] = np.mean(of_seeds, axis=0)
    return values


def write_split(folder: Path, task: Task) -> Path:
    """Write the training part and the users to be ranked for, for a recommender elsewhere.

    ``train.csv`` has ``user_id,item_id,value,timestamp,positive`` (a value is empty where there
    is none), ``users.csv`` has ``user_id``. Items that a user has in ``train.csv``, liked or
    not, are on no list.
    """
    train, events = task.train, task.train.events
    rows: list[tuple[object, ...]] = [("user_id", "item_id", "value", "timestamp", "positive")]
    for at in np.flatnonzero(np.asarray(events.item) != NO_ITEM).tolist():
        value = float(events.value[at])
        rows.append(
            (
                train.users.external(int(events.user[at])),
                train.catalogue.ids.ids[int(events.item[at])],
                "" if np.isnan(value) else f"{value:g}",
                int(events.time[at]),
                int(bool(events.positive[at])),
            )
        )
    write_whole(folder / "train.csv", _csv(rows))
    asked = [(train.users.external(int(user)),) for user in task.users]
    write_whole(folder / "users.csv", _csv([("user_id",), *asked]))
    return folder


def _csv(rows: Sequence[tuple[object, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def recommender_rows(found: Rankings) -> Sequence[Mapping[str, Any]]:
    """One row a recommender and user: items of each training, and the value of each metric."""
    if found.task is None:
        return []
    ids = found.task.train.catalogue.ids.ids
    rows = []
    for name, lists in found.lists.items():
        names = [metric for recommender, metric in found.values if recommender == name]
        for at, user_id in enumerate(found.users):
            values = {metric: float(found.values[name, metric][at]) for metric in names}
            rows.append(
                {
                    "recommender": name,
                    "user_id": user_id,
                    "items": [
                        [ids[int(item)] for item in own[at] if item != NOTHING] for own in lists
                    ],
                    "values": {m: None if np.isnan(v) else v for m, v in values.items()},
                }
            )
    return rows
