"""A sample as the checker looks at it: its sentences against the raw data."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers.grounded.data import Raw
from recx_agent.evals.scorers.grounded.free.part import Part
from recx_agent.evals.scorers.grounded.known.terms import LISTED, MIN_SHARE
from recx_agent.evals.scorers.grounded.marking import Marker
from recx_agent.evals.scorers.grounded.written import WrittenCheck

LANGUAGES = ("en", "zh")
_END = {"en": re.compile(r"(?<=[.!?])\s+(?=[^a-z])"), "zh": re.compile(r"(?<=[。！？])")}
_CITES = 6
_REASONS = 3
_UNREAD = ("word", "supposed")


class Unfit(ValueError):
    """A sample that cannot be held against the raw data; the message says why."""


class Case:
    """One sample, its sentences marked, read and held against the raw files.

    The pieces of evidence only say what an id stands for (which film, which attribute). What is
    true of it is looked up in the files; what is a cause, in the terms of the score.

    Parameters
    ----------
    raw : Raw
    sample : Sample
        With ``extra["explanation"]``, for its attribution.
    marker : Marker
    k : int
        Length of the list that ranks are told against.

    Raises
    ------
    Unfit
        Another language, no attribution, or a user or item that the files do not know.
    """

    def __init__(self, raw: Raw, sample: Sample, marker: Marker, k: int = LISTED) -> None:
        record = sample.extra.get("explanation")
        if sample.language not in LANGUAGES:
            raise Unfit(f"texts in {sample.language} cannot be read; those in en and zh can")
        if not isinstance(record, Mapping) or "attribution" not in record:
            raise Unfit("the terms of the score are not known")
        if sample.item_id not in raw.films:
            raise Unfit(f"item {sample.item_id!r} is not in the items file")
        self.raw, self.sample, self.k = raw, sample, k
        self.title = str(record["item"]["title"])
        history = (raw.films[id].title for id in raw.ratings.get(sample.user_id, {}))
        own = {self.title, *history}
        self.cites = [sentence.cites for sentence in self._sentences()]
        self.texts = [
            marker.marked(sentence.text, sample.language, own) for sentence in self._sentences()
        ]
        self.check = WrittenCheck(raw, self._public(record), k)

    def _sentences(self) -> Sequence[Any]:
        if self.sample.sentences or not self.sample.text:
            return self.sample.sentences
        parts = _END[self.sample.language].split(self.sample.text.strip())
        return [_Bare(part) for part in parts if part]

    def _public(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The public record of an explanation with these sentences in it."""
        sentences = [
            {"text": text, "evidence": list(cites)}
            for text, cites in zip(self.texts, self.cites, strict=True)
        ]
        evidence = [
            {
                "id": piece.id,
                "kind": piece.kind,
                "text": piece.text,
                "contribution": piece.fields.get("contribution"),
                "rank_without": piece.fields.get("rank_without"),
                "fields": piece.fields,
            }
            for piece in self.sample.evidence
        ]
        writer = {**record["writer"], "language": self.sample.language, "kind": "llm"}
        return {
            **record,
            "user_id": self.sample.user_id,
            "text": self.sample.text,
            "sentences": sentences,
            "evidence": evidence,
            "writer": writer,
            "verdict": "supported",
        }

    def untruths(self, position: int) -> list[str]:
        """What a sentence says that is not so, whatever it cites."""
        cites = [id for id in self.cites[position] if id in self._known]
        return self.check.untruths(position, cited=cites or self.meant(position))

    def problems(self, position: int) -> list[str]:
        """What a sentence says that is not so, and what it cites that does not say it."""
        return self.check.sentence(position)

    def meant(self, position: int) -> list[str]:
        """Ids of the evidence of films that a sentence names."""
        titles = set(self.check.tongue.titles(self.texts[position]))
        return [
            piece.id for piece in self.sample.evidence if piece.fields.get("title") in titles
        ] or [piece.id for piece in self.sample.evidence if piece.id.startswith("H")][:_REASONS]

    def entails(self, position: int, cited: Sequence[str]) -> bool:
        """Whether the records of these ids, or some of them, say all that the sentence says.

        A record that has nothing to do with it takes nothing away: what some of the cited
        records entail, all of them do.
        """
        known = [id for id in dict.fromkeys(cited) if id in self._known]
        sizes = range(len(known), 0, -1) if len(known) <= _CITES else (len(known),)
        return any(
            not self.check.sentence(position, cited=some)
            for size in sizes
            for some in itertools.combinations(known, size)
        )

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(piece.id for piece in self.sample.evidence)

    def parts(self, position: int) -> Iterator[Part]:
        """What a sentence says, part by part; see :class:`Part`.

        In a sentence of the templates that is true, every part is; whoever reads it in parts
        may not know all its words.
        """
        text = self.texts[position]
        cites = [id for id in self.cites[position] if id in self._known]
        parts = self.check.free.parts(text, cites or self.meant(position), self.check.shown.causes)
        if not self.check.reads(text):
            yield from parts
            return
        wrong = self.untruths(position)
        found = [part for part in parts if part.kind != "word"]
        if wrong and not any(part.wrong for part in found):
            found.append(Part("relation", 1, wrong))
        yield from found if wrong else (part._replace(wrong=[]) for part in found)

    def unread(self, position: int) -> list[str]:
        """What of a sentence cannot be read: words not known, denials, suppositions."""
        parts = (part for part in self.parts(position) if part.kind in _UNREAD)
        return [told for part in parts for told in part.wrong]

    def refutations(self, position: int) -> list[str]:
        """What a sentence says that the files contradict, read in the one way that it can be."""
        text = self.texts[position]
        if self.check.reads(text):
            return self.untruths(position)
        cites = [id for id in self.cites[position] if id in self._known]
        return self.check.free.refutations(text, cites)

    @cached_property
    def reason(self) -> tuple[str, ...]:
        """Titles that had to be told: the largest positive terms of the history.

        As few as carry :data:`MIN_SHARE` of Σ|terms|, three at most; none if three do not.
        """
        shown = self.check.shown
        terms: dict[str, float] = {}
        for id, value in shown.history.items():
            title = self.raw.films[id].title if id in self.raw.films else id
            terms[title] = terms.get(title, 0.0) + value
        ordered = sorted(terms, key=lambda title: -terms[title])[:_REASONS]
        for count in range(1, len(ordered) + 1):
            told = ordered[:count]
            if sum(max(0.0, terms[t]) for t in told) >= MIN_SHARE * shown.total("history"):
                return tuple(told)
        return ()

    @cached_property
    def named(self) -> frozenset[str]:
        """Everything that stands in marks."""
        return frozenset(t for text in self.texts for t in self.check.tongue.titles(text))

    @cached_property
    def attributes(self) -> frozenset[str]:
        """Attribute values that the text names."""
        clauses = [c for text in self.texts for c in self.check.free.clauses(text)]
        return frozenset(m.text for c in clauses for m in c.of("attribute", "number"))


class _Bare:
    """A sentence of a writer that cites nothing."""

    cites: tuple[str, ...] = ()

    def __init__(self, text: str) -> None:
        self.text = text
