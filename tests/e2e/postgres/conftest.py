"""One server for all tests of a worker; each has a schema of its own."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from recx_agent.stores import SqlUserStore
from tests.e2e.postgres_server import PostgresServer, running_postgres

_NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    with running_postgres() as started:
        yield started


@pytest.fixture
def schema() -> str:
    return f"test_{next(_NUMBERS)}"


@pytest.fixture
def open_store(
    server: PostgresServer, schema: str, tmp_path: Path
) -> Iterator[Callable[[], SqlUserStore]]:
    """Opens the same store again and again, as several processes would."""
    opened: list[SqlUserStore] = []

    def open_one() -> SqlUserStore:
        opened.append(SqlUserStore(tmp_path / "workspace", server.url, schema))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: Callable[[], SqlUserStore]) -> SqlUserStore:
    return open_store()
