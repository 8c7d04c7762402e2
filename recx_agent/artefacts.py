"""Saved folders: written whole or not at all, checksummed, memory-mapped, no pickle.

A folder of artefacts holds ``.npy`` arrays, Parquet tables and a ``manifest.json`` with
the format version, the SHA-256 of every file and whatever its owner notes. It is
written beside its final place and renamed into it, so a reader never meets half of it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.errors import ArtefactDamaged, ArtefactVersion

MANIFEST = "manifest.json"


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, as hexadecimal digits."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def write_atomic(path: Path, text: str) -> None:
    """Replace a small text file in one step, on disk before the name changes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def new_folder(final: Path) -> Iterator[Path]:
    """Give a scratch folder that becomes ``final`` when the block ends well.

    On any error, an interrupt included, the scratch folder is removed and ``final``
    stays as it was.
    """
    final.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(dir=final.parent, prefix=f".{final.name}."))
    try:
        yield scratch
        for path in scratch.rglob("*"):
            if path.is_file():
                with path.open("rb") as handle:
                    os.fsync(handle.fileno())
        os.rename(scratch, final)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise


def save_array(folder: Path, name: str, array: NDArray[Any]) -> None:
    """Write ``array`` to ``folder/name.npy``."""
    np.save(folder / f"{name}.npy", np.ascontiguousarray(array), allow_pickle=False)


def load_array(folder: Path, name: str) -> NDArray[Any]:
    """Memory-map ``folder/name.npy``, read-only.

    Raises
    ------
    ArtefactDamaged
        The file is missing or no array.
    """
    path = folder / f"{name}.npy"
    try:
        array: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise ArtefactDamaged(path, f"no readable array ({error})") from error
    return array


def write_manifest(folder: Path, version: int, notes: Mapping[str, Any]) -> None:
    """Write the manifest, with the checksum of every other file of the folder."""
    files = {
        str(path.relative_to(folder)): sha256_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }
    content = {"format_version": version, "files": files, **notes}
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path, version: int) -> dict[str, Any]:
    """Read the manifest and check every file against it.

    Raises
    ------
    ArtefactDamaged
        The manifest or a file is missing, or a checksum differs.
    ArtefactVersion
        The folder was written by another format version.
    """
    path = folder / MANIFEST
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        found, files = content["format_version"], content["files"].items()
    except FileNotFoundError as error:
        raise ArtefactDamaged(path, "missing") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArtefactDamaged(path, f"no readable manifest ({error!r})") from error
    if found != version:
        raise ArtefactVersion(path, found, version)
    for name, digest in files:
        try:
            actual = sha256_of(folder / name)
        except OSError as error:
            raise ArtefactDamaged(folder / name, f"missing or unreadable ({error})") from error
        if actual != digest:
            raise ArtefactDamaged(folder / name, "its SHA-256 is not the manifest's")
    return dict(content)
