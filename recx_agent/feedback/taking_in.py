"""Added events become part of the data that a fit or an update trains on."""

from __future__ import annotations

from contextlib import closing

from recx_agent.datasets import Dataset
from recx_agent.datasets.added import with_added, without_taken_back
from recx_agent.factory import make_user_store
from recx_agent.settings import Settings
from recx_agent.workspace import Workspace


def take_in_added(
    dataset: Dataset, place: Workspace, settings: Settings
) -> tuple[Dataset, tuple[str, ...]]:
    """Take in what users did since, less what was undone; the store keeps it all the same.

    So the old file can be fitted again without losing anything, and an event can still be
    taken back.

    Returns
    -------
    Dataset
    tuple of str
        What is to be told of it.
    """
    with closing(make_user_store(place.root, settings)) as store:
        added, taken_back = store.every_event()
    old = without_taken_back(dataset, taken_back)
    grown = with_added(old, added)
    fresh, gone = len(grown.events) - len(old.events), len(dataset.events) - len(old.events)
    notes = []
    if fresh:
        notes.append(f"{fresh:,} added events taken in")
    if gone:
        notes.append(f"{gone:,} events left out: they were added, and taken back since")
    return grown, tuple(notes)
