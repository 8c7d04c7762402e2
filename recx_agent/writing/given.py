"""Writes explanations from passages that somebody gives: the same steps, other evidence.

Draft, verify, repair once, and template sentences for what is left; without a model template
sentences alone, which quote.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from recx_agent.errors import LlmError
from recx_agent.grounding.common_ground import Shared, common_ground
from recx_agent.grounding.passage_tongue import tongue_of
from recx_agent.grounding.passages import PassageVerifier
from recx_agent.loop_thread import LoopThread
from recx_agent.protocols import ChatModel, ChatRequest, Chooser, GivenCase, GivenWords, Message
from recx_agent.schemas import (
    GivenExplanation,
    JudgedSentence,
    Passage,
    Sentence,
    Verdict,
    Violation,
    Writer,
)
from recx_agent.settings import LlmSettings

_LONGEST = 160
"""Characters of a quote."""

STYLE = "given"


@dataclass(frozen=True)
class _Own:
    """Sentences of the model that passages carry, and what was wrong with others."""

    sentences: tuple[JudgedSentence, ...]
    violations: tuple[Violation, ...]
    fault: str | None = None


class GivenWriter:
    """Explains items from passages; use it in a ``with`` block, or close it.

    Parameters
    ----------
    words : GivenWords
    model : ChatModel, optional
        Is closed with the writer. Without it templates write.
    settings : LlmSettings
    chooser : Chooser, optional
        Decides between drafts of which equally much passes.
    """

    def __init__(
        self,
        words: GivenWords,
        model: ChatModel | None,
        settings: LlmSettings,
        chooser: Chooser | None = None,
    ) -> None:
        self._words, self._model, self._settings = words, model, settings
        self._chooser = chooser
        self._loop = LoopThread("recx-given", model.aclose) if model is not None else None

    def __enter__(self) -> GivenWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the model."""
        if self._loop is not None:
            self._loop.submit(asyncio.sleep(0))
            self._loop.stop()

    def write(self, case: GivenCase, *, deadline_ms: float | None = None) -> GivenExplanation:
        """Explain one item by the deadline of the settings, or by another."""
        allowed = self._settings.deadline_ms if deadline_ms is None else deadline_ms
        deadline = time.monotonic() + allowed / 1000
        if self._loop is None:
            return self._composed(case, _Own((), ()))
        return self._composed(case, self._loop.submit(self._own(case, deadline)).result())

    def write_all(self, cases: Sequence[GivenCase]) -> list[GivenExplanation]:
        """Explain many, as many at once as the settings allow, without a deadline for all."""
        if self._loop is None:
            return [self._composed(case, _Own((), ())) for case in cases]
        futures = [self._loop.submit(self._own(case, None)) for case in cases]
        return [
            self._composed(case, future.result())
            for case, future in zip(cases, futures, strict=True)
        ]

    async def write_slowly(self, case: GivenCase) -> GivenExplanation:
        """Explain one item, however long it takes: for batches, in any event loop.

        A request still ends after ``settings.timeout_seconds``.
        """
        if self._model is None:
            return self._composed(case, _Own((), ()))
        return self._composed(case, await self._own(case, None))

    async def _own(self, case: GivenCase, deadline: float | None) -> _Own:
        try:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            return await asyncio.wait_for(self._asked(case, deadline), left)
        except TimeoutError:
            return _Own((), (), "timeout")
        except LlmError as error:
            return _Own((), (), error.fault)

    async def _asked(self, case: GivenCase, deadline: float | None) -> _Own:
        readings = await self._readings(
            case, self._words.request(case), self._settings.candidates, deadline
        )
        best = self._best(readings)
        kept, failed = _parted(best)
        violations = tuple(v for sentence in failed for v in sentence.violations)
        if not failed or not self._settings.repair:
            return _Own(kept, violations)
        draft = " ".join(sentence.raw for sentence in best)
        lines = [f"{s.text} ({'; '.join(v.detail for v in s.violations)})" for s in failed]
        asked = self._words.repair(case, draft, lines)
        try:
            (again,) = await self._readings(case, asked, 1, deadline)
        except LlmError:
            return _Own(kept, violations)
        more, _ = _parted(again)
        return _Own(_once([*kept, *more]), violations)

    async def _readings(
        self, case: GivenCase, messages: tuple[Message, ...], count: int, deadline: float | None
    ) -> list[tuple[JudgedSentence, ...]]:
        assert self._model is not None
        request = ChatRequest(
            messages,
            max_tokens=self._settings.max_tokens,
            temperature=self._settings.temperature,
            n=count,
        )
        reply = await self._model.complete(request, deadline=deadline)
        verifier = PassageVerifier(case.language)
        return [
            verifier.read(c.text, case.passages, case.item_title, finish_reason=c.finish_reason)
            for c in reply.choices
        ]

    def _best(self, readings: Sequence[tuple[JudgedSentence, ...]]) -> tuple[JudgedSentence, ...]:
        good = [sum(not s.violations for s in reading) for reading in readings]
        tied = [r for r, n in zip(readings, good, strict=True) if n == max(good)]
        if self._chooser is None or len(tied) == 1:
            return tied[0]
        texts = [" ".join(s.text for s in reading if not s.violations) for reading in tied]
        scores = self._chooser.scores(texts)
        return tied[max(range(len(tied)), key=lambda place: scores[place])]

    def _composed(self, case: GivenCase, own: _Own) -> GivenExplanation:
        shared = common_ground(case.passages, case.language)
        told = [Sentence(text=s.text, evidence=s.evidence) for s in own.sentences]
        suits = any("given_suits" in s.claims for s in own.sentences)
        cited = {id[0] for sentence in told for id in sentence.evidence}
        user, item = self._quotes(case, shared)
        told = [*([user] if "U" not in cited else []), *told, *([item] if "I" not in cited else [])]
        if not suits:
            told.append(self._ending(case, shared))
        verdict: Verdict = "template"
        if own.sentences:
            verdict = "repaired" if own.violations else "supported"
        if not suits and not shared:
            verdict = "abstained"
        return GivenExplanation(
            item_title=case.item_title,
            text=self._words.joint(case.language).join(s.text for s in told),
            sentences=tuple(told),
            passages=case.passages,
            verdict=verdict,
            writer=Writer(
                kind="llm" if own.sentences else "template",
                style=STYLE,
                language=case.language,
                prompt_version=self._words.version,
                model=self._model.name if self._model and own.sentences else "",
            ),
            violations=own.violations,
            fault=own.fault,
        )

    def _quotes(self, case: GivenCase, shared: Sequence[Shared]) -> list[Sentence]:
        """Quotes of what is known of the user and of the item, around what both mention."""
        found = []
        for about in ("user", "item"):
            passages = [p for p in case.passages if p.about == about]
            cited = {s.user_passage if about == "user" else s.item_passage for s in shared}
            passage = next((p for p in passages if p.id in cited), passages[0])
            quote = _quote(passage, [s.text for s in shared], case.language)
            found.append(self._words.about(case, quote, passage))
        return found

    def _ending(self, case: GivenCase, shared: Sequence[Shared]) -> Sentence:
        if not shared:
            first = {p.about: p.id for p in reversed(case.passages)}
            return self._words.nothing(case, [first["user"], first["item"]])
        cited = dict.fromkeys(id for s in shared for id in (s.user_passage, s.item_passage))
        return self._words.both(case, [s.text for s in shared], list(cited))


def _parted(
    reading: Sequence[JudgedSentence],
) -> tuple[tuple[JudgedSentence, ...], tuple[JudgedSentence, ...]]:
    kept = _once([s for s in reading if not s.violations])
    return kept, tuple(s for s in reading if s.violations)


def _once(sentences: Sequence[JudgedSentence]) -> tuple[JudgedSentence, ...]:
    """Each sentence once; what says that the item suits comes last, and once."""
    first = list({s.text: s for s in sentences}.values())
    suits = [s for s in first if "given_suits" in s.claims]
    return (*(s for s in first if s not in suits), *suits[:1])


def _quote(passage: Passage, wanted: Sequence[str], language: str) -> str:
    """The sentence of a passage that has most of the words, cut to a short span."""
    tongue = tongue_of(language)
    sentences = tongue.sentences(passage.text)
    told = [s for s in sentences if not tongue.is_order(s)] or sentences
    best = max(told, key=lambda s: sum(word.lower() in s.lower() for word in wanted))
    text = " ".join(best.split()).rstrip(".!?。！？ ").replace("“", "‘").replace("”", "’")
    if len(text) <= _LONGEST:
        return text
    cut = text[: _LONGEST - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:，；：、") + "…"
