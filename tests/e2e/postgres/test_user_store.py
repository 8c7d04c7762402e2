"""The user store on a server does what it does in a file, and its faults say what to do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import insert, inspect

from recx_agent.datasets.added import AddedEvent
from recx_agent.errors import (
    UnknownUser,
    UserStoreBusy,
    UserStoreDamaged,
    UserStoreError,
    UserStoreUnreachable,
    UserStoreVersion,
)
from recx_agent.protocols import UserRecord
from recx_agent.stores import SqlUserStore, postgres, tables
from recx_agent.stores.database import KEY_NAME
from recx_agent.stores.step_to_2 import step_to_2
from tests.e2e.postgres_server import PASSWORD, PostgresServer

Open = Callable[[], SqlUserStore]
ASKING: tuple[Callable[[SqlUserStore], object], ...] = (
    lambda store: store.record("ann"),
    lambda store: store.give("bob", "like", "item", "i1"),
)
"""Whoever reads, and whoever writes."""


def test_asking_makes_nothing(
    store: SqlUserStore, server: PostgresServer, schema: str, tmp_path: Path
) -> None:
    assert store.record("ann") == UserRecord()
    assert store.users() == frozenset()
    assert store.erase("ann") == 0
    assert server.ask(f"SELECT count(*) FROM pg_namespace WHERE nspname = '{schema}'") == "0"
    assert not (tmp_path / "workspace").exists()


def test_what_is_said_and_done_is_kept_and_undone(store: SqlUserStore, open_store: Open) -> None:
    given, is_new = store.give("ann", "mute", "attribute", "Drama", "genre")
    assert is_new
    assert store.give("ann", "mute", "attribute", "Drama", "genre") == (given, False)
    store.give("ann", "like", "item", "i1")
    store.give("ann", "dislike", "item", "i1")
    added = AddedEvent("i7", "rating", 4.5, 1_700_000_000, "很好 🦉", '{"device": "tv"}')
    assert store.add_events({"ann": [added, added], "bob": [added]}) == 2
    assert store.add_events({"ann": [added]}) == 0
    other = open_store()
    record = other.record("ann")
    assert [(e.kind, e.value) for e in record.feedback] == [("mute", "Drama"), ("dislike", "i1")]
    assert [event.key for event in record.added] == [added.key]
    assert (record.added[0].text, record.added[0].context) == (added.text, added.context)
    assert other.undo("ann", given.id) is not None
    assert other.undo("ann", given.id) is None
    assert other.undo_event("bob", record.added[0].id) is None, "it is ann's"
    assert other.undo_event("ann", record.added[0].id) is not None
    assert store.record("ann").taken_back[0].key == added.key
    assert [e.kind for e in store.feedback("ann", undone=True)] == ["mute", "like", "dislike"]
    assert store.users() == {"ann", "bob"}
    assert store.every_event()[0].keys() == {"bob"}


@pytest.mark.parametrize("odd", ["a'; DROP TABLE feedback; --", "用户 7", "a\nb", "%", "🦉"])
def test_ids_are_data(store: SqlUserStore, odd: str) -> None:
    store.give(odd, "mute", "item", odd)
    store.give("ann", "mute", "item", "i1")
    assert store.feedback(odd)[0].value == odd
    assert store.erase(odd) == 1
    assert len(store.feedback("ann")) == 1


@pytest.mark.parametrize("id", ["a\0b", "a\udcff"])
def test_an_id_that_no_database_holds_is_unknown_and_no_fault(store: SqlUserStore, id: str) -> None:
    store.give("ann", "mute", "item", "i1")
    assert store.record(id) == UserRecord()
    assert store.feedback(id) == ()
    assert store.events(id) == ()
    assert store.undo("ann", id) is None


def test_an_erased_user_is_refused_and_his_key_is_in_the_workspace(
    store: SqlUserStore, open_store: Open, tmp_path: Path, server: PostgresServer, schema: str
) -> None:
    store.give("ann", "mute", "item", "i1")
    store.tombstones.put("ann")
    other = open_store()
    assert other.record("ann") == UserRecord(erased=True)
    with pytest.raises(UnknownUser):
        other.give("ann", "like", "item", "i2")
    with pytest.raises(UnknownUser):
        other.add_events({"zoe": [AddedEvent("i1", "watch")], "ann": [AddedEvent("i1", "watch")]})
    assert other.events("zoe") == (), "all or none"
    key = (tmp_path / "workspace" / KEY_NAME).read_text().strip()
    dump = server.ask(f"SELECT string_agg(value, ' ') FROM {schema}.recx_notes")
    assert key not in dump
    (tmp_path / "workspace" / KEY_NAME).unlink()
    with pytest.raises(UserStoreDamaged, match=r"tombstone\.key: it is missing"):
        open_store().record("ann")


def test_tables_that_are_gone_are_no_empty_store(
    store: SqlUserStore, open_store: Open, server: PostgresServer, schema: str
) -> None:
    store.tombstones.put("ann")
    server.ask(f"DROP SCHEMA {schema} CASCADE")
    for ask in ASKING:
        with pytest.raises(UserStoreDamaged, match="shows that users were erased"):
            ask(open_store())


def test_two_workspaces_share_a_database_by_schemas(
    server: PostgresServer, schema: str, tmp_path: Path
) -> None:
    one = SqlUserStore(tmp_path / "one", server.url, schema)
    two = SqlUserStore(tmp_path / "two", server.url, f"{schema}_two")
    one.give("ann", "mute", "item", "i1")
    one.tombstones.put("bob")
    two.give("ann", "like", "item", "i2")
    assert [e.kind for e in two.feedback("ann")] == ["like"]
    assert not two.tombstones.covers("bob")
    one.close()
    two.close()


def test_many_that_begin_at_once_make_one_store(open_store: Open) -> None:
    def say(store: SqlUserStore, number: int) -> None:
        for item in range(5):
            store.give(f"u{number % 2}", "mute", "item", f"i{item}")
            store.add_events({f"u{number % 2}": [AddedEvent(f"i{item}", "watch", time=item)]})
        store.tombstones.put(f"gone {number}")

    stores = [open_store() for _ in range(6)]
    threads = [threading.Thread(target=say, args=(s, n)) for n, s in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for user in ("u0", "u1"):
        assert sorted(e.value for e in stores[0].feedback(user)) == [f"i{n}" for n in range(5)]
        assert len(stores[0].events(user)) == 5
    assert all(stores[0].tombstones.covers(f"gone {n}") for n in range(6))


def test_a_writer_that_does_not_end_is_told_and_readers_do_not_wait(
    store: SqlUserStore, open_store: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "BUSY_SECONDS", 0.1)
    store.give("ann", "mute", "item", "i1")
    other = open_store()
    with store._database.writing(of="ann"):
        with pytest.raises(UserStoreBusy, match="does not end"):
            other.give("ann", "mute", "item", "i2")
        assert len(other.feedback("ann")) == 1
        assert other.give("bob", "mute", "item", "i2")[1], "users do not wait for one another"


def test_an_erasure_cannot_come_between_the_look_and_the_row(
    store: SqlUserStore, open_store: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer that has seen no tombstone yet is waited for, and its row goes too."""
    store.give("ann", "mute", "item", "i1")
    other = open_store()

    def erase() -> None:
        other.tombstones.put("ann")
        other.erase("ann")

    with store._database.writing(of="ann") as connection:
        assert store.tombstones.found_in(connection, "ann") is None
        erasing = threading.Thread(target=erase)
        erasing.start()
        row = {"id": "late", "user_id": "ann", "kind": "like", "target": "item", "name": ""}
        connection.execute(insert(tables.feedback).values(**row, value="i9", since=0))
    erasing.join()
    assert other.users() == frozenset()


