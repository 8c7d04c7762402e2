"""No room on the disk: told with the path, nothing lost, and it works once there is room again.

Two means, both real: a small file system that is filled up, and a limit on the size of files.
The first needs a mount, which some containers forbid; the second works everywhere, so every
command is tested in any case (see ``small_disk.py``).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.bad_input.place import (
    EVENT_COLUMNS,
    INTERACTIONS,
    ITEMS,
    WORKSPACE,
    content,
    copy_of,
    fitted_place,
    recx,
    write_csv,
)
from tests.e2e.small_disk import can_mount, fill, make_room, mounted

FIT = ("fit", "--interactions", INTERACTIONS, "--items", ITEMS, "--scale", "1:5")
MORE = "more.csv"
UPDATE = ("fit", "--update", "--interactions", MORE)
SPLIT = {"RECX_RETRIEVER__EVENTS_PER_COLLECTION": "30"}
"""An index of several collections, so that some are whole and others are not."""


@dataclass(frozen=True)
class Work:
    """A command that writes, and how little room makes it fail.

    Attributes
    ----------
    command : tuple of str
    left : tuple of int
        Bytes left on the file system.
    largest : tuple of int
        Bytes a file may have.
    without : str
        What of the workspace is removed first.
    """

    command: tuple[str, ...]
    left: tuple[int, ...]
    largest: tuple[int, ...]
    without: str = ""


WORK = {
    "fit": Work(FIT, (0, 16_384, 65_536), (0, 300, 1_500)),
    "update": Work((*UPDATE, "--epochs", "3"), (0, 16_384, 65_536), (0, 300, 1_500)),
    "update without training": Work((*UPDATE, "--epochs", "0"), (0, 16_384), (0, 300, 1_500)),
    "index": Work(("index", "--rebuild"), (0, 65_536, 524_288), (0, 5_000, 200_000)),
    "first index": Work(("index",), (0, 65_536, 524_288), (0, 5_000, 200_000), "evidence"),
}
FORGET = Work(("forget", "u3", "--yes"), (0, 8_192, 32_768, 131_072), (0, 5_000, 100_000))


@dataclass(frozen=True)
class Full:
    """A workspace on a disk without room.

    Attributes
    ----------
    place : Path
    limits : sequence of str
        What a command is put under, so that there is no room for it.
    room : callable
        Makes room again.
    """

    place: Path
    limits: Sequence[str]
    room: Callable[[], None]


@contextmanager
def full(base: Path, folder: Path, means: str, size: int, without: str = "") -> Iterator[Full]:
    """Copy a workspace to a disk, and take the room away."""
    with ExitStack() as stack:
        root = folder if means == "file-size" else stack.enter_context(mounted())
        place = copy_of(base, root / "place")
        if without:
            shutil.rmtree(place / WORKSPACE / without)
        if means == "file-size":
            yield Full(place, (f"file-size={size}",), lambda: None)
        else:
            fill(root, size)
            yield Full(place, (), lambda: make_room(root))


def means_of(work: Work) -> Iterator[tuple[str, int]]:
    """All the means there are here, with less and with more room."""
    for size in work.largest:
        yield "file-size", size
    for size in work.left if can_mount() else ():
        yield "tmpfs", size


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fitted and indexed workspace, and rows to add to it."""
    place = fitted_place(tmp_path_factory.mktemp("full") / "base")
    write_csv(place / MORE, EVENT_COLUMNS, [(f"u{u}", "i4", 5, 2_000_000) for u in range(1, 40, 2)])
    return place


def answers(place: Path) -> tuple[str, str, str]:
    """What a workspace says: a list, reasons for it, and the list of a user who may be new."""
    commands = (("recommend", "u0"), ("explain", "u0"), ("recommend", "u37"))
    told = [recx(place, command, SPLIT) for command in commands]
    return told[0].out, told[1].out + told[1].err, told[2].out


@pytest.mark.parametrize(
    ("name", "means", "size"),
    [(name, *means) for name, work in WORK.items() for means in means_of(work)],
)
def test_nothing_is_lost(name: str, means: str, size: int, base: Path, tmp_path: Path) -> None:
    work = WORK[name]
    with full(base, tmp_path, means, size, work.without) as disk:
        workspace = disk.place / WORKSPACE
        before = content(workspace)
        told = recx(disk.place, work.command, SPLIT, disk.limits)
        assert told.code == 6, told.err
        assert told.err.strip().startswith(f"error: {WORKSPACE}/")
        words = "the disk is full; make room" if means == "tmpfs" else "ulimit -f"
        assert words in told.err
        assert "Traceback" not in told.err
        after = content(workspace)
        # What an interrupted training can go on from may stay, and the folder of a lock.
        stays = ("checkpoints", work.without or "checkpoints")
        assert {k: v for k, v in after.items() if not k.startswith(stays)} == before
        assert recx(disk.place, ("recommend", "u0"), SPLIT, disk.limits).code == 0
        disk.room()
        same = copy_of(base, tmp_path / "same")
        if work.without:
            shutil.rmtree(same / WORKSPACE / work.without)
        assert answers(disk.place) == answers(same)
        for place in (disk.place, same):
            again = recx(place, work.command, SPLIT)
            assert again.code == 0, again.err
        assert answers(disk.place) == answers(same)
        assert not [*workspace.rglob(".*"), *workspace.glob("checkpoints")]


@pytest.mark.parametrize(("means", "size"), list(means_of(FORGET)))
def test_an_erasure_is_finished_later(means: str, size: int, base: Path, tmp_path: Path) -> None:
    with full(base, tmp_path, means, size) as disk:
        told = recx(disk.place, FORGET.command, SPLIT, disk.limits)
        assert told.code in (4, 6), told.err
        assert "disk is full" in told.err or (means == "file-size" and "ulimit -f" in told.err)
        assert "Traceback" not in told.err
        unknown = recx(disk.place, ("recommend", "u3"), SPLIT, disk.limits).code == 3
        assert unknown == ("is unknown from now on" in told.err)
        assert recx(disk.place, ("recommend", "u0"), SPLIT, disk.limits).code == 0
        disk.room()
        assert answers(disk.place)[0] == answers(base)[0]
        again = recx(disk.place, FORGET.command, SPLIT)
        assert again.code == 0, again.err
        assert recx(disk.place, ("recommend", "u3"), SPLIT).code == 3
        assert recx(disk.place, ("explain", "u0"), SPLIT).code == 0


def test_standard_output_that_is_full_is_told(base: Path) -> None:
    told = recx(base, ("recommend", "u0"), SPLIT, ("stdout=/dev/full",))
    assert (told.code, told.out) == (6, "")
    assert told.err.startswith("error: output: the disk is full")
