"""Brings a user's own events back from the evidence index."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import numpy as np

from recx_agent.errors import IndexMissing, IndexStale
from recx_agent.protocols import RetrievedEvents
from recx_agent.retrievers.chroma_store import ChromaStore, StoreDamaged
from recx_agent.retrievers.event_records import StoredEvent, stored_event
from recx_agent.retrievers.index_state import STATE_NAME, IndexState
from recx_agent.retrievers.sharding import collection_name, shard_of

_ATTEMPTS = 3
_Stamp = tuple[int, int, int]


class ChromaRetriever:
    """Fetches events by id, exactly: nothing is searched.

    Needs no lock and can be used by several threads. An index that is rebuilt is seen
    with the next call.

    Parameters
    ----------
    folder : str or Path
        The index's folder, inside the workspace.
    model_fingerprint : str
        The model in force; the index of another one is refused.
    """

    def __init__(self, folder: str | Path, model_fingerprint: str) -> None:
        self.folder = Path(folder)
        self.model_fingerprint = model_fingerprint
        self._lock = threading.Lock()
        self._opened: _Opened | None = None

    def fetch(self, user_id: str, event_ids: Sequence[str]) -> RetrievedEvents:
        """Fetch events of one user by id, in the order asked for.

        Raises
        ------
        IndexMissing
            There is no complete index, or it is damaged.
        IndexStale
            It is another model's, or it lacks one of the events. An event of another
            user is lacking too.
        """
        problem: Exception | None = None
        for _ in range(_ATTEMPTS):
            stamp = self._stamp()
            try:
                with self._in_use(stamp) as opened:
                    return opened.fetch(user_id, event_ids)
            except (StoreDamaged, _Lacking) as error:
                problem = error
                # A generation that was replaced meanwhile is removed: look at the new one.
                if stamp == self._stamp():
                    break
        if isinstance(problem, _Lacking):
            raise IndexStale(self.folder.parent, str(problem)) from None
        words = f"the evidence index is damaged ({problem})"
        raise IndexMissing(self.folder.parent, words) from problem

    def close(self) -> None:
        """Let go of the files; the next call opens them again."""
        with self._lock:
            self._retire()

    def __enter__(self) -> ChromaRetriever:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _in_use(self, stamp: _Stamp | None) -> Iterator[_Opened]:
        """Give the generation in force; it is not closed before the block ends."""
        with self._lock:
            if self._opened is None or self._opened.stamp != stamp:
                self._retire()
                self._opened = self._open(stamp)
            opened = self._opened
            opened.users += 1
        try:
            yield opened
        finally:
            with self._lock:
                opened.users -= 1
                opened.close_if_done()

    def _retire(self) -> None:
        opened, self._opened = self._opened, None
        if opened is not None:
            opened.retired = True
            opened.close_if_done()

    def _stamp(self) -> _Stamp | None:
        try:
            found = (self.folder / STATE_NAME).stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _open(self, stamp: _Stamp | None) -> _Opened:
        try:
            state = IndexState.read(self.folder)
        except FileNotFoundError as error:
            raise IndexMissing(self.folder.parent) from error
        except (OSError, ValueError) as error:
            raise StoreDamaged(str(error)) from error
        if state.model != self.model_fingerprint:
            raise IndexStale(
                self.folder.parent,
                f"the evidence index is of model {state.model}, not of {self.model_fingerprint}",
            )
        folder = self.folder / state.generation
        if not folder.is_dir():
            raise StoreDamaged(f"{state.generation} is gone")
        store = ChromaStore(folder, state.dimensions)
        try:
            if len(store.names()) != state.collections:  # Chroma makes a lost database anew
                raise StoreDamaged("collections are missing")
        except StoreDamaged:
            store.close()
            raise
        return _Opened(state, stamp, store)


class _Lacking(Exception):
    """Events are not in the index."""


class _Opened:
    """A generation that is open."""

    def __init__(self, state: IndexState, stamp: _Stamp | None, store: ChromaStore) -> None:
        self.state, self.stamp, self.store = state, stamp, store
        self.users = 0
        self.retired = False

    def close_if_done(self) -> None:
        if self.retired and not self.users:
            self.store.close()

    def fetch(self, user_id: str, event_ids: Sequence[str]) -> RetrievedEvents:
        wanted = list(dict.fromkeys(event_ids))
        if not wanted:
            none = np.empty((0, self.state.dimensions), dtype=np.float32)
            return RetrievedEvents([], [], [], none)
        name = collection_name(self.state.model, shard_of(user_id, self.state.shards))
        try:
            stored = self.store.read(name, wanted)
            found = [
                stored_event(id, metadata, document)
                for id, metadata, document in zip(
                    stored.ids, stored.metadatas, stored.documents, strict=True
                )
            ]
        except (KeyError, TypeError, ValueError) as error:
            raise StoreDamaged(f"a record cannot be read: {error!r}") from error
        place = {s.event.id: at for at, s in enumerate(found) if s.user_id == user_id}
        lacking = [id for id in wanted if id not in place]
        if lacking:
            raise _Lacking(
                f"the evidence index lacks {len(lacking)} of {len(wanted)} events of user "
                f"{user_id!r}, such as {lacking[0]!r}"
            )
        order = [place[id] for id in event_ids]
        chosen: list[StoredEvent] = [found[at] for at in order]
        return RetrievedEvents(
            events=[s.event for s in chosen],
            item_ids=[s.item_id for s in chosen],
            titles=[s.title for s in chosen],
            vectors=stored.vectors[order],
        )
