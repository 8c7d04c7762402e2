"""Scorers whose findings are known beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers import AnyScorer, Better, Score, Sources, unscored


@dataclass
class Length:
    """Words of a text."""

    name: str = "length"
    family: str = "judges"
    low: float | None = 0.0
    high: float | None = None
    better: Better = "neither"

    def score(self, sample: Sample) -> Score:
        words = len(sample.text.split())
        return Score(float(words), f"{words} words")


@dataclass
class TitleNamed:
    """Whether the item is named; a text that is no text cannot be judged."""

    name: str = "title_named"
    family: str = "judges"
    low: float | None = 0.0
    high: float | None = 1.0
    better: Better = "higher"

    def score(self, sample: Sample) -> Score:
        if not sample.text:
            return unscored("no text")
        named = sample.title in sample.text
        return Score(float(named), "yes" if named else "no", f"looked for {sample.title}")


@dataclass
class DifferentWords:
    """Different words over all words."""

    name: str = "different_words"
    family: str = "judges"
    low: float | None = 0.0
    high: float | None = 1.0
    better: Better = "higher"

    def value(self, samples: Sequence[Sample]) -> float | None:
        words = [word for sample in samples for word in sample.text.split()]
        return len(set(words)) / len(words) if words else None


@dataclass
class Faulty(TitleNamed):
    """Fails on one user's texts, in the way that it is told."""

    name: str = "faulty"
    user_id: str = ""
    answer: Any = None

    def score(self, sample: Sample) -> Score:
        if sample.user_id != self.user_id:
            return super().score(sample)
        if isinstance(self.answer, Exception):
            raise self.answer
        return Score(self.answer)


def make_scorers(sources: Sources) -> Iterable[AnyScorer]:
    return Length(), TitleNamed(), DifferentWords()
