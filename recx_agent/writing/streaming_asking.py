"""Asks the model for a draft that is heard while it is written, and once for its repair."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, replace

from recx_agent.errors import LlmError
from recx_agent.grounding import Reading
from recx_agent.protocols import ChatChoice, ChatReply, FinishReason, Prompt, StreamingChatModel
from recx_agent.writing.asking import Author, is_over
from recx_agent.writing.streaming_text import Telling
from recx_agent.writing.trail import Trail
from recx_agent.writing.written import Written


@dataclass(frozen=True)
class Answer:
    """As much of an answer as was heard.

    Attributes
    ----------
    prompt : Prompt
    text : str
        Until its end is heard, it ends in the sentence after those that were heard.
    finish_reason : str
        Until then it is ``"length"``: that sentence counts as cut off.
    reply : ChatReply or None
        What the endpoint said at its end.
    """

    prompt: Prompt
    text: str = ""
    finish_reason: FinishReason = "length"
    reply: ChatReply | None = None

    @property
    def choice(self) -> ChatChoice | None:
        """What settles, and is recorded; ``None`` if nothing was heard."""
        return ChatChoice(self.text, self.finish_reason) if self.text else None


@dataclass(frozen=True)
class Heard:
    """What was heard of a model so far, and what is shown of it."""

    telling: Telling
    draft: Answer
    repair: Answer | None = None

    @property
    def written(self) -> Written | None:
        """What settles to the text that is shown; ``None`` if nothing was heard."""
        draft = self.draft.choice
        if draft is None:
            return None
        repair = self.repair.choice if self.repair else None
        return Written(draft, repair, tuple(sorted(self.telling.case.doubted)), streamed=True)

    @property
    def raws(self) -> tuple[str, ...]:
        """The sentences of the answer that is being heard, as written."""
        telling = self.telling
        return tuple(s.raw for s in (telling.repair if self.repair else telling.draft))

    @property
    def answer(self) -> Answer:
        """The one that is being heard."""
        return self.repair or self.draft

    def with_answer(self, answer: Answer) -> Heard:
        """With more of it."""
        if self.repair is None:
            return replace(self, draft=answer)
        return replace(self, repair=answer)


class Listener:
    """Hears what a model says of one plan.

    Parameters
    ----------
    author : Author
    model : StreamingChatModel
        That of the author.
    trail : Trail
        Faults and second opinions are noted there.
    limit : float or None
        A time of :func:`time.monotonic`.
    show : callable
        Called with what was heard, after every sentence and at the end of an answer.
    """

    def __init__(
        self,
        author: Author,
        model: StreamingChatModel,
        trail: Trail,
        limit: float | None,
        show: Callable[[Heard], None],
    ) -> None:
        self._author = author
        self._model = model
        self._trail = trail
        self._limit = limit
        self._show = show

    async def hear(self, telling: Telling, prompt: Prompt) -> LlmError | None:
        """Hear a draft, and a repair where sentences of it failed.

        Returns
        -------
        LlmError or None
            Why the draft broke off; a repair that does is done without.
        """
        heard, fault = await self._listen(Heard(telling, Answer(prompt)))
        settings, told = self._author.settings, heard.telling
        if fault or not told.failed or not settings.repair or is_over(self._limit):
            return fault
        asked = self._author.repair_prompt(told.case, prompt, heard.draft.text, Reading(told.draft))
        await self._listen(replace(heard, repair=Answer(asked)))
        return None

    async def _listen(self, heard: Heard) -> tuple[Heard, LlmError | None]:
        """Hear one answer to its end, or as much of it as comes."""
        request = self._author.request(heard.telling.case, heard.answer.prompt, 1)
        text, reply, fault = "", None, None
        try:
            async with aclosing(self._model.stream(request, deadline=self._limit)) as pieces:
                async for piece in pieces:
                    if isinstance(piece, ChatReply):
                        reply = piece
                    else:
                        text += piece
                        heard = await self._hear_more(heard, text)
        except LlmError as error:
            fault = error
            self._trail.fault(error, heard.answer.prompt)
        reason = reply.choices[0].finish_reason if reply else "length"
        if not self._goes_on(heard, text):
            text, reason = heard.answer.text, "length"
        heard = await self._hear_rest(heard, text, reason)
        answer = replace(heard.answer, text=text, finish_reason=reason, reply=reply)
        heard = heard.with_answer(answer)
        self._show(heard)
        return heard, fault

    async def _hear_more(self, heard: Heard, text: str) -> Heard:
        """Hear the sentences after which another one has begun."""
        raws = self._sentences(heard, text)
        if not self._goes_on(heard, text):
            return heard
        for number in range(len(heard.raws), len(raws) - 1):
            heard = await self._hear(heard, raws[number], cut=False)
            begun = _through(raws[: number + 2], text)
            heard = heard.with_answer(replace(heard.answer, text=begun))
            self._show(heard)
        return heard

    async def _hear_rest(self, heard: Heard, text: str, reason: FinishReason) -> Heard:
        """Hear what there is at the end."""
        heard = await self._hear_more(heard, text)
        for raw in self._sentences(heard, text)[len(heard.raws) :]:
            heard = await self._hear(heard, raw, cut=reason == "length")
        return heard

    async def _hear(self, heard: Heard, raw: str, *, cut: bool) -> Heard:
        telling, repaired = heard.telling, heard.repair is not None
        judged = telling.judged(raw, repaired=repaired, cut=cut)
        if not judged.violations:
            case, passed = telling.case, Reading((judged,))
            doubted = await self._author.doubted(case, passed, self._trail, self._limit)
            case = replace(case, doubted=case.doubted | doubted)
            telling = replace(telling, case=case)
        return replace(heard, telling=telling.hear(raw, repaired=repaired, cut=cut))

    def _goes_on(self, heard: Heard, text: str) -> bool:
        """Whether the sentences that were heard are still those of the text, now that it is longer.

        A title that ends its first word with a stop may be known by its second one only.
        """
        return self._sentences(heard, text)[: len(heard.raws)] == heard.raws

    def _sentences(self, heard: Heard, text: str) -> tuple[str, ...]:
        case = heard.telling.case
        return case.speech.judge.split(text, case.slots)


def _through(raws: tuple[str, ...], text: str) -> str:
    """The text through the last of its first sentences."""
    end = 0
    for raw in raws:
        end = text.index(raw, end) + len(raw)
    return text[:end]
