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
from recx_agent.stores.database import FILE_NAME, FileDatabase
from tests.unit.stores.said import mute, muted


def row_of(n: int) -> dict[str, object]:
    told = {"kind": "mute", "target": "item", "name": "", "value": f"item {n}"}
    return {"id": f"id {n}", "user_id": f"user {n}", "since": n, **told}


def filled(folder: Path) -> Path:
    store = SqlUserStore(folder)
    rows = [row_of(n) for n in range(300)]
    with store._database.writing() as connection:
        connection.execute(insert(tables.feedback), rows)
    store.erase("nobody")  # everything is in the file itself
    store.close()
    return folder / FILE_NAME


def test_something_else_in_its_place_is_damage(store: SqlUserStore, folder: Path) -> None:
    folder.mkdir()
    (folder / FILE_NAME).write_bytes(b"this is no database at all" * 100)
    with pytest.raises(UserStoreDamaged, match=r"users\.sqlite3.*restore it from a backup"):
        muted(store, "ann")
    with pytest.raises(UserStoreDamaged):
        mute(store, "ann", "i1")


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
            mute(store, "ann", "i1")
        assert muted(store, "user 1") == ("item 1",), "whoever reads does not wait"
        other.execute("ROLLBACK")
    assert mute(store, "ann", "i1")


def test_an_erasure_is_not_done_while_a_reader_holds_an_older_state(
    store: SqlUserStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled(folder)
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.0)
    mute(store, "quixley", "i1")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM feedback").fetchone()
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

    database = store._database
    assert isinstance(database, FileDatabase)
    engine = database._opened()
    engine.dispose()
    event.listen(engine, "connect", limit)
    with pytest.raises(UserStoreFull, match="nothing was changed"):
        for n in range(1000):
            mute(store, "ann", f"a rather long name of an item, so that it fills pages {n}")
    count = len(muted(store, "ann"))
    engine.dispose()
    event.remove(engine, "connect", limit)
    assert len(muted(store, "ann")) == count
    assert mute(store, "ann", "last")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    store = SqlUserStore(tmp_path)
    with pytest.raises(UserStoreError, match="permissions"):
        muted(store, "ann")


def test_a_newer_store_is_refused(store: SqlUserStore, folder: Path) -> None:
    path = filled(folder)
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("UPDATE recx_notes SET value = '99' WHERE name = 'schema_version'")
    with pytest.raises(UserStoreVersion, match="schema version 99, this recx-agent knows 2"):
        muted(store, "user 1")
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT count(*) FROM feedback").fetchone() == (300,)


def test_an_older_store_is_brought_up_to_date_step_by_step(
    store: SqlUserStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(folder)
    taken: list[int] = []

    def step(version: int) -> Callable[[Connection], None]:
        def run(connection: Connection) -> None:
            taken.append(version)
            connection.exec_driver_sql(f"ALTER TABLE feedback ADD COLUMN step_{version} TEXT")

        return run

    monkeypatch.setattr(tables, "VERSION", 4)
    monkeypatch.setattr(schema, "STEPS", {n: step(n) for n in (2, 3)})
    assert muted(store, "user 7") == ("item 7",)
    assert taken == [2, 3]
    store.close()
    assert muted(store, "user 7") == ("item 7",)
    assert taken == [2, 3], "once"


def test_a_step_that_fails_leaves_the_older_store(
    store: SqlUserStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled(folder)

    def half(connection: Connection) -> None:
        connection.exec_driver_sql("DROP TABLE feedback")
        raise RuntimeError("killed here")

    with monkeypatch.context() as patch:
        patch.setattr(tables, "VERSION", 3)
        patch.setattr(schema, "STEPS", {2: half})
        with pytest.raises(RuntimeError):
            muted(store, "user 7")
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT count(*) FROM feedback").fetchone() == (300,)
    assert muted(store, "user 7") == ("item 7",)


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
    assert muted(store, "user 1") == ("item 1",)
    with pytest.raises(UserStoreError, match="a file would grow beyond the limit in force"):
        mute(store, "ann", "i1")
    assert muted(store, "user 2") == ("item 2",)
    assert muted(SqlUserStore(folder), "user 3") == ("item 3",)


def test_a_store_that_could_not_be_begun_is_none(
    folder: Path, request: pytest.FixtureRequest
) -> None:
    folder.mkdir()
    request.getfixturevalue("no_room")
    with pytest.raises(UserStoreError, match="a file would grow beyond the limit in force"):
        mute(SqlUserStore(folder), "ann", "i1")
    assert (folder / FILE_NAME).exists()
    assert muted(SqlUserStore(folder), "ann") == ()


def test_what_may_be_in_the_log_alone_is_not_passed_over(
    folder: Path, request: pytest.FixtureRequest
) -> None:
    path = filled(folder)
    path.with_name(f"{path.name}-wal").write_bytes(b"written last")
    request.getfixturevalue("no_room")
    with pytest.raises(UserStoreError, match="a file would grow beyond the limit in force"):
        muted(SqlUserStore(folder), "user 1")
