from __future__ import annotations

import asyncio
import threading
from contextvars import ContextVar

import pytest

from recx_agent.errors import ServerBusy
from recx_agent.serve.running import Turns

_word: ContextVar[str] = ContextVar("word", default="")


class Gated:
    """A call that goes on when it is let."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.begun = 0
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()

    def __call__(self, waited: float) -> str:
        with self._lock:
            self.begun += 1
            self._now += 1
            self.most = max(self.most, self._now)
        self.go.wait(10)
        with self._lock:
            self._now -= 1
        return "done"


async def until(ready: object) -> None:
    while not ready():  # type: ignore[operator]
        await asyncio.sleep(0)


async def test_no_more_at_once_than_threads_and_no_more_wait_than_may() -> None:
    turns, call = Turns(2, 3), Gated()
    tasks = [asyncio.create_task(turns.run(call)) for _ in range(5)]
    await until(lambda: call.begun == 2 and turns.waiting == 3)
    with pytest.raises(ServerBusy, match="too much is being asked at once"):
        await turns.run(call)
    call.go.set()
    assert await asyncio.gather(*tasks) == ["done"] * 5
    assert (call.most, turns.waiting, turns.running) == (2, 0, 0)


async def test_one_does_not_wait_longer_than_there_is_time() -> None:
    turns, call = Turns(1, 3), Gated()
    running = asyncio.create_task(turns.run(call))
    await until(lambda: call.begun == 1)
    with pytest.raises(ServerBusy, match="no turn came"):
        await turns.run(call, seconds=0.001)
    call.go.set()
    assert await running == "done"
    assert await turns.run(lambda waited: "again") == "again"


async def test_a_call_is_told_how_long_it_waited() -> None:
    turns, call = Turns(1, 1), Gated()
    running = asyncio.create_task(turns.run(call))
    await until(lambda: call.begun == 1)
    second = asyncio.create_task(turns.run(lambda waited: waited))
    await until(lambda: turns.waiting == 1)
    call.go.set()
    assert await second > 0
    await running


async def test_the_context_goes_along() -> None:
    _word.set("along")
    assert await Turns(1, 0).run(lambda waited: _word.get()) == "along"


async def test_a_turn_is_given_back_after_a_failure_and_a_cancellation() -> None:
    turns = Turns(1, 1)
    with pytest.raises(ZeroDivisionError):
        await turns.run(lambda waited: 1 / 0)
    call = Gated()
    running = asyncio.create_task(turns.run(call))
    await until(lambda: call.begun == 1)
    waiting = asyncio.create_task(turns.run(call))
    await until(lambda: turns.waiting == 1)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert turns.waiting == 0
    call.go.set()
    await running
    async with turns.turn():
        assert turns.running == 1
    assert await turns.run(lambda waited: 1) == 1
