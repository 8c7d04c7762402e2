"""Who writes, what, and where to."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from recx_agent.errors.base import RecxError


class PromptError(RecxError):
    """A plan cannot be worded: an unknown claim, evidence or a field that is missing.

    Also raised for templates that lack a macro. Both are mistakes in a program, not in
    data.
    """


class WriteLocked(RecxError):
    """Another process holds the write lock.

    Parameters
    ----------
    path : str or Path
        The lock file.
    holder : str
        Who holds it, such as "process 4711".
    """

    exit_code = 4

    def __init__(self, path: str | Path, holder: str) -> None:
        self.path = str(path)
        self.holder = holder
        super().__init__(
            f"{path}: {holder} is writing here, and only one may at a time; "
            "wait until it ends, or stop it"
        )


class WriteFailed(RecxError):
    """Something could not be written; what was there before stays as it was.

    Parameters
    ----------
    path : str or Path
        The file or folder that was to come about.
    reason : OSError
        What the system said.
    """

    exit_code = 6

    REASONS: ClassVar[Mapping[int | None, str]] = {
        errno.ENOSPC: "the disk is full; make room",
        errno.EDQUOT: "the disk quota is used up; make room",
        errno.EFBIG: "a file would grow beyond the limit in force; raise it (see 'ulimit -f')",
        errno.EROFS: "the file system is read-only; write to another place",
        errno.EACCES: "there is no permission to write; change it, or write to another place",
        errno.EPERM: "there is no permission to write; change it, or write to another place",
        errno.EEXIST: "there is a file where a folder is needed; write to another place",
        errno.ENOTDIR: "there is a file where a folder is needed; write to another place",
    }
    """What is told, by the system's error number."""

    def __init__(self, path: str | Path, reason: OSError) -> None:
        self.path = str(path)
        self.reason = reason
        words = self.REASONS.get(reason.errno, f"cannot be written ({reason.strerror})")
        super().__init__(f"{path}: {words}; nothing was changed, and the same command can be run")
