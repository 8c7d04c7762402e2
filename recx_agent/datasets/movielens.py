"""MovieLens 100K as plain files, from where it can be had.

References
----------
F. M. Harper, J. A. Konstan: The MovieLens Datasets: History and Context. ACM Transactions
on Interactive Intelligent Systems 5(4), 2015. https://doi.org/10.1145/2827872
"""

from __future__ import annotations

import csv
import hashlib
import http.client
import io
import json
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from recx_agent.artefacts import sha256_of, write_atomic
from recx_agent.datasets.movielens_formats import MEMBERS, Tables, parse
from recx_agent.datasets.tables import Progress
from recx_agent.errors import DataError, SourceUnavailable

GROUPLENS_URL = "https://files.grouplens.org/datasets/movielens/ml-100k.zip"
GROUPLENS_MD5 = "0e33842e24a9c977be4e0107933c0723"
WHEEL = "recbole==1.2.1"
WHEEL_SHA256 = "9c9948202011f37eb0a7c6768129313f00d6403ad221ec940d5e2d5d5f33a407"
TIMEOUT_SECONDS = 15
PIP_TIMEOUT_SECONDS = 300
MAX_BYTES = 64 * 2**20
SOURCE_FILE = "SOURCE.json"
FILES = ("interactions.csv", "items.csv", "users.csv")

TERMS = (
    "MovieLens 100K was collected by GroupLens Research at the University of Minnesota. It may "
    "be used for research. It may not be passed on without separate permission, nor used "
    "commercially without the permission of GroupLens, and nobody may claim or suggest that "
    "GroupLens or the university endorses their work. Publications that use it cite Harper and "
    "Konstan (2015), The MovieLens Datasets: History and Context, ACM TiiS 5(4), "
    "https://doi.org/10.1145/2827872. The README of GroupLens has the binding words: "
    "https://files.grouplens.org/datasets/movielens/ml-100k-README.txt"
)
"""The conditions in short; what binds is GroupLens' own README."""

_COLUMNS = {
    "interactions.csv": ("user_id", "item_id", "value", "timestamp"),
    "items.csv": ("item_id", "title", "year", "genre"),
    "users.csv": ("user_id", "age", "gender", "occupation"),
}


@dataclass(frozen=True)
class MovieLens:
    """Where the files are, where they come from, and under what terms."""

    interactions: Path
    items: Path
    users: Path
    source: str
    terms: str = TERMS


class _Refused(Exception):
    """One source cannot give the data; the words say why."""


def fetch_ml_100k(
    target: Path, *, local: Path | None = None, progress: Progress | None = None
) -> MovieLens:
    """Put MovieLens 100K into ``target`` as CSV files.

    Tried in order: ``local``, GroupLens, and the copy inside the wheel of RecBole, had
    with pip. All give the same files, byte by byte: ``interactions.csv`` (``user_id,
    item_id, value, timestamp``), ``items.csv`` (``item_id, title, year, genre``, genres
    joined by ``|``) and ``users.csv`` (``user_id, age, gender, occupation``; postal codes
    are left out), beside ``SOURCE.json`` with the origin and checksums. If they are there
    already and whole, nothing is fetched.

    Parameters
    ----------
    target : Path
        Folder for the files; made if missing.
    local : Path, optional
        A copy at hand: the zip of GroupLens, or a folder with ``u.data``, ``u.item`` and
        ``u.user`` or with RecBole's ``ml-100k.inter``, ``.item`` and ``.user``.
    progress : callable, optional
        Called as ``progress(stage, done, total)``.

    Raises
    ------
    SourceUnavailable
        No source gave the data; names each with its reason.
    DataError
        ``target`` is no folder, or holds files of these names from elsewhere.
    """
    target = Path(target)
    present = _present(target)
    if present is not None:
        return present
    sources: list[tuple[str, Callable[[], Mapping[str, bytes]]]] = []
    if local is not None:
        at_hand = Path(local)
        sources.append((str(at_hand), lambda: _from_local(at_hand)))
    sources.append((GROUPLENS_URL, _from_grouplens))
    sources.append((f"the wheel {WHEEL}", _from_wheel))
    reasons = []
    for done, (name, fetch) in enumerate(sources):
        if progress is not None:
            progress(f"MovieLens 100K from {name}", done, len(sources))
        try:
            raw = fetch()
            return _write(target, parse(raw), name, raw)
        except (_Refused, DataError) as error:
            reasons.append(f"{name}: {error}")
    raise SourceUnavailable(
        "no source gave the data\n  " + "\n  ".join(reasons) + "\n ",
        source="MovieLens 100K",
        remedy="fetch ml-100k.zip elsewhere and name it with --local ml-100k.zip",
    )


