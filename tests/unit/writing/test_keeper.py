"""What is kept beside the answers, and what becomes of it when the disk does not take it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import event

from recx_agent.errors import KeptStoreError
from recx_agent.llms import ScriptedChatModel
from recx_agent.protocols import Keeping
from recx_agent.stores import SqlAuditLog, SqlTextCache, sqlite
from recx_agent.watching import Count, Stage, watched
from recx_agent.writing import keeper as module
from recx_agent.writing.keeper import Keeper
from tests.unit.writing.conftest import GIVEN, GOOD
from tests.unit.writing.plans import writer

BOUND = 3
MANY = 10


class Stuck:
    """Both stores, on a disk that does not answer until it is told to."""

    def __init__(self) -> None:
        self.begun, self.answers = threading.Event(), threading.Event()
        self.kept: list[Any] = []
        self.closed = 0

    def get(self, key: str) -> None:
        return None

    def text(self, audit_id: str) -> None:
        return None

    def put(self, *what: Any) -> None:
        self.begun.set()
        self.answers.wait()
        self.kept.append(what)

    def close(self) -> None:
        self.closed += 1


class Counting:
    """Watches, as a server does."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[Count, str]] = Counter()

    def stage(self, name: Stage) -> AbstractContextManager[None]:
        return nullcontext()

    def count(self, name: Count, kind: str, amount: int) -> None:
        self.counts[name, kind] += amount


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", BOUND)


@pytest.fixture
def stuck() -> Iterator[Stuck]:
    store: Any = Stuck()
    yield store
    store.answers.set()


def test_beyond_the_bound_it_is_lost_and_counted_and_answers_go_on(
    stuck: Any, caplog: pytest.LogCaptureFixture
) -> None:
    used = writer(ScriptedChatModel(lambda request: GOOD), cache=stuck, audit=stuck)
    watch = Counting()
    with watched(watch):
        verdicts = {used.write(GIVEN).verdict for _ in range(MANY)}
    assert verdicts == {"supported"}
    assert stuck.begun.wait(5)
    lost = 2 * MANY - BOUND
    assert used.keeping == Keeping("behind", BOUND, lost)
    assert watch.counts["not_kept", "behind"] == lost
    told = [record.getMessage() for record in caplog.records]
    assert told == ["3 wait for the disk already: texts and records beyond them are not kept"]

    stuck.answers.set()
    used.flush()
    assert len(stuck.kept) == BOUND
    assert used.keeping == Keeping("ok", 0, lost), "what is lost stays lost"
    with watched(watch):
        used.write(GIVEN)
    used.close()
    assert len(stuck.kept) == BOUND + 2
    assert watch.counts["not_kept", "behind"] == lost


def _full(store: SqlTextCache | SqlAuditLog, monkeypatch: pytest.MonkeyPatch) -> None:
    """No page more for its file: SQLite says what it says of a full disk."""
    make = sqlite.make_engine

    def small(path: Path) -> Any:
        engine = make(path)

        @event.listens_for(engine, "connect")
        def limit(connection: Any, record: object) -> None:
            connection.execute("PRAGMA max_page_count=1").close()

        return engine

    store.close()
    monkeypatch.setattr(sqlite, "make_engine", small)


def test_a_full_disk_costs_what_was_to_be_kept_and_is_told_once_for_each_store(
    cache: SqlTextCache,
    log: SqlAuditLog,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    used = writer(ScriptedChatModel(lambda request: GOOD), cache=cache, audit=log)
    _full(log, monkeypatch)
    watch = Counting()
    with watched(watch):
        for _ in range(MANY):
            assert used.write(GIVEN).verdict == "supported"
            used.flush()
    assert used.keeping == Keeping("failing", 0, 2 * MANY)
    assert watch.counts["not_kept", "failed"] == 2 * MANY, "from the thread that keeps"
    assert watch.counts["text_cache", "hit"] == 0
    told = [record.getMessage() for record in caplog.records if record.name == module.__name__]
    assert len(told) == 2 and all("disk is full" in line for line in told), told

    monkeypatch.undo()
    monkeypatch.setattr(module, "MOST_WAITING", BOUND)
    for store in (cache, log):
        store.close()
    used.write(GIVEN)
    used.flush()
    assert used.keeping == Keeping("ok", 0, 2 * MANY)
    assert len(log.newest(9)) == 1
    used.close()


def test_a_fault_of_ours_is_told_whole_and_ends_no_keeping(
    stuck: Any, caplog: pytest.LogCaptureFixture
) -> None:
    stuck.answers.set()
    keeper = Keeper(None, stuck)

    def make() -> Any:
        raise ZeroDivisionError

    keeper.keep_record(make)
    keeper.keep_record(lambda: "a record")  # type: ignore[arg-type,return-value]
    keeper.close()
    assert stuck.kept == [("a record",)]
    assert keeper.keeping.lost == 1
    (told,) = caplog.records
    assert told.exc_info is not None


def test_a_store_that_can_be_written_again_is_no_longer_failing() -> None:
    faults = [KeptStoreError(Path("texts"), "no"), None]

    def put(*what: Any) -> None:
        if fault := faults.pop(0):
            raise fault

    texts: Any = SimpleNamespace(put=put, close=lambda: None)
    keeper = Keeper(texts, None)
    for state in ("failing", "ok"):
        keeper.keep_text("k", "ann", "text")
        keeper.flush()
        assert keeper.keeping.state == state
    keeper.close()


def test_whoever_closes_does_not_wait_for_a_disk_that_does_not_answer(
    stuck: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "_CLOSING_SECONDS", 0.01)
    keeper = Keeper(stuck, None)
    for key in "ab":
        keeper.keep_text(key, "ann", "text")
    assert stuck.begun.wait(5)
    keeper.close()
    assert stuck.closed == 0, "it is in the hands of the thread that waits"
    assert keeper.keeping.lost == 2
    assert caplog.messages == ["the disk does not answer: 2 texts and records are not kept"]
    keeper.keep_text("c", "ann", "text")
    assert keeper.keeping.lost == 3, "nothing more is taken"


def test_whatever_waits_is_kept_before_the_stores_are_closed(stuck: Any) -> None:
    keeper = Keeper(stuck, stuck)
    keeper.keep_text("a", "ann", "text")
    assert stuck.begun.wait(5)
    closing = threading.Thread(target=keeper.close)
    closing.start()
    assert stuck.closed == 0
    stuck.answers.set()
    closing.join(5)
    assert stuck.kept == [("a", "ann", "text")] and stuck.closed == 2
