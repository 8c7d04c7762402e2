"""Chroma, embedded and without telemetry; its faults are all :class:`StoreDamaged`."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from recx_agent.retrievers.event_records import EventRecord

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateCollectionConfiguration
    from chromadb.api.models.Collection import Collection

# chromadb is imported where it is first used: it takes a second, which a command that
# explains nothing, or finds no index, need not wait for.

_CONFIGURATION: CreateCollectionConfiguration = {
    "hnsw": {
        "space": "ip",
        # Nothing here searches the graph, so a sparse one will do: writing is 1.6 times faster.
        "ef_construction": 10,
        "max_neighbors": 8,
        # Every batch goes to disk at once. Else Chroma keeps up to a thousand events in a
        # log, and each process that reads applies them again, and may write them.
        "batch_size": 1,
        "sync_threshold": 1,
    }
}
_READ_AT_ONCE = 5000

# Chroma shares what it opened by path and counts the users of it, without a lock.
_opening = threading.Lock()


class StoreDamaged(Exception):
    """Chroma cannot read or write; the message says why, the cause is Chroma's own error."""


@contextmanager
def _worded() -> Iterator[None]:
    try:
        yield
    except StoreDamaged:
        raise
    except Exception as error:
        words = str(error).strip().rstrip(".") or type(error).__name__
        raise StoreDamaged(words) from error


@dataclass(frozen=True)
class Stored:
    """Records of a collection, as Chroma gives them back.

    Attributes
    ----------
    ids : list of str
    metadatas : list of mapping
    documents : list of (str or None)
    vectors : float32 array, shape (n, d)
    """

    ids: list[str]
    metadatas: list[Any]
    documents: list[str | None]
    vectors: NDArray[np.float32]


class ChromaStore:
    """The collections in a folder.

    Parameters
    ----------
    folder : Path
        Where Chroma's files are, or are to be.
    dimensions : int
        Length of a vector.

    Raises
    ------
    StoreDamaged
        By every method: Chroma cannot do it.
    """

    def __init__(self, folder: Path, dimensions: int) -> None:
        self.dimensions = dimensions
        self._collections: dict[str, Collection] = {}
        self._client: Client | None = None
        with _worded(), _opening:
            self._client = _open(folder)

    def __enter__(self) -> ChromaStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files; a second time does nothing."""
        client, self._client = self._client, None
        self._collections.clear()
        if client is not None:
            with _worded(), _opening:
                client.close()

    def names(self) -> set[str]:
        """Names of the collections."""
        with _worded():
            return {collection.name for collection in self._open_client.list_collections()}

    def count(self, name: str) -> int:
        """Number of records in a collection."""
        with _worded():
            return self._collection(name).count()

    def read(self, name: str, ids: Sequence[str] | None = None) -> Stored:
        """Read records of a collection.

        Parameters
        ----------
        name : str
            The collection.
        ids : sequence of str, optional
            Distinct ids; everything if not given. What is not there is left out.
        """
        from chromadb.errors import NotFoundError

        with _worded():
            try:
                collection = self._collection(name)
            except NotFoundError:
                return self._stored([])
            if ids is None:
                return self._stored([_get(collection)])
            parts = [ids[at : at + _READ_AT_ONCE] for at in range(0, len(ids), _READ_AT_ONCE)]
            return self._stored([_get(collection, ids=list(part)) for part in parts])

    def add(self, name: str, records: Sequence[EventRecord], vectors: NDArray[np.float32]) -> None:
        """Add records; the collection is made if it is not there yet.

        Parameters
        ----------
        name : str
        records : sequence of EventRecord
            Of ids that are not there.
        vectors : float32 array, shape (n, d)
        """
        # Chroma takes documents for all records of a call or for none.
        for with_text in (False, True):
            at = [i for i, r in enumerate(records) if (r.document is not None) == with_text]
            if not at:
                continue
            chosen = [records[i] for i in at]
            with _worded():
                self._collection(name, create=True).add(
                    ids=[record.id for record in chosen],
                    embeddings=np.ascontiguousarray(vectors[at], dtype=np.float32),
                    metadatas=[dict(record.metadata) for record in chosen],
                    documents=[str(r.document) for r in chosen] if with_text else None,
                )

    def drop(self, name: str) -> None:
        """Remove a collection and everything in it."""
        self._collections.pop(name, None)
        with _worded():
            self._open_client.delete_collection(name)

    @property
    def _open_client(self) -> Client:
        if self._client is None:
            raise StoreDamaged("it was closed")
        return self._client

    def _collection(self, name: str, create: bool = False) -> Collection:
        found = self._collections.get(name)
        if found is None:
            # No embedding function: Chroma's own would download a model.
            if create:
                found = self._open_client.get_or_create_collection(
                    name, configuration=_CONFIGURATION, embedding_function=None
                )
            else:
                found = self._open_client.get_collection(name, embedding_function=None)
            self._collections[name] = found
        return found

    def _stored(self, parts: Sequence[Any]) -> Stored:
        rows = [np.asarray(part["embeddings"], dtype=np.float32) for part in parts]
        shaped = [row.reshape(-1, self.dimensions) for row in rows]
        none = np.empty((0, self.dimensions), dtype=np.float32)
        found = Stored(
            ids=[id for part in parts for id in part["ids"]],
            metadatas=[metadata for part in parts for metadata in part["metadatas"]],
            documents=[document for part in parts for document in part["documents"]],
            vectors=np.concatenate([none, *shaped]),
        )
        if len(found.vectors) != len(found.ids):
            raise StoreDamaged("vectors are missing")
        return found


def _open(folder: Path) -> Client:
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.config import Settings

    # Spelt out, so that neither the environment nor a file named .env decides it.
    chosen: dict[str, Any] = {
        "_env_file": None,
        "anonymized_telemetry": False,
        "allow_reset": False,
        "chroma_api_impl": "chromadb.api.rust.RustBindingsAPI",
        "chroma_product_telemetry_impl": "chromadb.telemetry.product.posthog.Posthog",
        "chroma_otel_collection_endpoint": "",
        "migrations": "apply",
    }
    try:
        client = chromadb.PersistentClient(path=str(folder), settings=Settings(**chosen))
    except Exception:
        # Chroma keeps what it could not open, and would give it out for the same path.
        if str(folder) not in SharedSystemClient._identifier_to_refcount:
            SharedSystemClient._identifier_to_system.pop(str(folder), None)
        raise
    return cast("Client", client)


def _get(collection: Collection, **chosen: Any) -> Any:
    return collection.get(include=["embeddings", "metadatas", "documents"], **chosen)
