"""A true text for a fault to be planted into, and what is known of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from recx_agent.evals.meta.words import WORDS, Words
from recx_agent.evals.samples import Sample, Sentence
from recx_agent.evals.scorers.grounded.data import Raw

LEAST = 0.2
"""Part of all that was weighed from which films are the reason."""


@dataclass(frozen=True)
class Place:
    """A true sample, the data it is true of, and the dice."""

    raw: Raw
    sample: Sample
    dice: random.Random

    @property
    def words(self) -> Words:
        """How faults are put in its language."""
        return WORDS[self.sample.language]

    @property
    def user(self) -> str:
        """Whose text it is."""
        return self.sample.user_id

    @property
    def item(self) -> str:
        """Title of the item, as texts name it."""
        return str(self.sample.extra["explanation"]["item"]["title"])

    @property
    def first(self) -> int:
        """Place of a sentence that names a film of the history; -1 if none does."""
        fit = [at for at in range(len(self.sample.sentences)) if self.titles(at)]
        return self.dice.choice(fit) if fit else -1

    def titles(self, at: int) -> list[str]:
        """Films of the history that a sentence names."""
        text = self.sample.sentences[at].text
        return [title for title in self.rated(0) if self.mark(title) in text]

    def rated(self, least: float, most: float = 99) -> list[str]:
        """Films that the user rated so, no two of one title among them."""
        own = self.raw.ratings[self.user]
        titles = (self.raw.films[id].title for id, r in own.items() if least <= r <= most)
        return sorted({t for t in titles if len(self.raw.rated(self.user, t)) == 1} - {self.item})

    def rating(self, title: str) -> int:
        """What the user gave a film: a whole number, as the texts tell it."""
        (rating,) = self.raw.rated(self.user, title).values()
        return int(rating)

    @property
    def terms(self) -> dict[str, float]:
        """Title to its term of the score, of the history."""
        views = self.sample.extra["explanation"]["attribution"]["views"]["history"]
        return {
            self.raw.films[term["source"]["id"]].title: float(term["value"])
            for term in views
            if term["source"]["kind"] == "history"
        }

    @property
    def total(self) -> float:
        """Σ|terms| of the history's view."""
        views = self.sample.extra["explanation"]["attribution"]["views"]["history"]
        return sum(abs(float(term["value"])) for term in views)

    def mark(self, title: str) -> str:
        """A title in the marks of the language."""
        opening, closing = self.words.marks
        return f"{opening}{title}{closing}"

    def unseen(self, titles: Sequence[str]) -> str | None:
        """One of the titles that the user never rated and that is not the item."""
        fit = [t for t in titles if not self.raw.rated(self.user, t) and t != self.item]
        return self.dice.choice(fit) if fit else None

    def cited_of(self, title: str) -> list[str]:
        """Ids of the evidence of a film; of any piece of the history if it has none."""
        pieces = [p for p in self.sample.evidence if p.id.startswith("H")]
        own = [p.id for p in pieces if p.fields.get("title") == title]
        return own or [p.id for p in pieces][:1]

    def facts(self) -> list[str]:
        """Ids of the catalogue's facts."""
        return [piece.id for piece in self.sample.evidence if piece.id.startswith("F")]

    def with_sentence(self, at: int, text: str, cites: Sequence[str] | None = None) -> Sample:
        """The sample with another sentence in place of one."""
        old = self.sample.sentences[at]
        new = Sentence(text, old.cites if cites is None else tuple(cites))
        sentences = list(self.sample.sentences)
        sentences[at] = new
        return self._of(sentences)

    def alone(self, text: str, cites: Sequence[str]) -> Sample:
        """One sentence in place of all."""
        return self._of([Sentence(text, tuple(cites))])

    def with_more(self, text: str, cites: Sequence[str]) -> Sample:
        """The sample with one more sentence at the end."""
        return self._of([*self.sample.sentences, Sentence(text, tuple(cites))])

    def renamed(self, at: int, old: str, new: str) -> Sample:
        """The sample with another title in one sentence, which cites the same."""
        text = self.sample.sentences[at].text
        return self.with_sentence(at, text.replace(self.mark(old), self.mark(new)))

    def _of(self, sentences: Sequence[Sentence]) -> Sample:
        joint = "" if self.sample.language == "zh" else " "
        text = joint.join(sentence.text for sentence in sentences)
        return replace(self.sample, sentences=tuple(sentences), text=text)


Plant = Callable[[Place], Sample | None]
"""Plants one fault; ``None`` where it does not fit."""


def record_of(sample: Sample) -> dict[str, Any]:
    """The public record of the explanation with this sample's sentences and evidence in it."""
    evidence = [
        {
            "id": piece.id,
            "kind": piece.kind,
            "text": piece.text,
            "contribution": piece.fields.get("contribution"),
            "fields": dict(piece.fields),
        }
        for piece in sample.evidence
    ]
    sentences = [{"text": s.text, "evidence": list(s.cites)} for s in sample.sentences]
    return {**sample.extra["explanation"], "evidence": evidence, "sentences": sentences}
