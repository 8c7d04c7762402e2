"""What a text needs before it is asked for, and what is kept of it afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from recx_agent.protocols import Draft, Plan, Prompt, PromptMaker, audit_id
from recx_agent.schemas import Writer
from recx_agent.watching import count
from recx_agent.writing.case import Case, OwnBefore
from recx_agent.writing.composing import Composed
from recx_agent.writing.keeper import Keeper
from recx_agent.writing.model_name import ModelName
from recx_agent.writing.records import make_record, text_key
from recx_agent.writing.replay import with_caution
from recx_agent.writing.speech import SpeechOf, Templates
from recx_agent.writing.trail import Trail
from recx_agent.writing.written import Written

NOT_OWN = "nothing of it is the model's own"

_OWN_KEPT = 2000
"""Kept texts of which is remembered that they are no copies: to find it out, every style of the
templates has to be written. Half a kilobyte each."""


def _remembering() -> Callable[[str], OwnBefore]:
    """By the key of a text, the ones asked for last."""

    def nothing_yet(key: str) -> OwnBefore:
        return {}

    return lru_cache(_OWN_KEPT)(nothing_yet)


@dataclass(frozen=True)
class Desk:
    """The parts around the asking, the same whichever way a model is heard.

    Attributes
    ----------
    templates : Templates
    prompts : PromptMaker
    speech_of : callable
    name : ModelName
    keeper : Keeper
    decides : mapping
        What of the settings a text depends on.
    """

    templates: Templates
    prompts: PromptMaker
    speech_of: SpeechOf
    name: ModelName
    keeper: Keeper
    decides: Mapping[str, Any]
    _own_before: Callable[[str], OwnBefore] = field(default_factory=_remembering, repr=False)

    def laid_out(self, plan: Plan, trail: Trail) -> tuple[Case, Prompt]:
        """The plan with what its drafts are judged by, and what the model is asked."""
        slots = self.prompts.slots(plan)
        prompt = self.prompts.explain(plan, slots)
        speech = self.speech_of(plan.wording, plan.task)
        case = Case(plan, slots, prompt.examples, speech, self.templates, trail.template)
        trail.case = case
        return case, prompt

    async def begun(
        self, plan: Plan, trail: Trail, deadline: float | None
    ) -> tuple[Case, Prompt, str | None, Written | None]:
        """What :meth:`laid_out`, :meth:`key` and :meth:`kept` give, in this order."""
        case, prompt = self.laid_out(plan, trail)
        key = await self.key(case, prompt, deadline)
        written = self.kept(key, trail)
        if key is not None and written is not None:
            trail.case = case = replace(case, own_before=self._own_before(key))
        return case, prompt, key, written

    async def key(self, case: Case, prompt: Prompt, deadline: float | None) -> str | None:
        """Under which the text is kept; ``None`` if nobody knows what the model is called."""
        model = await self.name.known(deadline)
        if model is None:
            return None
        return text_key(
            case.plan,
            case.slots,
            prompt,
            model=model,
            settings=self.decides,
            speech=case.speech.version,
        )

    def kept(self, key: str | None, trail: Trail) -> Written | None:
        """What was written for an earlier text of the same plan."""
        written = Written.of_text(self.keeper.text(key) or "") if key else None
        if key is not None:
            count("text_cache", "miss" if written is None else "hit")
        if written is not None and key is not None:
            trail.taken_from_cache(key, written)
        return written

    def finished(
        self, case: Case, prompt: Prompt, written: Written, trail: Trail, key: str | None
    ) -> Draft | None:
        """The text that is shown; ``None`` if the caller was faster.

        Parameters
        ----------
        key : str or None
            To keep it under, unless it is kept already.
        """
        composed = written.settle(case)
        trail.judged("draft", composed.draft)
        trail.judged("repair", composed.repair)
        draft = self.draft(case, prompt, composed)
        if not trail.finish():
            return None
        if not composed.sentences:
            trail.add("template", detail=NOT_OWN)
        elif key is not None:
            self.keeper.keep_text(key, case.plan.user_id, written.as_text())
        self.record(case.plan, draft, trail)
        return draft

    def draft(self, case: Case, prompt: Prompt, composed: Composed) -> Draft:
        """What is composed with all that belongs to it; else the template's text."""
        template = case.template
        if not composed.sentences:
            return replace(template, violations=composed.violations)
        writer = Writer(
            kind="llm",
            style=prompt.style,
            language=template.writer.language,
            prompt_version=prompt.version,
            model=self.name.guess,
        )
        return Draft(
            with_caution(case, composed.sentences),
            writer,
            joint=template.joint,
            verdict=composed.verdict,
            violations=composed.violations,
        )

    def by_template(
        self, plan: Plan, trail: Trail, fault: str | None, detail: str = ""
    ) -> Draft | None:
        """The template's text; ``None`` if the caller was faster."""
        if not trail.finish():
            return None
        draft = replace(trail.template, fault=fault)
        trail.add("template", detail=detail)
        self.record(plan, draft, trail)
        return draft

    def record(self, plan: Plan, draft: Draft, trail: Trail) -> None:
        """Keep how the text came about, soon."""
        if not plan.key:  # a sentence by itself, which has no explanation around it
            return
        case, steps, model = trail.case, trail.steps, self.name.guess
        was_kept = bool(steps) and steps[0].kind == "cache"
        self.keeper.keep_record(
            lambda: make_record(
                plan,
                case.slots if case else {},
                case.examples if case else (),
                draft,
                steps,
                model=model,
                settings=self.decides,
            ),
            unless=(audit_id(plan.key, draft.writer), draft.text) if was_kept else None,
        )
