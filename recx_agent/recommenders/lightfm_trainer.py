"""Training: LightFM with the history as user features and no user identity.

Kula, "Metadata Embeddings for User and Item Cold-start Recommendations" (2015), with
WARP loss (Weston et al. 2011). Each run uses one thread, so that equal seeds give equal
factors; several runs go side by side.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from lightfm import LightFM

from recx_agent.artefacts import (
    load_array,
    new_folder,
    read_manifest,
    save_array,
    write_manifest,
)
from recx_agent.datasets import Dataset
from recx_agent.errors import ArtefactError, DataError, TrainingDiverged
from recx_agent.protocols import Feature, Progress, no_progress
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recommenders.fold_in import without_unseen_identities
from recx_agent.recommenders.history_sampling import draw_history
from recx_agent.recommenders.item_features import build_features
from recx_agent.recommenders.joining import served_as_one
from recx_agent.settings import ModelSettings

CHECKPOINT_VERSION = 1
_PARTS = [
    f"{side}_{part}"
    for side in ("item", "user")
    for part in (
        "embeddings",
        "embedding_gradients",
        "embedding_momentum",
        "biases",
        "bias_gradients",
        "bias_momentum",
    )
]


class Run:
    """One LightFM in training.

    Parameters
    ----------
    settings : ModelSettings
    seed : int
    positives : csr_matrix, shape (n_users, n_items)
    item_features : csr_matrix, shape (n_items, n_features)
    """

    def __init__(
        self,
        settings: ModelSettings,
        seed: int,
        positives: sp.csr_matrix,
        item_features: sp.csr_matrix,
    ) -> None:
        self._settings = settings
        self._positives = positives
        self._interactions = positives.tocoo()
        self._item_features = item_features
        self.epochs_done = 0
        self.model = LightFM(
            no_components=settings.components,
            loss="warp",
            learning_rate=settings.learning_rate,
            max_sampled=settings.max_sampled,
            item_alpha=settings.item_alpha,
            user_alpha=settings.user_alpha,
            random_state=seed,
        )
        n_items, n_features = item_features.shape
        self.model._initialize(settings.components, n_features, n_items)

    def warm_start(self, history: Any, features: Any, biases: Any) -> None:
        """Begin from known factors; rows behind theirs keep their random start."""
        self.model.user_embeddings[: len(history)] = history
        self.model.item_embeddings[: len(features)] = features
        self.model.item_biases[: len(biases)] = biases

    def epoch(self) -> None:
        """Train one epoch on a history drawn anew."""
        drawn = draw_history(self._positives, self._settings.drawn_history, self.model.random_state)
        try:
            with np.errstate(invalid="ignore", over="ignore"):
                self.model.fit_partial(
                    self._interactions, user_features=drawn, item_features=self._item_features
                )
        except ValueError as error:
            raise TrainingDiverged(self.epochs_done, str(error)) from error
        # They are equal for all items of a user, so they change no ranking, but they
        # grow without bound and would stand in every score.
        self.model.user_biases[:] = 0.0
        self.epochs_done += 1

    def save(self, folder: Path, key: str) -> None:
        """Write everything needed to go on exactly where this run stands."""
        _, keys, position, has_gauss, gauss = self.model.random_state.get_state()
        with new_folder(folder) as scratch:
            for part in _PARTS:
                save_array(scratch, part, getattr(self.model, part))
            save_array(scratch, "random_keys", keys)
            state = {"position": position, "has_gauss": has_gauss, "gauss": gauss}
            notes = {"key": key, "epochs_done": self.epochs_done, "random": state}
            write_manifest(scratch, CHECKPOINT_VERSION, notes)

    def restore(self, folder: Path, key: str) -> bool:
        """Take up a saved state; ``False`` if it is damaged or of another training."""
        try:
            manifest = read_manifest(folder, CHECKPOINT_VERSION)
            if manifest["key"] != key:
                return False
            arrays = {part: np.array(load_array(folder, part)) for part in _PARTS}
            keys = np.array(load_array(folder, "random_keys"))
        except ArtefactError:
            return False
        for part, array in arrays.items():
            setattr(self.model, part, array)
        state = manifest["random"]
        self.model.random_state.set_state(
            ("MT19937", keys, state["position"], state["has_gauss"], state["gauss"])
        )
        self.epochs_done = int(manifest["epochs_done"])
        return True


@dataclass
class _Checkpoints:
    """Where the states of interrupted runs are kept, newest only."""

    folder: Path | None
    key: str
    every_seconds: float = 10.0

    def resume(self, run: Run, number: int) -> None:
        for folder in self._of(number):
            if run.restore(folder, self.key):
                return

    def save(self, run: Run, number: int) -> None:
        if self.folder is None:
            return
        older = self._of(number)
        final = self.folder / f"run-{number}-epoch-{run.epochs_done}"
        if final not in older:
            run.save(final, self.key)
        for folder in older:
            if folder != final:
                shutil.rmtree(folder, ignore_errors=True)

    def clear(self) -> None:
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _of(self, number: int) -> list[Path]:
        if self.folder is None or not self.folder.exists():
            return []
        found = self.folder.glob(f"run-{number}-epoch-*")
        return sorted(found, key=lambda p: -int(p.name.rsplit("-", 1)[1]))


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
        Parameters; equal settings and data give equal factors.
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
    TrainingDiverged
        Factors became infinite; a smaller learning rate helps.
    """
    positives = dataset.positives
    if positives.nnz == 0:
        raise DataError(
            "no positive event to learn from",
            source=", ".join(dataset.events.sources) or "interactions",
            remedy="lower positive_from, or check event types and the value column",
        )
    known: Sequence[Feature] = start.features if start else ()
    features, matrix = build_features(dataset.catalogue, settings.min_attribute_items, known)
    key = _key(dataset, settings, start)
    keeper = _Checkpoints(checkpoints, key)
    trained = _train_all(settings, positives, matrix, start, keeper, progress)
    notes = {
        "settings": settings.model_dump(mode="json"),
        "data": dataset.fingerprint,
        "seeds": [settings.seed + number for number in range(settings.runs)],
        "started_from": start.fingerprint if start else None,
    }
    served = without_unseen_identities(matrix, features, dataset)
    runs = [_served(run, served, features, settings) for run in trained]
    model = served_as_one(runs, notes)
    keeper.clear()
    return model


