"""Keeps texts and records in a thread of its own: an answer never waits for the disk."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable

from recx_agent.errors import RecxError
from recx_agent.protocols import AuditLog, TextCache
from recx_agent.schemas import AuditRecord

_log = logging.getLogger(__name__)


class Keeper:
    """The stores of a writer; either may be missing.

    A fault of theirs costs what was to be kept, and is told once.

    Parameters
    ----------
    cache : TextCache or None
    audit : AuditLog or None
    """

    def __init__(self, cache: TextCache | None, audit: AuditLog | None) -> None:
        self._cache = cache
        self._audit = audit
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._told = False

    def text(self, key: str) -> str | None:
        """What was kept under the key."""
        return None if self._cache is None else self._cache.get(key)

    def keep_text(self, key: str, user_id: str, text: str) -> None:
        """Keep a text, soon."""
        cache = self._cache
        if cache is not None:
            self._later(lambda: cache.put(key, user_id, text))

    def keep_record(
        self, make: Callable[[], AuditRecord], unless: tuple[str, str] | None = None
    ) -> None:
        """Make and keep a record, soon.

        Parameters
        ----------
        make : callable
        unless : (str, str), optional
            Id and text of the record: nothing is done where there is one of that text already,
            which says how it first came about.
        """
        audit = self._audit
        if audit is None:
            return

        def put() -> None:
            if unless is None or audit.text(unless[0]) != unless[1]:
                audit.put(make())

        self._later(put)

    def flush(self) -> None:
        """Wait until everything is kept."""
        done = threading.Event()
        if self._thread is not None:
            self._later(done.set)
            done.wait()

    def close(self) -> None:
        """Keep what is left, and let go of the stores."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._jobs.put(None)
            thread.join()
        for store in (self._cache, self._audit):
            if store is not None:
                store.close()

    def _later(self, job: Callable[[], None]) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._work_off, name="recx-keeper", daemon=True
                )
                self._thread.start()
        self._jobs.put(job)

    def _work_off(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except RecxError as error:
                if not self._told:
                    self._told = True
                    _log.warning("how texts came about is not kept: %s", error)
