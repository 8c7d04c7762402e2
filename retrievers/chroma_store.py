"""The collections of one Chroma, embedded or on a server, behind one face."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from recx_agent.retrievers import chroma_client
from recx_agent.retrievers.chroma_client import Server
from recx_agent.retrievers.chroma_faults import CollectionGone, StoreDamaged, told
from recx_agent.retrievers.index_records import IndexRecord

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateCollectionConfiguration
    from chromadb.api.models.Collection import Collection

Space = Literal["ip", "cosine"]

KEPT_IN_MEMORY = 50_000
"""Records after which an embedded Chroma is closed and opened again by who reads them all.

It keeps every vector it has read or written: some 2.5 kB a record.
"""

_READ_AT_ONCE = 5000
_LISTED_AT_ONCE = 1000


def _configuration(space: Space) -> CreateCollectionConfiguration:
    return {
        "hnsw": {
            "space": space,
            # Nothing here searches the graph, so a sparse one will do: writing is 1.6
            # times faster.
            "ef_construction": 10,
            "max_neighbors": 8,
            # Every batch goes to disk at once. Else Chroma keeps up to a thousand events in
            # a log, and each process that reads applies them again, and may write them.
            "batch_size": 1,
            "sync_threshold": 1,
        }
    }


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
    """The collections of a folder, or of a server's database.

    Can be used by several threads. Use :meth:`in_folder` or :meth:`on_server`.

    Raises
    ------
    StoreDamaged
        By every method: Chroma cannot do it. ``CollectionGone`` if it has no such
        collection.
    IndexUnreachable
        By every method: the server does not answer, or refuses.
    """

    def __init__(self, client: Client, url: str | None = None) -> None:
        self._client: Client | None = client
        self._collections: dict[str, Collection] = {}
        self.url = url

    @classmethod
    def in_folder(cls, folder: Path) -> ChromaStore:
        """Open, or make, Chroma's files in a folder."""
        return cls(chroma_client.open_folder(folder))

    @classmethod
    def on_server(cls, server: Server) -> ChromaStore:
        """Open a connection to a server."""
        return cls(chroma_client.open_server(server), server.url)

    def __enter__(self) -> ChromaStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of files and connections; a second time does nothing."""
        client, self._client = self._client, None
        self._collections.clear()
        if client is not None:
            chroma_client.close(client)

    @contextmanager
    def client(self) -> Iterator[Client]:
        """Give Chroma's own client; what it raises is told as the two faults."""
        with told(self.url):
            if self._client is None:
                raise StoreDamaged("it was closed")
            yield self._client

    def names(self, prefix: str = "") -> set[str]:
        """Names of the collections that start with ``prefix``."""
        found: list[str] = []
        with self.client() as client:
            while True:
                page = client.list_collections(limit=_LISTED_AT_ONCE, offset=len(found))
                found += [collection.name for collection in page]
                if len(page) < _LISTED_AT_ONCE:
                    return {name for name in found if name.startswith(prefix)}

    def count(self, name: str) -> int:
        """Number of records in a collection."""
        with told(self.url):
            return self._collection(name).count()

    def read(self, name: str, dimensions: int, ids: Sequence[str]) -> Stored:
        """Read records of a collection; what is not there is left out.

        Parameters
        ----------
        name : str
            The collection.
        dimensions : int
            Length of its vectors.
        ids : sequence of str
            Distinct ids.
        """
        parts = [list(ids[at : at + _READ_AT_ONCE]) for at in range(0, len(ids), _READ_AT_ONCE)]
        with told(self.url):
            return _stored([self._get(name, ids=part) for part in parts], dimensions)

    def read_some(self, name: str, dimensions: int, limit: int) -> Stored:
        """Read any ``limit`` records of a collection, or all if it has fewer."""
        with told(self.url):
            return _stored([self._get(name, limit=limit)], dimensions)

    def add(
        self,
        name: str,
        records: Sequence[IndexRecord],
        vectors: NDArray[np.float32],
        space: Space = "ip",
    ) -> None:
        """Add records; the collection is made if it is not there yet.

        Parameters
        ----------
        name : str
        records : sequence of IndexRecord
            Of ids that are not there.
        vectors : float32 array, shape (n, d)
        space : str
            What the collection's distance is, if it is made.
        """
        # Chroma takes documents for all records of a call or for none.
        for with_text in (False, True):
            at = [i for i, r in enumerate(records) if (r.document is not None) == with_text]
            if not at:
                continue
            chosen = [records[i] for i in at]
            sealed = [r.sealed(vectors[i]) for i, r in zip(at, chosen, strict=True)]
            with told(self.url):
                self._collection(name, create=space).add(
                    ids=[record.id for record in chosen],
                    embeddings=np.ascontiguousarray(vectors[at], dtype=np.float32),
                    metadatas=[dict(metadata) for metadata in sealed],
                    documents=[str(r.document) for r in chosen] if with_text else None,
                )

    def drop(self, name: str) -> None:
        """Remove a collection and everything in it, if it is there."""
        self._collections.pop(name, None)
        try:
            with self.client() as client:
                client.delete_collection(name)
        except CollectionGone:
            pass

    def _collection(self, name: str, create: Space | None = None) -> Collection:
        found = self._collections.get(name)
        if found is None:
            with self.client() as client:
                # No embedding function: Chroma's own would download a model.
                if create:
                    found = client.get_or_create_collection(
                        name, configuration=_configuration(create), embedding_function=None
                    )
                else:
                    found = client.get_collection(name, embedding_function=None)
            self._collections[name] = found
        return found

    def _get(self, name: str, **chosen: Any) -> Any:
        include: Any = ["embeddings", "metadatas", "documents"]
        return self._collection(name).get(include=include, **chosen)


def _stored(parts: Sequence[Any], dimensions: int) -> Stored:
    rows = [np.asarray(part["embeddings"], dtype=np.float32) for part in parts]
    shaped = [row.reshape(-1, dimensions) for row in rows]
    none = np.empty((0, dimensions), dtype=np.float32)
    found = Stored(
        ids=[id for part in parts for id in part["ids"]],
        metadatas=[metadata for part in parts for metadata in part["metadatas"]],
        documents=[document for part in parts for document in part["documents"]],
        vectors=np.concatenate([none, *shaped]),
    )
    if len(found.vectors) != len(found.ids):
        raise StoreDamaged("vectors are missing")
    return found
