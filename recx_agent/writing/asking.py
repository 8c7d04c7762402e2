"""Asks the model: for drafts, and once for other sentences in the place of failed ones."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from recx_agent.errors import LlmError
from recx_agent.grounding import Reading
from recx_agent.protocols import ChatModel, ChatRequest, Chooser, Prompt, PromptMaker, Slot
from recx_agent.settings import LlmSettings
from recx_agent.writing.case import Case
from recx_agent.writing.second_opinion import SecondOpinion
from recx_agent.writing.speech import Speech
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
    opinion : SecondOpinion or None
        Asked about the sentences that passed.
    """

    model: ChatModel
    prompts: PromptMaker
    settings: LlmSettings
    chooser: Chooser | None = None
    opinion: SecondOpinion | None = None

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
        limit = None if deadline is None else deadline - COMPOSING_SECONDS
        try:
            reply = await self.model.complete(
                self.request(case, prompt, self.settings.candidates), deadline=limit
            )
        except LlmError as error:
            trail.fault(error, prompt)
            raise
        readings = [case.read(c.text, c.finish_reason) for c in reply.choices]
        best = best_of(case, readings, self.chooser)
        trail.answered("draft", prompt, reply, [r.sentences for r in readings], best)
        draft = reply.choices[best]
        doubted = await self.doubted(case, readings[best], trail, limit)
        case = replace(case, doubted=doubted)
        reading = case.read(draft.text, draft.finish_reason)
        if reading.ok or not self.settings.repair or is_over(limit):
            return Written(draft, None, tuple(sorted(doubted)))
        asked = self.repair_prompt(case, prompt, draft.text, reading)
        try:
            again = await self.model.complete(self.request(case, asked, 1), deadline=limit)
        except LlmError as error:
            trail.fault(error, asked)
            return Written(draft, None, tuple(sorted(doubted)))
        repairs = [case.read(c.text, c.finish_reason) for c in again.choices]
        trail.answered("repair", asked, again, [r.sentences for r in repairs], 0)
        doubted |= await self.doubted(case, repairs[0], trail, limit)
        return Written(draft, again.choices[0], tuple(sorted(doubted)))

    async def doubted(
        self, case: Case, reading: Reading, trail: Trail, limit: float | None
    ) -> frozenset[str]:
        """Sentences that passed, and which the second opinion does not accept."""
        if self.opinion is None or is_over(limit):
            return frozenset()
        return await self.opinion.doubted(case, reading, trail, limit)

    def request(self, case: Case, prompt: Prompt, count: int) -> ChatRequest:
        """Ask for so many drafts."""
        return replace(request_of(prompt, case.speech, case.slots, self.settings), n=count)

    def repair_prompt(self, case: Case, prompt: Prompt, draft: str, reading: Reading) -> Prompt:
        """Ask for other sentences in the place of those that failed."""
        failed = [sentence for sentence in reading.sentences if sentence.violations]
        return self.prompts.repair(
            prompt,
            draft,
            [sentence.raw for sentence in failed],
            [violation for sentence in failed for violation in sentence.violations],
            str(case.plan.wording.get("language") or "en"),
        )


def request_of(
    prompt: Prompt, speech: Speech, slots: Mapping[str, Slot], settings: LlmSettings
) -> ChatRequest:
    """Ask for one draft, with the grammar of these placeholders where the settings say so."""
    return ChatRequest(
        messages=prompt.messages,
        grammar=None if settings.structured == "off" else speech.grammar(slots),
        max_tokens=settings.max_tokens,
        temperature=settings.temperature,
    )


def is_over(limit: float | None) -> bool:
    """Whether there is no time left."""
    return limit is not None and time.monotonic() >= limit
