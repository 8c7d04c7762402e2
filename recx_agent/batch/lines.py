"""JSON Lines that survive a kill: whole lines alone, each pair once."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from recx_agent.errors import UsageError, WriteFailed

Key = tuple[str, str]
"""User and item; the item is as it was given where it led to an error, and may be empty."""

_CHUNK = 64
_SECONDS = 1.0


def key_of(line: dict[str, Any]) -> Key:
    """The pair of a line."""
    item = line["item"]["item_id"] if "item" in line else line["item_id"]
    return line["user_id"], item or ""


class Lines:
    """Appends lines, on disk at latest a second or 64 lines later.

    Parameters
    ----------
    path : Path
        A last line that was cut off by a kill is removed.

    Raises
    ------
    UsageError
        The file holds something else.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.done: set[Key] = set()
        self._waiting: list[str] = []
        self._written = time.monotonic()
        if path.exists():
            self._take_up()

    def add(self, key: Key, text: str) -> None:
        """Add a line of JSON without a line break; of a pair that is there already, nothing."""
        if key in self.done:
            return
        self.done.add(key)
        self._waiting.append(text)
        if len(self._waiting) >= _CHUNK or time.monotonic() - self._written >= _SECONDS:
            self.flush()

    def flush(self) -> None:
        """See that everything is on disk.

        Raises
        ------
        WriteFailed
            There is no room.
        """
        waiting, self._waiting = self._waiting, []
        self._written = time.monotonic()
        if not waiting:
            return
        try:
            with self.path.open("ab") as handle:
                handle.write("".join(f"{line}\n" for line in waiting).encode())
                handle.flush()
                os.fsync(handle.fileno())
        except OSError as error:
            raise WriteFailed(self.path, error) from error

    def _take_up(self) -> None:
        whole = self.path.read_bytes()
        kept = whole[: whole.rfind(b"\n") + 1]
        for number, line in enumerate(kept.splitlines(), start=1):
            try:
                self.done.add(key_of(json.loads(line)))
            except (ValueError, KeyError, TypeError) as error:
                raise UsageError(
                    f"{self.path}, line {number}: this is no line of 'recx explain-batch'; "
                    "give another --out"
                ) from error
        if len(kept) < len(whole):
            with self.path.open("r+b") as handle:
                handle.truncate(len(kept))
