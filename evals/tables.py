"""Small helpers for what is written down."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from collections.abc import Sequence
from pathlib import Path

PACKAGES = ("recx-agent", "numpy", "scipy", "lightfm-next", "implicit")


def markdown_table(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Lay out a Markdown table, with a blank line behind it."""
    rows = [heads, ["---"] * len(heads), *lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n"


def write_whole(path: Path, text: str) -> Path:
    """Write a text file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    scratch.write_text(text, encoding="utf-8")
    scratch.replace(path)
    return path


def versions() -> dict[str, str]:
    """Find the versions of Python and of the packages whose arithmetic is measured."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found
