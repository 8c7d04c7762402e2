"""Checks sentences in free words against the raw files; the second opinion on a language model.

Every mark of a sentence has to be accounted for: a title, a number, a date, an attribute is
held against the files, a word that joins them brings what it asserts, and any other word is
reported. Only the scorer itself is imported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from recx_agent.evals.scorers.grounded.free.clause import THEM, Clause
from recx_agent.evals.scorers.grounded.free.facts import Facts
from recx_agent.evals.scorers.grounded.free.marks import (
    Lexer,
    Mark,
    chinese,
    clauses,
    english,
    pointed,
)
from recx_agent.evals.scorers.grounded.free.part import Part
from recx_agent.evals.scorers.grounded.free.sure import Sure
from recx_agent.evals.scorers.grounded.free.weighing import Weighing

_COPULA = frozenset("is was are were looks seems 很 是 显得".split())
_HEADS = frozenset(
    "film films movie movies picture pictures title titles 电影 影片 片子 片".split()
)
_CLAIMS = frozenset("rating opinion number date attribute relation supposed word".split())
"""Kinds of parts that need evidence; a question or a greeting has none of them."""


class FreeCheck(Facts, Weighing):
    """Checks free sentences of one explanation."""

    @cached_property
    def _read(self) -> dict[tuple[str, tuple[str, ...]], list[Mark]]:
        """Marks of the sentences that were read."""
        return {}

    @cached_property
    def lexer(self) -> Lexer:
        """Reads the marks of the language."""
        return (chinese if self.chinese else english)(self.raw.genres)

    def refutations(self, text: str, cited: Sequence[str]) -> list[str]:
        """What a sentence says that the files contradict; see :class:`.sure.Sure`."""
        beside = [*self._behind(cited), *self._context(text)]
        return list(Sure(self, self.lexer).refutations(text, beside))

    def _marks(self, text: str, behind: Sequence[str] = ()) -> list[Mark]:
        key = text, tuple(behind)
        if key not in self._read:
            self._read[key] = pointed(self.lexer.marks(text), behind, self._context(text))
        return self._read[key]

    def _context(self, text: str) -> list[str]:
        """Titles of the sentence before this one."""
        told = [sentence["text"] for sentence in self.shown.public["sentences"]]
        at = told.index(text) if text in told else 0
        marks = self.lexer.marks(told[at - 1]) if at else []
        return [mark.text for mark in marks if mark.kind == "title"]

    def clauses(self, text: str, behind: Sequence[str] = ()) -> list[Clause]:
        """The sentence cut at stops and semicolons; ``behind`` are the films that it cites."""
        marks = self._marks(text, behind)
        return [Clause(part, self.shown.title) for part in clauses(marks, ";；.。?？!！")]

    def causes(self, text: str) -> list[str]:
        """Titles that the sentence gives as reasons."""
        found = [title for clause in self.clauses(text) for title in clause.causes()]
        return [title for title in dict.fromkeys(found) if self.rated(title)]

    def problems(self, text: str, cited: Sequence[str], told: Sequence[str] = ()) -> list[str]:
        """What is wrong with a sentence; ``told`` are all causes told in the explanation."""
        return self.miscited(text, cited) + self.untruths(text, cited, told)

    def miscited(self, text: str, cited: Sequence[str]) -> list[str]:
        """What is wrong with the evidence that a sentence cites."""
        pieces = self.pieces(cited)
        if not cited and not self._claims(text):
            return []
        found = [] if pieces and len(pieces) == len(set(cited)) else [f"it cites {list(cited)}"]
        before = set(self._context(text))
        return found + list(self._cited(self._whole(text, self._behind(cited)), pieces, before))

    def _claims(self, text: str) -> bool:
        """Whether a sentence says anything that evidence could bear out."""
        whole = self._whole(text)
        if text.endswith(("?", "？")) and not whole.titles:
            return whole.has("rating", "users", "number", "date")
        return (
            whole.has("users", "everyone")
            or bool(whole.titles)
            or any(part.told for part in self.parts(text, ()) if part.kind in _CLAIMS)
        )

    def _behind(self, cited: Sequence[str]) -> list[str]:
        return [p["fields"]["title"] for p in self.pieces(cited) if p["id"][0] == "H"]

    def untruths(self, text: str, cited: Sequence[str], told: Sequence[str] = ()) -> list[str]:
        """What a sentence says that is not so; those it calls "these" are the ones cited."""
        if not text.endswith(("。", "？", "！") if self.chinese else (".", "?", "!")):
            return ["it does not end as a sentence"]
        return [problem for part in self.parts(text, cited, told) for problem in part.wrong]

    def parts(self, text: str, cited: Sequence[str], told: Sequence[str] = ()) -> Iterator[Part]:
        """What a sentence says, part by part, and what of each is not so."""
        behind = self._behind(cited)
        whole = self._whole(text, behind)
        unknown = whole.of("strange", "former", "latter", "nth")
        strange = [*unknown, *whole.praising(_HEADS, _COPULA)]
        yield Part(
            "word", len(strange), [f"{m.text!r} is not known to be harmless" for m in strange]
        )
        titles = [*whole.titles, *([self.shown.title] if whole.names_item else [])]
        yield Part("title", len(titles), list(self._titles(whole)))
        for clause in self.clauses(text, behind):
            yield from self._clause(clause, whole, behind, told or clause.causes())

    def _clause(
        self, clause: Clause, whole: Clause, behind: list[str], told: Sequence[str]
    ) -> Iterator[Part]:
        ratings = sum(len(titles) or 1 for _, titles in clause.rated())
        ratings += sum(len(mark.numbers) for mark in clause.of("ratings"))
        yield Part("rating", ratings, list(self._ratings(clause, behind)))
        asked = whole.asks and not clause.titles
        opinions = sum(len(titles) or 1 for _, titles in clause.opinions())
        yield Part("opinion", opinions, [] if asked else list(self._opinions(clause, behind)))
        yield Part("number", len(clause.of("users")), list(self._users(clause)))
        yield Part("date", len(clause.of("date")), list(self._dates(clause, behind)))
        counts = list(self._counts(clause, behind, whole))
        yield Part("number", len(clause.of("count")), counts)
        marks = len(clause.of("attribute", "number"))
        yield Part("attribute", marks, list(self._attributes(clause, behind)))
        if clause.has("rank") or (clause.has("top") and clause.has("negation")):
            ranks = len(clause.of("rank", "top"))
            yield Part("number", ranks, list(self._ranks(clause, behind)))
            return
        if clause.has("first"):
            now = self.shown.public["attribution"]["rank"]
            yield Part("number", 1, [] if now == 1 else [f"its rank is {now}"])
        supposed = clause.of("negation", "hypothetical", "top")
        if clause.has("hypothetical") and clause.has("less", "against") and clause.titles:
            yield Part("supposed", len(supposed), list(self._helped(clause.titles)))
            return
        yield Part("number", len(clause.of("gap")), list(self._gaps(clause, behind)))
        shares = len(clause.of("majority", "evenly"))
        yield Part("relation", shares, list(self._shares(clause, behind)))
        wrong = [f"{mark.text!r} denies or supposes something" for mark in supposed]
        opposed = [title for titles in clause.opposed() for title in titles]
        reasons = len(clause.causes()) + len(opposed) + len(clause.of("strength"))
        yield Part("supposed", len(supposed), wrong)
        yield Part("relation", reasons, list(self._reasons(clause, told, behind)))

    def _whole(self, text: str, behind: Sequence[str] = ()) -> Clause:
        return Clause(self._marks(text, behind), self.shown.title)

    def _cited(
        self, whole: Clause, pieces: Sequence[Mapping[str, Any]], before: set[str]
    ) -> Iterator[str]:
        films = {piece["fields"]["title"] for piece in pieces if piece["id"][0] == "H"}
        if set(whole.titles) - films:
            yield f"it names {whole.titles} and cites {sorted(films)}"
        meant = whole.says(THEM) or whole.has("count") or (not whole.titles and films <= before)
        if films - set(whole.titles) and not meant:
            yield f"it cites {sorted(films)} and names {whole.titles}"
        values = {
            value
            for piece in pieces
            if piece["id"][0] in "AF"
            for value in piece["fields"].get("values", [piece["fields"].get("value")])
        }
        for mark in whole.of("attribute", "number"):
            of_films = films if self.of_history(mark, whole) else set()
            if mark.text not in values and not self.had(mark.text, of_films):
                yield f"nothing cited has {mark.text}"
        if whole.has("users", "everyone") and not any(p["id"][0] == "B" for p in pieces):
            yield "it speaks of all users and cites nothing of them"
