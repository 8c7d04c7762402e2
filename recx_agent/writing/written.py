"""What a model wrote for a plan, and what is made of it: the same from cache and audit record."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from recx_agent.grounding import Reading
from recx_agent.protocols import ChatChoice, Chooser
from recx_agent.writing.case import Case
from recx_agent.writing.composing import Composed, compose
from recx_agent.writing.kinds import WORDED_REASONS
from recx_agent.writing.own_words import is_own
from recx_agent.writing.streaming_text import Telling


@dataclass(frozen=True)
class Written:
    """The draft that was chosen and what was written in the place of its failed sentences.

    Attributes
    ----------
    doubted : tuple of str
        Sentences of both that a second opinion did not accept.
    streamed : bool
        Whether its sentences were shown as they came.
    """

    draft: ChatChoice
    repair: ChatChoice | None = None
    doubted: tuple[str, ...] = ()
    streamed: bool = False

    def settle(self, case: Case) -> Composed:
        """Judge both and put the text together; the same every time."""
        case, repair = replace(case, doubted=frozenset(self.doubted)), self.repair
        if self.streamed:
            return Telling.of(case, self.draft, repair).composed()
        return compose(
            case,
            case.read(self.draft.text, self.draft.finish_reason),
            case.read(repair.text, repair.finish_reason) if repair else None,
        )

    def as_text(self) -> str:
        """For the cache."""
        content = asdict(self)
        if not self.streamed:
            del content["streamed"]
        return json.dumps(content, ensure_ascii=False)

    @classmethod
    def of_text(cls, text: str) -> Written | None:
        """Read it back; ``None`` if it is none."""
        try:
            content = json.loads(text)
            repair = content["repair"]
            return cls(
                ChatChoice(**content["draft"]),
                ChatChoice(**repair) if repair else None,
                tuple(content["doubted"]),
                content.get("streamed", False),
            )
        except (ValueError, KeyError, TypeError):
            return None


def best_of(case: Case, readings: Sequence[Reading], chooser: Chooser | None) -> int:
    """Number of the candidate to go on with.

    The most that passes decides: all of it, with the reason, in words of its own. Among
    equals a chooser decides, without one the fewest failed sentences, then the first.
    """
    if len(readings) == 1:
        return 0
    grades = [_grade(case, reading) for reading in readings]
    best = max(grades)
    equals = [number for number, grade in enumerate(grades) if grade == best]
    if chooser is not None and len(equals) > 1:
        scores = chooser.scores([_text(readings[number]) for number in equals])
        return max(zip(scores, equals, strict=True), key=lambda pair: (pair[0], -pair[1]))[1]
    return min(equals, key=lambda number: _failed(readings[number]))


def _grade(case: Case, reading: Reading) -> tuple[bool, bool, bool]:
    passed = [sentence for sentence in reading.sentences if not sentence.violations]
    reason = any(not WORDED_REASONS.isdisjoint(sentence.claims) for sentence in passed)
    own = reason and is_own(case, passed)
    return own, reason, reading.ok and bool(passed)


def _text(reading: Reading) -> str:
    return " ".join(sentence.text for sentence in reading.sentences if not sentence.violations)


def _failed(reading: Reading) -> int:
    return sum(bool(sentence.violations) for sentence in reading.sentences)
