"""An export as a file: whole or not at all, for its owner alone."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from recx_agent.errors import UsageError
from recx_agent.schemas import UserExport


def write_export(path: Path, export: UserExport, *, force: bool = False) -> None:
    """Write an export as JSON in UTF-8, whole or not at all; its owner alone can read it.

    Raises
    ------
    UsageError
        The file is there already, and ``force`` is not set.
    """
    text = export.model_dump_json(indent=2) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        if force:
            os.replace(name, path)
        else:
            os.link(name, path)  # unlike a rename, it replaces nothing
    except FileExistsError:
        raise UsageError(f"{path}: is there already; --force replaces it") from None
    finally:
        Path(name).unlink(missing_ok=True)
