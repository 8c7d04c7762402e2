"""Finished work, one JSON line each, so that nothing is computed twice."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

from recx_agent.protocols import Progress, no_progress

Pulse = Callable[[], None]
"""Called often by long work; raises :class:`Stopped` when the work is no longer wanted."""


class Stopped(Exception):
    """Work was given up half-way because the whole run is ending."""


class Journal:
    """Records by key, appended as they come; safe against an interruption.

    Parameters
    ----------
    path : Path
        The file; made with its folder at the first record. A last line that was cut
        off by an interruption is dropped.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._records: dict[str, dict[str, Any]] = {}
        if path.exists():
            self._read()

    def _read(self) -> None:
        whole = self.path.read_bytes()
        kept = whole[: whole.rfind(b"\n") + 1]
        for line in kept.decode("utf-8", errors="replace").splitlines():
            try:
                record = json.loads(line)
                self._records[record["key"]] = record
            except (ValueError, KeyError, TypeError):
                continue
        if len(kept) < len(whole):
            with self.path.open("r+b") as handle:
                handle.truncate(len(kept))

    def __len__(self) -> int:
        return len(self._records)

    def get(self, key: str) -> dict[str, Any] | None:
        """Return the record of ``key``, or ``None`` if that is not done yet."""
        return self._records.get(key)

    def add(self, key: str, record: Mapping[str, Any]) -> None:
        """Append a record and see that it is on disk."""
        whole = {"key": key, **record}
        line = json.dumps(whole, ensure_ascii=False, allow_nan=False) + "\n"
        with self._lock:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as handle:
                handle.write(line)
                handle.flush()
                os.fsync(handle.fileno())
            # Read back from the line, so that a resumed run sees the very same figures.
            self._records[key] = json.loads(line)


def key_of(**parts: Any) -> str:
    """Say what was done, as a key: the parts as JSON, sorted by name."""
    return json.dumps(parts, sort_keys=True, ensure_ascii=False)


def work_off(
    journal: Journal,
    jobs: Mapping[str, Callable[[Pulse], Mapping[str, Any]]],
    *,
    threads: int = 2,
    stage: str = "jobs",
    progress: Progress = no_progress,
) -> list[dict[str, Any]]:
    """Do every job that the journal does not hold, some side by side.

    Parameters
    ----------
    journal : Journal
        Takes each record as soon as its job is done.
    jobs : mapping of key to callable
        Each gets a pulse to call now and then, and returns its record.
    threads, stage, progress
        See :func:`side_by_side`.

    Returns
    -------
    list of dict
        The records, in the order of ``jobs``.
    """

    def recorded(key: str) -> Callable[[Pulse], None]:
        return lambda pulse: journal.add(key, jobs[key](pulse))

    missing = [recorded(key) for key in jobs if journal.get(key) is None]
    done = len(jobs) - len(missing)
    side_by_side(missing, threads=threads, stage=stage, progress=progress, done=done)
    return [record for key in jobs if (record := journal.get(key)) is not None]


def side_by_side(
    jobs: Sequence[Callable[[Pulse], None]],
    *,
    threads: int = 2,
    stage: str = "jobs",
    progress: Progress = no_progress,
    done: int = 0,
) -> None:
    """Run jobs on several threads; the first failure stops the others and is raised.

    Parameters
    ----------
    jobs : sequence of callables
        Each gets a pulse to call now and then.
    threads : int
        Jobs side by side.
    stage : str
        Name given to ``progress``.
    progress : callable
    done : int
        Jobs of this stage that were done before.
    """
    stop = threading.Event()
    lock = threading.Lock()
    total = done + len(jobs)
    progress(stage, done, total)

    def pulse() -> None:
        if stop.is_set():
            raise Stopped

    def run(job: Callable[[Pulse], None]) -> None:
        nonlocal done
        pulse()
        job(pulse)
        with lock:
            done += 1
            progress(stage, done, total)

    with ThreadPoolExecutor(max(1, threads)) as pool:
        futures = [pool.submit(run, job) for job in jobs]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
            for future in futures:
                if future.done():
                    future.result()
        except BaseException:
            stop.set()
            pool.shutdown(cancel_futures=True)
            raise
