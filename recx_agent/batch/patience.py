"""How long a batch waits for a language model that does not answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from recx_agent.protocols import Progress, no_progress

STAGE = "wait"
_EVERY = 2.0


@dataclass(frozen=True)
class Patience:
    """So many seconds at a time: whoever answers again is waited for anew the next time.

    Parameters
    ----------
    seconds : float
        0 waits for nobody.
    every : float
        Seconds between two tries.
    clock : callable
        Seconds that never go back.
    sleep : coroutine function
    """

    seconds: float = 0.0
    every: float = _EVERY
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def tries(self, progress: Progress = no_progress) -> AsyncIterator[None]:
        """One turn now and one every few seconds, until the time is over.

        ``progress`` is told the seconds that were waited, of how many.
        """
        began = self.clock()
        waited = 0.0
        while True:
            progress(STAGE, int(waited), int(self.seconds))
            yield
            waited = self.clock() - began
            if waited >= self.seconds:
                return
            await self.sleep(min(self.every, self.seconds - waited))
            waited = self.clock() - began
