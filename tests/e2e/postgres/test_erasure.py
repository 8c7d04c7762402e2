"""A user is forgotten on a PostgreSQL server too: tables, indexes, statistics; its log is told.

The control: before, the same search finds every mark in the tables' files; afterwards it
still finds those of another user.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from recx_agent import Recx, build
from recx_agent.cli.app import app
from recx_agent.erasure import forget, lift
from recx_agent.errors import ErasureUnfinished, UnknownUser, UserStoreUnreachable
from recx_agent.export import export_user
from recx_agent.stores.database import FILE_NAME
from tests.e2e.erasure_world import (
    UMIT,
    ZOE,
    Person,
    build_world,
    tiny_embedder,
    write_files,
)
from tests.e2e.postgres_server import PASSWORD, PostgresServer
from tests.e2e.traces import Marks, search

LIST = ("feedback", "list")
MARKS = ("id", "note", "doing", "device")


@pytest.fixture
def workspace(
    server: PostgresServer, schema: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """The world of the erasure, with its users' rows on the server."""
    monkeypatch.setenv("RECX_USERS__URL", server.url)
    monkeypatch.setenv("RECX_USERS__DB_SCHEMA", schema)
    with tiny_embedder():
        build_world(tmp_path / "workspace", write_files(tmp_path / "csv"))
        yield tmp_path / "workspace"


def marks_in(server: PostgresServer, person: Person) -> set[str]:
    """The marks of a person that any file of a table, an index or statistics holds."""
    return {mark for mark in MARKS if server.tables_with(person.texts[mark])}


def test_after_nothing_of_the_user_is_in_the_tables(
    workspace: Path, server: PostgresServer, schema: str
) -> None:
    server.ask(f"ANALYZE {schema}.feedback; ANALYZE {schema}.events")
    assert not (workspace / FILE_NAME).exists(), "there is one store"
    for person in (ZOE, UMIT):
        assert marks_in(server, person) == set(MARKS), "the control"
    export = export_user(workspace, ZOE.id)
    assert [entry.kind for entry in export.feedback] == ["mute", "dislike"]
    assert {event.event_type for event in export.added_events} == {"watch", ZOE.doing}
    result = forget(workspace, ZOE.id)
    erased = {entry.place: entry.records for entry in result.erased}
    assert erased["feedback and added events"] == 4
    assert marks_in(server, ZOE) == set()
    assert marks_in(server, UMIT) == set(MARKS), "the search is blind"
    assert search(workspace, Marks(ZOE.texts, ZOE.bytes, ZOE.vectors)).marks == {}
    told = {entry.kind: entry.what for entry in result.remains}
    assert "write-ahead log" in told["database"]
    assert server.log_with(ZOE.id), "that is why it is told"
    assert PASSWORD not in str(result) and "127.0.0.1" not in str(result)
    with Recx.open(workspace) as recx:
        with pytest.raises(UnknownUser):
            recx.explain_list(ZOE.id)
        with pytest.raises(UnknownUser):
            recx.feedback(ZOE.id, "like", "i1")
        assert recx.explain_list(UMIT.id, 2)


def test_the_tombstone_on_the_server_keeps_the_old_file_out(workspace: Path) -> None:
    forget(workspace, ZOE.id)
    files = {
        name: workspace.parent / "csv" / f"{name}.csv"
        for name in ("interactions", "items", "users")
    }
    fitted = build.fit(workspace, **files)  # type: ignore[arg-type]
    assert fitted.report.left_out_users == 1
    assert ZOE.id not in fitted.version.load_data().users
    lift(workspace, ZOE.id)
    assert ZOE.id in build.fit(workspace, **files).version.load_data().users  # type: ignore[arg-type]


def test_a_server_that_is_away_stops_an_erasure_that_goes_on_later(
    workspace: Path, server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from recx_agent.stores import SqlUserStore

    def away(store: SqlUserStore, user_id: str) -> int:
        raise UserStoreUnreachable(store.where, "the server does not answer")

    with monkeypatch.context() as patch:
        patch.setattr(SqlUserStore, "erase", away)
        with pytest.raises(ErasureUnfinished, match="feedback and added events"):
            forget(workspace, ZOE.id)
    with Recx.open(workspace) as recx, pytest.raises(UnknownUser):
        recx.recommend(ZOE.id)
    assert marks_in(server, ZOE)
    build.index(workspace)  # knows nothing but the hash
    assert marks_in(server, ZOE) == set()
    assert marks_in(server, UMIT) == set(MARKS)


def test_no_command_prints_the_password(workspace: Path, server: PostgresServer) -> None:
    from typer.testing import CliRunner

    place = ["-w", str(workspace)]
    commands = [
        ["doctor", *place],
        ["feedback", "list", UMIT.id, *place],
        ["export", UMIT.id, *place],
    ]
    shown = [CliRunner().invoke(app, command) for command in commands]
    server.stop()
    try:
        shown += [CliRunner().invoke(app, command) for command in commands]
    finally:
        server.start()
    secrets = (PASSWORD, server.url.split(":")[2].split("@")[0])
    for result in shown:
        text = f"{result.output} {result.exception!r} {result.exception}"
        assert not any(secret in text for secret in secrets)
    assert "postgresql://127.0.0.1" in shown[0].output
    assert "does not answer" in shown[3].output
