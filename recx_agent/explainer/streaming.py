"""An explanation as events: its sentences as they come, and the whole at the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import aclosing, closing
from dataclasses import dataclass

from recx_agent.protocols import Draft, DraftStream
from recx_agent.schemas import (
    Explanation,
    ExplanationBegun,
    ExplanationEvent,
    ExplanationTold,
    Sentence,
    SentenceTold,
)


class Ready:
    """A draft that is there, as a stream."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self.joint = draft.joint

    def __iter__(self) -> Generator[Sentence | Draft]:
        yield from self._draft.sentences
        yield self._draft

    async def __aiter__(self) -> AsyncGenerator[Sentence | Draft]:
        for item in self:
            yield item


@dataclass(frozen=True)
class ExplanationStream:
    """One explanation, told while it is written: iterate over it in a thread or event loop.

    First comes :class:`ExplanationBegun`, then a :class:`SentenceTold` for each sentence, and
    at last :class:`ExplanationTold`. Whatever the language model does, nothing is raised, and
    the last comes by the deadline. Each iteration asks anew; nothing is asked before. Whoever
    leaves early closes the iterator (:func:`contextlib.closing`, :func:`contextlib.aclosing`),
    and the request to the model ends.

    Parameters
    ----------
    begun : ExplanationBegun
    drafted : DraftStream
    finish : callable
        Makes the explanation of a draft.
    """

    begun: ExplanationBegun
    drafted: DraftStream
    finish: Callable[[Draft], Explanation]

    def __iter__(self) -> Generator[ExplanationEvent]:
        yield self.begun
        number = 0
        with closing(iter(self.drafted)) as items:
            for item in items:
                yield self._event(item, number)
                number += 1

    async def __aiter__(self) -> AsyncGenerator[ExplanationEvent]:
        yield self.begun
        number = 0
        async with aclosing(aiter(self.drafted)) as items:
            async for item in items:
                if isinstance(item, Draft):  # the arithmetic takes a moment
                    yield await asyncio.to_thread(self._event, item, number)
                else:
                    yield self._event(item, number)
                number += 1

    def _event(self, item: Sentence | Draft, number: int) -> ExplanationEvent:
        if isinstance(item, Draft):
            return ExplanationTold(explanation=self.finish(item))
        before = self.drafted.joint if number else ""
        return SentenceTold(
            number=number, text=item.text, added=before + item.text, evidence=item.evidence
        )
