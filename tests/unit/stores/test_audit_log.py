"""Records are kept for some days, and nothing of an erased user."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from recx_agent.errors import KeptStoreDamaged, KeptStoreError
from recx_agent.schemas import AuditRecord, AuditStep, Writer
from recx_agent.stores import SqlAuditLog, SqlUserStore, audit_log
from recx_agent.stores.audit_log import FILE_NAME

WRITER = Writer(kind="llm", style="plain", language="en", prompt_version="1", model="m")


def nobody(user_id: str) -> bool:
    return False


def record(audit_id: str, user_id: str = "ann", days_old: float = 0.0, **more: str) -> AuditRecord:
    made = datetime.now(UTC) - timedelta(days=days_old)
    return AuditRecord(
        audit_id=audit_id,
        user_id=user_id,
        made=made.isoformat(),
        model="m",
        plan={"item_title": "Fargo"},
        steps=(AuditStep(kind="draft", raw=more.get("raw", "{ITEM} 很好")),),
        text="“Fargo”",
        verdict="supported",
        writer=WRITER,
    )


@pytest.fixture
def log(folder: Path) -> SqlAuditLog:
    return SqlAuditLog(folder, 30.0, nobody)


def test_nothing_is_made_by_reading(log: SqlAuditLog, folder: Path) -> None:
    assert log.get("x") is None
    assert log.newest(5) == log.of_user("ann") == []
    assert log.drop_before(datetime.now(UTC)) == 0
    assert not folder.exists()


def test_what_is_put_comes_back_as_it_was(log: SqlAuditLog, folder: Path) -> None:
    first, other = record("a", days_old=1), record("b", "bob")
    log.put(first)
    log.put(other)
    log.close()
    again = SqlAuditLog(folder, 30.0, nobody)
    assert again.get("a") == first
    assert again.get("c") is None
    assert again.newest(1) == [other]
    assert again.of_user("ann") == [first]
    assert again.users() == {"ann", "bob"}


def test_the_text_alone_is_found_without_the_whole_record(
    log: SqlAuditLog, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert log.text("a") is None
    assert not folder.exists()
    log.put(record("a"))
    monkeypatch.setattr(AuditRecord, "model_validate_json", None)
    assert (log.text("a"), log.text("b")) == ("“Fargo”", None)
    erased = SqlAuditLog(folder, 30.0, lambda user_id: user_id == "ann")
    assert erased.text("a") is None


def test_a_record_takes_the_place_of_an_earlier_one(log: SqlAuditLog) -> None:
    log.put(record("a"))
    second = record("a", raw="another draft")
    log.put(second)
    assert log.of_user("ann") == [second]


def test_what_is_too_old_goes_with_the_next_that_comes(folder: Path) -> None:
    log = SqlAuditLog(folder, 30.0, nobody)
    log.put(record("new"))
    log.put(record("old", days_old=30.1))
    assert {r.audit_id for r in log.newest(9)} == {"new", "old"}, "once an hour"
    SqlAuditLog(folder, 30.0, nobody).put(record("newer"))
    assert {r.audit_id for r in log.newest(9)} == {"new", "newer"}


def test_it_can_be_asked_for(log: SqlAuditLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_log, "_PRUNED_EVERY", timedelta(days=99))
    for days in (0, 10, 20):
        log.put(record(f"r{days}", days_old=days))
    assert log.drop_before(datetime.now(UTC) - timedelta(days=15)) == 1
    assert [r.audit_id for r in log.newest(9)] == ["r0", "r10"]


def test_erasing_takes_one_user_s_alone_and_every_byte(log: SqlAuditLog, folder: Path) -> None:
    for number in range(30):
        log.put(record(f"q{number}", "quixley", raw="vorpal words " * 100))
        log.put(record(f"b{number}", "bob", raw="others " * 100))
    raw = b"".join(path.read_bytes() for path in folder.iterdir())
    assert b"quixley" in raw and b"vorpal" in raw, "the control"
    assert log.erase("quixley") == 30
    raw = b"".join(path.read_bytes() for path in folder.iterdir())
    assert b"quixley" not in raw and b"vorpal" not in raw
    assert len(log.of_user("bob")) == 30


def test_an_erased_user_is_neither_written_nor_read(folder: Path) -> None:
    users = SqlUserStore(folder)
    log = SqlAuditLog(folder, 30.0, users.tombstones.covers)
    log.put(record("a"))
    users.tombstones.put("ann")
    assert log.get("a") is None
    assert log.of_user("ann") == log.newest(5) == []
    log.erase("ann")
    log.put(record("late"))
    assert log.users() == frozenset()
    users.close()


def test_a_damaged_store_is_told_and_erased_as_a_whole(log: SqlAuditLog, folder: Path) -> None:
    folder.mkdir()
    (folder / FILE_NAME).write_bytes(b"quixley " * 2000)
    with pytest.raises(KeptStoreDamaged, match="remove it"):
        log.put(record("a"))
    with pytest.raises(KeptStoreError):
        log.get("a")
    assert log.erase("quixley") == 0
    assert list(folder.iterdir()) == []


def test_a_damaged_record_is_damage(log: SqlAuditLog) -> None:
    log.put(record("a"))
    with log._database.writing() as connection:
        connection.exec_driver_sql("UPDATE audit_records SET content = '{}'")
    with pytest.raises(KeptStoreDamaged, match="a record is damaged"):
        log.get("a")


def test_no_folder_to_write_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KeptStoreError):
        SqlAuditLog(tmp_path / "file" / "below", 1.0, nobody).put(record("a"))
