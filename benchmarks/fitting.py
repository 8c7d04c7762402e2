"""Stages: the data set of a size, its model, and the model of MovieLens 100K."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from benchmarks.process import memory_mb
from benchmarks.sizes import Size
from benchmarks.synthetic import make_dataset
from recx_agent.cli.console import progress_bar
from recx_agent.datasets import Dataset
from recx_agent.evals.folder import read_folder
from recx_agent.recommenders import lightfm_trainer
from recx_agent.settings import ModelSettings


def data(work: Path, size: Size) -> dict[str, Any]:
    """Make up a data set and save it."""
    made = make_dataset(size)
    made.save(work / size.name / "data")
    return {"events": len(made.events)}


def fit(work: Path, name: str, epochs: int) -> dict[str, Any]:
    """Fit with the default settings but for the epochs, and save."""
    dataset = Dataset.load(work / name / "data")
    return _fit(dataset, ModelSettings(epochs=epochs), work / name / "model")


def movielens(work: Path, name: str, source: Path, epochs: int | None) -> dict[str, Any]:
    """Fit MovieLens 100K with the default settings, and save data and model."""
    dataset = read_folder(source)
    dataset.save(work / name / "data")
    settings = ModelSettings() if epochs is None else ModelSettings(epochs=epochs)
    return _fit(dataset, settings, work / name / "model")


def _fit(dataset: Dataset, settings: ModelSettings, folder: Path) -> dict[str, Any]:
    loaded = memory_mb("VmRSS")
    with progress_bar() as progress:
        start = time.perf_counter()
        model = lightfm_trainer.fit(dataset, settings, progress=progress)
        seconds = time.perf_counter() - start
    model.save(folder)
    return {
        "seconds": seconds,
        "seconds_per_epoch": seconds / settings.epochs,
        "settings": settings.model_dump(mode="json"),
        "loaded_mb": loaded,
    }
