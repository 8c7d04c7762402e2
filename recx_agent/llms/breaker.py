"""Leaves an endpoint alone for a while after too many faults in a row."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from recx_agent.errors import LlmError, LlmPaused, LlmRefused, LlmTimeout


class CircuitBreaker:
    """Counts faults in a row; from the limit on nothing is asked, and later one at a time.

    Source: M. Nygard, *Release It!*, 2nd ed., ch. 5, "Circuit Breaker". For use by one event
    loop.

    Parameters
    ----------
    faults : int
        As many in a row pause it.
    seconds : float
        For so long; then one request is let through, and what becomes of it decides.
    where : str
        The endpoint, for messages.
    clock : callable
        Seconds that never go back.
    """

    def __init__(
        self,
        faults: int,
        seconds: float,
        where: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = faults
        self._seconds = seconds
        self._where = where
        self._clock = clock
        self._in_a_row = 0
        self._until: float | None = None
        self._trying = False

    @property
    def paused(self) -> bool:
        """Whether nothing is asked now, or one request at a time."""
        return self._until is not None

    def check(self) -> None:
        """Raise :class:`LlmPaused` unless a request may be sent now."""
        if self._until is None:
            return
        left = self._until - self._clock()
        if left > 0 or self._trying:
            when = f"it is tried again in {max(left, 0):.0f} s" if left > 0 else "it is being tried"
            raise LlmPaused(
                f"{self._where}: {self._in_a_row} faults in a row; {when} (llm.breaker_seconds)"
            )

    @contextmanager
    def watch(self, *, seconds: float) -> Iterator[None]:
        """Note what becomes of one request, for which there are so many seconds."""
        self.check()
        trial = self._until is not None
        self._trying = self._trying or trial
        try:
            yield
        except LlmRefused:
            self._alive()  # whoever refuses answers
            raise
        except LlmError as error:
            # Cut off after a moment, it says nothing of the endpoint.
            if trial or not isinstance(error, LlmTimeout) or seconds >= _TELLING:
                self._failed()
            raise
        else:
            self._alive()
        finally:
            if trial:
                self._trying = False

    def _alive(self) -> None:
        self._in_a_row = 0
        self._until = None

    def _failed(self) -> None:
        self._in_a_row += 1
        if self._in_a_row >= self._limit:
            self._until = self._clock() + self._seconds


_TELLING = 0.5
"""Seconds within which a live endpoint may well not have answered yet."""
