"""An explanation that is shown sentence by sentence while it is written, and is never late."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextvars import copy_context
from dataclasses import dataclass, replace

from recx_agent.channel import Channel
from recx_agent.errors import LlmError
from recx_agent.loop_thread import Job, LoopThread
from recx_agent.protocols import Draft, Plan, StreamingChatModel
from recx_agent.schemas import Sentence
from recx_agent.watching import stage
from recx_agent.writing.asking import COMPOSING_SECONDS, Author
from recx_agent.writing.composing import shown
from recx_agent.writing.desk import NOT_OWN, Desk
from recx_agent.writing.kinds import is_worded
from recx_agent.writing.streaming_asking import Heard, Listener
from recx_agent.writing.streaming_text import Telling
from recx_agent.writing.trail import LATE, Trail

_log = logging.getLogger(__name__)

TIMEOUT = "timeout"
FAULTY = "error"
"""Faults that are no error of the endpoint: the deadline came first; a bug of ours."""

LEFT = "left"
"""The reader went away: the record has what he was shown, and the rest as it would have been."""


@dataclass(frozen=True)
class Streamer:
    """What streams are made with.

    Attributes
    ----------
    desk : Desk
    author : Author
    model : StreamingChatModel or None
        The author's, if it can be heard while it writes.
    loop : LoopThread
        Where the model is asked and heard.
    at_once : callable
        Writes the whole text, where it is not heard while it is written.
    """

    desk: Desk
    author: Author
    model: StreamingChatModel | None
    loop: LoopThread
    at_once: Callable[[Plan, Trail, float | None], Awaitable[Draft | None]]


class StreamedDraft:
    """The sentences of one explanation as they are verified, and its draft as the last.

    Each iteration writes it, by a thread or in any event loop. Left before its end, it ends
    the request to the model.

    Parameters
    ----------
    plan : Plan
    template : Draft
        What the templates make of it.
    streamer : Streamer
    deadline_ms : float
        Counts from the beginning of the iteration.
    """

    def __init__(self, plan: Plan, template: Draft, streamer: Streamer, deadline_ms: float) -> None:
        self.joint = template.joint
        self._plan = plan
        self._template = template
        self._streamer = streamer
        self._seconds = deadline_ms / 1000
        self._context = copy_context()  # whoever watches this call watches the writing

    def __iter__(self) -> Generator[Sentence | Draft]:
        writing = self._begun()
        try:
            while not writing.is_read:
                try:
                    yield writing.read(writing.channel.get(writing.seconds_left()))
                except TimeoutError:
                    writing.is_late()
        finally:
            writing.leave()

    async def __aiter__(self) -> AsyncGenerator[Sentence | Draft]:
        writing = self._begun()
        try:
            while not writing.is_read:
                try:
                    yield writing.read(await writing.channel.aget(writing.seconds_left()))
                except TimeoutError:
                    writing.is_late()
        finally:
            await writing.leave_and_see()

    def _begun(self) -> _Writing:
        deadline = time.monotonic() + self._seconds
        writing = _Writing(self._plan, Trail(self._template), self._streamer, deadline)
        self._context.copy().run(writing.start)
        return writing


class _Writing:
    """One iteration: what was heard in the loop of the writer, and what has left.

    Whoever finishes the trail ends it: the loop, the reader at the deadline, or the reader who
    leaves.
    """

    def __init__(self, plan: Plan, trail: Trail, streamer: Streamer, deadline: float) -> None:
        self.channel: Channel[Sentence | Draft] = Channel()
        self.is_read = False
        self._plan = plan
        self._trail = trail
        self._streamer = streamer
        self._deadline = deadline
        self._lock = threading.Lock()
        self._heard: Heard | None = None
        self._sent = 0
        self._ended = False
        self._job: Job[None] | None = None

    def start(self) -> None:
        """Begin to write."""
        if not is_worded(self._plan):
            draft = self._streamer.desk.by_template(self._plan, self._trail, None)
            self._send(draft or self._trail.template)
            return
        self._job = self._streamer.loop.start(self._write)
        self._job.future.add_done_callback(lambda _: self.is_late())  # where the loop was ended

    # --- the reader's

    def seconds_left(self) -> float | None:
        """For which the reader waits; without end where the whole is on its way to him."""
        if self._trail.is_finished:
            return None
        return max(0.0, self._deadline - time.monotonic())

    def read(self, item: Sentence | Draft) -> Sentence | Draft:
        """Note that it has reached the reader."""
        self.is_read = isinstance(item, Draft)
        return item

    def is_late(self) -> None:
        """The deadline has come, or nobody writes any more."""
        self._end(TIMEOUT, note=f"{TIMEOUT}: the deadline came before its end")

    def leave(self) -> None:
        """Nobody reads any more."""
        with self._lock:
            count = f"after {self._sent} sentence{'' if self._sent == 1 else 's'}"
        self._end(None, note=f"{LEFT}: the reader went away {count}")
        if self._job is not None:
            self._job.future.cancel()

    async def leave_and_see(self) -> None:
        """The same; where the request to the model is still under way, until it has ended."""
        self.leave()
        if self._job is not None and not self.is_read:
            await self._job.cancel()

    # --- the loop's

    async def _write(self) -> None:
        try:
            with stage("write"):
                await self._worded()
        except LlmError as error:
            self._end(error.fault)
        except Exception as error:  # noqa: BLE001 - the reader gets what there is
            _log.exception("a model's text could not be made use of")
            if not self._end(FAULTY, note=f"{FAULTY}: {error!r}") and not self._ended:
                self._send(self._trail.template)  # it failed between the end and the telling

    async def _worded(self) -> None:
        streamer, trail = self._streamer, self._trail
        if streamer.model is None:
            self._send(await streamer.at_once(self._plan, trail, self._deadline))
            return
        desk = streamer.desk
        case, prompt, key, written = await desk.begun(self._plan, trail, self._deadline)
        if written is not None:
            self._send(desk.finished(case, prompt, written, trail, None))
            return
        limit = self._deadline - COMPOSING_SECONDS
        listener = Listener(streamer.author, streamer.model, trail, limit, self._show)
        fault = await listener.hear(Telling(case), prompt)
        if fault is not None:
            desk.name.forget()
        self._end(None if fault is None else fault.fault, key=key)

    def _show(self, heard: Heard) -> None:
        """Send what is new of the sentences shown."""
        with self._lock:
            if self._trail.is_finished:
                return
            self._heard = heard
            for one in heard.telling.shown[self._sent :]:
                self.channel.put(shown(one.judged))
            self._sent = len(heard.telling.shown)

    # --- anybody's

    def _end(self, fault: str | None, *, note: str = "", key: str | None = None) -> bool:
        """End it with what was heard so far; ``False`` if somebody has ended it before.

        Parameters
        ----------
        fault : str or None
            Why the model was not heard to its end.
        note : str
            The same for the record, unless it has that already.
        key : str or None
            To keep a text without fault under.
        """
        with self._lock:
            if not self._trail.finish():
                return False
            self._ended = True
        if note:
            self._trail.add("fault", detail=note)
        draft = replace(self._draft(None if fault else key, LATE if note else ""), fault=fault)
        self._streamer.desk.record(self._plan, draft, self._trail)
        self._send(draft)
        return True

    def _draft(self, key: str | None, late: str) -> Draft:
        """The model's sentences that were shown with what belongs after them."""
        heard, trail, desk = self._heard, self._trail, self._streamer.desk
        written = None if heard is None else heard.written
        if heard is None or written is None:
            trail.add("template", detail=late)  # whatever was written at once
            return trail.template
        case = heard.telling.case
        composed = written.settle(case)
        trail.streamed("draft", heard.draft, composed.draft)
        if heard.repair is not None:
            trail.streamed("repair", heard.repair, composed.repair)
        if not composed.sentences:
            trail.add("template", detail=NOT_OWN)
        elif key is not None:
            desk.keeper.keep_text(key, self._plan.user_id, written.as_text())
        return desk.draft(case, heard.draft.prompt, composed)

    def _send(self, draft: Draft | None) -> None:
        """Send what has not left yet; nothing where somebody else does."""
        if draft is not None:
            for sentence in draft.sentences[self._sent :]:
                self.channel.put(sentence)
            self.channel.put(draft)
            self.channel.end()
