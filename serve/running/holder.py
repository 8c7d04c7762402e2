"""The workspace that answers, and another one in its place without a dropped request."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from recx_agent.errors import ServerStopping
from recx_agent.protocols import Keeping
from recx_agent.recx import Recx


@dataclass(frozen=True)
class Reloaded:
    """What became of a reload: the versions before and after."""

    before: str
    now: str


@dataclass
class _Held:
    recx: Recx
    users: int = 0
    leaving: bool = False


class Holder:
    """Hands out the opened workspace to whoever answers a request; for any thread.

    Parameters
    ----------
    open_recx : callable
        Opens the version in force.

    Attributes
    ----------
    on_closed : callable
        Called when a workspace was closed whose place another one has taken.
    """

    def __init__(self, open_recx: Callable[[], Recx]) -> None:
        self.on_closed: Callable[[], None] = lambda: None
        self._open = open_recx
        self._lock = threading.Lock()
        self._reloading = threading.Lock()
        self._held: _Held | None = None
        self._closed = False

    @property
    def version(self) -> str | None:
        """The version that answers; ``None`` if none does."""
        held = self._held
        return None if held is None else held.recx.version.name

    @property
    def keeping(self) -> Keeping | None:
        """How it stands with what is kept beside the answers; ``None`` if none are given."""
        held = self._held
        return None if held is None else held.recx.keeping

    def start(self) -> None:
        """Open the workspace.

        Raises
        ------
        RecxError
            It cannot be opened, or has no evidence index.
        """
        recx = self._warm()
        with self._lock:
            self._held = _Held(recx)

    @contextmanager
    def lease(self) -> Iterator[Recx]:
        """The workspace that answers now; it stays open until the block ends.

        Raises
        ------
        ServerStopping
            It is not open yet, or not any more.
        """
        with self._lock:
            held = self._held
            if held is None:
                raise ServerStopping("the service is not ready; try again in a moment")
            held.users += 1
        try:
            yield held.recx
        finally:
            self._left(held)

    def reload(self) -> Reloaded:
        """Open the version in force beside the one that answers, and let it answer instead.

        The other one is closed when its last request is done. Two reloads take turns.

        Raises
        ------
        RecxError
            The new one cannot be opened or has no evidence index: the old one goes on.
        ServerStopping
            The server is shutting down.
        """
        with self._reloading:
            return self._reload()

    def renew(self, stale: Recx) -> Reloaded | None:
        """Reload if another version is in force than the one whose index is there no more.

        Parameters
        ----------
        stale : Recx
            Handed out before.

        Returns
        -------
        Reloaded or None
            ``None`` if nothing newer is there, or somebody else was faster: see
            :attr:`version`.

        Raises
        ------
        RecxError
            As :meth:`reload`.
        """
        with self._reloading:
            own = stale.version.name
            if self.version != own or stale.workspace.current().name == own:
                return None
            return self._reload()

    def close(self) -> None:
        """Close it when its last request is done; nothing is handed out afterwards."""
        with self._lock:
            self._closed = True
            held, self._held = self._held, None
        if held is not None:
            self._let_go(held)

    def _reload(self) -> Reloaded:
        before = self.version
        recx = self._warm()
        with self._lock:
            old, closed = self._held, self._closed
            if old is not None and not closed:
                self._held = _Held(recx)
        if old is None or closed:
            recx.close()
            raise ServerStopping("the service is shutting down")
        self._let_go(old)
        return Reloaded(before or "", recx.version.name)

    def _warm(self) -> Recx:
        recx = self._open()
        try:
            recx.warm_up()
        except BaseException:
            recx.close()
            raise
        return recx

    def _left(self, held: _Held) -> None:
        with self._lock:
            held.users -= 1
            last = held.leaving and held.users == 0
        if last:
            self._close(held)

    def _let_go(self, held: _Held) -> None:
        with self._lock:
            held.leaving = True
            unused = held.users == 0
        if unused:
            self._close(held)

    def _close(self, held: _Held) -> None:
        held.recx.close()
        if not self._closed:
            self.on_closed()
