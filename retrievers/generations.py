"""The folders of an index.

A generation is a folder that Chroma keeps its files in. Once it is in force nobody
writes into it any more: a change is made to a copy, which then takes its place. So
readers need no lock and are never in the way, an index that is being brought up to date
answers as before, and one that was interrupted is not mistaken for a complete one.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import uuid
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from recx_agent.artefacts import new_folder
from recx_agent.retrievers.index_plan import Plan

PLAN_NAME = "plan.json"
STATE_NAME = "index.json"
SQLITE_NAME = "chroma.sqlite3"
_PREFIX = "generation-"


def made_for(generation: Path, plan: Plan) -> bool:
    """Tell whether a generation was made for ``plan``."""
    try:
        found = json.loads((generation / PLAN_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(found == asdict(plan))


def unfinished(folder: Path, plan: Plan, in_force: str | None) -> Path | None:
    """Find a generation that an interrupted build left behind and that fits ``plan``."""
    for generation in sorted(folder.glob(f"{_PREFIX}*")):
        if generation.name != in_force and made_for(generation, plan):
            return generation
    return None


def fresh(folder: Path, plan: Plan) -> Path:
    """Make an empty generation."""
    final = folder / new_name()
    with new_folder(final) as scratch:
        _write_plan(scratch, plan)
    return final


def new_name() -> str:
    """A name that no other generation has."""
    return f"{_PREFIX}{uuid.uuid4().hex[:12]}"


def copied(source: Path, folder: Path, plan: Plan) -> Path:
    """Copy a generation, whole or not at all, to make another one of it.

    Raises
    ------
    OSError, sqlite3.Error
        It cannot be read.
    """
    final = folder / new_name()
    with new_folder(final) as scratch:
        for entry in source.iterdir():
            if entry.is_dir():
                shutil.copytree(entry, scratch / entry.name)
        _write_plan(scratch, plan)
        # A process that opens the index writes a line into this file, so it could be
        # caught half-way: SQLite copies it as of one moment.
        uri = f"{(source / SQLITE_NAME).absolute().as_uri()}?mode=ro"
        with (
            closing(sqlite3.connect(uri, uri=True)) as old,
            closing(sqlite3.connect(scratch / SQLITE_NAME)) as new,
        ):
            old.backup(new)
    return final


def sync(generation: Path) -> None:
    """See that everything is on disk."""
    for path in [*generation.rglob("*"), generation, generation.parent]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def remove_others(folder: Path, *kept: str | None) -> None:
    """Remove all generations but ``kept``, and what killed builds left half-written."""
    for pattern in (f"{_PREFIX}*", f".{_PREFIX}*", f".{STATE_NAME}.*"):
        for entry in folder.glob(pattern):
            if entry.name in kept:
                continue
            if entry.is_dir():
                # A reader that still uses it sees the change with its next question.
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink(missing_ok=True)


def _write_plan(generation: Path, plan: Plan) -> None:
    (generation / PLAN_NAME).write_text(json.dumps(asdict(plan)), encoding="utf-8")
