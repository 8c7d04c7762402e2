"""The text metrics as scorers of samples."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers.base import Better, Score, unscored
from recx_agent.evals.scorers.text import features
from recx_agent.evals.scorers.text.about import Described
from recx_agent.evals.scorers.text.carried import support
from recx_agent.evals.scorers.text.overlap import bleu, rouge
from recx_agent.evals.scorers.text.shape import length, readability, sentence_length
from recx_agent.evals.scorers.text.tokens import is_chinese

FAMILY = "text"


@dataclass(frozen=True)
class Rouge(Described):
    """ROUGE F of one text and its reference; see :func:`~.overlap.rouge`."""

    name: str
    kind: str
    family: str = FAMILY
    low: float = 0.0
    high: float = 1.0
    better: Better = "higher"

    def score(self, sample: Sample) -> Score:
        """F measure of one text."""
        if not sample.reference:
            return unscored("no reference")
        (value,) = rouge([sample.text], [sample.reference], self.kind, sample.language)
        return Score(float(value))


@dataclass(frozen=True)
class Shape(Described):
    """A figure of the text itself, such as its length; judges nothing."""

    name: str
    measure: Callable[[str, str], float | None]
    family: str = FAMILY
    low: float | None = 0.0
    high: float | None = None
    better: Better = "neither"
    language: str | None = None

    def score(self, sample: Sample) -> Score:
        """The figure of one text; unscored for an empty one or one of another language."""
        if self.language is not None and self.language != sample.language.partition("-")[0]:
            return unscored("another language", f"{self.name} is for {self.language} alone")
        value = self.measure(sample.text, sample.language) if sample.text else None
        return unscored("no text") if value is None else Score(float(value))


@dataclass(frozen=True)
class Carried:
    """Share of an English text's content words that stand in the evidence given.

    By stems alone, wherever they stand: generous, so what it calls unsupported is. From 0 to 1,
    higher is nearer to what was given; see :func:`~.carried.support`. Ours.
    """

    name: str = "words_carried"
    family: str = FAMILY
    low: float = 0.0
    high: float = 1.0
    better: Better = "higher"

    def score(self, sample: Sample) -> Score:
        """Share of one text."""
        if is_chinese(sample.language):
            return unscored("another language", "stems are of English words")
        if not sample.evidence or not sample.text:
            return unscored("no text" if sample.evidence else "no evidence")
        found = support(sample.text, [sample.title, *(piece.text for piece in sample.evidence)])
        return Score(found.words, f"{found.sentences:.0%} of the sentences whole")


@dataclass(frozen=True)
class Whole(Described):
    """A figure of many texts that have one language; those of several are measured apart.

    Of a group with several languages it is the mean over languages, weighted by texts.
    """

    name: str
    measure: Callable[[Sequence[str], str], float | None]
    low: float | None
    high: float | None
    better: Better
    family: str = FAMILY

    def value(self, samples: Sequence[Sample]) -> float | None:
        """The figure of all texts that are not empty."""
        return _by_language(samples, lambda own, code: self.measure([s.text for s in own], code))


@dataclass(frozen=True)
class CorpusBleu(Described):
    """Corpus BLEU of the texts that have a reference; see :func:`~.overlap.bleu`."""

    name: str
    order: int
    family: str = FAMILY
    low: float = 0.0
    high: float = 100.0
    better: Better = "higher"

    def value(self, samples: Sequence[Sample]) -> float | None:
        """BLEU of all texts with a reference."""
        return _by_language(
            [sample for sample in samples if sample.reference],
            lambda own, code: bleu(
                [s.text for s in own], [s.reference or "" for s in own], self.order, code
            ),
        )


@dataclass(frozen=True)
class Feature(Described):
    """FMR, FCR or DIV; see :mod:`~.features`.

    The gold feature of a sample is ``extra["feature"]``; the set of features is ``known``, or
    else all gold features of the group. Without either there is no figure.
    """

    name: str
    measure: str
    better: Better
    high: float | None = 1.0
    known: Collection[str] = ()
    family: str = FAMILY
    low: float = 0.0

    def value(self, samples: Sequence[Sample]) -> float | None:
        """The figure of all texts that are not empty."""
        return _by_language(samples, self._of)

    def _of(self, samples: Sequence[Sample], language: str) -> float | None:
        if self.measure == "fmr":
            own = [s for s in samples if s.extra.get("feature")]
            gold = [str(s.extra["feature"]) for s in own]
            return features.matching_ratio([s.text for s in own], gold, language) if own else None
        known = set(self.known) or {
            str(s.extra["feature"]) for s in samples if s.extra.get("feature")
        }
        if not known:
            return None
        texts = [sample.text for sample in samples]
        if self.measure == "fcr":
            return features.coverage_ratio(texts, known, language)
        return features.diversity(texts, known, language)


def _by_language(
    samples: Sequence[Sample], measure: Callable[[Sequence[Sample], str], float | None]
) -> float | None:
    groups: dict[str, list[Sample]] = {}
    for sample in samples:
        if sample.text:
            groups.setdefault(sample.language, []).append(sample)
    found = [(measure(own, language), len(own)) for language, own in groups.items()]
    there = [(value, count) for value, count in found if value is not None]
    whole = sum(count for _, count in there)
    return sum(value * count for value, count in there) / whole if whole else None


def shapes() -> tuple[Any, ...]:
    """Length and readability."""
    return (
        Shape("words", length),
        Shape("sentence_words", sentence_length),
        Shape("readability", lambda text, _: readability(text), low=None, language="en"),
    )


def feature_scorers(known: Collection[str]) -> tuple[Any, ...]:
    """FMR, FCR and DIV over a set of features."""
    high: Mapping[str, float | None] = {"fmr": 1.0, "fcr": 1.0, "div": None}
    return tuple(
        Feature(name, name, "lower" if name == "div" else "higher", high[name], tuple(known))
        for name in high
    )
