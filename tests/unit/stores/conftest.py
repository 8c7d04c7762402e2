from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from recx_agent.stores import SqlUserStore


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "workspace"


@pytest.fixture
def store(folder: Path) -> Iterator[SqlUserStore]:
    opened = SqlUserStore(folder)
    yield opened
    opened.close()
