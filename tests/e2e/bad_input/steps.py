"""Counts the steps of a command, and ends it by SIGKILL at one of them, or right behind it.

A step is a change of a file or folder below the current one, or a report of progress (an
epoch, a batch). What comes right behind it is often native code, such as Chroma's or
LightFM's, which is then cut off wherever it is.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHANGES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.truncate"}


class Steps:
    """Counts, and kills when it is time.

    Parameters
    ----------
    last : int
        The step at which the process ends; 0: none.
    behind : bool
        Whether it goes on meanwhile.
    """

    def __init__(self, last: int, behind: bool = False) -> None:
        self._last = last
        self._behind = behind
        self._here = str(Path.cwd())
        self._lock = threading.Lock()
        self.count = 0
        self.renames: list[int] = []

    def step(self, event: str = "") -> None:
        """Count one."""
        with self._lock:
            self.count += 1
            if event == "os.rename":
                self.renames.append(self.count)
            if self.count != self._last:
                return
        if self._behind:
            threading.Thread(target=_kill).start()
        else:
            _kill()

    def watch(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Count what Python tells of its changes of files (``sys.addaudithook``)."""
        changes = event in CHANGES or (
            event == "open" and bool(arguments[2] & (os.O_WRONLY | os.O_RDWR))
        )
        if changes and isinstance(arguments[0], str | os.PathLike):
            path = os.path.abspath(os.fspath(arguments[0]))
            if str(path).startswith(self._here):
                self.step(event)

    @contextmanager
    def progress(self) -> Iterator[Any]:
        """Take the place of the bar that shows progress."""
        yield lambda stage, done, total: self.step()


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def count_steps(last: int, behind: bool = False) -> Steps:
    """Count the steps of this process from now on, and end it at the last one."""
    steps = Steps(last, behind)
    for name, module in list(sys.modules.items()):
        if name.startswith("recx_agent.cli.") and hasattr(module, "progress_bar"):
            module.progress_bar = steps.progress  # type: ignore[attr-defined]
    sys.addaudithook(steps.watch)
    return steps
