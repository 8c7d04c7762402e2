"""Says and does things one after the other, and kills itself at the n-th step of the store.

``python feedback_driver.py WORKSPACE URL SCHEMA AT``; with ``-`` for URL the store is a file,
with 0 for AT it goes through. It prints each thing once it is kept, and at the end how many
steps there were.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from sqlalchemy import Engine, event

from recx_agent.datasets.added import AddedEvent
from recx_agent.stores import SqlUserStore

CHANGING = {"os.rename", "os.remove", "os.mkdir", "os.truncate"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
THINGS = 8
ROWS = 25
"""Events that are added at once."""


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


def main(workspace: str, url: str, schema: str, at: str) -> None:
    steps = Steps(int(at))
    for moment in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(Engine, moment, steps.step)
    sys.addaudithook(steps.audit)
    store = SqlUserStore(workspace, None if url == "-" else url, schema)
    for thing in range(THINGS):
        store.give("ann", "mute", "item", f"i{thing}")
        print(f"said {thing}", flush=True)
        rows = [AddedEvent(f"i{n}", "watch", time=thing, text=f"{thing}") for n in range(ROWS)]
        store.add_events({"ann": rows, "bob": rows[:1]})
        print(f"did {thing}", flush=True)
    store.close()
    print(steps.done)


if __name__ == "__main__":
    main(*sys.argv[1:])
