"""Chroma's vector files: their spare room is blanked.

The files are made larger than what they hold, and the library below Chroma (hnswlib)
never clears the rest: it writes whatever the process had in memory there, other users'
events and secrets among it.
"""

from __future__ import annotations

import logging
import struct
from pathlib import Path

HEADER_NAME = "header.bin"
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
        try:
            version, _, capacity, elements, size, _, _ = _HEADER.unpack_from(header.read_bytes())
        except struct.error:
            version, capacity, elements, size = -1, 0, 0, 0
        for name, width in {"data_level0.bin": size, "length.bin": _LENGTH_BYTES}.items():
            path = header.with_name(name)
            end = path.stat().st_size
            whole = width and end % width == 0
            if version == _KNOWN_VERSION and whole and elements <= end // width <= capacity:
                _blank(path, elements * width, end)
            else:
                _log.warning("%s is of an unknown form; its spare room is not blanked", path)


def _blank(path: Path, start: int, end: int) -> None:
    with path.open("r+b") as file:
        file.seek(start)
        file.write(bytes(end - start))
