"""From files to a workspace that can answer: fit, update, index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from recx_agent.datasets import ImportReport, extend_dataset, read_dataset
from recx_agent.datasets.columns import USER
from recx_agent.erasure import complete_pending, erased_among
from recx_agent.factory import (
    build_index,
    clean_index_server,
    load_model,
    load_witnesses,
    train_model,
    train_witnesses,
    update_model,
)
from recx_agent.feedback.taking_in import take_in_added
from recx_agent.protocols import Progress, no_progress
from recx_agent.settings import Settings, load_settings
from recx_agent.workspace import Version, Workspace

Source = str | Path | pd.DataFrame | None

UPDATE_EPOCHS = 10
"""Epochs of an update when none are set: the factors only have to take up what is new."""


@dataclass(frozen=True)
class Fitted:
    """What a fit or an update made, and what is to be told of the model."""

    version: Version
    report: ImportReport
    remarks: tuple[str, ...] = ()


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

    What was added by :meth:`recx_agent.Recx.add_events` is part of the data.

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
        complete_pending(place, settings, progress)
        dataset, report = read_dataset(
            settings.data,
            interactions=interactions,
            items=items,
            users=users,
            progress=progress,
            leave_out=partial(erased_among, place, settings),
        )
        dataset, taken_in = take_in_added(dataset, place, settings)
        # First: the model clears the checkpoints of both at its end.
        witnesses, told = train_witnesses(
            dataset, settings, checkpoints=place.checkpoints, progress=progress
        )
        model = train_model(dataset, settings, checkpoints=place.checkpoints, progress=progress)
        notes = {**_notes(settings, "fit"), **_sources(settings, report)}
        remarks = (*taken_in, *model.notes.get("remarks", ()), *told)
        return Fitted(place.add(dataset, model, notes, witnesses), report, remarks)


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
        scored from its attributes alone (ALS: not at all) and counts nothing in a history.

    The witnesses stay those of the last :func:`fit`; they judge no item that is new since.

    See :func:`fit` for the others.
    """
    settings = load_settings(workspace, overrides)
    place = Workspace(settings.workspace)
    with place.writing():
        complete_pending(place, settings, progress)
        version = place.current()
        old, model = version.load_data(), load_model(version.model)
        witnesses = load_witnesses(version.witnesses)
        dataset, report = extend_dataset(
            old,
            settings.data,
            interactions=interactions,
            items=items,
            users=users,
            progress=progress,
            leave_out=partial(erased_among, place, settings),
        )
        dataset, taken_in = take_in_added(dataset, place, settings)
        grown = update_model(
            model, dataset, epochs, checkpoints=place.checkpoints, progress=progress
        )
        before = version.notes
        notes = {**_notes(settings, "update"), **_sources(settings, report, before)}
        notes["from"] = version.name
        notes["wording"] = {**before["wording"], **notes["wording"]}
        return Fitted(place.add(dataset, grown, notes, witnesses), report, taken_in)


def index(
    workspace: str | Path | None,
    progress: Progress = no_progress,
    *,
    rebuild: bool = False,
    **overrides: Any,
) -> int:
    """Bring the evidence index up to date with the version in force.

    Parameters
    ----------
    rebuild : bool
        Use nothing of the index there is; the one before answers until it is done.

    Returns
    -------
    int
        Events in the index.
    """
    settings = load_settings(workspace, overrides)
    place = Workspace(settings.workspace)
    place.current()  # nothing is made where nothing was fitted
    # Else an erasure could come in between, and the index bring back whom it had erased.
    with place.writing():
        complete_pending(place, settings, progress)
        version = place.current()
        dataset, model = version.load_data(), load_model(version.model)
        return build_index(place.evidence, dataset, model, settings, progress, anew=rebuild)


def _notes(settings: Settings, how: str) -> dict[str, Any]:
    # Kept with the version, so that texts read the same without the options given again.
    return {"how": how, "wording": settings.wording.model_dump(exclude_unset=True)}


def clean_server(folder: Path) -> None:
    """Remove from the folder of a stopped Chroma server what it keeps of deleted records.

    Raises
    ------
    WriteLocked, EvidenceIndexError
        A server has the files open; it is no such folder, or cannot be written.
    """
    clean_index_server(folder)


def _sources(
    settings: Settings, report: ImportReport, before: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Where the rows come from, so that whoever is erased can be told where he still is."""
    files = [file.source for file in report.files]
    known = (before or {}).get("sources", ())
    roles: dict[str, list[str]] = {**(before or {}).get("files", {})}
    for file in report.files:
        roles[file.role] = [*roles.get(file.role, ()), file.source]
    return {
        "sources": list(dict.fromkeys([*known, *files])),
        "user_column": settings.data.map.get(USER, USER),
        # Whoever measures reads them again, by what their columns meant.
        "files": {role: list(dict.fromkeys(own)) for role, own in roles.items()},
        "data": {
            **(before or {}).get("data", {}),
            **settings.data.model_dump(mode="json", exclude_unset=True),
        },
    }
