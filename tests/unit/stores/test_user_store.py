"""Hidden items: kept, listed, undone, erased."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, insert

from recx_agent.errors import UnknownUser
from recx_agent.protocols import UserStore
from recx_agent.stores import SqlUserStore
from recx_agent.stores.tables import hidden


def test_it_is_a_user_store(store: SqlUserStore) -> None:
    checked: UserStore = store
    assert checked.hidden("ann") == ()


def test_asking_makes_no_file(store: SqlUserStore, folder: Path) -> None:
    assert store.hidden("ann") == ()
    assert store.hidden_items("ann") == ()
    assert store.users() == frozenset()
    assert not store.unhide("ann", "i1")
    assert store.erase("ann") == 0
    assert not store.tombstones.covers("ann")
    assert store.tombstones.pending() == store.tombstones.covered(["ann"]) == frozenset()
    assert not store.tombstones.lift("ann")
    assert not folder.exists()


def test_hidden_items_are_listed_in_the_order_of_hiding(store: SqlUserStore) -> None:
    before = datetime.now(UTC)
    for item in ("i2", "i1", "i3"):
        assert store.hide("ann", item)
    assert not store.hide("ann", "i1"), "it was hidden already"
    store.hide("bob", "i9")
    assert store.hidden("ann") == ("i2", "i1", "i3")
    times = [entry.since for entry in store.hidden_items("ann")]
    assert before <= times[0] <= times[1] <= times[2] <= datetime.now(UTC)
    assert store.users() == {"ann", "bob"}


def test_hiding_can_be_undone(store: SqlUserStore) -> None:
    store.hide("ann", "i1")
    store.hide("bob", "i1")
    assert store.unhide("ann", "i1")
    assert not store.unhide("ann", "i1")
    assert store.hidden("ann") == ()
    assert store.hidden("bob") == ("i1",)


def test_it_outlives_the_process(folder: Path) -> None:
    first = SqlUserStore(folder)
    first.hide("ann", "i1")
    first.tombstones.put("zoe")
    first.close()
    second = SqlUserStore(folder)
    assert second.hidden("ann") == ("i1",)
    assert second.tombstones.covers("zoe")
    second.close()


def test_it_can_be_used_again_after_it_was_closed(store: SqlUserStore) -> None:
    store.hide("ann", "i1")
    store.close()
    assert store.hidden("ann") == ("i1",)


def test_what_another_connection_writes_is_seen_at_once(store: SqlUserStore, folder: Path) -> None:
    other = SqlUserStore(folder)
    other.hide("ann", "i1")
    assert store.hidden("ann") == ("i1",)
    other.tombstones.put("ann")
    assert store.tombstones.covers("ann")
    other.tombstones.lift("ann")
    assert not store.tombstones.covers("ann")
    other.close()


@pytest.mark.parametrize(
    "odd", ["", "a'; DROP TABLE hidden_items; --", "用户 7", "a\nb", "%", "🦉"]
)
def test_ids_are_data(store: SqlUserStore, odd: str) -> None:
    store.hide(odd, odd)
    store.hide("ann", "i1")
    assert store.hidden(odd) == (odd,)
    assert store.erase(odd) == 1
    assert store.hidden("ann") == ("i1",)


def test_an_erased_user_can_hide_nothing(store: SqlUserStore) -> None:
    store.tombstones.put("ann")
    with pytest.raises(UnknownUser, match="ann"):
        store.hide("ann", "i1")
    assert store.hidden("ann") == ()


def test_several_threads_may_write(store: SqlUserStore) -> None:
    def hide(thread: int) -> None:
        for item in range(10):
            store.hide(f"u{thread}", f"i{item}")

    threads = [threading.Thread(target=hide, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {user: len(store.hidden(user)) for user in store.users()} == {
        f"u{n}": 10 for n in range(4)
    }


def files_with(folder: Path, text: str) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if text.encode() in p.read_bytes())


def test_nothing_erased_is_left_in_any_byte(store: SqlUserStore, folder: Path) -> None:
    rows = [
        {"user_id": f"quixley-{user:03}", "item_id": f"item-{user}-{item}", "since": 0}
        for user in range(200)
        for item in range(4)
    ]
    for row in rows[::40]:  # some come one by one, and rearrange pages
        store.hide(str(row["user_id"]), str(row["item_id"]))
    with store._database.writing() as connection:
        for row in rows:
            connection.execute(delete(hidden).filter_by(item_id=row["item_id"]))
            connection.execute(insert(hidden).values(row))
    assert "users.sqlite3-wal" in files_with(folder, "quixley-077"), "positive control"
    assert store.erase("quixley-077") == 4
    assert files_with(folder, "quixley-077") == []
    assert files_with(folder, "item-77-2") == []
    assert files_with(folder, "quixley-078") == ["users.sqlite3"], "the others stay"
    assert store.hidden("quixley-078") == tuple(f"item-78-{n}" for n in range(4))


def test_erasing_cleans_what_was_only_deleted(store: SqlUserStore, folder: Path) -> None:
    """A process that was killed after the deletion leaves it in the log."""
    store.hide("quixley", "i1")
    store.unhide("quixley", "i1")
    assert files_with(folder, "quixley")
    assert store.erase("quixley") == 0
    assert files_with(folder, "quixley") == []
