"""What was done for one text, step by step, for its audit record."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from recx_agent.errors import LlmError
from recx_agent.protocols import ChatReply, Draft, Prompt
from recx_agent.schemas import AuditStep, JudgedSentence, StepKind
from recx_agent.watching import count
from recx_agent.writing.case import Case
from recx_agent.writing.written import Written

if TYPE_CHECKING:
    from recx_agent.writing.streaming_asking import Answer

CHOSEN = "chosen"
"""Detail of the draft, of several, that was gone on with."""

STREAMED = "chosen, streamed"
"""The same of a draft whose sentences were shown as they came."""

LATE = "late"
"""Detail of a template step: the deadline came first, whatever had been written."""


class Trail:
    """Steps in their order. Two threads may want to finish it; one of them may.

    Parameters
    ----------
    template : Draft
        Template text of the plan: made first, so that nothing has to be made when time is up.

    Attributes
    ----------
    case : Case or None
        What drafts are judged by, once that is known.
    """

    def __init__(self, template: Draft) -> None:
        self.template = template
        self.case: Case | None = None
        self._steps: list[AuditStep] = []
        self._lock = threading.Lock()
        self._finished = False

    def finish(self) -> bool:
        """Whether nobody has finished it before."""
        with self._lock:
            first, self._finished = not self._finished, True
            return first

    @property
    def is_finished(self) -> bool:
        """Whether somebody has."""
        return self._finished

    @property
    def steps(self) -> tuple[AuditStep, ...]:
        """All so far."""
        return tuple(self._steps)

    def add(self, kind: StepKind, **content: Any) -> None:
        """Add a step."""
        self._steps.append(AuditStep(kind=kind, **content))

    def fault(self, error: LlmError, prompt: Prompt) -> None:
        """Note why there is no answer."""
        self.add("fault", detail=f"{error.fault}: {error}", messages=_messages(prompt))

    def answered(
        self,
        kind: StepKind,
        prompt: Prompt,
        reply: ChatReply,
        judged: Sequence[Sequence[JudgedSentence]],
        chosen: int,
    ) -> None:
        """Note every answer to a request; what it cost stands at the first."""
        _count_tokens(reply)
        for number, (choice, sentences) in enumerate(zip(reply.choices, judged, strict=True)):
            self.add(
                kind,
                raw=choice.text,
                finish_reason=choice.finish_reason,
                detail=CHOSEN if number == chosen else "",
                sentences=tuple(sentences),
                **(_cost(prompt, reply) if number == 0 else {}),
            )

    def taken_from_cache(self, key: str, written: Written) -> None:
        """Note what was written for an earlier text of the same plan."""
        self.add("cache", detail=key)
        kinds: tuple[StepKind, ...] = ("draft", "repair")
        for kind, choice in zip(kinds, (written.draft, written.repair), strict=True):
            if choice is not None:
                end = choice.finish_reason
                detail = STREAMED if written.streamed else CHOSEN
                self.add(kind, raw=choice.text, finish_reason=end, detail=detail)

    def streamed(self, kind: StepKind, answer: Answer, sentences: Sequence[JudgedSentence]) -> None:
        """Note an answer whose sentences were shown as they came, or as much of it as came."""
        if answer.choice is None:
            return
        prompt, reply = answer.prompt, answer.reply
        if reply is not None:
            _count_tokens(reply)
        self.add(
            kind,
            raw=answer.text,
            finish_reason=answer.finish_reason,
            detail=STREAMED,
            sentences=tuple(sentences),
            **({"messages": _messages(prompt)} if reply is None else _cost(prompt, reply)),
        )

    def judged(self, kind: StepKind, sentences: Sequence[JudgedSentence]) -> None:
        """Put sentences with their fates in the place of those of the chosen answer."""
        for number, step in enumerate(self._steps):
            if step.kind == kind and step.detail in (CHOSEN, STREAMED):
                self._steps[number] = step.model_copy(update={"sentences": tuple(sentences)})


def _count_tokens(reply: ChatReply) -> None:
    count("tokens", "prompt", reply.prompt_tokens - reply.cached_tokens)
    count("tokens", "cached", reply.cached_tokens)
    count("tokens", "completion", reply.completion_tokens)


def _cost(prompt: Prompt, reply: ChatReply) -> dict[str, Any]:
    return {
        "messages": _messages(prompt),
        "seconds": reply.seconds,
        "prompt_tokens": reply.prompt_tokens,
        "completion_tokens": reply.completion_tokens,
        "cached_tokens": reply.cached_tokens,
    }


def _messages(prompt: Prompt) -> tuple[dict[str, str], ...]:
    return tuple({"role": m.role, "content": m.content} for m in prompt.messages)
