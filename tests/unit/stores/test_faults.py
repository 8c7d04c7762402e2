"""A store that cannot be used says why, and is never taken for an empty one."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert

from recx_agent.errors import (
    UserStoreBusy,
    UserStoreDamaged,
    UserStoreError,
    UserStoreFull,
    UserStoreVersion,
)
from recx_agent.stores import SqlUserStore, schema, sqlite, tables
from recx_agent.stores.database import FILE_NAME


def filled(folder: Path) -> Path:
    store = SqlUserStore(folder)
    rows = [{"user_id": f"user {n}", "item_id": f"item {n}", "since": n} for n in range(300)]
    with store._database.writing() as connection:
        connection.execute(insert(tables.hidden), rows)
    store.erase("nobody")  # everything is in the file itself
    store.close()
    return folder / FILE_NAME


def test_something_else_in_its_place_is_damage(store: SqlUserStore, folder: Path) -> None:
    folder.mkdir()
    (folder / FILE_NAME).write_bytes(b"this is no database at all" * 100)
    with pytest.raises(UserStoreDamaged, match=r"users\.sqlite3.*restore it from a backup"):
        store.hidden("ann")
    with pytest.raises(UserStoreDamaged):
        store.hide("ann", "i1")


def test_damaged_pages_are_damage(store: SqlUserStore, folder: Path) -> None:
    path = filled(folder)
    data = bytearray(path.read_bytes())
    data[4096:] = bytes(b ^ 0x5A for b in data[4096:])
    path.write_bytes(data)
    with pytest.raises(UserStoreDamaged):
        store.users()


def test_a_cut_file_is_damage(store: SqlUserStore, folder: Path) -> None:
    path = filled(folder)
    path.write_bytes(path.read_bytes()[:6000])
    with pytest.raises(UserStoreDamaged):
        store.users()


def test_a_writer_that_does_not_end_is_named(
    store: SqlUserStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled(folder)
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.0)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(UserStoreBusy, match="does not end"):
            store.hide("ann", "i1")
        assert store.hidden("user 1") == ("item 1",), "whoever reads does not wait"
        other.execute("ROLLBACK")
    assert store.hide("ann", "i1")


def test_an_erasure_is_not_done_while_a_reader_holds_an_older_state(
    store: SqlUserStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled(folder)
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.0)
    store.hide("quixley", "i1")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM hidden_items").fetchone()
        with pytest.raises(UserStoreBusy):
            store.erase("quixley")
    assert store.erase("quixley") == 0
    assert not any(b"quixley" in p.read_bytes() for p in folder.iterdir())


def test_a_full_disk_changes_nothing(store: SqlUserStore, folder: Path) -> None:
    path = filled(folder)
    store.close()
    pages = path.stat().st_size // 4096

    def limit(connection: Any, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}").close()

    engine = store._database._opened()
    engine.dispose()
    event.listen(engine, "connect", limit)
    with pytest.raises(UserStoreFull, match="nothing was changed"):
        for n in range(1000):
            store.hide("ann", f"a rather long name of an item, so that it fills pages {n}")
    count = len(store.hidden("ann"))
    engine.dispose()
    event.remove(engine, "connect", limit)
    assert len(store.hidden("ann")) == count
    assert store.hide("ann", "last")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    store = SqlUserStore(tmp_path)
    with pytest.raises(UserStoreError, match="permissions"):
        store.hidden("ann")


def test_a_newer_store_is_refused(store: SqlUserStore, folder: Path) -> None:
    path = filled(folder)
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("UPDATE recx_notes SET value = '99' WHERE name = 'schema_version'")
    with pytest.raises(UserStoreVersion, match="schema version 99, this recx-agent knows 1"):
        store.hidden("user 1")
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT count(*) FROM hidden_items").fetchone() == (300,)


def test_an_older_store_is_brought_up_to_date_step_by_step(
    store: SqlUserStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(folder)
    taken: list[int] = []

    def step(version: int) -> Callable[[Connection], None]:
        def run(connection: Connection) -> None:
            taken.append(version)
            connection.exec_driver_sql(f"ALTER TABLE hidden_items ADD COLUMN step_{version} TEXT")

        return run

    monkeypatch.setattr(tables, "VERSION", 3)
    monkeypatch.setattr(schema, "STEPS", {n: step(n) for n in (1, 2)})
    assert store.hidden("user 7") == ("item 7",)
    assert taken == [1, 2]
    store.close()
    assert store.hidden("user 7") == ("item 7",)
    assert taken == [1, 2], "once"


def test_a_step_that_fails_leaves_the_older_store(
    store: SqlUserStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled(folder)

    def half(connection: Connection) -> None:
        connection.exec_driver_sql("DROP TABLE hidden_items")
        raise RuntimeError("killed here")

    with monkeypatch.context() as patch:
        patch.setattr(tables, "VERSION", 2)
        patch.setattr(schema, "STEPS", {1: half})
        with pytest.raises(RuntimeError):
            store.hidden("user 7")
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT count(*) FROM hidden_items").fetchone() == (300,)
    assert store.hidden("user 7") == ("item 7",)


@pytest.fixture
def no_room() -> Iterator[None]:
    """No file of this process may grow at all."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, most))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def test_what_is_there_is_read_where_nothing_can_be_written(
    folder: Path, request: pytest.FixtureRequest
) -> None:
    filled(folder)
    request.getfixturevalue("no_room")
    store = SqlUserStore(folder)
    assert store.hidden("user 1") == ("item 1",)
    with pytest.raises(UserStoreError, match="a file would grow beyond the limit in force"):
        store.hide("ann", "i1")
    assert store.hidden("user 2") == ("item 2",)
    assert SqlUserStore(folder).hidden("user 3") == ("item 3",)


def test_a_store_that_could_not_be_begun_is_none(
    folder: Path, request: pytest.FixtureRequest
) -> None:
    folder.mkdir()
    request.getfixturevalue("no_room")
    with pytest.raises(UserStoreError, match="a file would grow beyond the limit in force"):
        SqlUserStore(folder).hide("ann", "i1")
    assert (folder / FILE_NAME).exists()
    assert SqlUserStore(folder).hidden("ann") == ()


def test_what_may_be_in_the_log_alone_is_not_passed_over(
    folder: Path, request: pytest.FixtureRequest
) -> None:
    path = filled(folder)
    path.with_name(f"{path.name}-wal").write_bytes(b"written last")
    request.getfixturevalue("no_room")
    with pytest.raises(UserStoreError, match="a file would grow beyond the limit in force"):
        SqlUserStore(folder).hidden("user 1")
