"""Feedback and added events: kept, listed, undone, erased."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete

from recx_agent.datasets.added import AddedEvent
from recx_agent.errors import UnknownUser
from recx_agent.protocols import UserRecord, UserStore
from recx_agent.stores import SqlUserStore, event_table, feedback_table
from recx_agent.stores.tables import feedback
from tests.unit.stores.said import mute, muted, unmute


def test_it_is_a_user_store(store: SqlUserStore) -> None:
    checked: UserStore = store
    assert checked.feedback("ann") == ()


def test_asking_makes_no_file(store: SqlUserStore, folder: Path) -> None:
    assert store.record("ann") == UserRecord()
    assert store.feedback("ann", undone=True) == ()
    assert store.events("ann", undone=True) == ()
    assert store.users() == frozenset()
    assert store.undo("ann", "f1") is None
    assert store.undo_event("ann", "e1") is None
    assert store.every_event() == ({}, {})
    assert store.add_events({}) == 0
    assert store.erase("ann") == 0
    assert not store.tombstones.covers("ann")
    assert store.tombstones.pending() == store.tombstones.covered(["ann"]) == frozenset()
    assert not store.tombstones.lift("ann")
    assert not folder.exists()


def test_muted_items_are_listed_in_the_order_of_muting(store: SqlUserStore) -> None:
    before = datetime.now(UTC)
    for item in ("i2", "i1", "i3"):
        assert mute(store, "ann", item)
    assert not mute(store, "ann", "i1"), "it was hidden already"
    mute(store, "bob", "i9")
    assert muted(store, "ann") == ("i2", "i1", "i3")
    times = [entry.since for entry in store.feedback("ann")]
    assert before <= times[0] <= times[1] <= times[2] <= datetime.now(UTC)
    assert store.users() == {"ann", "bob"}


def test_muting_can_be_undone(store: SqlUserStore) -> None:
    mute(store, "ann", "i1")
    mute(store, "bob", "i1")
    assert unmute(store, "ann", "i1")
    assert not unmute(store, "ann", "i1")
    assert muted(store, "ann") == ()
    assert muted(store, "bob") == ("i1",)


def test_it_outlives_the_process(folder: Path) -> None:
    first = SqlUserStore(folder)
    mute(first, "ann", "i1")
    first.tombstones.put("zoe")
    first.close()
    second = SqlUserStore(folder)
    assert muted(second, "ann") == ("i1",)
    assert second.tombstones.covers("zoe")
    second.close()


def test_it_can_be_used_again_after_it_was_closed(store: SqlUserStore) -> None:
    mute(store, "ann", "i1")
    store.close()
    assert muted(store, "ann") == ("i1",)


def test_what_another_connection_writes_is_seen_at_once(store: SqlUserStore, folder: Path) -> None:
    other = SqlUserStore(folder)
    mute(other, "ann", "i1")
    assert muted(store, "ann") == ("i1",)
    other.tombstones.put("ann")
    assert store.tombstones.covers("ann")
    other.tombstones.lift("ann")
    assert not store.tombstones.covers("ann")
    other.close()


@pytest.mark.parametrize("odd", ["", "a'; DROP TABLE feedback; --", "用户 7", "a\nb", "%", "🦉"])
def test_ids_are_data(store: SqlUserStore, odd: str) -> None:
    mute(store, odd, odd)
    mute(store, "ann", "i1")
    assert muted(store, odd) == (odd,)
    assert store.erase(odd) == 1
    assert muted(store, "ann") == ("i1",)


def test_an_erased_user_can_mute_nothing(store: SqlUserStore) -> None:
    store.tombstones.put("ann")
    with pytest.raises(UnknownUser, match="ann"):
        mute(store, "ann", "i1")
    assert muted(store, "ann") == ()


def test_several_threads_may_write(store: SqlUserStore) -> None:
    def say(thread: int) -> None:
        for item in range(10):
            mute(store, f"u{thread}", f"i{item}")

    threads = [threading.Thread(target=say, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {user: len(muted(store, user)) for user in store.users()} == {
        f"u{n}": 10 for n in range(4)
    }


def files_with(folder: Path, text: str) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if text.encode() in p.read_bytes())


def test_nothing_erased_is_left_in_any_byte(store: SqlUserStore, folder: Path) -> None:
    rows = [(f"quixley-{user:03}", f"item-{user}-{n}") for user in range(200) for n in range(4)]
    for user, item in rows[::40]:  # some come one by one, and rearrange pages
        mute(store, user, item)
    with store._database.writing() as connection:
        for user, item in rows:
            connection.execute(delete(feedback).filter_by(value=item))
            feedback_table.give(connection, user, "mute", "item", "", item)
            event_table.add(connection, user, [AddedEvent(item, "watch", text=f"of {user}")])
    assert "users.sqlite3-wal" in files_with(folder, "quixley-077"), "positive control"
    assert store.erase("quixley-077") == 8
    assert files_with(folder, "quixley-077") == []
    assert files_with(folder, "item-77-2") == []
    assert files_with(folder, "quixley-078") == ["users.sqlite3"], "the others stay"
    assert muted(store, "quixley-078") == tuple(f"item-78-{n}" for n in range(4))
    assert len(store.events("quixley-078")) == 4


def test_erasing_cleans_what_was_only_deleted(store: SqlUserStore, folder: Path) -> None:
    """A process that was killed after the deletion leaves it in the log."""
    mute(store, "quixley", "i1")
    with store._database.writing() as connection:
        connection.execute(delete(feedback))
    assert files_with(folder, "quixley")
    assert store.erase("quixley") == 0
    assert files_with(folder, "quixley") == []
