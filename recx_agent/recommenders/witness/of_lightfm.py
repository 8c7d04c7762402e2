"""Witnesses that are LightFM runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from recx_agent.datasets import Dataset
from recx_agent.protocols import Progress, no_progress
from recx_agent.recommenders.checkpoints import Checkpoints
from recx_agent.recommenders.lightfm_trainer import fit_apart, training_key
from recx_agent.recommenders.witness.fitting import Factors, fit_witnesses
from recx_agent.recommenders.witness.witnesses import FittedWitnesses
from recx_agent.settings import ModelSettings


def lightfm_witnesses(
    dataset: Dataset,
    settings: ModelSettings,
    *,
    checkpoints: Path | None = None,
    progress: Progress = no_progress,
) -> FittedWitnesses:
    """Fit witnesses as the model is fitted, without terms of context and low ratings.

    Parameters
    ----------
    dataset : Dataset
    settings : ModelSettings
        Of the model.
    checkpoints : Path, optional
        Folder of the model's own; what is finished stays there until that is cleared.
    progress : callable, optional
        Called after each epoch, with the stage ``"witness"``.
    """
    plain = settings.model_copy(update={"context": "off", "disliked": "off"})
    folder = None if checkpoints is None else checkpoints / "witness"
    keeper = Checkpoints(folder, training_key(dataset, plain))

    def factors(others: Sequence[Dataset]) -> list[Factors]:
        runs = fit_apart(others, plain, keeper=keeper, progress=progress, stage="witness")
        return [
            Factors(run.history_factors, run.item_factors.astype(np.float32), run.half_life)
            for run in runs
        ]

    return fit_witnesses(dataset, factors, settings.seed)
