"""What a program that answers tells whoever watches it: stages, and counts.

Nobody watches unless a server does, with :func:`watched`; then what is done in that context is
told to it, in the threads too to which it hands the context on. Nothing personal is told:
the words are those of the list below.

::

    stage   rank, attribute, retrieve, write
    count   verdict (supported, repaired, template, abstained), fault (as explanations tell it),
            tokens (prompt, cached, completion), text_cache (hit, miss),
            not_kept (behind, failed: texts and records that are lost)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Literal, Protocol

Stage = Literal["rank", "attribute", "retrieve", "write"]
Count = Literal["verdict", "fault", "tokens", "text_cache", "not_kept"]


class Watch(Protocol):
    """Whoever watches; called from many threads."""

    def stage(self, name: Stage) -> AbstractContextManager[None]:
        """Surround a stage."""
        ...

    def count(self, name: Count, kind: str, amount: int) -> None:
        """Note that something came about."""
        ...


_watch: ContextVar[Watch | None] = ContextVar("recx_watch", default=None)


@contextmanager
def watched(watch: Watch) -> Iterator[None]:
    """Have what is done in the block watched."""
    token = _watch.set(watch)
    try:
        yield
    finally:
        _watch.reset(token)


@contextmanager
def stage(name: Stage) -> Iterator[None]:
    """Tell that the block is a stage."""
    watch = _watch.get()
    if watch is None:
        yield
        return
    with watch.stage(name):
        yield


def count(name: Count, kind: str, amount: int = 1) -> None:
    """Tell that something came about, so many times."""
    watch = _watch.get()
    if watch is not None and amount:
        watch.count(name, kind, amount)
