"""Durations by name, and ratios of what was timed in pairs."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")


class Stopwatch:
    """Durations in milliseconds, by name, in the order they were taken."""

    def __init__(self) -> None:
        self.taken: dict[str, list[float]] = {}

    def time(self, name: str, work: Callable[[], T]) -> T:
        """Do ``work``, note how long it took, and give what it returned."""
        start = time.perf_counter()
        result = work()
        self.taken.setdefault(name, []).append(1000 * (time.perf_counter() - start))
        return result

    def summary(self) -> dict[str, dict[str, float]]:
        """Count, median, 95th percentile and maximum of each name."""
        return {
            name: {
                "n": len(taken),
                "p50": float(np.percentile(taken, 50)),
                "p95": float(np.percentile(taken, 95)),
                "max": max(taken),
            }
            for name, taken in self.taken.items()
        }

    def ratio(self, name: str, other: str) -> dict[str, Any]:
        """How many times as long ``name`` takes as ``other``.

        Returns
        -------
        dict
            ``value``: ratio of the medians. ``low``, ``high``: 10th and 90th percentile
            of the ratios of pairs that were timed one after the other.
        """
        above, below = np.array(self.taken[name]), np.array(self.taken[other])
        if len(above) != len(below):
            raise ValueError(f"{name!r} and {other!r} were not timed in pairs")
        low, high = np.percentile(above / below, [10, 90])
        value = float(np.median(above) / np.median(below))
        return {"value": value, "low": float(low), "high": float(high), "pairs": len(above)}
