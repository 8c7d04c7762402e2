"""Chroma's files rid of what it leaves behind of what was deleted.

A deleted record stays in free pages of the database and, word by word, in the full-text
index; a deleted collection leaves its vector files. ``chroma vacuum`` gives the free pages
back, and that is all it does.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from recx_agent.errors import EvidenceIndexError, WriteLocked
from recx_agent.retrievers.vector_files import HEADER_NAME, blank_spare_room

SQLITE_NAME = "chroma.sqlite3"


def clean_server_folder(folder: Path) -> None:
    """Remove from the folder of a stopped server what it keeps of deleted records.

    Raises
    ------
    WriteLocked
        A process of this machine has the files open.
    EvidenceIndexError
        It is no folder of Chroma's, or cannot be read or written.
    """
    database = folder / SQLITE_NAME
    if not database.is_file():
        raise EvidenceIndexError(
            f"{folder}: no folder of a Chroma server's: it has no {SQLITE_NAME}"
        )
    for process in _open_in(database):
        raise WriteLocked(database, f"process {process}")
    try:
        reclaim(folder)
        blank_spare_room(folder)
    except (OSError, sqlite3.Error) as error:
        raise EvidenceIndexError(f"{folder}: cannot be cleaned: {error}") from error


def reclaim(folder: Path) -> None:
    """Remove what belongs to no collection any more: pages, words, vector files.

    Nothing that was deleted can be found in the files afterwards. Chroma must not have
    them open.

    Raises
    ------
    sqlite3.Error, OSError
        The files cannot be read or written.
    """
    with closing(sqlite3.connect(folder / SQLITE_NAME)) as database:
        segments = {row[0] for row in database.execute("SELECT id FROM segments")}
        # The full-text index keeps the words of deleted documents until it is made anew.
        database.execute(
            "INSERT INTO embedding_fulltext_search(embedding_fulltext_search) VALUES('rebuild')"
        )
        database.commit()
        database.execute("VACUUM")
    for entry in folder.iterdir():
        # Vector files are in a folder of their own, which has the segment's name.
        if entry.is_dir() and entry.name not in segments and (entry / HEADER_NAME).is_file():
            shutil.rmtree(entry)


def _open_in(path: Path) -> Iterator[int]:
    """Other processes of this machine that have a file open, as far as one may see."""
    wanted = str(path.resolve())
    for process in Path("/proc").glob("[0-9]*"):
        if process.name == str(os.getpid()):
            continue
        try:
            if any(os.path.realpath(handle) == wanted for handle in (process / "fd").iterdir()):
                yield int(process.name)
        except OSError:  # it ended meanwhile, or belongs to somebody else
            continue
