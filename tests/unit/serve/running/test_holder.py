from __future__ import annotations

import threading
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from recx_agent import Recx
from recx_agent.errors import IndexMissing, ServerStopping, WorkspaceEmpty
from recx_agent.serve.running import Holder, Reloaded


@dataclass
class Opened:
    """Stands for an opened workspace."""

    name: str
    fault: Exception | None = None
    closed: int = 0
    current_name: str | None = None

    @property
    def version(self) -> Any:
        return self

    @property
    def workspace(self) -> Any:
        return self

    def current(self) -> Any:
        return SimpleNamespace(name=self.current_name or self.name)

    def warm_up(self) -> None:
        if self.fault is not None:
            raise self.fault

    def close(self) -> None:
        self.closed += 1


@dataclass
class World:
    """Opens one after the other."""

    coming: list[Opened | Exception]
    opened: list[Opened] = field(default_factory=list)

    def open(self) -> Recx:
        one = self.coming.pop(0)
        if isinstance(one, Exception):
            raise one
        self.opened.append(one)
        return cast(Recx, one)


def started(*coming: Opened | Exception) -> Holder:
    holder = Holder(World(list(coming)).open)
    holder.start()
    return holder


def test_the_old_one_is_closed_when_its_last_request_is_done() -> None:
    old, new = Opened("1"), Opened("2")
    holder = started(old, new)
    with holder.lease() as first, holder.lease() as second:
        assert first is second is cast(Recx, old)
        assert holder.reload() == Reloaded("1", "2")
        with holder.lease() as third:
            assert third is cast(Recx, new)
        assert old.closed == 0
    assert (old.closed, new.closed) == (1, 0)
    assert holder.version == "2"


def test_an_idle_one_is_closed_at_once() -> None:
    old, new = Opened("1"), Opened("2")
    holder = started(old, new)
    holder.reload()
    assert (old.closed, new.closed) == (1, 0)
    holder.close()
    assert (old.closed, new.closed) == (1, 1)


@pytest.mark.parametrize(
    "fault", [WorkspaceEmpty("x"), Opened("2", IndexMissing("x"))], ids=["damaged", "no index"]
)
def test_what_cannot_be_opened_changes_nothing(fault: Opened | Exception) -> None:
    old, new = Opened("1"), Opened("3")
    holder = started(old, fault, new)
    with pytest.raises((WorkspaceEmpty, IndexMissing)):
        holder.reload()
    if isinstance(fault, Opened):
        assert fault.closed == 1
    with holder.lease() as leased:
        assert leased is cast(Recx, old)
    assert old.closed == 0
    assert holder.reload() == Reloaded("1", "3")


def test_a_start_without_an_index_leaves_nothing_open() -> None:
    broken = Opened("1", IndexMissing("x"))
    with pytest.raises(IndexMissing):
        started(broken)
    assert broken.closed == 1


def test_a_request_that_fails_counts_as_done() -> None:
    old = Opened("1")
    holder = started(old, Opened("2"))
    with pytest.raises(ZeroDivisionError), holder.lease():
        holder.reload()
        raise ZeroDivisionError
    assert old.closed == 1


def test_nothing_is_handed_out_before_or_after() -> None:
    holder = Holder(World([Opened("1"), Opened("2")]).open)
    with pytest.raises(ServerStopping), holder.lease():
        pass
    holder.start()
    with holder.lease():
        holder.close()
        with pytest.raises(ServerStopping), holder.lease():
            pass
    with pytest.raises(ServerStopping):
        holder.reload()


def test_each_is_closed_once_under_load() -> None:
    world = World([Opened(str(n)) for n in range(30)])
    holder = Holder(world.open)
    holder.start()
    wrong: list[str] = []

    def ask() -> None:
        for _ in range(300):
            with holder.lease() as leased:
                if cast(Any, leased).closed:
                    wrong.append("closed while it was used")

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(29):
        holder.reload()
    for thread in threads:
        thread.join()
    holder.close()
    assert wrong == []
    assert [one.closed for one in world.opened] == [1] * 30


def test_a_newer_version_is_opened_once_where_the_index_of_the_old_one_is_gone() -> None:
    old, new = Opened("1"), Opened("2")
    holder = started(old, new)
    assert holder.renew(cast(Recx, old)) is None  # there is none
    old.current_name = "2"
    assert holder.renew(cast(Recx, old)) == Reloaded("1", "2")
    assert holder.renew(cast(Recx, old)) is None  # somebody was faster
    assert (holder.version, old.closed) == ("2", 1)


def test_it_is_told_when_one_is_closed_whose_place_another_has_taken() -> None:
    old, new = Opened("1"), Opened("2")
    holder = started(old, new)
    told: list[tuple[int, int]] = []
    holder.on_closed = lambda: told.append((old.closed, new.closed))
    with holder.lease():
        holder.reload()
        assert told == []
    assert told == [(1, 0)]
    holder.close()
    assert told == [(1, 0)], "at the end nobody needs to know"
