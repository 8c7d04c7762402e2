"""What everything that takes long is given."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called as ``progress(stage, done, total)`` by everything that takes long."""


def no_progress(stage: str, done: int, total: int) -> None:
    """Show nothing."""
