"""As many requests at once as there are threads, and as many waiting as may."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import anyio
import anyio.to_thread

from recx_agent.errors import ServerBusy

Result = TypeVar("Result")


class Turns:
    """Runs blocking calls in a bounded pool of threads; for one event loop.

    Parameters
    ----------
    threads : int
        Calls at once.
    waiting : int
        Calls that may wait for a thread.
    """

    def __init__(self, threads: int, waiting: int) -> None:
        self._turns = asyncio.Semaphore(threads)
        self._threads = anyio.CapacityLimiter(threads)
        self._most_waiting = waiting
        self.waiting = 0
        self.running = 0

    async def run(self, call: Callable[[float], Result], *, seconds: float | None = None) -> Result:
        """Call it in a thread, with the seconds it has waited for that.

        The context of the caller goes with it. A call that runs is not cut off: it would go on
        in its thread, and nobody would count it.

        Parameters
        ----------
        call : callable
        seconds : float, optional
            As long may be waited.

        Raises
        ------
        ServerBusy
            Too many wait, or the time is over.
        """
        async with self.turn(seconds) as waited:
            return await self.thread(lambda: call(waited))

    async def thread(self, call: Callable[[], Result]) -> Result:
        """Call it in a thread; for whoever holds a turn."""
        return await anyio.to_thread.run_sync(call, limiter=self._threads)

    @asynccontextmanager
    async def turn(self, seconds: float | None = None) -> AsyncIterator[float]:
        """Hold one of the turns without a thread, as an answer that is streamed does.

        Raises
        ------
        ServerBusy
            As :meth:`run` does.
        """
        began = time.monotonic()
        await self._begin(seconds)
        self.running += 1
        try:
            yield time.monotonic() - began
        finally:
            self.running -= 1
            self._turns.release()

    async def _begin(self, seconds: float | None) -> None:
        if not self._turns.locked():
            await self._turns.acquire()
            return
        if self.waiting >= self._most_waiting:
            raise ServerBusy("too much is being asked at once; try again in a moment")
        self.waiting += 1
        try:
            await asyncio.wait_for(self._turns.acquire(), seconds)
        except TimeoutError:
            raise ServerBusy("no turn came within the time there was; try again") from None
        finally:
            self.waiting -= 1
