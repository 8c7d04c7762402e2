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
from dataclasses import asdict, dataclass
from pathlib import Path

from recx_agent.artefacts import new_folder
from recx_agent.retrievers.index_state import FORMAT_VERSION, STATE_NAME

PLAN_NAME = "plan.json"
SQLITE_NAME = "chroma.sqlite3"
_PREFIX = "generation-"


@dataclass(frozen=True)
class Plan:
    """What a generation is made for; one made for something else is of no use."""

    model: str
    dimensions: int
    shards: int
    format_version: int = FORMAT_VERSION


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
    final = folder / f"{_PREFIX}{uuid.uuid4().hex[:12]}"
    with new_folder(final) as scratch:
        (scratch / PLAN_NAME).write_text(json.dumps(asdict(plan)), encoding="utf-8")
    return final


def copied(source: Path, folder: Path) -> Path:
    """Copy a generation, whole or not at all.

    Raises
    ------
    OSError, sqlite3.Error
        It cannot be read.
    """
    final = folder / f"{_PREFIX}{uuid.uuid4().hex[:12]}"
    with new_folder(final) as scratch:
        for entry in source.iterdir():
            if entry.is_dir():
                shutil.copytree(entry, scratch / entry.name)
        shutil.copyfile(source / PLAN_NAME, scratch / PLAN_NAME)
        # A process that opens the index writes a line into this file, so it could be
        # caught half-way: SQLite copies it as of one moment.
        uri = f"{(source / SQLITE_NAME).absolute().as_uri()}?mode=ro"
        with (
            closing(sqlite3.connect(uri, uri=True)) as old,
            closing(sqlite3.connect(scratch / SQLITE_NAME)) as new,
        ):
            old.backup(new)
    return final


def reclaim(generation: Path) -> None:
    """Remove what Chroma leaves behind of deleted collections: pages, words, vectors.

    Nothing that was deleted can be found in the files afterwards. Chroma must not have
    them open.

    Raises
    ------
    sqlite3.Error
        The database cannot be read.
    """
    with closing(sqlite3.connect(generation / SQLITE_NAME)) as database:
        segments = {row[0] for row in database.execute("SELECT id FROM segments")}
        # The full-text index keeps the words of deleted documents until it is made anew.
        database.execute(
            "INSERT INTO embedding_fulltext_search(embedding_fulltext_search) VALUES('rebuild')"
        )
        database.commit()
        database.execute("VACUUM")
    for entry in generation.iterdir():
        if entry.is_dir() and entry.name not in segments:
            shutil.rmtree(entry)


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
