"""Ways to damage what was saved, or to keep it from being written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from recx_agent.write_lock import write_lock
from tests.e2e.bad_input.case import Make, changed, half, one_bit_flipped

WORKSPACE = "workspace"


def cut(name: str) -> Make:
    return changed(name, half)


def flipped(name: str) -> Make:
    return changed(name, one_bit_flipped)


def blanked(name: str) -> Make:
    return changed(name, lambda data: bytes(len(data)))


def of_the_future(name: str) -> Make:
    return changed(name, lambda data: data.replace(b'"format_version": ', b'"format_version": 99'))


def locked(folder: str) -> Make:
    """Hold a write lock, as another process does."""

    def make(place: Path) -> Callable[[], object]:
        held = write_lock(place / folder)
        held.__enter__()
        return lambda: held.__exit__(None, None, None)

    return make


def may_not_be_written(place: Path) -> None:
    for path in [*(place / WORKSPACE).rglob("*"), place / WORKSPACE]:
        path.chmod(0o555 if path.is_dir() else 0o444)
