"""Asks the model: for drafts, and once for other sentences in the place of failed ones."""

from __future__ import annotations

import time
from dataclasses import dataclass

from recx_agent.errors import LlmError
from recx_agent.grounding import Reading
from recx_agent.protocols import ChatModel, ChatRequest, Chooser, Prompt, PromptMaker
from recx_agent.settings import LlmSettings
from recx_agent.writing.case import Case
from recx_agent.writing.trail import Trail
from recx_agent.writing.written import Written, best_of

COMPOSING_SECONDS = 0.04
"""Kept of the time before a deadline for what code does with an answer."""


@dataclass(frozen=True)
class Author:
    """A model and how it is asked.

    Parameters
    ----------
    model : ChatModel
    prompts : PromptMaker
    settings : LlmSettings
    chooser : Chooser or None
        Decides between drafts of which equally much passes.
    """

    model: ChatModel
    prompts: PromptMaker
    settings: LlmSettings
    chooser: Chooser | None = None

    async def write(
        self, case: Case, prompt: Prompt, trail: Trail, deadline: float | None
    ) -> Written:
        """Get a draft and, where sentences of it failed, others for them.

        Parameters
        ----------
        case : Case
        prompt : Prompt
        trail : Trail
            Every answer and every fault is noted there.
        deadline : float or None
            A time of :func:`time.monotonic`.

        Raises
        ------
        LlmError
            There is no draft. A repair that fails is done without.
        """
        grammar = self._grammar(case)
        limit = None if deadline is None else deadline - COMPOSING_SECONDS
        try:
            reply = await self.model.complete(
                self._request(prompt, grammar, self.settings.candidates), deadline=limit
            )
        except LlmError as error:
            trail.fault(error, prompt)
            raise
        readings = [case.read(c.text, c.finish_reason) for c in reply.choices]
        best = best_of(case, readings, self.chooser)
        trail.answered("draft", prompt, reply, [r.sentences for r in readings], best)
        draft = reply.choices[best]
        if readings[best].ok or not self.settings.repair or _is_over(limit):
            return Written(draft)
        asked = self._repair_prompt(case, prompt, draft.text, readings[best])
        try:
            again = await self.model.complete(self._request(asked, grammar, 1), deadline=limit)
        except LlmError as error:
            trail.fault(error, asked)
            return Written(draft)
        repairs = [case.read(c.text, c.finish_reason) for c in again.choices]
        trail.answered("repair", asked, again, [r.sentences for r in repairs], 0)
        return Written(draft, again.choices[0])

    def _grammar(self, case: Case) -> str | None:
        return None if self.settings.structured == "off" else case.speech.grammar(case.slots)

    def _request(self, prompt: Prompt, grammar: str | None, count: int) -> ChatRequest:
        return ChatRequest(
            messages=prompt.messages,
            grammar=grammar,
            max_tokens=self.settings.max_tokens,
            temperature=self.settings.temperature,
            n=count,
        )

    def _repair_prompt(self, case: Case, prompt: Prompt, draft: str, reading: Reading) -> Prompt:
        failed = [sentence for sentence in reading.sentences if sentence.violations]
        return self.prompts.repair(
            prompt,
            draft,
            [sentence.raw for sentence in failed],
            [violation for sentence in failed for violation in sentence.violations],
            str(case.plan.wording.get("language") or "en"),
        )


def _is_over(limit: float | None) -> bool:
    return limit is not None and time.monotonic() >= limit
