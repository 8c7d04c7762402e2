"""Digests of code: what is kept of finished work is no longer true when the code has changed."""

from __future__ import annotations

import functools
import hashlib
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

WRITE = (
    "recx_agent.writing",
    "recx_agent.grounding",
    "recx_agent.prompts",
    "recx_agent.evals.writers",
)
"""Packages that decide what a text is, beyond what the case and the settings say."""

RANK = ("recx_agent.datasets", "recx_agent.recommenders", "recx_agent.evals.ranking")
"""Packages that decide what a recommender ranks."""

_IGNORED = "__pycache__"


@functools.cache
def code_of_writers() -> str:
    """Digest of the packages that write, their templates and word lists included."""
    return _digest(path for name in WRITE for path in _files(name))


@functools.cache
def code_of_recommenders() -> str:
    """Digest of the packages that split data, train on them and rank."""
    return _digest(path for name in RANK for path in _files(name))


def code_of_type(kind: type) -> str:
    """Digest of the package that defines a class, or of its module where it is in none."""
    module = sys.modules.get(kind.__module__)
    file = getattr(module, "__file__", None)
    if module is None or file is None:
        return ""
    home = Path(file)
    return _digest(sorted(home.parent.rglob("*.py")) if module.__package__ else [home])


def _files(package: str) -> list[Path]:
    found = find_spec(package)
    folders = [] if found is None else list(found.submodule_search_locations or ())
    return [
        path
        for folder in folders
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file() and _IGNORED not in path.parts
    ]


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
