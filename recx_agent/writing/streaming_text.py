"""A text that is shown while it is written: sentence by sentence, and nothing taken back.

Nothing here asks a model: the same sentences make the same text, live and replayed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from recx_agent.grounding import Reading
from recx_agent.protocols import ChatChoice
from recx_agent.schemas import JudgedSentence, Violation
from recx_agent.writing.case import Case
from recx_agent.writing.composing import (
    Composed,
    Own,
    assembled,
    assertions,
    reason_first,
)
from recx_agent.writing.own_words import is_own


@dataclass(frozen=True)
class Telling:
    """What was heard of a model so far, and what of it is shown.

    A sentence is judged in the light of what is shown before it, so that all that is shown
    passes as one text. Nothing is shown before there is a reason in words of the model's own;
    what passed until then is held back, and follows it.

    Attributes
    ----------
    case : Case
    shown : tuple of Own
        In the order they are shown.
    held : tuple of Own
        Passed, and waiting for a reason.
    draft, repair : tuple of JudgedSentence
        All that was heard.
    """

    case: Case
    shown: tuple[Own, ...] = ()
    held: tuple[Own, ...] = ()
    draft: tuple[JudgedSentence, ...] = ()
    repair: tuple[JudgedSentence, ...] = ()

    @classmethod
    def of(cls, case: Case, draft: ChatChoice, repair: ChatChoice | None = None) -> Telling:
        """Hear a draft and its repair from the beginning to the end."""
        telling = cls(case)
        for choice in (draft, repair):
            if choice is not None:
                raws = case.speech.judge.split(choice.text, case.slots)
                for number, raw in enumerate(raws, start=1):
                    cut = choice.finish_reason == "length" and number == len(raws)
                    telling = telling.hear(raw, repaired=choice is repair, cut=cut)
        return telling

    @property
    def failed(self) -> tuple[JudgedSentence, ...]:
        """The draft's sentences that did not pass."""
        return tuple(sentence for sentence in self.draft if sentence.violations)

    def judged(self, raw: str, *, repaired: bool = False, cut: bool = False) -> JudgedSentence:
        """The next sentence as it reads after what was shown.

        Parameters
        ----------
        raw : str
            As written.
        repaired : bool
            Whether it was written in the place of a failed one.
        cut : bool
            Whether the model was cut off in it.
        """
        case, before = self.case, (*self.shown, *self.held)
        number = len(self.repair if repaired else self.draft)
        reason = "length" if cut else "stop"
        text = case.template.joint.join([*(one.judged.raw for one in before), raw])
        sentences = case.read(text, reason).sentences
        if len(sentences) == len(before) + 1:
            sentence = sentences[-1]
            own = [v.model_copy(update={"sentence": number}) for v in sentence.violations]
            return sentence.model_copy(update={"violations": tuple(own)})
        alone = Violation(
            kind="unsupported_content",
            sentence=number,
            detail="it cannot be told from what was said before",
        )
        return JudgedSentence(raw=raw, text=raw, violations=(alone,))

    def hear(self, raw: str, *, repaired: bool = False, cut: bool = False) -> Telling:
        """Take in the next sentence; see :meth:`judged`."""
        judged = self.judged(raw, repaired=repaired, cut=cut)
        heard = self.repair if repaired else self.draft
        one = Own(judged, len(heard), repaired)
        every = (*heard, judged)
        told = replace(self, repair=every) if repaired else replace(self, draft=every)
        return told if judged.violations else told._with(one)

    def composed(self) -> Composed:
        """What becomes of it if nothing more is heard."""
        repair = Reading(self.repair) if self.repair else None
        return assembled(self.case, self.shown, Reading(self.draft), repair)

    def _with(self, one: Own) -> Telling:
        """With a sentence that passed, if there is room for it."""
        before = (*self.shown, *self.held)
        if one.repaired and (self._repaired_enough() or _says_nothing_new(one, before)):
            return self
        if self.shown:
            shown = (*self.shown, one)
            return replace(self, shown=shown) if self._is_own(shown) else self
        held = (*self.held, one)
        if any(each.gives_reason for each in held):
            shown = tuple(reason_first(self.case, list(held)))
            if self._is_own(shown):
                return replace(self, shown=shown, held=())
        return replace(self, held=held)

    def _repaired_enough(self) -> bool:
        repaired = sum(one.repaired for one in (*self.shown, *self.held))
        return repaired >= len(self.failed)

    def _is_own(self, own: tuple[Own, ...]) -> bool:
        return is_own(self.case, [one.judged for one in own])


def _says_nothing_new(one: Own, before: tuple[Own, ...]) -> bool:
    told = {assertion for other in before for assertion in assertions(other.judged)}
    return set(assertions(one.judged)) <= told
