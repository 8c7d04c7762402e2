"""Forgets a user, and kills itself at the n-th thing it does to the disk.

``python erasure_driver.py WORKSPACE USER AT``; with 0 for AT it goes through and prints how
many such things there were.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from erasure_world import tiny_embedder  # type: ignore[import-not-found]
from sqlalchemy import Engine, event

from recx_agent.erasure import forget
from recx_agent.retrievers.chroma_store import ChromaStore

CHANGING = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.truncate"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Steps:
    """Counts, and ends everything at the n-th step without a word."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.done = 0

    def step(self, *_: object, **__: object) -> None:
        self.done += 1
        if self.done == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(self, name: str, arguments: tuple[Any, ...]) -> None:
        if name in CHANGING or (name == "open" and arguments[2] & WRITING):
            self.step()

    def around(self, owner: type, name: str) -> None:
        """Count a step before and after a method."""
        method = getattr(owner, name)

        def wrapped(*arguments: Any, **named: Any) -> Any:
            self.step()
            result = method(*arguments, **named)
            self.step()
            return result

        setattr(owner, name, wrapped)


def main(workspace: str, user: str, at: str) -> None:
    steps = Steps(int(at))
    for name in ("add", "drop"):
        steps.around(ChromaStore, name)
    for moment in ("before_cursor_execute", "commit"):
        event.listen(Engine, moment, steps.step)
    sys.addaudithook(steps.audit)
    with tiny_embedder():
        forget(workspace, user)
    print(steps.done)


if __name__ == "__main__":
    main(*sys.argv[1:])
