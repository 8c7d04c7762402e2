from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from recx_agent import Recx
from recx_agent.errors import IndexStale, ServerBusy
from recx_agent.protocols import Keeping
from recx_agent.serve.running import Service
from recx_agent.settings import Settings


class Core:
    """Stands for an opened workspace of a version."""

    def __init__(self, name: str) -> None:
        self.version = SimpleNamespace(name=name)
        self.llm_paused = name == "2"
        self.keeping = Keeping(waiting=int(name))
        self.in_force = name
        self.closed = False

    @property
    def workspace(self) -> Any:
        return SimpleNamespace(current=lambda: SimpleNamespace(name=self.in_force))

    def warm_up(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True


MakeService = Callable[..., Service]


@pytest.fixture
def make_service(tmp_path: Path) -> MakeService:
    def make(*cores: Core, **serve: Any) -> Service:
        coming = list(cores)
        settings = Settings.model_validate(
            {"workspace": tmp_path, "serve": serve, "llm": {"deadline_ms": 700}}
        )
        service = Service.of(settings, lambda: cast(Recx, coming.pop(0)))
        service.holder.start()
        return service

    return make


async def test_a_deadline_is_bounded_and_what_is_left_is_handed_on(
    make_service: MakeService,
) -> None:
    service = make_service(Core("1"), max_deadline_ms=5000, threads=1)
    for wished, most in ((None, 700), (300, 300), (4000, 4000), (90_000, 5000)):
        left = await service.ask(lambda recx, left: left, deadline_ms=wished)
        assert most - 200 < left <= most


async def test_waiting_for_a_turn_is_part_of_the_deadline(make_service: MakeService) -> None:
    service = make_service(Core("1"), threads=1)
    begun, go = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def hold(recx: Recx, left: float) -> None:
        loop.call_soon_threadsafe(begun.set)
        go.wait(10)

    holding = asyncio.create_task(service.ask(hold))
    await begun.wait()
    with pytest.raises(ServerBusy):
        await service.ask(lambda recx, left: left, deadline_ms=5)
    waiting = asyncio.create_task(service.ask(lambda recx, left: left, deadline_ms=10_000))
    while not service.turns.waiting:
        await asyncio.sleep(0)
    service.look()
    assert service.meters.registry.get_sample_value("recx_waiting") == 1
    go.set()
    await holding
    assert await waiting < 10_000


def asked(recx: Recx, left: float) -> str:
    """An answer that needs the index of the version in force."""
    core = cast(Core, recx)
    if core.in_force != core.version.name:
        raise IndexStale("workspace", "of another model")
    return str(core.version.name)


async def test_a_new_model_with_its_index_is_opened_by_itself(make_service: MakeService) -> None:
    old, new = Core("1"), Core("2")
    service = make_service(old, new)
    assert await service.ask(asked) == "1"
    old.in_force = "2"
    assert await asyncio.gather(*(service.ask(asked) for _ in range(8))) == ["2"] * 8
    assert old.closed and not new.closed
    value = service.meters.registry.get_sample_value
    assert value("recx_reloads_total", {"result": "done"}) == 1
    service.look()
    assert value("recx_llm_paused") == 1
    assert value("recx_to_keep") == 2
    service.close()
    assert new.closed


async def test_an_index_that_is_stale_by_itself_is_told(make_service: MakeService) -> None:
    def stale(recx: Recx, left: float) -> None:
        raise IndexStale("workspace", "misses events")

    service = make_service(Core("1"))
    with pytest.raises(IndexStale, match="misses events"):
        await service.ask(stale)
    assert service.holder.version == "1"


async def test_a_new_version_that_cannot_be_opened_changes_nothing(
    make_service: MakeService,
) -> None:
    class Broken(Core):
        def warm_up(self) -> None:
            raise IndexStale("workspace", "not there")

    old, broken = Core("1"), Broken("2")
    service = make_service(old, broken)
    old.in_force = "2"
    with pytest.raises(IndexStale, match="of another model"):
        await service.ask(asked)
    assert broken.closed and service.holder.version == "1"
    value = service.meters.registry.get_sample_value
    assert value("recx_reloads_total", {"result": "failed"}) == 1
