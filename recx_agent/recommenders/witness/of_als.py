"""Witnesses that are ALS models."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recx_agent.datasets import Dataset
from recx_agent.protocols import Progress, no_progress
from recx_agent.recommenders import als_trainer
from recx_agent.recommenders.als_model import AlsModel
from recx_agent.recommenders.witness.fitting import Factors, fit_witnesses
from recx_agent.recommenders.witness.witnesses import FittedWitnesses
from recx_agent.settings import AlsSettings


def als_witnesses(
    dataset: Dataset, settings: AlsSettings, *, progress: Progress = no_progress
) -> FittedWitnesses:
    """Fit witnesses as the model is fitted; see :func:`.of_lightfm.lightfm_witnesses`."""

    def factors(others: Sequence[Dataset]) -> list[Factors]:
        found = []
        for number, own in enumerate(others):

            def shown(_: str, done: int, each: int, before: int = number) -> None:
                progress("witness", before * each + done, len(others) * each)

            found.append(_factors(als_trainer.fit(own, settings, progress=shown)))
        return found

    return fit_witnesses(dataset, factors, settings.seed)


def _factors(model: AlsModel) -> Factors:
    """``A₀⁻¹ y_h`` and ``y_i``: a user's equation, but for the little his own items add to it."""
    solver = model.solver
    width = solver.gram.shape[0]
    inverse = np.linalg.inv(solver.gram + solver.regularization * np.eye(width))
    history = (model.item_factors @ inverse).astype(np.float32)
    return Factors(history, model.history_factors, solver.half_life)
