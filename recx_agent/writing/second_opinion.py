"""Another model's yes or no to sentences that the exact checks have passed.

It can only refuse: nothing that the checks found is let through by it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from recx_agent.errors import LlmError
from recx_agent.grounding import Reading
from recx_agent.protocols import ChatModel, ChatRequest, PromptMaker
from recx_agent.schemas import JudgedSentence
from recx_agent.writing.case import Case
from recx_agent.writing.trail import Trail

_GRAMMAR = 'root ::= "yes" | "no"'
_REFUSES = "no"


@dataclass(frozen=True)
class SecondOpinion:
    """A judge of single sentences.

    Parameters
    ----------
    model : ChatModel
        Another one than the writer's, or the same.
    prompts : PromptMaker
    name : str
        What identifies it, for caches and records.
    """

    model: ChatModel
    prompts: PromptMaker
    name: str

    async def doubted(
        self, case: Case, reading: Reading, trail: Trail, deadline: float | None
    ) -> frozenset[str]:
        """Those of the sentences that passed, as written, which the judge does not accept.

        One that he does not answer for in time, or answers with neither yes nor no, stands.
        Every answer is noted in the trail.
        """
        passed = [sentence for sentence in reading.sentences if not sentence.violations]
        answers = await asyncio.gather(
            *(self._accepts(case, sentence, trail, deadline) for sentence in passed)
        )
        pairs = zip(passed, answers, strict=True)
        return frozenset(sentence.raw for sentence, accepted in pairs if not accepted)

    async def _accepts(
        self, case: Case, sentence: JudgedSentence, trail: Trail, deadline: float | None
    ) -> bool:
        pieces = [case.plan.evidence[id].text for id in sentence.evidence]
        recommended = case.slots["ITEM"].text if "ITEM" in case.slots else case.plan.item_title
        language = str(case.plan.wording.get("language") or "en")
        request = ChatRequest(
            self.prompts.judge(sentence.text, [f"→ {recommended}", *pieces], language),
            grammar=_GRAMMAR,
            max_tokens=4,
            temperature=0.0,
        )
        try:
            reply = await self.model.complete(request, deadline=deadline)
        except LlmError as error:
            trail.add("fault", detail=f"second opinion: {error.fault}: {error}")
            return True
        answer = reply.choices[0]
        trail.add(
            "opinion",
            raw=answer.text,
            finish_reason=answer.finish_reason,
            detail=sentence.raw,
            seconds=reply.seconds,
            prompt_tokens=reply.prompt_tokens,
            completion_tokens=reply.completion_tokens,
            cached_tokens=reply.cached_tokens,
        )
        return not refuses(answer.text)


def refuses(answer: str) -> bool:
    """Whether an answer says no."""
    return answer.strip().lower().startswith(_REFUSES)
