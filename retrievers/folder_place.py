"""An index embedded in a folder of the workspace."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recx_agent.artefacts import why_unwritable, write_atomic
from recx_agent.retrievers import generations
from recx_agent.retrievers.chroma_client import give_memory_back
from recx_agent.retrievers.chroma_faults import StoreDamaged
from recx_agent.retrievers.chroma_store import ChromaStore
from recx_agent.retrievers.file_cleaning import SQLITE_NAME, reclaim
from recx_agent.retrievers.generations import STATE_NAME
from recx_agent.retrievers.index_place import Draft
from recx_agent.retrievers.index_plan import Part, Plan
from recx_agent.retrievers.index_state import IndexState
from recx_agent.retrievers.record_digests import RecordDigests
from recx_agent.retrievers.vector_files import are_of_known_form, blank_spare_room
from recx_agent.retrievers.vector_seal import check_seal, seal
from recx_agent.write_lock import write_lock

_WRITING = re.compile("readonly|disk is full|disk I/O error")
"""What SQLite says when it could not write."""


@dataclass
class FolderDraft:
    """A folder that nobody reads from yet.

    Attributes
    ----------
    folder : Path
    store : ChromaStore
    is_copy : bool
        Whether it is a copy of the generation in force.
    known : RecordDigests, optional
        What the copy holds, if that is known.
    removed : bool
        Whether its files hold anything that was removed.
    digests : mapping of str to uint64 array
        Of the records, by collection, as far as it is filled.
    """

    folder: Path
    store: ChromaStore
    is_copy: bool
    known: RecordDigests | None = None
    removed: bool = False
    digests: dict[str, NDArray[np.uint64]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._present = self.store.names()

    @property
    def generation(self) -> str:
        """The folder's name."""
        return self.folder.name

    def existing(self, part: Part) -> str | None:
        """The part's collection, if it is there."""
        name = part.collection()
        return name if name in self._present else None

    def renewed(self, part: Part) -> str:
        """The part's collection, which is removed if it is there.

        Chroma's files keep what is deleted from a collection; those of a collection that
        is removed as a whole can be cleaned.
        """
        name = part.collection()
        if name in self._present:
            self.store.drop(name)
            self._present.discard(name)
            self.removed = True
        return name

    def held(self, name: str) -> NDArray[np.uint64] | None:
        """What was noted when the generation that this is a copy of was made."""
        return None if self.known is None else self.known.of.get(name)

    def note(self, name: str, digests: NDArray[np.uint64]) -> None:
        """Keep it until the draft is finished."""
        self.digests[name] = digests

    def keep_only(self, parts: Collection[Part]) -> bool:
        """Remove the other collections."""
        others = self._present - {part.collection() for part in parts}
        for name in sorted(others):
            self.store.drop(name)
            self.removed = True
        return bool(others)

    def rest(self) -> None:
        """Close Chroma and open it again: it keeps every vector it has read or written."""
        self.store.close()
        give_memory_back()
        self.store = ChromaStore.in_folder(self.folder)

    def check(self) -> None:
        """Nothing to see to: the lock goes when the process does."""


class FolderPlace:
    """The folder of an index; see :class:`~recx_agent.retrievers.index_place.IndexPlace`.

    A generation is a folder in it, and once in force never written to: a change is made
    to a copy.

    Parameters
    ----------
    folder : Path
        Made when something is first written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def where(self) -> str:
        """The folder."""
        return str(self.folder)

    def state(self) -> IndexState | None:
        """Read the state in force."""
        try:
            return IndexState.from_json((self.folder / STATE_NAME).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise StoreDamaged(f"{STATE_NAME} cannot be read: {error}") from error

    def stamp(self) -> object:
        """What tells the file of the state from the one that takes its place."""
        try:
            found = (self.folder / STATE_NAME).stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def open(self, state: IndexState) -> ChromaStore:
        """Open the generation's folder."""
        generation = self.folder / state.generation
        if not generation.is_dir():
            raise StoreDamaged(f"{state.generation} is gone")
        check_seal(generation, wholly=False)
        if not (generation / SQLITE_NAME).is_file():  # Chroma would make it anew
            raise StoreDamaged(f"{SQLITE_NAME} is gone")
        try:
            store = ChromaStore.in_folder(generation)
            try:
                lost = {part.name for part in state.parts.values()} - store.names()
                if lost:
                    raise StoreDamaged(f"{len(lost)} of {len(state.parts)} collections are missing")
            except StoreDamaged:
                store.close()
                raise
        except StoreDamaged as error:
            # Chroma writes a line about whoever opens its database.
            unwritable = why_unwritable(self.folder) if _WRITING.search(str(error)) else None
            raise (unwritable or error) from error.__cause__
        return store

    def writing(self) -> AbstractContextManager[None]:
        """Hold the folder's write lock."""
        return write_lock(self.folder)

    def claim(self, before: IndexState | None, *, anew: bool) -> str:
        """Nothing to see to: the folder is the workspace's own."""
        return ""

    def drafts(
        self, plan: Plan, before: IndexState | None, *, anew: bool
    ) -> Sequence[Callable[[], AbstractContextManager[Draft]]]:
        """What an interrupted build left, else a copy; if that fails, an empty folder."""
        in_force = None if before is None else before.generation
        begun = None if anew else generations.unfinished(self.folder, plan, in_force)
        if begun is not None and not are_of_known_form(begun):
            begun = None
        generations.remove_others(self.folder, in_force, begun.name if begun else None)
        ways: list[Callable[[], FolderDraft]] = [partial(self._empty, plan)]
        if begun is not None:
            ways.insert(0, partial(_draft_in, begun))
        elif before is not None and not anew and before.plan.shares_with(plan):
            ways.insert(0, partial(self._copy, self.folder / before.generation, plan))
        return [partial(_closed_at_the_end, make) for make in ways]

    def _empty(self, plan: Plan) -> FolderDraft:
        return _draft_in(generations.fresh(self.folder, plan))

    def _copy(self, source: Path, plan: Plan) -> FolderDraft:
        check_seal(source, wholly=True)
        known = RecordDigests.load(source)
        folder = generations.copied(source, self.folder, plan)
        return FolderDraft(folder, ChromaStore.in_folder(folder), is_copy=True, known=known)

    def finish(self, draft: Draft, changed: bool, before: IndexState | None) -> str:
        """Clean the files and see that they are on disk; nothing of a copy that is the same."""
        assert isinstance(draft, FolderDraft)
        if draft.is_copy and not changed and before is not None:
            return before.generation
        if draft.removed or not draft.is_copy:  # what was begun may hold removed things too
            reclaim(draft.folder)
        blank_spare_room(draft.folder)
        RecordDigests(draft.digests).save(draft.folder)
        seal(draft.folder)
        generations.sync(draft.folder)
        return draft.generation

    def put_in_force(self, state: IndexState) -> None:
        """Replace the file of the state."""
        write_atomic(self.folder / STATE_NAME, state.to_json() + "\n")

    def remove_others(self, state: IndexState | None) -> None:
        """Remove the other folders."""
        generations.remove_others(self.folder, None if state is None else state.generation)


def _draft_in(folder: Path) -> FolderDraft:
    return FolderDraft(folder, ChromaStore.in_folder(folder), is_copy=False)


@contextmanager
def _closed_at_the_end(make: Callable[[], FolderDraft]) -> Iterator[Draft]:
    draft = make()
    try:
        yield draft
    finally:
        draft.store.close()
