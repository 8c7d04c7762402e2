"""What was done for one text, step by step, for its audit record."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from recx_agent.errors import LlmError
from recx_agent.protocols import ChatReply, Draft, Prompt
from recx_agent.schemas import AuditStep, JudgedSentence, StepKind
from recx_agent.writing.case import Case
from recx_agent.writing.written import Written

CHOSEN = "chosen"
"""Detail of the draft, of several, that was gone on with."""

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
                self.add(kind, raw=choice.text, finish_reason=end, detail=CHOSEN)

    def judged(self, kind: StepKind, sentences: Sequence[JudgedSentence]) -> None:
        """Put sentences with their fates in the place of those of the chosen answer."""
        for number, step in enumerate(self._steps):
            if step.kind == kind and step.detail == CHOSEN:
                self._steps[number] = step.model_copy(update={"sentences": tuple(sentences)})


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
