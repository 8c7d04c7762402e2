"""Small files to read, written in place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from recx_agent.datasets import Dataset, ImportReport, read_dataset
from recx_agent.settings import DataSettings

Write = Callable[..., Path]
Read = Callable[..., tuple[Dataset, ImportReport]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write lines, or bytes as they are, to a file of the test's own folder."""

    def write_file(name: str, *lines: str, data: bytes | None = None) -> Path:
        path = tmp_path / name
        path.write_bytes("\n".join([*lines, ""]).encode() if data is None else data)
        return path

    return write_file


@pytest.fixture
def read(write: Write) -> Read:
    """Read interactions given as lines of CSV, with items and users if given."""

    def read_lines(
        *lines: str,
        items: tuple[str, ...] = (),
        users: tuple[str, ...] = (),
        **settings: Any,
    ) -> tuple[Dataset, ImportReport]:
        return read_dataset(
            DataSettings(**settings),
            interactions=write("interactions.csv", *lines),
            items=write("items.csv", *items) if items else None,
            users=write("users.csv", *users) if users else None,
        )

    return read_lines