def test_a_newer_store_is_refused(
    store: SqlUserStore, open_store: Open, server: PostgresServer, schema: str
) -> None:
    store.give("ann", "mute", "item", "i1")
    server.ask(f"UPDATE {schema}.recx_notes SET value = '99' WHERE name = 'schema_version'")
    for ask in ASKING:
        with pytest.raises(UserStoreVersion, match="schema version 99"):
            ask(open_store())


def test_an_older_store_is_brought_up_to_date(
    store: SqlUserStore, open_store: Open, server: PostgresServer, schema: str
) -> None:
    store.give("zoe", "mute", "item", "i1")
    columns = "user_id text, item_id text, since bigint, PRIMARY KEY (user_id, item_id)"
    server.ask(
        f"SET search_path = {schema}; DROP TABLE feedback, events; "
        f"CREATE TABLE hidden_items ({columns}); INSERT INTO hidden_items VALUES ('ann', 'i3', 7); "
        "UPDATE recx_notes SET value = '1' WHERE name = 'schema_version'"
    )
    entries = open_store().feedback("ann")
    assert [(e.kind, e.target, e.value) for e in entries] == [("mute", "item", "i3")]
    assert server.ask(f"SELECT to_regclass('{schema}.hidden_items')") == ""


def test_a_step_makes_the_tables_that_a_new_store_has(server: PostgresServer, schema: str) -> None:
    found = []
    for name in (schema, f"{schema}_stepped"):
        engine = postgres.make_engine(server.url, name)
        with engine.begin() as connection:
            postgres.make_schema(connection, name)
            if name == schema:
                tables.metadata.create_all(connection)
            else:
                connection.exec_driver_sql(
                    "CREATE TABLE hidden_items (user_id text, item_id text, since bigint)"
                )
                step_to_2(connection)
            inspected = inspect(connection)
            found.append(
                {
                    table: (
                        [(c["name"], str(c["type"]), c["nullable"]) for c in columns],
                        [sorted(map(str, i.items())) for i in inspected.get_indexes(table)],
                    )
                    for table in ("feedback", "events")
                    for columns in [inspected.get_columns(table)]
                }
            )
        engine.dispose()
    assert str(found[0]) == str(found[1]).replace(f"{schema}_stepped", schema)


