"""Saved folders: written whole or not at all, checksummed, memory-mapped, no pickle.

A folder of artefacts holds ``.npy`` arrays, Parquet tables and a ``manifest.json`` with
the format version, the SHA-256 of every file and whatever its owner notes. It is
written beside its final place and renamed into it, so a reader never meets half of it.
"""

from __future__ import annotations

import errno
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

from recx_agent.errors import ArtefactDamaged, ArtefactVersion, WriteFailed

MANIFEST = "manifest.json"
SEAL = "seal"
_BLANK = "0" * 64
_PROBE_BYTES = 2**20


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, as hexadecimal digits."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def write_atomic(path: Path, text: str) -> None:
    """Replace a small text file in one step, on disk before the name changes.

    Raises
    ------
    WriteFailed
        There is no room, or no permission; what was there stays.
    """
    with _worded(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
                handle.write(text)
                handle.flush()
                os.fsync(handle.fileno())
            os.replace(name, path)
            _sync(path.parent)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


@contextmanager
def new_folder(final: Path) -> Iterator[Path]:
    """Give a scratch folder that becomes ``final`` when the block ends well.

    On any error, an interrupt included, the scratch folder is removed and ``final``
    stays as it was.

    Raises
    ------
    WriteFailed
        There is no room, or no permission.
    """
    with _worded(final):
        final.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(dir=final.parent, prefix=f".{final.name}."))
        try:
            yield scratch
            for path in [*scratch.rglob("*"), scratch]:
                _sync(path)
            os.rename(scratch, final)
            _sync(final.parent)
        except BaseException:
            shutil.rmtree(scratch, ignore_errors=True)
            raise


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Not every file system can do it for folders.
        if error.errno != errno.EINVAL or not path.is_dir():
            raise
    finally:
        os.close(descriptor)


@contextmanager
def _worded(path: Path) -> Iterator[None]:
    """Word the errors of writing; ``path`` is what was to come about."""
    try:
        yield
    except WriteFailed as error:
        # The folder inside a scratch folder is no name to tell anybody.
        raise WriteFailed(path, error.reason) from error
    except OSError as error:
        if error.errno not in WriteFailed.REASONS:
            raise
        raise WriteFailed(path, error) from error


def why_unwritable(folder: Path) -> WriteFailed | None:
    """Write something to see what is wrong, where a library only says that it could not.

    Returns
    -------
    WriteFailed or None
        Why nothing can be written to the folder; ``None`` if it can.
    """
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(_PROBE_BYTES))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        if error.errno in WriteFailed.REASONS:
            return WriteFailed(folder, error)
    return None


def save_array(folder: Path, name: str, array: NDArray[Any]) -> None:
    """Write ``array`` to ``folder/name.npy``."""
    whole = np.ascontiguousarray(array)
    with (folder / f"{name}.npy").open("wb") as handle:
        header = np.lib.format.header_data_from_array_1_0(whole)
        np.lib.format.write_array_header_1_0(handle, header)
        # Not ``np.save``: on a full disk it does not say what is wrong.
        handle.write(whole.reshape(-1).view(np.uint8).data)


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
    except OSError as error:
        raise ArtefactDamaged(path, _why(error)) from error
    except (ValueError, EOFError) as error:
        raise ArtefactDamaged(path, f"no readable array ({error})") from error
    return array


def write_sealed(path: Path, content: Mapping[str, Any]) -> None:
    """Write a JSON object that carries a checksum of its own file."""
    whole = {**content, SEAL: _BLANK}
    text = json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"
    # A file name need not be UTF-8; what is not is escaped, which JSON can read.
    data = text.encode("utf-8", "backslashreplace")
    path.write_bytes(data.replace(_sealed(_BLANK), _sealed(hashlib.sha256(data).hexdigest())))


def read_sealed(path: Path) -> dict[str, Any]:
    """Read what :func:`write_sealed` wrote.

    Raises
    ------
    ArtefactDamaged
        It is missing or unreadable, or a single bit of it is not as it was written.
    """
    data, content = _parsed(path)
    return _unsealed(path, data, content)


def _parsed(path: Path) -> tuple[bytes, dict[str, Any]]:
    try:
        data = path.read_bytes()
        return data, dict(json.loads(data))
    except OSError as error:
        raise ArtefactDamaged(path, _why(error)) from error
    except (ValueError, TypeError) as error:
        raise ArtefactDamaged(path, f"not readable as JSON ({error})") from error


def _unsealed(path: Path, data: bytes, content: dict[str, Any]) -> dict[str, Any]:
    seal = str(content.pop(SEAL, ""))
    if not seal:
        raise ArtefactDamaged(path, "it is damaged, or was written by an earlier recx-agent")
    if hashlib.sha256(data.replace(_sealed(seal), _sealed(_BLANK))).hexdigest() != seal:
        raise ArtefactDamaged(path, "its checksum is not that of its content")
    return content


def _sealed(digest: str) -> bytes:
    return f'"{SEAL}": "{digest}"'.encode()


def _why(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "missing"
    return f"cannot be read ({error.strerror})"


def write_manifest(folder: Path, version: int, notes: Mapping[str, Any]) -> None:
    """Write the manifest, with the checksum of every other file of the folder."""
    files = {
        str(path.relative_to(folder)): sha256_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }
    write_sealed(folder / MANIFEST, {"format_version": version, "files": files, **notes})


def peek_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest to see what the folder is of; nothing is checked.

    Raises
    ------
    ArtefactDamaged
        It is missing or unreadable.
    """
    _, content = _parsed(folder / MANIFEST)
    return content


def read_manifest(folder: Path, *versions: int) -> dict[str, Any]:
    """Read the manifest of a format among ``versions`` and check every file against it.

    Raises
    ------
    ArtefactDamaged
        The manifest or a file is missing, or a checksum differs.
    ArtefactVersion
        The folder was written by another format version.
    """
    path = folder / MANIFEST
    data, content = _parsed(path)
    found = content.get("format_version")
    if found is not None and found not in versions:
        raise ArtefactVersion(path, found, max(versions))
    content = _unsealed(path, data, content)
    for name, digest in content["files"].items():
        try:
            actual = sha256_of(folder / name)
        except OSError as error:
            raise ArtefactDamaged(folder / name, _why(error)) from error
        if actual != digest:
            raise ArtefactDamaged(folder / name, "its SHA-256 is not the manifest's")
    return content
