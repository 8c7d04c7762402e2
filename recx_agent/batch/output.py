"""The file that a batch writes, and what was asked when it was begun."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from recx_agent.artefacts import write_atomic
from recx_agent.batch.lines import Lines
from recx_agent.errors import UsageError
from recx_agent.write_lock import write_lock

JSON_LINES, PARQUET = ".jsonl", ".parquet"
_JOB, _LINES = "job.json", "lines.jsonl"
_GROUP = 5_000
_TEXTS = ("user_id", "item_id", "title", "text", "verdict", "fault", "error", "json")


@contextmanager
def opened(path: Path, job: Mapping[str, Any], *, force: bool = False) -> Iterator[Lines]:
    """The lines of an output file; a Parquet file is made of them at the end.

    Beside the file a folder ``<name>.work`` remembers what was asked, and holds the lock.

    Parameters
    ----------
    path : Path
        Ends in ``.jsonl`` or ``.parquet``.
    job : mapping
        What lines depend on: a file begun with another job is not gone on with.
    force : bool
        Begin anew, whatever is there.

    Raises
    ------
    UsageError
        Another ending, another job, or a file that is none of ours.
    WriteLocked, WriteFailed
    """
    if path.suffix not in (JSON_LINES, PARQUET):
        raise UsageError(f"--out {path}: the name has to end in {JSON_LINES} or {PARQUET}")
    work = path.with_name(f"{path.name}.work")
    with write_lock(work):
        if force:
            for old in (path, work / _JOB, work / _LINES):
                old.unlink(missing_ok=True)
        _check_job(path, work / _JOB, job)
        if path.suffix == JSON_LINES:
            lines = Lines(path)
        else:
            if path.exists() and not (work / _LINES).exists():
                _lines_of(path, work / _LINES)
            lines = Lines(work / _LINES)
        try:
            yield lines
        finally:
            lines.flush()
        if path.suffix == PARQUET:
            _write_parquet(work / _LINES, path)
            (work / _LINES).unlink(missing_ok=True)


def _check_job(path: Path, noted: Path, job: Mapping[str, Any]) -> None:
    try:
        before = json.loads(noted.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if path.exists():
            raise UsageError(
                f"{path}: is there already, and no batch of this workspace; give another --out, "
                "or --force to replace it"
            ) from None
        write_atomic(noted, json.dumps(dict(job), ensure_ascii=False, indent=2) + "\n")
        return
    except ValueError as error:
        raise UsageError(f"{noted}: damaged; --force begins anew") from error
    for name, value in job.items():
        if before.get(name) != value:
            raise UsageError(
                f"{path}: was begun with {name} {before.get(name)!r}, and now it is {value!r}; "
                "give another --out, or --force to begin anew"
            )


def _write_parquet(lines: Path, path: Path) -> None:
    """The lines as a table, in one step."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, pa.string()) for name in _TEXTS])
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(descriptor)
    try:
        with pq.ParquetWriter(name, schema) as writer:
            for rows in _row_groups(lines):
                writer.write_table(pa.Table.from_pylist(rows, schema=schema))
        shutil.copymode(lines, name) if lines.exists() else None
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)


def _row_groups(lines: Path) -> Iterator[list[dict[str, Any]]]:
    if not lines.exists():
        return
    with lines.open(encoding="utf-8") as handle:
        while texts := list(islice(handle, _GROUP)):
            yield [_row(text.rstrip("\n")) for text in texts]


def _row(text: str) -> dict[str, Any]:
    line = json.loads(text)
    item = line.get("item") or {"item_id": line.get("item_id"), "title": None}
    error = line.get("error")
    return {
        "user_id": line["user_id"],
        "item_id": item["item_id"],
        "title": item["title"],
        "text": line.get("text"),
        "verdict": line.get("verdict"),
        "fault": line.get("fault"),
        "error": error and error["message"],
        "json": text,
    }


def _lines_of(path: Path, lines: Path) -> None:
    """Lines of a Parquet file that was finished, to go on from."""
    import pyarrow.parquet as pq

    texts = pq.read_table(path, columns=["json"]).column("json").to_pylist()
    write_atomic(lines, "".join(f"{text}\n" for text in texts))
