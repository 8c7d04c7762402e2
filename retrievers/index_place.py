"""Where an index is: what a folder and a server must be able to do for it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from recx_agent.retrievers.chroma_store import ChromaStore
from recx_agent.retrievers.index_plan import Part, Plan
from recx_agent.retrievers.index_state import IndexState


class Draft(Protocol):
    """A generation that is being made; nobody reads from it."""

    @property
    def generation(self) -> str:
        """Its name."""
        ...

    @property
    def store(self) -> ChromaStore:
        """Its collections."""
        ...

    def existing(self, part: Part) -> str | None:
        """A collection that may hold some of a part, and that may be added to."""
        ...

    def renewed(self, part: Part) -> str:
        """The name of a collection that holds nothing of a part yet."""
        ...

    def held(self, name: str) -> NDArray[np.uint64] | None:
        """Digests of the records that a collection holds; ``None`` if it has to be read."""
        ...

    def note(self, name: str, digests: NDArray[np.uint64]) -> None:
        """Note what a collection holds now."""
        ...

    def keep_only(self, parts: Collection[Part]) -> bool:
        """Forget all other collections; tell whether there were any."""
        ...

    def rest(self) -> None:
        """Let go of what Chroma keeps in memory of the collections that are done."""
        ...

    def check(self) -> None:
        """See that one may still write.

        Raises
        ------
        WriteLocked
            Somebody else took over meanwhile.
        """
        ...


class IndexPlace(Protocol):
    """A folder, or a database on a server, that one index is in."""

    @property
    def where(self) -> str:
        """What messages call it."""
        ...

    def state(self) -> IndexState | None:
        """What is in force, ``None`` if nothing is.

        Raises
        ------
        StoreDamaged, IndexUnreachable
        """
        ...

    def stamp(self) -> object:
        """Something that changes with the state, as far as that can be seen at no cost."""
        ...

    def open(self, state: IndexState) -> ChromaStore:
        """Open the generation in force for reading.

        Raises
        ------
        StoreDamaged, IndexUnreachable
        """
        ...

    def writing(self) -> AbstractContextManager[None]:
        """Be the only one who writes.

        Raises
        ------
        WriteLocked
            Somebody else is.
        """
        ...

    def claim(self, before: IndexState | None, *, anew: bool) -> str:
        """See that the index in force is this workspace's, or take it over if made anew.

        Returns
        -------
        str
            What the workspace is known by, for :attr:`IndexState.owner`.

        Raises
        ------
        EvidenceIndexError
            It is another one's.
        """
        ...

    def drafts(
        self, plan: Plan, before: IndexState | None, *, anew: bool
    ) -> Sequence[Callable[[], AbstractContextManager[Draft]]]:
        """Ways to begin, the one that writes least first and an empty one last.

        Parameters
        ----------
        plan : Plan
            What is to be made.
        before : IndexState or None
            What is in force, and stays so meanwhile.
        anew : bool
            Whether to begin with nothing.
        """
        ...

    def finish(self, draft: Draft, changed: bool, before: IndexState | None) -> str:
        """Make a filled draft fit to be put in force; returns the generation's name."""
        ...

    def put_in_force(self, state: IndexState) -> None:
        """Put a generation in force, in one step."""
        ...

    def remove_others(self, state: IndexState | None) -> None:
        """Remove everything of this index that ``state`` does not name."""
        ...
