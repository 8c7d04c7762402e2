"""Training: LightFM with history and context as user features and no user identity.

Kula, "Metadata Embeddings for User and Item Cold-start Recommendations" (2015), with
WARP loss (Weston et al. 2011). Each run uses one thread, so that equal seeds give equal
factors; several runs go side by side.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from lightfm import LightFM

from recx_agent.datasets import Dataset
from recx_agent.errors import DataError, SettingsError, TrainingDiverged
from recx_agent.protocols import Feature, Progress, no_progress
from recx_agent.recommenders.checkpoints import Checkpoints
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recommenders.fold_in import without_unseen_identities
from recx_agent.recommenders.item_features import build_features
from recx_agent.recommenders.joining import served_as_one
from recx_agent.recommenders.lightfm_run import Run
from recx_agent.recommenders.training_rows import TrainingRows, training_rows
from recx_agent.settings import ModelSettings


@dataclass(frozen=True)
class _Task:
    """What a run trains on; all runs of one training share it."""

    settings: ModelSettings
    rows: TrainingRows
    features: tuple[Feature, ...]
    item_features: sp.csr_matrix
    start: FactorModel | None


def fit(
    dataset: Dataset,
    settings: ModelSettings,
    *,
    start: FactorModel | None = None,
    checkpoints: Path | None = None,
    progress: Progress = no_progress,
) -> FactorModel:
    """Train ``settings.runs`` models and join them into one.

    Parameters
    ----------
    dataset : Dataset
        What to learn from.
    settings : ModelSettings
        Parameters; equal settings and data give equal factors. ``context`` and
        ``disliked`` must be decided: see :mod:`recx_agent.recommenders.chosen_terms`.
    start : FactorModel, optional
        A model of an earlier state of the same data, to go on from. Its items and
        features must be the first ones of the new data.
    checkpoints : Path, optional
        Folder for the state of an interrupted training; taken up when data and settings
        are the same, removed at the end.
    progress : callable, optional
        Called after each epoch of each run.

    Raises
    ------
    DataError
        There are no positives to learn from.
    SettingsError
        Whether there are terms of some kind is not decided.
    TrainingDiverged
        Factors became infinite; a smaller learning rate helps.
    """
    key = training_key(dataset, settings, start)
    keeper = Checkpoints(checkpoints, key)
    runs = fit_runs(dataset, settings, start=start, keeper=keeper, progress=progress)
    notes = {
        "settings": settings.model_dump(mode="json"),
        "data": dataset.fingerprint,
        "seeds": [settings.seed + number for number in range(settings.runs)],
        "started_from": start.fingerprint if start else None,
    }
    if start is not None and "terms" in start.notes:
        notes["terms"] = start.notes["terms"]
    model = served_as_one(runs, notes)
    keeper.clear()
    return model


def fit_runs(
    dataset: Dataset,
    settings: ModelSettings,
    *,
    start: FactorModel | None = None,
    keeper: Checkpoints | None = None,
    progress: Progress = no_progress,
) -> list[FactorModel]:
    """Train ``settings.runs`` models, each with a seed of its own; see :func:`fit`."""
    task = _task(dataset, settings, start)
    tasks = [task] * settings.runs
    trained = _train_all(tasks, keeper or Checkpoints(None, ""), progress, "fit")
    return [_served(run, task, dataset) for run in trained]


def fit_apart(
    datasets: Sequence[Dataset],
    settings: ModelSettings,
    *,
    keeper: Checkpoints | None = None,
    progress: Progress = no_progress,
    stage: str = "fit",
) -> list[FactorModel]:
    """Train one run on each data set, side by side; ``settings.runs`` counts nothing.

    See :func:`fit`; what an interrupted training left stays until ``keeper`` is cleared.
    """
    tasks = [_task(dataset, settings, None) for dataset in datasets]
    trained = _train_all(tasks, keeper or Checkpoints(None, ""), progress, stage)
    return [_served(*own) for own in zip(trained, tasks, datasets, strict=True)]


def _task(dataset: Dataset, settings: ModelSettings, start: FactorModel | None) -> _Task:
    if "auto" in (settings.context, settings.disliked):
        raise SettingsError("model.context and model.disliked must be decided before training")
    if dataset.positives.nnz == 0:
        raise DataError(
            "no positive event to learn from",
            source=", ".join(dataset.events.sources) or "interactions",
            remedy="lower positive_from, or check event types and the value column",
        )
    known: Sequence[Feature] = start.features if start else ()
    features, matrix = build_features(dataset.catalogue, settings.min_attribute_items, known)
    rows = training_rows(dataset, settings, start.contexts if start else ())
    return _Task(settings, rows, features, matrix, start)


def training_key(
    dataset: Dataset, settings: ModelSettings, start: FactorModel | None = None
) -> str:
    """Digest of what a training follows from: an interrupted one goes on with the same."""
    parts = [dataset.fingerprint, settings.model_dump_json(), start.fingerprint if start else ""]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _train_all(
    tasks: Sequence[_Task], keeper: Checkpoints, progress: Progress, stage: str
) -> list[LightFM]:
    """One run for each task; the seed is that of the settings plus its number."""
    settings = tasks[0].settings
    stop = threading.Event()
    lock = threading.Lock()
    done = [0] * len(tasks)
    total = len(tasks) * settings.epochs

    def train(number: int) -> LightFM:
        task = tasks[number]
        run = Run(settings, settings.seed + number, task.rows, task.item_features)
        if task.start is not None:
            _warm_start(run.model, task.start, number, task)
        keeper.resume(run, number)
        done[number] = run.epochs_done
        try:
            go_on(run, number)
        except TrainingDiverged:
            raise  # what is not finite is no state to go on from
        except BaseException:
            keeper.save(run, number)
            raise
        return run.model

    def go_on(run: Run, number: int) -> None:
        saved_at = time.monotonic()
        while run.epochs_done < settings.epochs and not stop.is_set():
            run.epoch()
            with lock:
                done[number] = run.epochs_done
                progress(stage, sum(done), total)
            if time.monotonic() - saved_at > keeper.every_seconds:
                keeper.save(run, number)
                saved_at = time.monotonic()
        keeper.save(run, number)  # it is done, but another run may yet be interrupted

    threads = settings.threads or os.cpu_count() or 1
    with ThreadPoolExecutor(min(threads, len(tasks))) as pool:
        futures = [pool.submit(train, number) for number in range(len(tasks))]
        try:
            return [future.result() for future in futures]
        except BaseException:
            # The runs end their epoch and save, so that the next fit goes on from there.
            stop.set()
            raise


def _warm_start(model: LightFM, start: FactorModel, number: int, task: _Task) -> None:
    """Begin from known factors; what there are none for keeps its random start.

    A joined model holds its runs side by side: this run's own, in its own scale.
    """
    width, total = task.settings.components, start.history_factors.shape[1]
    runs = total // width
    if runs * width != total:
        raise DataError(
            f"the model has {total} factors, which is no multiple of components = {width}",
            source="model",
            remedy="update with the components it was fitted with, or fit anew",
        )
    own = slice((number % runs) * width, (number % runs + 1) * width)
    columns, root = task.rows.columns, runs**0.5
    users = model.user_embeddings
    for where, factors, weight in (
        (columns.of_liked, start.history_factors, 1.0),
        (columns.of_disliked, start.disliked_factors, 1.0),
        (columns.of_contexts, start.context_factors, task.rows.context_weight),
    ):
        if factors is not None:
            block = users[where][: len(factors)]
            block[:] = factors[: len(block), own] * np.float32(root / weight)
    model.item_embeddings[: len(start.features)] = start.feature_factors[:, own] * root
    model.item_biases[: len(start.features)] = start.feature_biases


def _served(trained: LightFM, task: _Task, dataset: Dataset) -> FactorModel:
    rows, settings = task.rows, task.settings
    item_features = without_unseen_identities(task.item_features, task.features, dataset)
    columns, users = rows.columns, trained.user_embeddings.copy()
    users[rows.never_drawn()] = 0.0  # else their random start would be a term
    contexts = users[columns.of_contexts] * np.float32(rows.context_weight)
    return FactorModel.of(
        history_factors=users[columns.of_liked],
        disliked_factors=users[columns.of_disliked] if columns.disliked else None,
        contexts=columns.contexts,
        context_factors=contexts if columns.contexts else None,
        feature_factors=trained.item_embeddings,
        feature_biases=trained.item_biases,
        item_features=item_features,
        features=task.features,
        half_life=settings.half_life,
        scale=settings.scale,
    )
