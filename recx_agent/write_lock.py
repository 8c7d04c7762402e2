"""One writer at a time: two would spoil a workspace or an embedded index."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from recx_agent.errors import WriteFailed, WriteLocked

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
    WriteFailed
        There is no room or no permission even for that.
    """
    # Not the lock file itself: whoever tries to take the lock empties that one.
    holder = folder / HOLDER_NAME
    lock = FileLock(folder / LOCK_NAME)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise WriteLocked(folder / LOCK_NAME, _named(holder)) from None
    except OSError as error:
        raise WriteFailed(folder / LOCK_NAME, error) from error
    try:
        _say_who(holder)
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _say_who(holder: Path) -> None:
    try:
        holder.write_text(f"{os.getpid()} {socket.gethostname()}", encoding="utf-8")
    except OSError as error:
        raise WriteFailed(holder, error) from error


def _named(holder: Path) -> str:
    try:
        process, _, host = holder.read_text(encoding="utf-8").partition(" ")
        # A folder that machines share: the number alone would be looked for in vain.
        elsewhere = f" on {host}" if host and host != socket.gethostname() else ""
        return f"process {int(process)}{elsewhere}"
    except (OSError, ValueError):  # it has the lock, but did not come to say so yet
        return "another process"
