"""All that a server has while it runs: what routes and tools ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from recx_agent.errors import IndexStale, NotSignedIn, RecxError, ServerStopping
from recx_agent.factory import make_given_writer
from recx_agent.recx import Recx
from recx_agent.serve.identity import Caller, Gate
from recx_agent.serve.running import logs
from recx_agent.serve.running.holder import Holder, Reloaded
from recx_agent.serve.running.limits import CallerLimits
from recx_agent.serve.running.meters import Meters
from recx_agent.serve.running.traces import Traces
from recx_agent.serve.running.turns import Turns
from recx_agent.settings import Settings
from recx_agent.watching import watched
from recx_agent.workspace import Workspace
from recx_agent.writing import GivenWriter

Result = TypeVar("Result")
Ask = Callable[[Recx, float], Result]
"""Asks the core, in a thread; the second argument is the milliseconds that are left."""


@dataclass
class Service:
    """What one server answers with.

    Parameters
    ----------
    settings : Settings
    gate : Gate
    holder : Holder
    limits : CallerLimits
    turns : Turns
    meters : Meters
    watch : Traces
        Told of stages and counts, which it hands on to the meters.

    Attributes
    ----------
    stopping : bool
        Whether it is shutting down: nobody should send new requests.
    """

    settings: Settings
    gate: Gate
    holder: Holder
    limits: CallerLimits
    turns: Turns
    meters: Meters
    watch: Traces
    stopping: bool = field(default=False, init=False)

    @classmethod
    def of(cls, settings: Settings, open_recx: Callable[[], Recx] | None = None) -> Service:
        """The service of a workspace; :meth:`Holder.start` opens it.

        Parameters
        ----------
        settings : Settings
        open_recx : callable, optional
            Opens it in another way than with these settings.

        Raises
        ------
        SettingsError
            A key or a store that a setting names cannot be used.
        """

        def open_as_set() -> Recx:
            place = Workspace(settings.workspace)
            return Recx(place, place.current(), settings)

        serve, meters = settings.serve, Meters()
        return cls(
            settings=settings,
            gate=Gate.of(settings),
            holder=Holder(open_recx or open_as_set),
            limits=CallerLimits(serve),
            turns=Turns(serve.threads, serve.waiting),
            meters=meters,
            watch=Traces(meters, serve.traces),
        )

    def deadline(self, wished_ms: float | None) -> float:
        """Milliseconds within which a request is answered: as wished, within bounds."""
        serve = self.settings.serve
        return min(wished_ms or self.settings.llm.deadline_ms, serve.max_deadline_ms)

    async def ask(self, ask: Ask[Result], *, deadline_ms: float | None = None) -> Result:
        """Ask the core in a thread; the time it waits for one is taken off the deadline.

        Raises
        ------
        ServerBusy, ServerStopping
        RecxError
            What the core raises.
        """
        allowed = self.deadline(deadline_ms)

        def call(waited: float) -> Result:
            left = max(1.0, allowed - 1000 * waited)
            try:
                with self.holder.lease() as recx, watched(self.watch):
                    return ask(recx, left)
            except IndexStale:
                if not self.renewed(recx):
                    raise
            with self.holder.lease() as recx, watched(self.watch):
                return ask(recx, left)

        return await self.turns.run(call, seconds=allowed / 1000)

    def renewed(self, stale: Recx) -> bool:
        """Whether another version answers now: a new model was fitted and indexed meanwhile."""
        try:
            done = self.holder.renew(stale)
        except RecxError as error:
            self.note_reload(error)
            return False
        if done is not None:
            self.note_reload(done)
        return self.holder.version != stale.version.name

    def note_reload(self, outcome: Reloaded | RecxError) -> None:
        """Count and log what became of a reload."""
        if isinstance(outcome, Reloaded):
            self.meters.reloads.labels("done").inc()
            logs.event("reloaded", before=outcome.before, now=outcome.now)
        else:
            self.meters.reloads.labels("failed").inc()
            logs.fault("reload_failed", outcome, version=self.holder.version)

    async def work(self, work: Callable[[], Result]) -> Result:
        """Do something that blocks and asks no opened workspace, in a thread.

        Raises
        ------
        ServerBusy
        """
        return await self.turns.run(lambda waited: work(), seconds=self.deadline(None) / 1000)

    @cached_property
    def given_writer(self) -> GivenWriter:
        """Explains by texts that somebody gives; asks no workspace."""
        return make_given_writer(self.settings.llm)

    def look(self) -> None:
        """Bring the meters up to date that show a state of now."""
        self.meters.waiting.set(self.turns.waiting)
        keeping = self.holder.keeping
        self.meters.to_keep.set(0 if keeping is None else keeping.waiting)
        try:
            with self.holder.lease() as recx:
                self.meters.paused.set(recx.llm_paused)
        except ServerStopping:
            self.meters.paused.set(0)

    def metrics(self, caller: Caller | None) -> bytes:
        """What Prometheus reads.

        Parameters
        ----------
        caller : Caller or None
            Who asks; nobody has to be known where the operator opened it.

        Raises
        ------
        NotSignedIn, Forbidden
            He may not: it needs the scope ``operate``.
        """
        if not self.settings.serve.open_metrics:
            if caller is None:
                raise NotSignedIn("no credential came with the request")
            caller.require("operate")
        self.look()
        return self.meters.page()

    def close(self) -> None:
        """Let go of everything; what is under way may finish."""
        self.holder.close()
        if "given_writer" in self.__dict__:
            self.given_writer.close()
        self.watch.close()
