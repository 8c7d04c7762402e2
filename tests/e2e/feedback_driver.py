"""Says and does things one after the other, and kills itself at the n-th step of the store.

``python feedback_driver.py WORKSPACE URL SCHEMA AT``; with ``-`` for URL the store is a file,
with 0 for AT it goes through. It prints each thing once it is kept, and at the end how many
steps there were.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from steps import Steps  # type: ignore[import-not-found]

from recx_agent.datasets.added import AddedEvent
from recx_agent.stores import SqlUserStore

THINGS = 8
ROWS = 25
"""Events that are added at once."""


def main(workspace: str, url: str, schema: str, at: str) -> None:
    steps = Steps(int(at))
    steps.watch("before_cursor_execute", "after_cursor_execute", "commit")
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
