"""Who was erased is known by a keyed hash, and by nothing else."""

from __future__ import annotations

import hashlib
import hmac
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from recx_agent.errors import UserStoreDamaged, UserStoreError
from recx_agent.stores import SqlUserStore
from recx_agent.stores.database import FILE_NAME, KEY_NAME
from tests.unit.stores.said import mute


def test_a_tombstone_covers_its_user_from_the_first_moment(store: SqlUserStore) -> None:
    before = datetime.now(UTC)
    store.tombstones.put("ann")
    found = store.tombstones.find("ann")
    assert found is not None
    assert (found.state, found.since >= before) == ("pending", True)
    assert store.tombstones.covers("ann")
    assert not store.tombstones.covers("anna")
    assert store.tombstones.covered(["bob", "ann", "ann "]) == {"ann"}


def test_an_erasure_is_pending_until_it_is_finished(store: SqlUserStore) -> None:
    for user in ("ann", "bob"):
        store.tombstones.put(user)
    hashes = {user: store.tombstones.hash_of(user) for user in ("ann", "bob")}
    assert store.tombstones.pending() == set(hashes.values())
    store.tombstones.finish(hashes["ann"])
    assert store.tombstones.pending() == {hashes["bob"]}
    found = store.tombstones.find("ann")
    assert found is not None
    assert found.state == "done"
    store.tombstones.put("ann")
    assert store.tombstones.pending() == set(hashes.values()), "begun again"


def test_a_user_can_be_let_back(store: SqlUserStore) -> None:
    store.tombstones.put("ann")
    assert store.tombstones.lift("ann")
    assert not store.tombstones.lift("ann")
    assert not store.tombstones.covers("ann")
    assert mute(store, "ann", "i1")


def test_the_hash_is_keyed_and_the_key_is_the_owner_s_alone(
    store: SqlUserStore, folder: Path
) -> None:
    store.tombstones.put("quixley")
    store.close()
    key = bytes.fromhex((folder / KEY_NAME).read_text())
    wanted = hmac.new(key, b"quixley", hashlib.sha256).hexdigest()
    assert len(key) == 32
    assert store.tombstones.hash_of("quixley") == wanted
    assert stat.S_IMODE((folder / KEY_NAME).stat().st_mode) == 0o600
    store.close()
    held = b"".join(path.read_bytes() for path in folder.iterdir())
    assert wanted.encode() in held
    assert b"quixley" not in held
    assert hashlib.sha256(b"quixley").hexdigest().encode() not in held


def test_two_workspaces_hash_differently(tmp_path: Path) -> None:
    hashes = set()
    for name in ("one", "two"):
        store = SqlUserStore(tmp_path / name)
        store.tombstones.put("ann")
        hashes.add(store.tombstones.hash_of("ann"))
        store.close()
    assert len(hashes) == 2


def test_an_id_that_is_no_text_is_unknown_and_no_fault(store: SqlUserStore) -> None:
    store.tombstones.put("ann")
    assert not store.tombstones.covers("ann\udcff")


def test_a_lost_key_is_no_empty_list_of_tombstones(store: SqlUserStore, folder: Path) -> None:
    store.tombstones.put("ann")
    store.close()
    fresh = SqlUserStore(folder)
    (folder / KEY_NAME).unlink()
    told = r"tombstone\.key: it is missing; restore"
    with pytest.raises(UserStoreDamaged, match=told):
        fresh.tombstones.covers("ann")
    with pytest.raises(UserStoreDamaged, match=told):
        fresh.tombstones.covered(["ann"])
    with pytest.raises(UserStoreDamaged, match=told):
        fresh.tombstones.put("bob")
    with pytest.raises(UserStoreDamaged, match=told):
        mute(fresh, "bob", "i1")
    fresh.close()


def test_another_store_s_key_is_refused(store: SqlUserStore, folder: Path) -> None:
    store.tombstones.put("ann")
    store.close()
    (folder / KEY_NAME).write_text("00" * 32)
    fresh = SqlUserStore(folder)
    with pytest.raises(UserStoreDamaged, match=r"not the key of users\.sqlite3"):
        fresh.tombstones.covers("ann")
    fresh.close()


@pytest.mark.parametrize("content", ["", "no key", "00" * 16, "ff" * 31 + "zz"])
def test_what_is_no_key_is_refused(store: SqlUserStore, folder: Path, content: str) -> None:
    store.tombstones.put("ann")
    store.close()
    (folder / KEY_NAME).write_text(content)
    fresh = SqlUserStore(folder)
    with pytest.raises(UserStoreDamaged, match="this is no key"):
        fresh.tombstones.covers("ann")
    fresh.close()


def test_a_key_that_cannot_be_read_is_no_key_that_is_missing(
    store: SqlUserStore, folder: Path
) -> None:
    store.tombstones.put("ann")
    store.close()
    (folder / KEY_NAME).unlink()
    (folder / KEY_NAME).mkdir()
    fresh = SqlUserStore(folder)
    with pytest.raises(UserStoreError, match="run as the owner"):
        fresh.tombstones.covers("ann")
    fresh.close()


@pytest.mark.parametrize("how", ["gone", "emptied"])
def test_a_lost_store_is_no_empty_one(store: SqlUserStore, folder: Path, how: str) -> None:
    """Who deletes the file to get rid of hidden items would bring the erased back."""
    store.tombstones.put("ann")
    store.close()
    (folder / FILE_NAME).unlink()
    if how == "emptied":
        (folder / FILE_NAME).touch()
    fresh = SqlUserStore(folder)
    told = r"tombstone\.key shows that users were erased"
    with pytest.raises(UserStoreDamaged, match=told):
        fresh.tombstones.covers("ann")
    with pytest.raises(UserStoreDamaged, match=told):
        mute(fresh, "bob", "i1")
    fresh.close()


def test_a_key_made_just_before_a_kill_is_used(folder: Path) -> None:
    store = SqlUserStore(folder)
    mute(store, "bob", "i1")
    (folder / KEY_NAME).write_text("ab" * 32)
    assert not store.tombstones.covers("ann")
    store.tombstones.put("ann")
    assert (folder / KEY_NAME).read_text() == "ab" * 32
    assert store.tombstones.covers("ann")
    store.close()
