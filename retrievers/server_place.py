"""An index on a Chroma server.

What is in force is told by the metadata of one collection on the server itself, and not
by a file in the workspace: several machines may read one server, and all of them must see
a new generation at the same moment. Its other collections are named by index, kind,
model or embedder, generation and shard.

A server cannot copy a collection, so a generation takes over the collections of the one
before that are still right. New events are added to them in place: who reads asks for
events by id, so what is there too early is not seen. A collection that holds anything
wrong, such as an event that was erased, is written anew under the new generation's name,
and the old one is removed when it is in force no more.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recx_agent.artefacts import write_atomic
from recx_agent.errors import EvidenceIndexError
from recx_agent.retrievers import generations
from recx_agent.retrievers.chroma_client import Server
from recx_agent.retrievers.chroma_faults import CollectionGone, StoreDamaged
from recx_agent.retrievers.chroma_store import ChromaStore
from recx_agent.retrievers.generations import STATE_NAME
from recx_agent.retrievers.index_place import Draft
from recx_agent.retrievers.index_plan import Part, Plan
from recx_agent.retrievers.index_state import IndexState
from recx_agent.retrievers.server_lease import ServerLease
from recx_agent.write_lock import write_lock

OWNER_NAME = "index.owner"
"""File in the workspace's folder: by what the server knows the workspace."""


@dataclass
class ServerDraft:
    """Collections that are named by no state yet.

    Attributes
    ----------
    generation : str
    store : ChromaStore
    prefix : str
        What the index's collections are called first.
    before : IndexState or None
        Whose collections may be taken over.
    lease : ServerLease
    """

    generation: str
    store: ChromaStore
    prefix: str
    before: IndexState | None
    lease: ServerLease

    def __post_init__(self) -> None:
        self._present = self.store.names(self.prefix)

    def existing(self, part: Part) -> str | None:
        """What was begun under this generation's name, else the collection in force."""
        own = self._own(part)
        if own in self._present:
            return own
        if self.before is None or not self.before.plan.has(part):
            return None
        taken = self.before.parts.get(part.key)
        return taken.name if taken is not None and taken.name in self._present else None

    def renewed(self, part: Part) -> str:
        """A collection under this generation's name."""
        own = self._own(part)
        self.store.drop(own)
        self._present.discard(own)
        return own

    def held(self, name: str) -> None:
        """Nothing is known without asking: others write on the server too."""

    def note(self, name: str, digests: NDArray[np.uint64]) -> None:
        """Nothing is kept."""

    def keep_only(self, parts: Collection[Part]) -> bool:
        """Tell whether the generation in force has others; they are removed later."""
        kept = {part.key for part in parts}
        return self.before is not None and not kept >= self.before.parts.keys()

    def rest(self) -> None:
        """Nothing to do: it is the server's memory."""

    def check(self) -> None:
        """See that the lease is still held."""
        self.lease.check()

    def _own(self, part: Part) -> str:
        return part.collection(self.prefix, self.generation)


