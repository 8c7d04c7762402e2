"""Forgets a user, and kills itself at the n-th thing it does to the disk.

``python erasure_driver.py WORKSPACE USER AT``; with 0 for AT it goes through and prints how
many such things there were.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from erasure_world import tiny_embedder  # type: ignore[import-not-found]
from steps import Steps  # type: ignore[import-not-found]

from recx_agent.erasure import forget
from recx_agent.retrievers.chroma_store import ChromaStore


def main(workspace: str, user: str, at: str) -> None:
    steps = Steps(int(at))
    for name in ("add", "drop"):
        steps.around(ChromaStore, name)
    steps.watch("before_cursor_execute", "commit")
    with tiny_embedder():
        forget(workspace, user)
    print(steps.done)


if __name__ == "__main__":
    main(*sys.argv[1:])
