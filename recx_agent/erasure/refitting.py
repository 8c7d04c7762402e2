"""A new model without the erased, and no version that still learned from them."""

from __future__ import annotations

from recx_agent.factory import (
    build_index,
    indexed_state,
    load_model,
    retrain_model,
    retrain_witnesses,
)
from recx_agent.protocols import Progress
from recx_agent.settings import Settings
from recx_agent.workspace import Workspace


def refit(place: Workspace, settings: Settings, progress: Progress) -> str:
    """Train on the data in force, index them if they were, and remove all earlier versions.

    The write lock must be held. What the version was trained with is used again, whatever
    the settings say now.

    Returns
    -------
    str
        Name of the new version.
    """
    old = place.current()
    dataset = old.load_data()
    before = load_model(old.model)
    witnesses = None
    if old.witnesses is not None:
        witnesses = retrain_witnesses(
            before, dataset, checkpoints=place.checkpoints, progress=progress
        )
    model = retrain_model(before, dataset, checkpoints=place.checkpoints, progress=progress)
    notes = {name: value for name, value in old.notes.items() if name != "made"}
    new = place.add(dataset, model, {**notes, "how": "refit", "from": old.name}, witnesses)
    if indexed_state(place.evidence, settings) is not None:
        build_index(place.evidence, dataset, model, settings, progress)
    for version in place.versions():
        if not version.current:
            place.remove(version)
    place.remove_leftovers()
    return new.name
