"""What one thread says and another hears, by waiting or by awaiting."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from typing import Generic, TypeVar

Item = TypeVar("Item")


class ChannelEnded(Exception):
    """Everything has been heard."""


class Channel(Generic[Item]):
    """A queue with an end, for one reader at a time, in a thread or in any event loop.

    Any thread may put; nothing that was put before the end is lost.
    """

    def __init__(self) -> None:
        self._items: deque[Item] = deque()
        self._lock = threading.Lock()
        self._waiting: Future[None] | None = None
        self._ended = False
        self._error: BaseException | None = None

    def put(self, item: Item) -> None:
        """Say something; what is said after the end is not heard."""
        with self._lock:
            if self._ended:
                return
            self._items.append(item)
            waiting, self._waiting = self._waiting, None
        _wake(waiting)

    def end(self, error: BaseException | None = None) -> None:
        """End it, the first time; ``error`` is raised to the reader after all items."""
        with self._lock:
            if self._ended:
                return
            self._ended, self._error = True, error
            waiting, self._waiting = self._waiting, None
        _wake(waiting)

    def get(self, seconds: float | None = None) -> Item:
        """The next item.

        Parameters
        ----------
        seconds : float, optional
            As long is waited for it.

        Raises
        ------
        TimeoutError
            There is none in time; the next call may have it.
        ChannelEnded
            There is no more; where the end has an error, that is raised.
        """
        nothing_yet = self._nothing_yet()
        if nothing_yet is not None:
            nothing_yet.result(seconds)
        return self._taken()

    async def aget(self, seconds: float | None = None) -> Item:
        """The next item, awaited; see :meth:`get`."""
        nothing_yet = self._nothing_yet()
        if nothing_yet is not None:
            async with asyncio.timeout(seconds):
                await asyncio.wrap_future(nothing_yet)
        return self._taken()

    def __iter__(self) -> Iterator[Item]:
        while True:
            try:
                yield self.get()
            except ChannelEnded:
                return

    async def __aiter__(self) -> AsyncIterator[Item]:
        while True:
            try:
                yield await self.aget()
            except ChannelEnded:
                return

    def _nothing_yet(self) -> Future[None] | None:
        """What is done when there is something to take; ``None`` if there is."""
        with self._lock:
            if self._items or self._ended:
                return None
            self._waiting = Future()
            return self._waiting

    def _taken(self) -> Item:
        with self._lock:
            if self._items:
                return self._items.popleft()
            raise self._error or ChannelEnded


def _wake(waiting: Future[None] | None) -> None:
    """Tell the reader; one who has given up has cancelled it."""
    if waiting is not None and waiting.set_running_or_notify_cancel():
        waiting.set_result(None)
