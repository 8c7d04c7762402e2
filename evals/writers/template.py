"""Ours, by templates."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from recx_agent.evals.cases import Case
from recx_agent.evals.samples import Sentence
from recx_agent.evals.writers.base import LeftOut, Written
from recx_agent.evals.writers.metered import NO_MODEL
from recx_agent.factory import make_given_writer, make_writer
from recx_agent.protocols import Draft, Plan
from recx_agent.schemas import GivenExplanation
from recx_agent.settings import LlmSettings, Settings
from recx_agent.writing import abstains


class TemplateTexts:
    """The template writers of the package, for plans and for passages.

    Parameters
    ----------
    settings : Settings
        Those of the run; its language model is not asked.
    """

    def __init__(self, settings: Settings) -> None:
        plain = settings.model_copy(update={"llm": LlmSettings()})
        self._plans = make_writer(Path(), plain, lambda user_id: False)
        self._given = make_given_writer(plain.llm)

    @property
    def description(self) -> Mapping[str, Any]:
        """Templates are found out by what they write: the version stands in each text."""
        return {"kind": "template"}

    async def write(self, case: Case) -> Written:
        """Write one text."""
        began = time.perf_counter()
        if isinstance(case.material, Plan):
            return of_draft(case.material, self._plans.write(case.material), began, NO_MODEL)
        if case.material is None:
            raise LeftOut("there is nothing here that templates can be made of")
        return of_given(await self._given.write_slowly(case.material), began, NO_MODEL)

    def close(self) -> None:
        """Let go of the writers."""
        self._plans.close()
        self._given.close()


def of_draft(
    plan: Plan, draft: Draft, began: float, took: Mapping[str, float] | None = None
) -> Written:
    """What a writer of ours made of a plan; ``began`` as of :func:`time.perf_counter`."""
    return Written(
        text=draft.text,
        sentences=tuple(Sentence(one.text, one.evidence) for one in draft.sentences),
        verdict="abstained" if abstains(plan) else draft.verdict,
        took={"seconds": time.perf_counter() - began, **(took or {})},
        extra={
            "model": draft.writer.model,
            "prompt_version": draft.writer.prompt_version,
            "style": draft.writer.style,
            "violations": [violation.kind for violation in draft.violations],
        },
    )


def of_given(
    told: GivenExplanation, began: float, took: Mapping[str, float] | None = None
) -> Written:
    """The same of passages."""
    return Written(
        text=told.text,
        sentences=tuple(Sentence(one.text, one.evidence) for one in told.sentences),
        verdict=told.verdict,
        took={"seconds": time.perf_counter() - began, **(took or {})},
        extra={
            "model": told.writer.model,
            "prompt_version": told.writer.prompt_version,
            "style": told.writer.style,
            "violations": [violation.kind for violation in told.violations],
        },
    )