def test_a_server_that_is_away_is_told_and_comes_back(
    store: SqlUserStore, server: PostgresServer
) -> None:
    store.give("ann", "mute", "item", "i1")
    server.stop()
    try:
        with pytest.raises(UserStoreUnreachable, match="does not answer") as caught:
            store.record("ann")
    finally:
        server.start()
    assert PASSWORD not in str(caught.value)
    assert len(store.feedback("ann")) == 1, "without opening it anew"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("recx:", "nobody:"), ("/recx", "/nothing"), ("@", "x@")],
    ids=["user", "database", "password"],
)
def test_a_wrong_address_is_told_without_the_password(
    server: PostgresServer, tmp_path: Path, right: str, wrong: str
) -> None:
    url = server.url.replace(right, wrong, 1)
    store = SqlUserStore(tmp_path, url)
    with pytest.raises(
        UserStoreUnreachable, match="server refuses .*; correct users.url"
    ) as caught:
        store.record("ann")
    shown = f"{caught.value} {caught.value!r} {caught.value.__cause__!r} {store.where}"
    for secret in (PASSWORD, url.split(":")[2].split("@")[0]):
        assert secret not in shown
    assert "127.0.0.1" in shown


def test_what_the_user_may_not_do_is_told(
    store: SqlUserStore, server: PostgresServer, schema: str, tmp_path: Path
) -> None:
    store.give("ann", "mute", "item", "i1")
    server.ask(
        "DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN PASSWORD 'x'; "
        f"GRANT USAGE ON SCHEMA {schema} TO reader; "
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO reader"
    )
    url = f"postgresql://reader:x@127.0.0.1:{server.port}/recx"
    reader = SqlUserStore(tmp_path / "workspace", url, schema)
    assert len(reader.feedback("ann")) == 1
    with pytest.raises(UserStoreError, match="grant the user"):
        reader.give("ann", "mute", "item", "i2")
    reader.close()
    server.ask(
        f"REVOKE ALL ON SCHEMA {schema} FROM reader; "
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM reader; DROP ROLE reader"
    )


def test_nothing_erased_is_left_in_the_tables_files(
    store: SqlUserStore, server: PostgresServer, schema: str
) -> None:
    text = "glumphorian " * 40
    for number in range(60):
        for user in ("vexworth", "ottermoor"):
            store.give(f"{user}-7", "mute", "item", f"{user}{number}")
            event = AddedEvent(f"{user}{number}", "watch", text=f"{number} {text}{user}")
            store.add_events({f"{user}-7": [event]})
    server.ask(f"ANALYZE {schema}.feedback; ANALYZE {schema}.events")
    assert server.tables_with("vexworth"), "the control"
    assert server.log_with("vexworth"), "the control"
    assert store.erase("vexworth-7") == 120
    assert server.tables_with("vexworth") == [], "no free page, no index, no statistics"
    assert server.tables_with("ottermoor"), "the search is blind"
    assert len(store.events("ottermoor-7")) == 60
    print(f"\nthe write-ahead log still has it: {server.log_with('vexworth')}")
