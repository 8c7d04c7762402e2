"""Training of ALS by ``implicit``: Hu, Koren & Volinsky (2008) on the positives.

Every user and item is solved for by itself, so equal seeds give equal factors with any
number of threads.
"""

from __future__ import annotations

import numpy as np
from implicit.cpu.als import AlternatingLeastSquares
from implicit.recommender_base import ModelFitError
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from recx_agent.datasets import Dataset
from recx_agent.errors import DataError, TrainingDiverged, UsageError
from recx_agent.protocols import Progress, no_progress
from recx_agent.recommenders.als_model import AlsModel
from recx_agent.settings import AlsSettings

_VANISHED = 1e-4
"""Largest factor below which nothing was learnt: zero is then the best solution there is."""


def fit(
    dataset: Dataset,
    settings: AlsSettings,
    *,
    start: AlsModel | None = None,
    progress: Progress = no_progress,
) -> AlsModel:
    """Train item factors; a user's factor is solved from them when it is asked for.

    An interrupted training leaves nothing behind and begins anew: it is quick.

    Parameters
    ----------
    dataset : Dataset
        What to learn from.
    settings : AlsSettings
        Parameters; equal settings and data give equal factors.
    start : AlsModel, optional
        A model of an earlier state of the same data, to go on from. Its items must be the
        first ones of the new data.
    progress : callable, optional
        Called after each iteration.

    Raises
    ------
    DataError
        There are no positives to learn from, or too few for so much regularisation.
    TrainingDiverged
        Factors became infinite.
    UsageError
        ``start`` has another number of factors, or factors made elsewhere.
    """
    if dataset.positives.nnz == 0:
        raise DataError(
            "no positive event to learn from",
            source=", ".join(dataset.events.sources) or "interactions",
            remedy="lower positive_from, or check event types and the value column",
        )
    # BLAS threads beside those of the library slow it down tenfold, and it warns of them.
    with threadpool_limits(1, "blas"):
        factors = _trained(dataset, settings, start, progress)
        return AlsModel.of(
            factors,
            regularization=settings.regularization,
            alpha=settings.alpha,
            half_life=settings.half_life,
            notes={
                "settings": settings.model_dump(mode="json"),
                "data": dataset.fingerprint,
                "started_from": start.fingerprint if start else None,
            },
        )


def _trained(
    dataset: Dataset, settings: AlsSettings, start: AlsModel | None, progress: Progress
) -> NDArray[np.float32]:
    library = AlternatingLeastSquares(
        factors=settings.factors,
        regularization=settings.regularization,
        alpha=settings.alpha,
        iterations=settings.iterations,
        num_threads=settings.threads,
        random_state=settings.seed,
    )
    if start is not None:
        _warm_start(library, start, dataset.positives.shape, settings)

    def after_iteration(iteration: int, *_: object) -> None:
        progress("fit", iteration + 1, settings.iterations)

    try:
        library.fit(dataset.positives, show_progress=False, callback=after_iteration)
    except ModelFitError as error:
        raise _diverged(settings, str(error)) from error
    # Of an item that nobody has a positive event with nothing was learnt.
    known = dataset.popularity[:, None] > 0
    factors = np.where(known, library.item_factors, np.float32(0.0))
    if not np.isfinite(factors).all():
        raise _diverged(settings, "factors are infinite")
    if np.abs(factors).max() < _VANISHED:
        raise DataError(
            f"every factor became 0: als.regularization = {settings.regularization:g} is too "
            "much for so few events",
            source=", ".join(dataset.events.sources) or "interactions",
            remedy="use a smaller als.regularization",
        )
    return factors


def _diverged(settings: AlsSettings, problem: str) -> TrainingDiverged:
    remedy = "use a smaller als.alpha or a larger als.regularization"
    return TrainingDiverged(settings.iterations - 1, problem, remedy)


def _warm_start(
    library: AlternatingLeastSquares,
    start: AlsModel,
    shape: tuple[int, int],
    settings: AlsSettings,
) -> None:
    if "origin" in start.notes:
        raise UsageError(
            "the item factors were made elsewhere and cannot be trained further here; fold the "
            "new rows in with --epochs 0, or make new factors and fit with --item-factors"
        )
    width = start.history_factors.shape[1]
    if width != settings.factors:
        raise UsageError(
            f"the model has {width} factors and als.factors is {settings.factors}; "
            "update with the number it was fitted with, or fit anew"
        )
    random = np.random.default_rng(settings.seed)
    fresh = random.random((shape[1], width), dtype=np.float32) * np.float32(0.01)
    learnt = np.flatnonzero(np.any(start.history_factors != 0, axis=1))
    fresh[learnt] = start.history_factors[learnt]
    library.item_factors = fresh
    # The first half of the first iteration solves for the users.
    library.user_factors = np.zeros((shape[0], width), dtype=np.float32)
