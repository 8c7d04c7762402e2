"""Chroma's vector files: their spare room is blanked.

The files are made larger than what they hold, and the library below Chroma (hnswlib)
never clears the rest: it writes whatever the process had in memory there, other users'
events and secrets among it.
"""

from __future__ import annotations

import logging
import struct
from collections.abc import Iterator
from pathlib import Path

HEADER_NAME = "header.bin"
VECTORS_NAME = "data_level0.bin"
# Version, offset, capacity, elements, bytes an element, offsets of label and vector:
# saveIndex and persistDirty in chroma-core/hnswlib, hnswalg.h.
_HEADER = struct.Struct("<i6Q")
_KNOWN_VERSION = 1
_LENGTH_BYTES = 4

_log = logging.getLogger(__name__)


def blank_spare_room(generation: Path) -> None:
    """Overwrite what follows the last element in every vector file below a folder.

    A file of a form that is not known stays as it is, and a warning is logged.
    """
    for header in sorted(generation.rglob(HEADER_NAME)):
        for path, width, elements in _pieces(header):
            if elements is not None:
                _blank(path, elements * width, path.stat().st_size)
            else:
                _log.warning("%s is of an unknown form; its spare room is not blanked", path)


def are_of_known_form(generation: Path) -> bool:
    """Tell whether every vector file below a folder is as long as its header says."""
    headers = sorted(generation.rglob(HEADER_NAME))
    return all(n is not None for header in headers for _, _, n in _pieces(header))


def _pieces(header: Path) -> Iterator[tuple[Path, int, int | None]]:
    """The files beside a header, bytes an element in each, and elements if that can be."""
    try:
        version, _, capacity, elements, size, _, _ = _HEADER.unpack_from(header.read_bytes())
    except struct.error:
        version, capacity, elements, size = -1, 0, 0, 0
    for name, width in {VECTORS_NAME: size, "length.bin": _LENGTH_BYTES}.items():
        path = header.with_name(name)
        end = path.stat().st_size if path.exists() else 0
        whole = width and end % width == 0
        fits = version == _KNOWN_VERSION and whole and elements <= end // width <= capacity
        yield path, width, elements if fits else None


def _blank(path: Path, start: int, end: int) -> None:
    with path.open("r+b") as file:
        file.seek(start)
        file.write(bytes(end - start))
