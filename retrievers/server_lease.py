"""One writer at a time for an index on a server, whichever machine it writes from.

The lease is a collection of its own: a server makes a collection of one name once, so who
has made it holds the lease. Its metadata say who that is and when he was last there, by
the server's own clock. It ends when the holder lets it go. It is taken over when it is
certain that the holder is gone: a process of this machine that has ended, or one that has
not been there for ``LEASE_SECONDS``, in which it would have said so six times.

A holder that was only held up (a suspended machine) finds out before it writes on, and
before it puts anything in force.
"""

from __future__ import annotations

import json
import os
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from recx_agent.errors import IndexUnreachable, WriteLocked
from recx_agent.retrievers.chroma_faults import CollectionGone, StoreDamaged
from recx_agent.retrievers.chroma_store import ChromaStore

LEASE_SECONDS = 120.0
RENEWED_EVERY = LEASE_SECONDS / 6

_held: set[str] = set()
"""Tokens of the leases that this process holds."""


@dataclass(frozen=True)
class Holder:
    """A process that may write.

    Attributes
    ----------
    token : str
        Of this lease alone.
    host : str
        Name of the machine, for messages.
    process : int
        Its number there.
    place : str
        What process numbers are told apart by: this start of the machine, and the
        namespace (container) that the number is of.
    started : str
        When the process started, in the kernel's ticks: numbers are given again.
    """

    token: str
    host: str
    process: int
    place: str
    started: str

    @classmethod
    def of_this_process(cls) -> Holder:
        """Make a holder with a token of its own."""
        return cls(
            uuid.uuid4().hex, socket.gethostname(), os.getpid(), _place(), _started(os.getpid())
        )

    def is_gone(self) -> bool:
        """Whether it is certain, without asking the server, that it writes no more."""
        if not self.place or self.place != _place():
            return False  # another machine: that cannot be seen from here
        if self.process == os.getpid() and self.started == _started(os.getpid()):
            return self.token not in _held
        return self.started != _started(self.process)


class ServerLease:
    """The right to write to an index on a server.

    Parameters
    ----------
    store : ChromaStore
        A connection to the server.
    name : str
        Name of the collection that is the lease.
    """

    def __init__(self, store: ChromaStore, name: str) -> None:
        self._store = store
        self._name = name
        self._holder = Holder.of_this_process()
        self._collection: Any = None
        self._lost = threading.Event()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lease, and renew it in the background.

        Raises
        ------
        WriteLocked
            Somebody else holds it.
        """
        self._take()
        _held.add(self._holder.token)
        over = threading.Event()
        renewing = threading.Thread(target=self._renew_until, args=(over,), daemon=True)
        renewing.start()
        try:
            yield
        finally:
            over.set()
            renewing.join()
            _held.discard(self._holder.token)
            self._let_go()

    def check(self) -> None:
        """See that the lease is still held.

        Raises
        ------
        WriteLocked
            Somebody else took it over.
        """
        if self._lost.is_set():
            raise WriteLocked(self._where, "another process, which took over,")

    def renew(self) -> None:
        """Say that one is still there.

        Raises
        ------
        WriteLocked
            Somebody else took it over.
        IndexUnreachable
        """
        try:
            with self._store.client() as client:
                self._collection.modify(metadata=self._metadata(client.heartbeat()))
        except StoreDamaged:
            self._lost.set()
        self.check()

    @property
    def _where(self) -> str:
        return f"{self._store.url}, {self._name}"

    def _metadata(self, now: int) -> dict[str, str]:
        return {"holder": json.dumps(asdict(self._holder)), "seen": str(now)}

    def _take(self) -> None:
        for _ in range(2):
            if self._make():
                return
            self._remove_if_stale()
        if not self._make():
            raise WriteLocked(self._where, "another process")

    def _make(self) -> bool:
        """Make the collection; ``False`` if there is one already."""
        try:
            with self._store.client() as client:
                self._collection = client.create_collection(
                    self._name,
                    metadata=self._metadata(client.heartbeat()),
                    embedding_function=None,
                )
        except StoreDamaged:
            if self._name in self._store.names(self._name):
                return False
            raise
        return True

    def _remove_if_stale(self) -> None:
        try:
            with self._store.client() as client:
                found = client.get_collection(self._name, embedding_function=None)
                now = client.heartbeat()
        except CollectionGone:
            return  # it was let go this moment
        holder, silent = _read(found.metadata, now)
        if silent < LEASE_SECONDS and (holder is None or not holder.is_gone()):
            who = f"process {holder.process} on {holder.host}" if holder else "another process"
            raise WriteLocked(self._where, f"{who}, last seen {silent:.0f} s ago,")
        self._remove(found)

    def _remove(self, collection: Any) -> None:
        """Remove just this collection, and not one that took its name meanwhile."""
        aside = f"{self._name}-{uuid.uuid4().hex}"
        try:
            with self._store.client():
                collection.modify(name=aside)
        except CollectionGone:
            return
        self._store.drop(aside)

    def _renew_until(self, over: threading.Event) -> None:
        while not over.wait(RENEWED_EVERY):
            try:
                self.renew()
            except WriteLocked:
                return
            except IndexUnreachable:
                continue  # whoever writes will be told; it may be back before the lease ends

    def _let_go(self) -> None:
        try:
            self._remove(self._collection)
        except (IndexUnreachable, StoreDamaged):
            pass  # the next one finds that it is of a process that holds nothing any more


def _read(metadata: Any, now: int) -> tuple[Holder | None, float]:
    """Who holds a lease, ``None`` if that is not told, and seconds since he was there.

    A lease that does not tell when is of nobody.
    """
    told = metadata or {}
    try:
        silent = max(0.0, (now - int(told["seen"])) / 1e9)
    except (KeyError, TypeError, ValueError):
        return None, LEASE_SECONDS
    try:
        return Holder(**json.loads(told["holder"])), silent
    except (KeyError, TypeError, ValueError):
        return None, silent


def _place() -> str:
    try:
        start = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{start} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return ""


def _started(process: int) -> str:
    """When a process started, empty if none of that number runs."""
    try:
        told = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    # The name, in brackets, may hold anything; of what is behind it the first is the state,
    # and the 20th the start.
    fields = told.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[19]
