"""One writer at a time: two would spoil a workspace or an embedded index."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from recx_agent.errors import WriteLocked

LOCK_NAME = "write.lock"
HOLDER_NAME = "write.holder"


@contextmanager
def write_lock(folder: Path) -> Iterator[None]:
    """Hold the write lock of a folder; it is let go when the process ends, however it ends.

    Raises
    ------
    WriteLocked
        Another process, or another thread of this one, holds it. It is named; nothing
        is waited for.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # Not the lock file itself: whoever tries to take the lock empties that one.
    holder = folder / HOLDER_NAME
    lock = FileLock(folder / LOCK_NAME)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise WriteLocked(folder / LOCK_NAME, _named(holder)) from None
    try:
        holder.write_text(str(os.getpid()), encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _named(holder: Path) -> str:
    try:
        return f"process {int(holder.read_text(encoding='utf-8'))}"
    except (OSError, ValueError):  # it has the lock, but did not come to say so yet
        return "another process"
