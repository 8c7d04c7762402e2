"""Keeps texts and records in a thread of its own: an answer never waits for the disk."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from contextvars import Context, copy_context
from dataclasses import dataclass

from recx_agent.errors import RecxError
from recx_agent.protocols import AuditLog, Keeping, TextCache
from recx_agent.schemas import AuditRecord
from recx_agent.watching import count

MOST_WAITING = 500
"""Texts and records that may wait for the disk: some seconds' worth of a busy server, and 30 MB
at most, since each holds what its text was written from."""

_CLOSING_SECONDS = 10.0  # a disk that works has taken all of them by then
_TEXTS, _RECORDS = "verified texts", "records of how texts came about"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Job:
    """What is to be kept, and the context of whoever asked for it: a server watches there."""

    what: str
    keep: Callable[[], None]
    context: Context


class Keeper:
    """The stores of a writer; either may be missing.

    A fault of theirs costs what was to be kept, and so does a disk that is slower than the
    answers: nobody waits, what is lost is counted, and each way of losing it is told once. So
    nothing may be given here that somebody was told is saved.

    Parameters
    ----------
    cache : TextCache or None
    audit : AuditLog or None
    """

    def __init__(self, cache: TextCache | None, audit: AuditLog | None) -> None:
        self._cache = cache
        self._audit = audit
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._waiting = self._lost = 0
        self._left_behind = False
        self._failing: set[str] = set()
        self._told: set[str] = set()

    @property
    def keeping(self) -> Keeping:
        """How it stands with what is to be kept."""
        with self._lock:
            if self._waiting >= MOST_WAITING:
                return Keeping("behind", self._waiting, self._lost)
            return Keeping("failing" if self._failing else "ok", self._waiting, self._lost)

    def text(self, key: str) -> str | None:
        """What was kept under the key."""
        return None if self._cache is None else self._cache.get(key)

    def keep_text(self, key: str, user_id: str, text: str) -> None:
        """Keep a text, soon."""
        cache = self._cache
        if cache is not None:
            self._later(_TEXTS, lambda: cache.put(key, user_id, text))

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

        self._later(_RECORDS, put)

    def flush(self) -> None:
        """Wait until everything that was taken is kept, or lost."""
        done = threading.Event()
        with self._lock:
            if self._thread is None:
                return
            self._waiting += 1
            self._jobs.put(_Job("", done.set, copy_context()))
        done.wait()

    def close(self) -> None:
        """Keep what is left, and let go of the stores.

        A disk that does not answer is not waited for: what is left is lost, and the stores stay
        in the hands of the thread that waits for it.
        """
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._jobs.put(None)
            thread.join(_CLOSING_SECONDS)
            if thread.is_alive():
                self._leave_behind()
                return
        for store in (self._cache, self._audit):
            if store is not None:
                store.close()

    def _later(self, what: str, keep: Callable[[], None]) -> None:
        with self._lock:
            taken = self._waiting < MOST_WAITING and not self._left_behind
            if taken:
                self._waiting += 1
                self._jobs.put(_Job(what, keep, copy_context()))
                self._start()
            else:
                self._lost += 1
        if not taken:
            count("not_kept", "behind")
            told = "%s wait for the disk already: texts and records beyond them are not kept"
            self._tell("behind", told, MOST_WAITING)

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work_off, name="recx-keeper", daemon=True)
            self._thread.start()

    def _work_off(self) -> None:
        while (job := self._jobs.get()) is not None:
            failure = _failure_of(job)
            with self._lock:
                self._waiting -= 1
                if failure is None:
                    self._failing.discard(job.what)
                else:
                    self._failing.add(job.what)
                    self._lost += 1
            if failure is not None:
                job.context.run(count, "not_kept", "failed")
                self._tell(job.what, "%s are not kept: %s", job.what, failure, failure=failure)

    def _leave_behind(self) -> None:
        with self._lock:
            self._left_behind = True
            left = self._waiting
            self._lost += left
        count("not_kept", "behind", left)
        _log.warning("the disk does not answer: %s texts and records are not kept", left)

    def _tell(self, of: str, words: str, *args: object, failure: Exception | None = None) -> None:
        with self._lock:
            known = of in self._told
            self._told.add(of)
        if not known:
            # A store's fault is said in its words; anything else is a fault of ours.
            ours = None if isinstance(failure, RecxError) else failure
            _log.warning(words, *args, exc_info=ours)


def _failure_of(job: _Job) -> Exception | None:
    try:
        job.context.run(job.keep)
    except Exception as failure:  # noqa: BLE001 - or the thread would end, and all keeping with it
        return failure
    return None