def _key(dataset: Dataset, settings: ModelSettings, start: FactorModel | None) -> str:
    parts = [dataset.fingerprint, settings.model_dump_json(), start.fingerprint if start else ""]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _train_all(
    settings: ModelSettings,
    positives: sp.csr_matrix,
    item_features: sp.csr_matrix,
    start: FactorModel | None,
    keeper: _Checkpoints,
    progress: Progress,
) -> list[LightFM]:
    stop = threading.Event()
    lock = threading.Lock()
    done = [0] * settings.runs
    total = settings.runs * settings.epochs

    def train(number: int) -> LightFM:
        run = Run(settings, settings.seed + number, positives, item_features)
        if start is not None:
            run.warm_start(*_block(start, number, settings))
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
                progress("fit", sum(done), total)
            if time.monotonic() - saved_at > keeper.every_seconds:
                keeper.save(run, number)
                saved_at = time.monotonic()
        keeper.save(run, number)  # it is done, but another run may yet be interrupted

    threads = settings.threads or os.cpu_count() or 1
    with ThreadPoolExecutor(min(threads, settings.runs)) as pool:
        futures = [pool.submit(train, number) for number in range(settings.runs)]
        try:
            return [future.result() for future in futures]
        except BaseException:
            # The runs end their epoch and save, so that the next fit goes on from there.
            stop.set()
            raise


def _block(start: FactorModel, number: int, settings: ModelSettings) -> tuple[Any, Any, Any]:
    """Factors of one run out of a joined model, in the run's own scale."""
    width = settings.components
    runs = start.history_factors.shape[1] // width
    if runs * width != start.history_factors.shape[1]:
        raise DataError(
            f"the model has {start.history_factors.shape[1]} factors, "
            f"which is no multiple of components = {width}",
            source="model",
            remedy="update with the components it was fitted with, or fit anew",
        )
    columns = slice((number % runs) * width, (number % runs + 1) * width)
    root = runs**0.5
    return (
        start.history_factors[:, columns] * root,
        start.feature_factors[:, columns] * root,
        start.feature_biases,
    )


def _served(
    trained: LightFM,
    item_features: sp.csr_matrix,
    features: tuple[Feature, ...],
    settings: ModelSettings,
) -> FactorModel:
    return FactorModel.of(
        history_factors=trained.user_embeddings,
        feature_factors=trained.item_embeddings,
        feature_biases=trained.item_biases,
        item_features=item_features,
        features=features,
        half_life=settings.half_life,
        scale=settings.scale,
    )
