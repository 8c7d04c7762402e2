"""Texts are kept, the ones used last; a fault costs the text, never an error."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from recx_agent.errors import KeptStoreError
from recx_agent.stores import SqlTextCache, SqlUserStore
from recx_agent.stores import sqlite as sqlite_store
from recx_agent.stores.text_cache import FILE_NAME


def nobody(user_id: str) -> bool:
    return False


@pytest.fixture
def cache(folder: Path) -> SqlTextCache:
    return SqlTextCache(folder, 3, nobody)


def test_nothing_is_made_by_reading(cache: SqlTextCache, folder: Path) -> None:
    assert cache.get("k") is None
    assert cache.users() == frozenset()
    assert cache.erase("ann") == 0
    assert not folder.exists()


def test_what_is_put_is_there_for_the_next_process(cache: SqlTextCache, folder: Path) -> None:
    cache.put("k", "ann", "first")
    cache.put("k", "ann", "第二")
    cache.close()
    assert SqlTextCache(folder, 3, nobody).get("k") == "第二"
    assert cache.get("other") is None


def test_the_ones_not_used_for_longest_go(cache: SqlTextCache) -> None:
    for key in "abc":
        cache.put(key, "ann", key)
    assert cache.get("a") == "a"
    cache.put("d", "ann", "d")
    assert [cache.get(key) for key in "abcd"] == ["a", None, "c", "d"]


def test_a_use_is_remembered_when_it_is_closed(cache: SqlTextCache, folder: Path) -> None:
    for key in "abc":
        cache.put(key, "ann", key)
    cache.get("a")
    cache.close()
    again = SqlTextCache(folder, 3, nobody)
    again.put("d", "ann", "d")
    assert again.get("a") == "a"
    assert again.get("b") is None


def test_erasing_takes_one_user_s_alone_and_every_byte(folder: Path) -> None:
    cache = SqlTextCache(folder, 100, nobody)
    for number in range(40):
        cache.put(f"q{number}", "quixley", f"vorpal text {number} " * 50)
        cache.put(f"b{number}", "bob", "another's text " * 50)
    raw = b"".join(path.read_bytes() for path in folder.iterdir())
    assert b"quixley" in raw and b"vorpal" in raw, "the control"
    assert cache.erase("quixley") == 40
    raw = b"".join(path.read_bytes() for path in folder.iterdir())
    assert b"quixley" not in raw and b"vorpal" not in raw
    assert cache.users() == {"bob"}
    assert len(cache.of_user("bob")) == 40


def test_an_erased_user_is_neither_written_nor_read(folder: Path) -> None:
    users = SqlUserStore(folder)
    cache = SqlTextCache(folder, 10, users.tombstones.covers)
    cache.put("k", "ann", "before")
    users.tombstones.put("ann")
    assert cache.get("k") is None
    assert cache.of_user("ann") == []
    cache.erase("ann")
    cache.put("k", "ann", "late")
    assert cache.users() == frozenset()
    users.close()


def test_a_damaged_file_costs_the_text_and_is_told_once(
    cache: SqlTextCache, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder.mkdir()
    (folder / FILE_NAME).write_bytes(b"this is no database at all" * 400)
    with caplog.at_level(logging.WARNING):
        assert cache.get("k") is None
        assert cache.get("l") is None
    assert len(caplog.records) == 1
    assert "remove it: what was kept is lost, and no more" in caplog.text
    for use in (cache.users, lambda: cache.put("k", "ann", "text")):
        with pytest.raises(KeptStoreError):
            use()


def test_a_damaged_file_is_erased_as_a_whole(cache: SqlTextCache, folder: Path) -> None:
    folder.mkdir()
    (folder / FILE_NAME).write_bytes(b"quixley " * 2000)
    assert cache.erase("quixley") == 0
    assert list(folder.iterdir()) == []
    cache.put("k", "ann", "text")
    assert cache.get("k") == "text"


def test_a_newer_store_is_left_alone_and_erased_as_a_whole(
    cache: SqlTextCache, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache.put("k", "ann", "text")
    cache.close()
    with closing(sqlite3.connect(folder / FILE_NAME)) as raw:
        raw.execute("PRAGMA user_version = 7")
    assert cache.get("k") is None
    assert "schema version 7, this recx-agent knows 1" in caplog.text
    cache.erase("ann")
    assert not (folder / FILE_NAME).exists()


def test_whoever_holds_the_file_costs_the_text(
    cache: SqlTextCache, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_store, "BUSY_SECONDS", 0.0)
    cache.put("k", "ann", "text")
    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(KeptStoreError):
            cache.put("l", "ann", "text")
        assert cache.get("k") == "text", "whoever reads does not wait"
        other.execute("ROLLBACK")
    assert cache.get("l") is None
    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM texts").fetchone()
        with pytest.raises(KeptStoreError):
            cache.erase("ann")
    assert cache.erase("ann") == 0, "rows went the first time, the bytes now"
