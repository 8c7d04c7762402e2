"""The writer that asks a language model, checks what it says, and is never late."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from typing import Any

from recx_agent.errors import LlmError
from recx_agent.loop_thread import LoopThread
from recx_agent.protocols import (
    AuditLog,
    ChatModel,
    Chooser,
    Draft,
    Keeping,
    Pausing,
    Plan,
    PromptMaker,
    StreamingChatModel,
    TextCache,
)
from recx_agent.settings import LlmSettings
from recx_agent.writing.asking import Author
from recx_agent.writing.desk import Desk
from recx_agent.writing.keeper import Keeper
from recx_agent.writing.kinds import is_worded
from recx_agent.writing.model_name import ModelName
from recx_agent.writing.records import settings_content
from recx_agent.writing.second_opinion import SecondOpinion
from recx_agent.writing.speech import SpeechOf, Templates
from recx_agent.writing.streaming import FAULTY, TIMEOUT, StreamedDraft, Streamer
from recx_agent.writing.trail import LATE, Trail

_log = logging.getLogger(__name__)


class GroundedWriter:
    """Words plans with a language model; see :class:`recx_agent.protocols.ExplanationWriter`.

    What the model says of a plan is shown as far as it is carried by the plan's evidence. A
    template says the rest, and all of it where the model does not answer by the deadline.

    Parameters
    ----------
    templates : Templates
        The template writer.
    prompts : PromptMaker
    speech_of : callable
        What texts of a wording and a task are judged by.
    model : ChatModel
        Is closed with the writer.
    settings : LlmSettings
    cache : TextCache, optional
    audit : AuditLog, optional
        Both are closed with the writer.
    chooser : Chooser, optional
        Chooses among several drafts.
    opinion : SecondOpinion, optional
        Asked about sentences that passed; its model is closed with the writer.
    """

    def __init__(
        self,
        *,
        templates: Templates,
        prompts: PromptMaker,
        speech_of: SpeechOf,
        model: ChatModel,
        settings: LlmSettings,
        cache: TextCache | None = None,
        audit: AuditLog | None = None,
        chooser: Chooser | None = None,
        opinion: SecondOpinion | None = None,
    ) -> None:
        self._templates = templates
        self._settings = settings
        self._model = model
        self._author = Author(model, prompts, settings, chooser, opinion)
        self._keeper = Keeper(cache, audit)
        judge = opinion.model if opinion else None
        decides = settings_content(
            settings, chooser.name if chooser else "", opinion.name if opinion else ""
        )
        self._desk = Desk(templates, prompts, speech_of, ModelName(model), self._keeper, decides)
        self._loop = LoopThread("recx-writer", lambda: _closed(model, judge))

    @property
    def paused(self) -> bool:
        """Whether the model is left alone after too many faults: templates write."""
        return isinstance(self._model, Pausing) and self._model.paused

    @property
    def keeping(self) -> Keeping:
        """How it stands with the texts and records that are kept."""
        return self._keeper.keeping

    def write(self, plan: Plan) -> Draft:
        """Write one explanation by the deadline of the settings."""
        return self.write_all([plan])[0]

    def write_all(self, plans: Sequence[Plan], *, deadline_ms: float | None = None) -> list[Draft]:
        """Write several at once; what is not ready by the deadline is template text.

        Raises
        ------
        PromptError
            See :meth:`recx_agent.prompts.TemplateWriter.write`.
        """
        if not any(is_worded(plan) for plan in plans):
            return [self._unworded(plan) for plan in plans]
        allowed = self._settings.deadline_ms if deadline_ms is None else deadline_ms
        deadline = time.monotonic() + allowed / 1000
        trails = [Trail(self._templates.write(plan)) for plan in plans]
        futures = [
            self._loop.submit(self._by(deadline, plan, trail))
            for plan, trail in zip(plans, trails, strict=True)
        ]
        return [
            self._awaited(deadline, *parts) for parts in zip(plans, trails, futures, strict=True)
        ]

    def stream(self, plan: Plan, *, deadline_ms: float | None = None) -> StreamedDraft:
        """Write one explanation, sentence by sentence; see :class:`StreamingWriter`.

        With several drafts to choose from, or a model that cannot be heard while it writes,
        all sentences come when the last is written.

        Raises
        ------
        PromptError
        """
        model, several = self._author.model, self._settings.candidates > 1
        return StreamedDraft(
            plan,
            self._templates.write(plan),
            Streamer(
                self._desk,
                self._author,
                model if isinstance(model, StreamingChatModel) and not several else None,
                self._loop,
                self._worded,
            ),
            self._settings.deadline_ms if deadline_ms is None else deadline_ms,
        )

    async def write_slowly(self, plan: Plan) -> Draft:
        """Write one explanation, however long it takes: for batches, in any event loop.

        A request still ends after ``settings.timeout_seconds``.
        """
        return _there(await self._by(None, plan, Trail(self._templates.write(plan))))

    def evidence_text(
        self, evidence_id: str, fields: Mapping[str, Any], wording: Mapping[str, Any]
    ) -> str:
        """One piece of evidence in the words of the templates."""
        return self._templates.evidence_text(evidence_id, fields, wording)

    def flush(self) -> None:
        """Wait until what is to be kept is kept."""
        self._keeper.flush()

    def close(self) -> None:
        """End requests, keep what is left to keep, and let go of model and stores."""
        self._loop.submit(asyncio.sleep(0))  # the model is closed in the loop: there has to be one
        self._loop.stop()
        self._keeper.close()

    def _unworded(self, plan: Plan) -> Draft:
        return _there(self._desk.by_template(plan, Trail(self._templates.write(plan)), None))

    def _awaited(
        self, deadline: float, plan: Plan, trail: Trail, future: Future[Draft | None]
    ) -> Draft:
        """The draft of the loop; template text if the loop itself comes too late or ends."""
        with suppress(FutureTimeout, CancelledError):
            return _there(future.result(max(0.0, deadline - time.monotonic())))
        late = self._late(plan, trail)
        if late is not None:
            future.cancel()
            return late
        return _there(future.result())  # the loop was faster after all, and is about to say so

    async def _by(self, deadline: float | None, plan: Plan, trail: Trail) -> Draft | None:
        """The draft, or template text at the deadline; ``None`` if the caller was faster."""
        if not is_worded(plan):
            return self._desk.by_template(plan, trail, None)
        task = asyncio.ensure_future(self._worded(plan, trail, deadline))
        task.add_done_callback(_look_at)
        try:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            await asyncio.wait({task}, timeout=left)
        finally:
            task.cancel()
        if not task.done() or task.cancelled():
            return self._late(plan, trail)
        error = task.exception()
        if error is None:
            return task.result()
        fault = error.fault if isinstance(error, LlmError) else FAULTY
        if fault == FAULTY:
            _log.error("a model's text could not be made use of", exc_info=error)
            trail.add("fault", detail=f"{fault}: {error!r}")
        return self._desk.by_template(plan, trail, fault)

    def _late(self, plan: Plan, trail: Trail) -> Draft | None:
        return self._desk.by_template(plan, trail, TIMEOUT, LATE)

    async def _worded(self, plan: Plan, trail: Trail, deadline: float | None) -> Draft | None:
        desk = self._desk
        case, prompt, key, written = await desk.begun(plan, trail, deadline)
        if written is not None:
            return desk.finished(case, prompt, written, trail, None)
        try:
            written = await self._author.write(case, prompt, trail, deadline)
        except LlmError:
            desk.name.forget()
            raise
        return desk.finished(case, prompt, written, trail, key)


async def _closed(*models: ChatModel | None) -> None:
    for model in models:
        if model is not None:
            await model.aclose()


def _there(draft: Draft | None) -> Draft:
    assert draft is not None  # it is not where the caller has finished the trail himself
    return draft


def _look_at(task: asyncio.Task[Draft | None]) -> None:
    """Or asyncio complains that nobody did."""
    if not task.cancelled():
        task.exception()
