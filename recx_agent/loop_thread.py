"""An event loop in a thread of its own, for what is asked from many threads and loops."""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Generic, TypeVar

from recx_agent.errors import RecxError, UsageError

Result = TypeVar("Result")
Cleanup = Callable[[], Awaitable[None]]


def _closed() -> RecxError:
    return UsageError("this was closed already; open another one")


class LoopThread:
    """Runs coroutines for callers in any thread and loop.

    Connections belong to the loop that opened them. Callers come with loops of their own,
    often short-lived ones (``asyncio.run``); with a loop that stays, connections, limits and
    counts are shared by all of them.

    Parameters
    ----------
    name : str
        Of the thread; it starts with the first call.
    cleanup : callable
        Coroutine function called in the loop when it ends, also when nobody ended it; it must
        not refer to this object.
    closed : callable
        Makes the error for whoever calls after the end.
    """

    def __init__(
        self, name: str, cleanup: Cleanup, closed: Callable[[], RecxError] = _closed
    ) -> None:
        self._name = name
        self._cleanup = cleanup
        self._closed = closed
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: weakref.finalize[[asyncio.AbstractEventLoop, threading.Thread], LoopThread]
        self._stopped = False

    def submit(self, coroutine: Coroutine[Any, Any, Result]) -> Future[Result]:
        """Start a coroutine in the loop; to cancel the future cancels it.

        Raises
        ------
        RecxError
            It was stopped: the one of ``closed``.
        """
        with self._lock:
            if self._stopped:
                coroutine.close()
                raise self._closed()
            if self._loop is None:
                self._start()
            assert self._loop is not None
            return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    async def call(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        """Await a coroutine that runs in the loop."""
        return await asyncio.wrap_future(self.submit(coroutine))

    def start(self, make: Callable[[], Coroutine[Any, Any, Result]]) -> Job[Result]:
        """Start a coroutine of which one wants to see that it has ended.

        Raises
        ------
        RecxError
            See :meth:`submit`.
        """
        return Job(self, make)

    def stop(self) -> None:
        """End the loop for good, what runs in it cancelled."""
        with self._lock:
            running, self._stopped = self._loop is not None, True
        if running:
            self._end()

    def _start(self) -> None:
        self._loop = asyncio.new_event_loop()
        thread = threading.Thread(
            target=_run, args=(self._loop, self._cleanup), name=self._name, daemon=True
        )
        thread.start()
        self._end = weakref.finalize(self, _stop, self._loop, thread)
        self._end.atexit = False  # the thread ends with the process anyway


class Job(Generic[Result]):
    """A coroutine under way in the loop of a :class:`LoopThread`.

    Attributes
    ----------
    future : concurrent.futures.Future
        Its outcome; done as soon as it is cancelled, and not when the coroutine has ended.
    """

    def __init__(self, thread: LoopThread, make: Callable[[], Coroutine[Any, Any, Result]]) -> None:
        self._thread = thread
        self._task: asyncio.Task[Any] | None = None
        self.future = thread.submit(self._run(make))

    async def cancel(self) -> None:
        """Cancel it, unless it is done, and wait until nothing of it is left."""
        self.future.cancel()
        with suppress(RecxError):  # where the loop was stopped, all has ended
            await self._thread.call(self._ended())

    def cancel_now(self) -> None:
        """The same for a thread without a loop."""
        self.future.cancel()
        with suppress(RecxError):
            self._thread.submit(self._ended()).result()

    async def _run(self, make: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        self._task = asyncio.current_task()
        return await make()

    async def _ended(self) -> None:
        """What is submitted later runs later: cancelled before it began, it has no task."""
        if self._task is not None:
            await asyncio.wait({self._task})


def _run(loop: asyncio.AbstractEventLoop, cleanup: Cleanup) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        loop.run_until_complete(_finish(cleanup))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        loop.close()


async def _finish(cleanup: Cleanup) -> None:
    running = asyncio.all_tasks() - {asyncio.current_task()}
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    await cleanup()


def _stop(loop: asyncio.AbstractEventLoop, thread: threading.Thread) -> None:
    loop.call_soon_threadsafe(loop.stop)
    if thread is not threading.current_thread():  # collected there, it cannot wait for itself
        thread.join()
