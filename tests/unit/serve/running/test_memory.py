from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from recx_agent.serve.running import memory


class Ring:
    """Holds itself: only the collector finds that nobody needs it."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_is_there_is_passed_over_until_it_is_asked_for_again() -> None:
    ring = Ring()
    memory.settle()
    gone = weakref.ref(ring)
    del ring
    gc.collect()
    assert gc.get_freeze_count() > 0
    assert gone() is not None, "it was passed over"
    memory.settle()
    assert gone() is None, "a workspace that was closed is not kept"
