"""What all scorers of a family ask of a sample, made once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from recx_agent.evals.samples import Sample

T = TypeVar("T")


class Kept(Generic[T]):
    """Makes something of a sample once for all scorers, and keeps the last few.

    Safe to call from several threads; one at a time makes.

    Parameters
    ----------
    make : callable
        What it raises is not kept: the next call makes anew.
    size : int
        How many are kept, the last ones made.
    """

    def __init__(self, make: Callable[[Sample], T], size: int) -> None:
        self._make, self._size = make, size
        self._made: OrderedDict[int, tuple[Sample, T]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, sample: Sample) -> T:
        """What was made of this very sample."""
        with self._lock:
            kept = self._made.get(id(sample))
            if kept is None or kept[0] is not sample:
                kept = sample, self._make(sample)
                self._made[id(sample)] = kept
                if len(self._made) > self._size:
                    self._made.popitem(last=False)
            return kept[1]
