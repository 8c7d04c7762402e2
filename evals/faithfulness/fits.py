"""Trainings of one data set with other seeds, each kept once it is done."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from threadpoolctl import threadpool_limits

from recx_agent.datasets import Dataset
from recx_agent.errors import NotOffered
from recx_agent.evals.journal import Pulse, side_by_side
from recx_agent.protocols import AdditiveModel, Progress, no_progress
from recx_agent.recommenders import lightfm_trainer
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.settings import ModelSettings

THREADS = 2


def fit_all(
    dataset: Dataset,
    settings: Sequence[ModelSettings],
    folder: Path,
    *,
    threads: int,
    progress: Progress,
) -> list[FactorModel]:
    """Fit each of these, and take up those that are there.

    Parameters
    ----------
    dataset : Dataset
    settings : sequence of ModelSettings
    folder : Path
        A fit has a folder in it, named after data and settings.
    threads : int
        Fits side by side.
    progress : callable
    """
    places = [folder / _digest(dataset, one) for one in settings]

    def job(own: ModelSettings, place: Path) -> Callable[[Pulse], None]:
        def fit(pulse: Pulse) -> None:
            fitted = lightfm_trainer.fit(dataset, own, progress=lambda *_: pulse())
            fitted.save(place)

        return fit

    missing = [job(s, p) for s, p in zip(settings, places, strict=True) if not p.exists()]
    done = len(places) - len(missing)
    side_by_side(missing, threads=threads, stage="fit", progress=progress, done=done)
    return [FactorModel.load(place) for place in places]


def fit_other_seeds(
    dataset: Dataset,
    model: AdditiveModel,
    count: int,
    folder: Path,
    *,
    threads: int = THREADS,
    progress: Progress = no_progress,
) -> list[FactorModel]:
    """Fit a served model's settings again, with seeds that it shares with none of them.

    Raises
    ------
    NotOffered
        It is not known how the model was trained.
    """
    kept = model.notes.get("settings") if isinstance(model, FactorModel) else None
    if kept is None:
        raise NotOffered("a training with another seed", model.kind)
    settings = ModelSettings(**kept)
    again = [
        settings.model_copy(update={"threads": 1, "seed": settings.seed + settings.runs * number})
        for number in range(1, count + 1)
    ]
    with threadpool_limits(1, "blas"):
        return fit_all(dataset, again, folder, threads=threads, progress=progress)


def _digest(dataset: Dataset, settings: ModelSettings) -> str:
    text = f"{dataset.fingerprint} {settings.model_dump_json()}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]
