"""The vector files of a generation, known again by size and checksum.

Chroma's library for them (hnswlib) believes what it reads: a damaged file ends the whole
process, not with an error. So they are looked at before it does.
"""

from __future__ import annotations

import json
import zlib
from pathlib import Path

from recx_agent.retrievers.chroma_faults import StoreDamaged
from recx_agent.retrievers.vector_files import HEADER_NAME, VECTORS_NAME

SEAL_NAME = "vector-files.json"
_AT_ONCE = 1 << 20


def seal(generation: Path) -> None:
    """Note size and checksum of every vector file; nothing may write to them afterwards."""
    sizes = {
        str(path.relative_to(generation)): [path.stat().st_size, _checksum(path)]
        for path in _files(generation)
    }
    (generation / SEAL_NAME).write_text(json.dumps(sizes), encoding="utf-8")


def check_seal(generation: Path, *, wholly: bool) -> None:
    """See that the vector files are those that were sealed.

    Parameters
    ----------
    generation : Path
    wholly : bool
        Whether the vectors themselves are looked at too: most of the bytes, and the only
        ones that do no harm when they are only read. A wrong vector is noticed by its
        record's own seal.

    Raises
    ------
    StoreDamaged
    """
    try:
        sealed = dict(json.loads((generation / SEAL_NAME).read_text(encoding="utf-8")))
        found = {str(path.relative_to(generation)) for path in _files(generation)}
        if sealed.keys() - found:
            raise StoreDamaged(f"{len(sealed.keys() - found)} vector files are missing")
        for name, (size, checksum) in sealed.items():
            path = generation / name
            if path.stat().st_size != size:
                raise StoreDamaged(f"{name} has another size than was written")
            if (wholly or path.name != VECTORS_NAME) and _checksum(path) != checksum:
                raise StoreDamaged(f"{name} is not what was written")
    except (OSError, ValueError, TypeError) as error:
        raise StoreDamaged(f"{SEAL_NAME} cannot be read: {error}") from error


def _files(generation: Path) -> list[Path]:
    headers = generation.glob(f"*/{HEADER_NAME}")
    return [path for header in headers for path in sorted(header.parent.iterdir())]


def _checksum(path: Path) -> int:
    checksum = 0
    with path.open("rb") as file:
        while piece := file.read(_AT_ONCE):
            checksum = zlib.crc32(piece, checksum)
    return checksum
