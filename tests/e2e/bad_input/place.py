"""A folder with good files and a fitted workspace, in which one thing is then made bad."""

from __future__ import annotations

import atexit
import csv
import hashlib
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

INTERACTIONS, ITEMS, USERS = "interactions.csv", "items.csv", "users.csv"
EARLIER = "earlier.csv"
EVENT_COLUMNS = ("user_id", "item_id", "value", "timestamp")
WORKSPACE = "workspace"
LOCKS = frozenset({"write.lock", "write.holder"})

SMALL = {
    "RECX_WORKSPACE": WORKSPACE,
    "RECX_MODEL__COMPONENTS": "8",
    "RECX_MODEL__EPOCHS": "3",
    "RECX_MODEL__RUNS": "1",
    "COLUMNS": "200",
    "PYTHONWARNINGS": "error::RuntimeWarning",
}
"""Environment of every command: a model that is quick to fit."""

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Told:
    """What a command gave."""

    code: int
    out: str
    err: str


class Warm:
    """Runs ``recx`` in processes forked from one that has everything imported."""

    def __init__(self) -> None:
        clean = {name: text for name, text in os.environ.items() if not name.startswith("RECX_")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.bad_input.warm"],
            cwd=ROOT,
            env={**clean, **SMALL},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def recx(
        self,
        folder: Path,
        arguments: Sequence[str],
        env: Mapping[str, str] | None = None,
        limits: Sequence[str] = (),
    ) -> Told:
        """Run a command in a folder, under limits of ``limited.py``."""
        request = {
            "folder": str(folder),
            "arguments": list(arguments),
            "env": dict(env or {}),
            "limits": list(limits),
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return Told(*json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


@cache
def warm() -> Warm:
    """The one that is shared; it ends with this process."""
    shared = Warm()
    atexit.register(shared.close)
    return shared


def recx(
    folder: Path,
    arguments: Sequence[str],
    env: Mapping[str, str] | None = None,
    limits: Sequence[str] = (),
) -> Told:
    """Run ``recx`` in a folder, as a process of its own."""
    return warm().recx(folder, arguments, env, limits)


def lay_good_files(folder: Path) -> None:
    """Write interactions, items and users that make sense.

    Even users choose from the comedies, odd ones from the westerns; low ratings are for
    the other kind.
    """
    chance = random.Random(0)
    rows: list[tuple[object, ...]] = []
    for user in range(24):
        own = [item for item in range(20) if item % 2 == user % 2]
        for at, item in enumerate(chance.sample(own, 7)):
            rows.append((f"u{user}", f"i{item}", 4 + at % 2, 1_000_000 + 1000 * user + at))
        other = chance.choice([item for item in range(20) if item % 2 != user % 2])
        rows.append((f"u{user}", f"i{other}", 1, 1_000_000 + 1000 * user + 500))
    write_csv(folder / INTERACTIONS, EVENT_COLUMNS, rows)
    write_csv(folder / EARLIER, EVENT_COLUMNS, rows[:150])
    kinds = ("Comedy", "Western")
    films = [(f"i{i}", f"{kinds[i % 2]} {i}", f"{kinds[i % 2]}|Film") for i in range(20)]
    write_csv(folder / ITEMS, ("item_id", "title", "genre"), films)
    write_csv(folder / USERS, ("user_id", "age"), [(f"u{u}", 20 + u) for u in range(24)])


def write_csv(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Write a table as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def fitted_place(folder: Path) -> Path:
    """Lay good files, fit some rows and then all, and index: there are two versions."""
    folder.mkdir(parents=True)
    lay_good_files(folder)
    rest = ("--items", ITEMS, "--scale", "1:5")
    first, second = (("fit", "--interactions", file, *rest) for file in (EARLIER, INTERACTIONS))
    for command in (first, second, ("index",)):
        told = recx(folder, command)
        assert told.code == 0, told.err
    return folder


def copy_of(place: Path, folder: Path) -> Path:
    """Copy a whole place."""
    shutil.copytree(place, folder, symlinks=True)
    return folder


def content(folder: Path) -> dict[str, str]:
    """Every file and folder below ``folder`` but the locks, with a digest of what is in it.

    A process that opens Chroma's database writes a line about itself into it, so that is
    taken table by table, without those lines.
    """
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.name in LOCKS:
            continue
        name = str(path.relative_to(folder))
        if path.is_dir():
            found[name] = "folder"
        elif path.name == "chroma.sqlite3":
            found[name] = _tables(path)
        else:
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def _tables(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            for line in database.iterdump():
                if "acquire_write" not in line:
                    digest.update(line.encode("utf-8", "surrogateescape"))
    except sqlite3.Error:  # it was damaged on purpose
        return hashlib.sha256(path.read_bytes()).hexdigest()
    return digest.hexdigest()
