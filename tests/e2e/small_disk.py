"""A place where writing fails, by means that the operating system really has.

``tmpfs``
    A file system of a few megabytes, filled up. It has to be mounted, which not every
    container lets even root do.
``file-size``
    A limit on how far a file may grow (``RLIMIT_FSIZE``), which everybody can set for his
    own processes. The system's error is another one, what becomes of the files is the same.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

SIZE = 24 * 2**20
FILLER = "filler"


@contextmanager
def mounted() -> Iterator[Path]:
    """Mount a small file system; ``PermissionError`` where that is not allowed."""
    folder = Path(tempfile.mkdtemp(prefix="recx-small-disk-"))
    options = ["-t", "tmpfs", "-o", f"size={SIZE}", "none", str(folder)]
    try:
        done = subprocess.run(["mount", *options], capture_output=True, text=True, check=False)
        if done.returncode:
            raise PermissionError(done.stderr.strip())
        try:
            yield folder
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
    except FileNotFoundError as error:
        raise PermissionError("there is no program 'mount'") from error
    finally:
        folder.rmdir()


@cache
def can_mount() -> bool:
    """Whether a file system can be mounted here."""
    try:
        with mounted():
            return True
    except PermissionError:
        return False


def free_bytes(folder: Path) -> int:
    """Bytes that can still be written."""
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


def fill(folder: Path, left: int) -> None:
    """Fill a file system up to so many bytes."""
    with (folder / FILLER).open("wb") as file:
        file.write(bytes(max(0, free_bytes(folder) - left)))


def make_room(folder: Path) -> None:
    """Take away what filled it."""
    (folder / FILLER).unlink()