def _present(target: Path) -> MovieLens | None:
    """Return what an earlier call left, if it is whole."""
    if target.exists() and not target.is_dir():
        raise DataError("this is no folder", source=target, remedy="choose another target")
    try:
        notes = json.loads((target / SOURCE_FILE).read_text(encoding="utf-8"))
        source, sums = str(notes["source"]), dict(notes["files"])
    except FileNotFoundError:
        for name in FILES:
            if (target / name).exists():
                raise DataError(
                    f"this file was not put here by recx-agent (there is no {SOURCE_FILE})",
                    source=target / name,
                    remedy="choose another folder or move it away",
                ) from None
        return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if any(not _matches(target / name, sums.get(name)) for name in FILES):
        return None
    return _result(target, source)


def _matches(path: Path, digest: object) -> bool:
    return path.is_file() and sha256_of(path) == digest


def _result(target: Path, source: str) -> MovieLens:
    interactions, items, users = (target / name for name in FILES)
    return MovieLens(interactions, items, users, source)


def _write(target: Path, tables: Tables, source: str, raw: Mapping[str, bytes]) -> MovieLens:
    contents = {
        name: _csv_text(_COLUMNS[name], rows)
        for name, rows in zip(FILES, (tables.ratings, tables.items, tables.users), strict=True)
    }
    notes = {
        "source": source,
        "source_sha256": {name: hashlib.sha256(data).hexdigest() for name, data in raw.items()},
        "files": {
            name: hashlib.sha256(text.encode("utf-8")).hexdigest()
            for name, text in contents.items()
        },
        "terms": TERMS,
    }
    # The notes go first: should the rest be cut short, the checksums tell, and the next
    # call knows that what lies here is its own.
    write_atomic(target / SOURCE_FILE, json.dumps(notes, indent=1, ensure_ascii=False) + "\n")
    for name, text in contents.items():
        write_atomic(target / name, text)
    return _result(target, source)


def _csv_text(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def _from_local(path: Path) -> dict[str, bytes]:
    if not path.exists():
        raise _Refused("there is no such file or folder")
    try:
        if path.is_file():
            return _from_zip(path.read_bytes())
        for folder in (path, path / "ml-100k"):
            for names in MEMBERS:
                if all((folder / name).is_file() for name in names):
                    return {name: (folder / name).read_bytes() for name in names}
    except OSError as error:
        raise _Refused(f"cannot be read ({error})") from error
    raise _Refused(_lacking())


def _from_grouplens() -> dict[str, bytes]:
    try:
        with urllib.request.urlopen(GROUPLENS_URL, timeout=TIMEOUT_SECONDS) as answer:
            data = answer.read(MAX_BYTES + 1)
    except (OSError, http.client.HTTPException) as error:
        raise _Refused(f"not reachable ({error})") from error
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    if digest != GROUPLENS_MD5:
        raise _Refused(f"its MD5 is {digest}, GroupLens publishes {GROUPLENS_MD5}")
    return _from_zip(data)


def _from_wheel() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory(prefix="recx-ml-100k-") as folder:
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-input"]
        command += ["--disable-pip-version-check", "--quiet", "--dest", folder, WHEEL]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=PIP_TIMEOUT_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise _Refused(f"pip did not finish ({error})") from error
        if done.returncode:
            last = done.stderr.strip().splitlines()[-1:] or [f"exit {done.returncode}"]
            raise _Refused(f"pip: {last[0]}")
        wheels = list(Path(folder).glob("*.whl"))
        if len(wheels) != 1:
            raise _Refused(f"pip left {len(wheels)} wheels, not one")
        digest = sha256_of(wheels[0])
        if digest != WHEEL_SHA256:
            raise _Refused(f"its SHA-256 is {digest}, expected {WHEEL_SHA256}")
        return _from_zip(wheels[0].read_bytes())


def _from_zip(data: bytes) -> dict[str, bytes]:
    """Read the members in memory; nothing of an archive is unpacked to disk."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {info.filename: info for info in archive.infolist()}
            for names in MEMBERS:
                found = {name: _member(members, name) for name in names}
                if all(found.values()):
                    return {
                        name: archive.read(info) for name, info in found.items() if info is not None
                    }
    except (zipfile.BadZipFile, RuntimeError, OSError, EOFError) as error:
        raise _Refused(f"no readable zip archive ({error})") from error
    raise _Refused(_lacking())


def _member(members: Mapping[str, zipfile.ZipInfo], name: str) -> zipfile.ZipInfo | None:
    for path, info in members.items():
        if (path == name or path.endswith(f"/{name}")) and info.file_size <= MAX_BYTES:
            return info
    return None


def _lacking() -> str:
    return "it lacks " + ", or ".join(", ".join(names) for names in MEMBERS)
