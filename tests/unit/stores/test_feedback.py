"""What users say and do in the store: once, by user, undone with its time, and never half."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from recx_agent.datasets.added import AddedEvent
from recx_agent.errors import UnknownUser
from recx_agent.protocols import UserRecord
from recx_agent.stores import SqlUserStore, tables
from recx_agent.stores.database import FILE_NAME
from recx_agent.stores.step_to_2 import step_to_2

WATCHED = AddedEvent("i7", "watch", None, 1_700_000_000, "很好 🦉", '{"device": "tv"}')


def test_feedback_is_in_force_once(store: SqlUserStore) -> None:
    first, is_new = store.give("ann", "mute", "attribute", "Drama", "genre")
    assert is_new
    assert store.give("ann", "mute", "attribute", "Drama", "genre") == (first, False)
    assert store.give("ann", "mute", "attribute", "Drama", "mood")[1]
    assert store.give("ann", "exclude", "attribute", "Drama", "genre")[1]
    assert store.give("bob", "mute", "attribute", "Drama", "genre")[1]
    assert len(store.record("ann").feedback) == 3
    undone = store.undo("ann", first.id)
    assert undone is not None and undone.undone is not None
    again, is_new = store.give("ann", "mute", "attribute", "Drama", "genre")
    assert is_new and again.id != first.id
    assert [e.undone is None for e in store.feedback("ann", undone=True)] == [
        False,
        True,
        True,
        True,
    ]


def test_liked_and_disliked_undo_each_other_for_items_alone(store: SqlUserStore) -> None:
    store.give("ann", "like", "item", "i1")
    store.give("ann", "like", "item", "i2")
    store.give("bob", "like", "item", "i1")
    store.give("ann", "mute", "item", "i1")
    store.give("ann", "dislike", "item", "i1")
    assert [(e.kind, e.value) for e in store.feedback("ann")] == [
        ("like", "i2"),
        ("mute", "i1"),
        ("dislike", "i1"),
    ]
    assert len(store.feedback("bob")) == 1
    store.give("ann", "like", "item", "i1")
    assert [e.kind for e in store.feedback("ann")] == ["like", "mute", "like"]


def test_events_are_kept_once_and_whole(store: SqlUserStore) -> None:
    other = AddedEvent("i7", "watch", None, 1_700_000_001)
    assert store.add_events({"ann": [WATCHED, WATCHED, other], "bob": [WATCHED]}) == 3
    assert store.add_events({"ann": [other, WATCHED]}) == 0
    first, second = store.record("ann").added
    assert (first.key, first.text, first.context) == (WATCHED.key, "很好 🦉", WATCHED.context)
    assert store.undo_event("bob", first.id) is None
    assert store.undo_event("ann", first.id) is not None
    record = store.record("ann")
    assert [e.id for e in record.added] == [second.id]
    assert [e.id for e in record.taken_back] == [first.id]
    assert store.add_events({"ann": [WATCHED]}) == 1, "it may be done again"
    in_force, back = store.every_event()
    assert {user: len(own) for user, own in in_force.items()} == {"ann": 2, "bob": 1}
    assert {user: len(own) for user, own in back.items()} == {"ann": 1}


def test_values_are_told_apart_as_data_store_them(store: SqlUserStore) -> None:
    rated = [AddedEvent("i1", "rating", value, 5) for value in (4.1, 4.1000001, 4.2)]
    assert store.add_events({"ann": rated}) == 2
    assert [event.value for event in store.record("ann").added] == [4.1, 4.2]


def test_of_an_erased_user_nothing_is_written_nor_of_those_beside(store: SqlUserStore) -> None:
    store.add_events({"ann": [WATCHED]})
    store.tombstones.put("ann")
    assert store.record("ann") == UserRecord(erased=True)
    with pytest.raises(UnknownUser):
        store.give("ann", "like", "item", "i1")
    with pytest.raises(UnknownUser):
        store.add_events({"aaa": [WATCHED], "ann": [WATCHED], "zoe": [WATCHED]})
    assert store.events("aaa") == store.events("zoe") == ()
    assert store.every_event() == ({}, {})
    assert store.erase("ann") == 1


@pytest.mark.parametrize("id", ["a\0b", "a\udcff"])
def test_an_id_that_no_database_holds_is_unknown_and_no_fault(store: SqlUserStore, id: str) -> None:
    store.give("ann", "mute", "item", "i1")
    assert store.record(id) == UserRecord()
    assert store.feedback(id) == ()
    assert store.events(id) == ()
    assert store.undo("ann", id) is None
    assert store.undo_event(id, "e") is None


def test_several_processes_write_at_once(store: SqlUserStore, folder: Path) -> None:
    code = (
        "import sys; from recx_agent.stores import SqlUserStore; "
        "from recx_agent.datasets.added import AddedEvent; store = SqlUserStore(sys.argv[1])\n"
        "for n in range(15):\n"
        "    store.give('ann', 'mute', 'item', f'i{n}')\n"
        "    store.add_events({'ann': [AddedEvent(f'i{n}', 'watch', time=n)]})\n"
    )
    command = [sys.executable, "-c", code, str(folder)]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    for process in running:
        _, told = process.communicate(timeout=120)
        assert process.returncode == 0, told
    record = store.record("ann")
    assert sorted(e.value for e in record.feedback) == sorted(f"i{n}" for n in range(15))
    assert len(record.added) == 15


VERSION_1 = """
CREATE TABLE recx_notes (name VARCHAR(64) NOT NULL PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE hidden_items (user_id TEXT NOT NULL, item_id TEXT NOT NULL, since BIGINT NOT NULL,
    PRIMARY KEY (user_id, item_id));
CREATE TABLE tombstones (hash VARCHAR(64) NOT NULL PRIMARY KEY, state VARCHAR(16) NOT NULL,
    since BIGINT NOT NULL);
INSERT INTO recx_notes VALUES ('schema_version', '1');
INSERT INTO hidden_items VALUES ('ann', 'i2', 1000000), ('ann', 'i1', 500000), ('bob', 'i1', 0);
"""
"""As recx-agent made it before there was feedback."""


def test_hidden_items_of_an_older_store_are_muted_ones(folder: Path) -> None:
    folder.mkdir()
    with closing(sqlite3.connect(folder / FILE_NAME)) as raw:
        raw.executescript(VERSION_1)
    store = SqlUserStore(folder)
    entries = store.feedback("ann")
    assert [(e.kind, e.target, e.value) for e in entries] == [
        ("mute", "item", "i1"),
        ("mute", "item", "i2"),
    ]
    assert entries[1].since.timestamp() == 1.0
    assert store.users() == {"ann", "bob"}
    assert store.give("ann", "like", "item", "i3")[1]
    store.close()
    with closing(sqlite3.connect(folder / FILE_NAME)) as raw:
        names = raw.execute("SELECT name FROM sqlite_master").fetchall()
    assert ("hidden_items",) not in names and ("feedback",) in names


def test_a_step_makes_the_tables_that_a_new_store_has() -> None:
    found = []
    for is_new in (True, False):
        engine = create_engine("sqlite://")
        with engine.begin() as connection:
            if is_new:
                tables.metadata.create_all(connection)
            else:
                connection.exec_driver_sql("CREATE TABLE hidden_items (user_id, item_id, since)")
                step_to_2(connection)
            chosen = "SELECT name, sql FROM sqlite_master WHERE tbl_name IN ('feedback', 'events')"
            found.append({name: sql for name, sql in connection.exec_driver_sql(chosen)})
        engine.dispose()
    assert found[0] == found[1]
    assert "feedback_in_force" in str(found[0])
