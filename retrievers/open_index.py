"""The generation in force, opened for reading, and changed for the next one when there is one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets import Dataset
from recx_agent.errors import IndexDamaged, IndexMissing, IndexStale
from recx_agent.retrievers.chroma_faults import OtherFormat, StoreDamaged
from recx_agent.retrievers.chroma_store import ChromaStore
from recx_agent.retrievers.index_place import IndexPlace
from recx_agent.retrievers.index_plan import Part
from recx_agent.retrievers.index_records import StoredRecord, Unsound, opened
from recx_agent.retrievers.index_state import IndexState

_ATTEMPTS = 3
T = TypeVar("T")


class Lacking(Exception):
    """Records are not in the index."""


@dataclass(frozen=True)
class Found:
    """Records in the order asked for, and their vectors, shape (n, d)."""

    records: list[StoredRecord]
    vectors: NDArray[np.float32]


class OpenGeneration:
    """A generation that is open."""

    def __init__(self, state: IndexState, stamp: object, store: ChromaStore) -> None:
        self.state, self.stamp = state, stamp
        self._store = store
        self.users = 0
        self.retired = False

    def close_if_done(self) -> None:
        """Close it if it is to be closed and nobody uses it any more."""
        if self.retired and not self.users:
            self._store.close()

    def read(self, part: Part, ids: Sequence[str], user_id: str | None, what: str) -> Found:
        """Read records by id, in one request.

        Parameters
        ----------
        part : Part
            The collection.
        ids : sequence of str
        user_id : str or None
            Whose they must be; what is another user's is not there.
        what : str
            What they are called if they are lacking.

        Raises
        ------
        Lacking
            Some are not there.
        StoreDamaged, IndexUnreachable
        """
        wanted = list(dict.fromkeys(ids))
        collected = self.state.parts.get(part.key)
        if not wanted or collected is None:
            found, vectors = [], np.empty((0, part.dimensions), dtype=np.float32)
        else:
            stored = self._store.read(collected.name, part.dimensions, wanted)
            vectors = stored.vectors
            try:
                found = opened(stored.ids, stored.metadatas, stored.documents, vectors)
            except Unsound as error:
                raise StoreDamaged(str(error)) from error
        place = {record.id: at for at, record in enumerate(found) if record.user_id == user_id}
        lacking = [id for id in wanted if id not in place]
        if lacking:
            raise Lacking(
                f"the evidence index lacks {len(lacking)} of {len(wanted)} {what}, "
                f"such as {lacking[0]!r}"
            )
        order = [place[id] for id in ids]
        return Found([found[at] for at in order], vectors[order])


class CurrentIndex:
    """Gives whoever reads the generation in force.

    Needs no lock between processes, and can be used by several threads. A generation that
    is put in force is seen with the next question, on a server when the one before is
    removed.

    Parameters
    ----------
    place : IndexPlace
    workspace : Path
        For messages.
    model : str
        Fingerprint of the model in force; the index of another one is refused.
    dataset : Dataset, optional
        The data in force: an index of just these data that lacks something is damaged,
        not stale.
    """

    def __init__(
        self, place: IndexPlace, workspace: Path, model: str, dataset: Dataset | None = None
    ) -> None:
        self._place = place
        self._workspace = workspace
        self._model = model
        self._dataset = dataset
        self._lock = threading.Lock()
        self._opened: OpenGeneration | None = None

    def ask(self, question: Callable[[OpenGeneration], T]) -> T:
        """Put a question to the generation in force.

        Raises
        ------
        IndexMissing, IndexStale, IndexDamaged, IndexUnreachable
        """
        for attempt in range(1, _ATTEMPTS + 1):
            asked: OpenGeneration | None = None
            stamp = self._place.stamp()
            try:
                with self._in_use(stamp) as asked:
                    return question(asked)
            except OtherFormat as error:
                raise IndexStale(self._workspace, str(error)) from error
            except (StoreDamaged, Lacking) as error:
                # A generation that was replaced meanwhile is removed: look at the new one.
                if attempt == _ATTEMPTS or not self._replaced(asked, stamp):
                    raise self._told(error, asked) from error
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Let go of files and connections; the next question opens them again."""
        with self._lock:
            self._retire()

    @contextmanager
    def _in_use(self, stamp: object) -> Iterator[OpenGeneration]:
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

    def _open(self, stamp: object) -> OpenGeneration:
        state = self._place.state()
        if state is None:
            raise IndexMissing(self._workspace, f"no evidence index in {self._place.where}")
        if state.model != self._model:
            raise IndexStale(
                self._workspace,
                f"the evidence index is of model {state.model}, not of {self._model}",
            )
        return OpenGeneration(state, stamp, self._place.open(state))

    def _replaced(self, asked: OpenGeneration | None, stamp: object) -> bool:
        """Tell whether another generation may be in force than the one that was asked."""
        if asked is None:  # it could not be opened
            return stamp is None or self._place.stamp() != stamp
        try:
            state = self._place.state()
        except StoreDamaged:
            state = None
        if state == asked.state:
            return False
        with self._lock:
            if self._opened is asked:
                self._retire()
        return True

    def _told(
        self, error: StoreDamaged | Lacking, asked: OpenGeneration | None
    ) -> IndexDamaged | IndexStale:
        if isinstance(error, StoreDamaged):
            return IndexDamaged(self._workspace, str(error))
        of = None if self._dataset is None else self._dataset.fingerprint
        if asked is not None and asked.state.data == of:
            return IndexDamaged(self._workspace, str(error))
        return IndexStale(self._workspace, str(error))
