"""Removes an index as a whole, and sees that nothing of older ones is left."""

from __future__ import annotations

from pathlib import Path

from recx_agent.errors import EvidenceIndexError
from recx_agent.retrievers.chroma_client import Server
from recx_agent.retrievers.chroma_faults import StoreDamaged
from recx_agent.retrievers.chroma_store import ChromaStore
from recx_agent.retrievers.generations import STATE_NAME
from recx_agent.retrievers.index_place import IndexPlace
from recx_agent.retrievers.index_state import IndexState
from recx_agent.retrievers.places import place_of
from recx_agent.retrievers.server_place import OWNER_NAME
from recx_agent.settings import RetrieverSettings


def remove_index(folder: Path, settings: RetrieverSettings) -> None:
    """Remove the index in force and everything that was begun; another workspace's stays.

    Raises
    ------
    WriteLocked
        Another process is building it.
    IndexUnreachable
        The server does not answer.
    """
    server = Server.of(settings)
    if server is None and not folder.is_dir():
        return
    place = place_of(folder, settings)
    with place.writing():
        try:
            place.claim(_state(place), anew=False)
        except EvidenceIndexError:
            return
        # First what tells readers of it: they find no index rather than half of one.
        if server is None:
            (folder / STATE_NAME).unlink(missing_ok=True)
        else:
            with ChromaStore.on_server(server) as store:
                store.drop(f"{settings.index_name}.index")
        place.remove_others(None)
    check_nothing_old(folder, None)


def check_nothing_old(folder: Path, in_force: str | None) -> None:
    """See that the folder holds no generation but the one in force.

    Raises
    ------
    EvidenceIndexError
        It does, since it could not be removed.
    """
    for entry in sorted(folder.glob("*generation-*")):
        if entry.name != in_force:
            raise EvidenceIndexError(
                f"{entry}: an earlier state of the index cannot be removed; remove the folder"
            )


def was_on_server(folder: Path) -> bool:
    """Whether the workspace ever had its index on a server."""
    return (folder / OWNER_NAME).exists()


def _state(place: IndexPlace) -> IndexState | None:
    try:
        return place.state()
    except StoreDamaged:
        return None
