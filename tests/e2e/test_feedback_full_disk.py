"""No room on the disk: feedback and new events are kept whole or not at all, and it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from recx_agent import Recx
from tests.e2e.bad_input.place import (
    EVENT_COLUMNS,
    WORKSPACE,
    Told,
    copy_of,
    fitted_place,
    recx,
    write_csv,
)
from tests.e2e.small_disk import can_mount
from tests.e2e.test_full_disk import Full, full

MORE = "more.csv"
ROWS = 600
ADD = ("events", "add", MORE)
SAY = ("feedback", "add", "u0", "exclude", "Western 1")
MEANS = [("file-size", size) for size in (0, 5_000, 40_000)]
MEANS += [("tmpfs", size) for size in (0, 8_192, 40_960) if can_mount()]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fitted workspace, and more events than there will be room for."""
    place = fitted_place(tmp_path_factory.mktemp("full") / "base")
    rows = [(f"new{n % 3}", f"i{n % 20}", 5, 2_000_000 + n) for n in range(ROWS)]
    write_csv(place / MORE, EVENT_COLUMNS, rows)
    return place


def kept(place: Path) -> int:
    with Recx.open(place / WORKSPACE) as opened:
        return sum(len(opened._store.events(f"new{n}")) for n in range(3))


@pytest.mark.parametrize(("means", "size"), MEANS)
def test_events_are_all_kept_or_none(means: str, size: int, base: Path, tmp_path: Path) -> None:
    with full(base, tmp_path, means, size) as disk:
        told = recx(disk.place, ADD, limits=disk.limits)
        assert_told_and_answering(told, disk)
        disk.room()
        assert kept(disk.place) == 0
        again = recx(disk.place, ADD)
        assert (again.code, again.out) == (0, f"{ROWS} events of 3 users added\n"), again.err
        assert kept(disk.place) == ROWS


@pytest.mark.parametrize("size", [0, 45_000])
def test_what_was_said_before_is_still_there(size: int, base: Path, tmp_path: Path) -> None:
    place = copy_of(base, tmp_path / "begun")
    assert recx(place, SAY).code == 0
    with full(place, tmp_path / "limited", "file-size", size) as disk:
        assert_told_and_answering(recx(disk.place, ADD, limits=disk.limits), disk)
        assert kept(disk.place) == 0
        assert "Western 1" in recx(disk.place, ("feedback", "list", "u0")).out
        assert recx(disk.place, ADD).code == 0
        assert kept(disk.place) == ROWS


def assert_told_and_answering(told: Told, disk: Full) -> None:
    assert told.code == 4, told.err
    assert "users.sqlite3: " in told.err
    assert "disk is full" in told.err or "ulimit -f" in told.err
    assert "Traceback" not in told.err
    assert recx(disk.place, ("recommend", "u0"), limits=disk.limits).code == 0
    assert recx(disk.place, ("recommend", "new0"), limits=disk.limits).code == 3
