"""Reads files with one JSON object a line, plain or compressed."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from recx_agent.errors import DataError


def read_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Number and object of each line that is not blank.

    Raises
    ------
    DataError
        The file cannot be read, or a line is no JSON object.
    """
    try:
        with _opened(path) as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield number, _object(line, path, number)
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise DataError(
            f"not readable as UTF-8 text ({error})",
            source=path,
            remedy="give a JSONL file, compressed by gzip if its name ends in .gz",
        ) from error


def _opened(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8-sig")


def _object(line: str, path: Path, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise DataError(
            f"no JSON ({error})",
            source=path,
            row=number,
            remedy="write one JSON object a line",
        ) from error
    if not isinstance(row, dict):
        raise DataError(
            "no JSON object", source=path, row=number, remedy="write one JSON object a line"
        )
    return row
