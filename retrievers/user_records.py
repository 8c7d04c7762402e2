"""Everything that an index holds of one user, for him to see."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recx_agent.errors import IndexDamaged
from recx_agent.retrievers.chroma_faults import StoreDamaged
from recx_agent.retrievers.chroma_store import ChromaStore
from recx_agent.retrievers.places import place_of
from recx_agent.settings import RetrieverSettings


@dataclass(frozen=True)
class UserRecord:
    """One record as Chroma holds it.

    Attributes
    ----------
    collection, id : str
    metadata : mapping
    document : str or None
    vector : tuple of float or None
        ``None`` if it was not asked for.
    """

    collection: str
    id: str
    metadata: dict[str, Any]
    document: str | None
    vector: tuple[float, ...] | None


def records_of_user(
    folder: Path, settings: RetrieverSettings, user_id: str, *, vectors: bool = False
) -> list[UserRecord]:
    """Search every collection of the index in force for a user; no index, no records.

    Not only the collection that should have the user: this is to show what there is.

    Raises
    ------
    IndexDamaged, IndexUnreachable
        The index cannot be read.
    """
    place = place_of(folder, settings)
    try:
        state = place.state()
        if state is None:
            return []
        with place.open(state) as store:
            names = sorted(part.name for part in state.parts.values())
            return [r for name in names for r in _records(store, name, user_id, vectors)]
    except StoreDamaged as error:
        raise IndexDamaged(folder.parent, str(error)) from error


def _records(store: ChromaStore, name: str, user_id: str, vectors: bool) -> list[UserRecord]:
    include: Any = ["metadatas", "documents", *(["embeddings"] if vectors else [])]
    with store.client() as client:
        collection = client.get_collection(name, embedding_function=None)
        found: Any = collection.get(where={"user_id": user_id}, include=include)
    rows = found["embeddings"].tolist() if vectors else [None] * len(found["ids"])
    return [
        UserRecord(name, id, dict(metadata), document, None if row is None else tuple(row))
        for id, metadata, document, row in zip(
            found["ids"], found["metadatas"], found["documents"], rows, strict=True
        )
    ]
