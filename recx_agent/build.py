"""From files to a workspace that can answer: fit, update, index."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from recx_agent.datasets import Dataset, ImportReport, extend_dataset, read_dataset
from recx_agent.factory import build_index, grow_model, load_model, train_model
from recx_agent.protocols import Progress, no_progress
from recx_agent.settings import Settings, load_settings
from recx_agent.workspace import Version, Workspace

Source = str | Path | pd.DataFrame | None

UPDATE_EPOCHS = 10
"""Epochs of an update when none are set: the factors only have to take up what is new."""


@dataclass(frozen=True)
class Fitted:
    """What a fit or an update made."""

    version: Version
    report: ImportReport


def fit(
    workspace: str | Path | None,
    *,
    interactions: Source = None,
    items: Source = None,
    users: Source = None,
    progress: Progress = no_progress,
    **overrides: Any,
) -> Fitted:
    """Read data, train a recommender, and put it in force as a new version.

    Parameters
    ----------
    workspace : str or Path or None
        Folder, else that of the settings; earlier versions stay and can be gone back to.
    interactions, items, users : path or DataFrame, optional
        What to read; else the files named in the settings.
    progress : callable, optional
        ``progress(stage, done, total)``.
    **overrides
        Settings that win over ``recx.toml`` and the environment, such as
        ``model={"epochs": 20}``.

    Raises
    ------
    DataError, SettingsError, TrainingDiverged, WriteLocked
        Nothing is changed then. An interrupted training goes on where it stood when it
        is called again with the same data and settings.
    """
    settings = load_settings(workspace, overrides)
    place = Workspace(settings.workspace)
    with place.writing():
        dataset, report = read_dataset(
            settings.data, interactions=interactions, items=items, users=users, progress=progress
        )
        model = train_model(
            dataset, settings.model, checkpoints=place.checkpoints, progress=progress
        )
        notes = _notes(settings, "fit")
        notes["sources"] = [file.source for file in report.files]
        return Fitted(place.add(dataset, model, notes), report)


def update(
    workspace: str | Path | None,
    *,
    interactions: Source = None,
    items: Source = None,
    users: Source = None,
    epochs: int = UPDATE_EPOCHS,
    progress: Progress = no_progress,
    **overrides: Any,
) -> Fitted:
    """Add new rows to the data in force and go on training from its model.

    Parameters
    ----------
    epochs : int
        Further epochs; 0 folds the new rows in without training. Then a new item is
        scored from its attributes alone and counts nothing in a history.

    See :func:`fit` for the others.
    """
    settings = load_settings(workspace, overrides)
    place = Workspace(settings.workspace)
    with place.writing():
        version = place.current()
        old, model = Dataset.load(version.data), load_model(version.model)
        dataset, report = extend_dataset(
            old,
            settings.data,
            interactions=interactions,
            items=items,
            users=users,
            progress=progress,
        )
        if epochs:
            kept = {**model.notes["settings"], "epochs": epochs}
            grown = train_model(
                dataset,
                settings.model.model_validate(kept),
                start=model,
                checkpoints=place.checkpoints,
                progress=progress,
            )
        else:
            grown = grow_model(model, dataset)
        notes = {**_notes(settings, "update"), "from": version.name}
        notes["wording"] = {**version.notes["wording"], **notes["wording"]}
        return Fitted(place.add(dataset, grown, notes), report)


def index(workspace: str | Path | None, progress: Progress = no_progress, **overrides: Any) -> int:
    """Bring the evidence index up to date with the version in force.

    Returns
    -------
    int
        Events in the index.
    """
    settings = load_settings(workspace, overrides)
    place = Workspace(settings.workspace)
    version = place.current()
    dataset, model = Dataset.load(version.data), load_model(version.model)
    return build_index(place.evidence, dataset, model, settings, progress)


def _notes(settings: Settings, how: str) -> dict[str, Any]:
    # Kept with the version, so that texts read the same without the options given again.
    return {"how": how, "wording": settings.wording.model_dump(exclude_unset=True)}