class ServerPlace:
    """An index on a server; see :class:`~recx_agent.retrievers.index_place.IndexPlace`.

    Parameters
    ----------
    server : Server
    name : str
        First part of every collection's name.
    folder : Path
        The workspace's folder for evidence: the local lock, and what the workspace is
        known by.
    """

    def __init__(self, server: Server, name: str, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self._name = name
        self._prefix = f"{name}."
        self._index = f"{self._prefix}index"
        self._store: ChromaStore | None = None
        self._lease: ServerLease | None = None

    @property
    def where(self) -> str:
        """The server and the index's name there."""
        return f"{self.server.url}, index {self._name!r}"

    def state(self) -> IndexState | None:
        """Ask the server for the state in force."""
        text = self._notes().get("state")
        return None if text is None else IndexState.from_json(text)

    def stamp(self) -> object:
        """Nothing: a server would have to be asked."""
        return None

    def open(self, state: IndexState) -> ChromaStore:
        """Connect; see that the collections are there."""
        store = ChromaStore.on_server(self.server)
        try:
            lost = {part.name for part in state.parts.values()} - store.names(self._prefix)
            if lost:
                raise StoreDamaged(f"{len(lost)} of {len(state.parts)} collections are missing")
        except BaseException:
            store.close()
            raise
        return store

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the workspace's lock, and the lease on the server."""
        with write_lock(self.folder), ChromaStore.on_server(self.server) as store:
            lease = ServerLease(store, f"{self._prefix}lock")
            with lease.held():
                self._store, self._lease = store, lease
                try:
                    yield
                finally:
                    self._store = self._lease = None

    def claim(self, before: IndexState | None, *, anew: bool) -> str:
        """See that the index is this workspace's; copies of a workspace are one."""
        own = self._owner()
        if before is not None and before.owner != own and not anew:
            raise EvidenceIndexError(
                f"{self.where}: this index is another workspace's; give this one's a name of its "
                "own (retriever.index_name), or take it over with 'recx index --rebuild'"
            )
        return own

    def drafts(
        self, plan: Plan, before: IndexState | None, *, anew: bool
    ) -> Sequence[Callable[[], AbstractContextManager[Draft]]]:
        """Go on with what was begun and is in force; if that fails, begin with nothing."""
        usable = None if anew else before
        with_nothing = partial(self._draft, plan, before, None, False)
        if anew:
            return [with_nothing]
        return [partial(self._draft, plan, before, usable, True), with_nothing]

    @contextmanager
    def _draft(
        self, plan: Plan, in_force: IndexState | None, usable: IndexState | None, go_on: bool
    ) -> Iterator[Draft]:
        store, lease = self._writing()
        generation = (self._begun(plan) if go_on else None) or uuid.uuid4().hex[:12]
        self._note(begun=json.dumps({"generation": generation, "plan": asdict(plan)}))
        self._drop_others(in_force, generation)
        yield ServerDraft(generation, store, self._prefix, usable, lease)

    def finish(self, draft: Draft, changed: bool, before: IndexState | None) -> str:
        """Nothing to do: the server has written everything."""
        return before.generation if before is not None and not changed else draft.generation

    def put_in_force(self, state: IndexState) -> None:
        """Replace the metadata of the index's own collection."""
        _, lease = self._writing()
        lease.renew()
        self._note(state=state.to_json(), begun="")

    def remove_others(self, state: IndexState | None) -> None:
        """Remove all other collections of this index, and what was embedded before."""
        self._drop_others(state, "")
        if state is not None:
            (self.folder / STATE_NAME).unlink(missing_ok=True)
            generations.remove_others(self.folder)

    def _drop_others(self, in_force: IndexState | None, generation: str) -> None:
        store, _ = self._writing()
        kept = {self._index, f"{self._prefix}lock"}
        if in_force is not None:
            kept |= {part.name for part in in_force.parts.values()}
        for name in sorted(store.names(self._prefix) - kept):
            if not generation or f"-{generation}-" not in name:
                store.drop(name)

    def _begun(self, plan: Plan) -> str | None:
        """The generation that an interrupted build of the same plan was making."""
        try:
            begun = json.loads(self._notes().get("begun") or "{}")
        except ValueError:
            return None
        return str(begun["generation"]) if begun.get("plan") == asdict(plan) else None

    def _notes(self) -> Mapping[str, str]:
        try:
            with self._connected() as store, store.client() as client:
                found = client.get_collection(self._index, embedding_function=None)
        except CollectionGone:
            return {}
        return {key: str(value) for key, value in (found.metadata or {}).items()}

    def _note(self, **notes: str) -> None:
        """Note what is begun, or put a state in force; the other note stays as it is."""
        store, _ = self._writing()
        with store.client() as client:
            found = client.get_or_create_collection(self._index, embedding_function=None)
            found.modify(metadata={**(found.metadata or {}), **notes})

    @contextmanager
    def _connected(self) -> Iterator[ChromaStore]:
        if self._store is not None:
            yield self._store
            return
        with ChromaStore.on_server(self.server) as store:
            yield store

    def _writing(self) -> tuple[ChromaStore, ServerLease]:
        assert self._store is not None and self._lease is not None, "writing() is not held"
        return self._store, self._lease

    def _owner(self) -> str:
        path = self.folder / OWNER_NAME
        try:
            return path.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            owner = uuid.uuid4().hex
            write_atomic(path, owner + "\n")
            return owner
