"""Checks sentences in free words against the raw files; the second opinion on a language model.

Every mark of a sentence has to be accounted for: a title, a number, a date, an attribute is
held against the files, a word that joins them brings what it asserts, and any other word is
reported. Nothing of recx_agent is imported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from recx_agent.evals.scorers.grounded.data import Raw
from recx_agent.evals.scorers.grounded.free.clause import FUTURE, THEM, YOU, Clause
from recx_agent.evals.scorers.grounded.free.dates import day_of
from recx_agent.evals.scorers.grounded.free.marks import Lexer, Mark, chinese, clauses, english
from recx_agent.evals.scorers.grounded.free.part import Part
from recx_agent.evals.scorers.grounded.known.terms import MIN_SHARE, MOST
from recx_agent.evals.scorers.grounded.shown import Shown

_EPSILON = 1e-9
_COUNTS = {"two": 2, "couple": 2, "pair": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_COUNTS |= {
    "两部": 2,
    "三部": 3,
    "四部": 4,
    "五部": 5,
    "六部": 6,
    "两者": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
}
_PAIR = frozenset(("both",))
_ALL = frozenset("both all each 都 两者 各 均".split())
_THEM = {"those": 2, "那些": 2, "这几部": 2, "these": 1, "them": 1, "they": 1, "它们": 1, "这些": 1}
"""Words for several films, and how many there are besides the item at least."""
_ADDS = frozenset(
    "adds add added adding raises raise raised lifts lift 加分 加了分 提高 提升 推荐分更高".split()
)
"""Words that say that something added to the score, not that it is the reason."""
RankOf = Callable[[tuple[str, ...]], int | None]
"""Ids of removed films to the rank of the item without them."""


class FreeCheck:
    """Checks free sentences of one explanation.

    Parameters
    ----------
    raw : Raw
    shown : Shown
    k : int
    rank_of : callable
    min_share : float
    """

    def __init__(
        self, raw: Raw, shown: Shown, k: int, rank_of: RankOf, min_share: float = MIN_SHARE
    ) -> None:
        self.raw, self.shown, self.k, self.rank_of = raw, shown, k, rank_of
        self.min_share = min_share
        self._read: dict[str, list[Mark]] = {}
        self.chinese = shown.public["writer"]["language"] == "zh"

    @cached_property
    def lexer(self) -> Lexer:
        """Reads the marks of the language."""
        return (chinese if self.chinese else english)(self.raw.genres)

    def _marks(self, text: str) -> list[Mark]:
        if text not in self._read:
            self._read[text] = self.lexer.marks(text)
        return self._read[text]

    def clauses(self, text: str) -> list[Clause]:
        """The sentence cut at stops and semicolons."""
        return [Clause(part, self.shown.title) for part in clauses(self._marks(text), ";；.。?？")]

    def causes(self, text: str) -> list[str]:
        """Titles that the sentence gives as reasons."""
        found = [title for clause in self.clauses(text) for title in clause.causes()]
        return [title for title in dict.fromkeys(found) if self.rated(title)]

    def problems(self, text: str, cited: Sequence[str], told: Sequence[str] = ()) -> list[str]:
        """What is wrong with a sentence; ``told`` are all causes told in the explanation."""
        return self.miscited(text, cited) + self.untruths(text, cited, told)

    def miscited(self, text: str, cited: Sequence[str]) -> list[str]:
        """What is wrong with the evidence that a sentence cites."""
        pieces = self._pieces(cited)
        found = [] if pieces and len(pieces) == len(set(cited)) else [f"it cites {list(cited)}"]
        return found + list(self._cited(self._whole(text), pieces))

    def untruths(self, text: str, cited: Sequence[str], told: Sequence[str] = ()) -> list[str]:
        """What a sentence says that is not so; those it calls "these" are the ones cited."""
        if not text.endswith("。" if self.chinese else "."):
            return ["it does not end as a sentence"]
        return [problem for part in self.parts(text, cited, told) for problem in part.wrong]

    def parts(self, text: str, cited: Sequence[str], told: Sequence[str] = ()) -> Iterator[Part]:
        """What a sentence says, part by part, and what of each is not so."""
        whole = self._whole(text)
        strange = whole.of("strange")
        yield Part(
            "word", len(strange), [f"{m.text!r} is not known to be harmless" for m in strange]
        )
        titles = [*whole.titles, *([self.shown.title] if whole.names_item else [])]
        yield Part("title", len(titles), list(self._titles(whole)))
        behind = [p["fields"]["title"] for p in self._pieces(cited) if p["id"][0] == "H"]
        for clause in self.clauses(text):
            yield from self._clause(clause, behind, told or clause.causes())

    def _clause(self, clause: Clause, behind: list[str], told: Sequence[str]) -> Iterator[Part]:
        ratings = sum(len(titles) or 1 for _, titles in clause.rated())
        ratings += sum(len(mark.numbers) for mark in clause.of("ratings"))
        yield Part("rating", ratings, list(self._ratings(clause, behind)))
        opinions = sum(len(titles) or 1 for _, titles in clause.opinions())
        yield Part("opinion", opinions, list(self._opinions(clause, behind)))
        yield Part("number", len(clause.of("users")), list(self._users(clause)))
        yield Part("date", len(clause.of("date")), list(self._dates(clause, behind)))
        yield Part("number", len(clause.of("count")), list(self._counts(clause, behind)))
        marks = len(clause.of("attribute", "number"))
        yield Part("attribute", marks, list(self._attributes(clause, behind)))
        if clause.has("rank") or (clause.has("top") and clause.has("negation")):
            ranks = len(clause.of("rank", "top"))
            yield Part("number", ranks, list(self._ranks(clause, behind)))
            return
        supposed = clause.of("negation", "hypothetical", "top")
        wrong = [f"{mark.text!r} denies or supposes something" for mark in supposed]
        opposed = [title for titles in clause.opposed() for title in titles]
        reasons = len(clause.causes()) + len(opposed) + len(clause.of("strength"))
        yield Part("supposed", len(supposed), wrong)
        yield Part("relation", reasons, list(self._reasons(clause, told)))

    def _whole(self, text: str) -> Clause:
        return Clause(self._marks(text), self.shown.title)

    def _pieces(self, cited: Sequence[str]) -> list[Mapping[str, Any]]:
        return [self.shown.evidence[id] for id in cited if id in self.shown.evidence]

    def rated(self, title: str) -> dict[str, int]:
        """What the user gave the film, by entry."""
        return self.raw.rated(self.shown.user, title)

    def _titles(self, whole: Clause) -> Iterator[str]:
        for title in whole.titles:
            if title not in self.raw.ids:
                yield f"{title!r} is no film"
            elif not self.rated(title):
                yield f"{title!r} is not in this user's history"

    def _cited(self, whole: Clause, pieces: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        films = {piece["fields"]["title"] for piece in pieces if piece["id"][0] == "H"}
        if set(whole.titles) - films:
            yield f"it names {whole.titles} and cites {sorted(films)}"
        if films - set(whole.titles) and not (whole.says(THEM) or whole.has("count")):
            yield f"it cites {sorted(films)} and names {whole.titles}"
        values = {
            value
            for piece in pieces
            if piece["id"][0] in "AF"
            for value in piece["fields"].get("values", [piece["fields"].get("value")])
        }
        for mark in whole.of("attribute", "number"):
            if mark.text not in values:
                yield f"nothing cited has {mark.text}"
        if whole.has("users", "everyone") and not any(p["id"][0] == "B" for p in pieces):
            yield "it speaks of all users and cites nothing of them"

    def _ratings(self, clause: Clause, behind: list[str]) -> Iterator[str]:
        scales = [mark.numbers[0] for mark in clause.of("scale")]
        if any(scale != self.raw.scale.high for scale in scales):
            yield f"the scale ends at {self.raw.scale.high}"
        for mark, titles in clause.rated():
            given, *maximum = mark.numbers
            if maximum not in ([], [self.raw.scale.high]) or (not maximum and not self.chinese):
                yield f"the scale ends at {self.raw.scale.high}"
            if not clause.says(YOU) or clause.has("everyone"):
                yield f"whose rating is {mark.text}?"
            for title in titles or behind or [""]:
                if given not in self.rated(title).values():
                    yield f"{title!r} was rated {list(self.rated(title).values())}, not {given}"

        for mark in clause.of("ratings"):
            yield from self._one_by_one(mark, clause.titles or behind)

    def _one_by_one(self, mark: Mark, titles: Sequence[str]) -> Iterator[str]:
        """Ratings told in the order of their films: "which you rated 4, 5 and 4 out of 5"."""
        given = mark.numbers if self.chinese else mark.numbers[:-1]
        if not self.chinese and mark.numbers[-1] != self.raw.scale.high:
            yield f"the scale ends at {self.raw.scale.high}"
        if len(given) != len(titles):
            yield f"{mark.text!r} are {len(given)} ratings of {len(titles)} films"
        for title, rating in zip(titles, given, strict=False):
            if rating not in self.rated(title).values():
                yield f"{title!r} was rated {list(self.rated(title).values())}, not {rating}"

    def _opinions(self, clause: Clause, behind: list[str]) -> Iterator[str]:
        fits = {"5": (5,), "4": (4, 5), "3": (3,), "2": (1, 2)}
        for mark, titles in clause.opinions():
            if not clause.says(YOU) or clause.has("everyone", "users"):
                yield f"who finds it {mark.text!r}?"
            if clause.says(FUTURE):
                yield f"{mark.text!r} is foretold"
            for title in titles or behind or [""]:
                ratings = self.rated(title).values()
                if not any(rating in fits[mark.kind] for rating in ratings):
                    yield f"{mark.text!r} of {title!r}, which was rated {list(ratings)}"

    def _users(self, clause: Clause) -> Iterator[str]:
        true = sorted((self.raw.liked[self.shown.id], len(self.raw.ratings)))
        for mark in clause.of("users"):
            if sorted(mark.numbers) != true or not clause.has("bar"):
                yield f"{true[0]} of {true[1]} users rated it {self.raw.scale.liked} or higher"
        for mark in clause.of("bar"):
            if mark.numbers != (self.raw.scale.liked,) or not clause.has("users") or clause.titles:
                yield f"{mark.text!r} is not what was counted"
        if clause.has("users", "everyone"):
            term, total = self.shown.terms.get("*", 0.0), self.shown.total("history")
            reasons = {mark.text.lower() for mark in clause.of("causal")}
            least = self.min_share * total if reasons - _ADDS else _EPSILON
            if reasons and term < least:
                yield "how it does with everyone is no reason"
            if clause.has("against") and term >= 0:
                yield "how it does with everyone does not count against it"

    def _dates(self, clause: Clause, behind: list[str]) -> Iterator[str]:
        for segment in clause.segments:
            films = segment.titles or clause.titles or behind
            own = {self.raw.days[self.shown.user, i] for t in films for i in self.rated(t)}
            for mark in segment.of("date"):
                if own != {day_of(mark.text)}:
                    yield f"{mark.text} is not the day: {sorted(own)}"

    def _counts(self, clause: Clause, behind: list[str]) -> Iterator[str]:
        films = clause.titles or behind
        with_item = clause.has("shared", "attribute", "number")
        several = {len(films), len(films) + 1} if with_item else {len(films)}
        for mark in clause.of("count"):
            if _COUNTS.get(mark.text.lower()) not in several:
                yield f"{mark.text!r} counts what is not there"
        if clause.says(_PAIR) and 2 not in several:
            yield "'both' of what are not two"

    def _attributes(self, clause: Clause, behind: list[str]) -> Iterator[str]:
        marks = clause.of("attribute", "number")
        if clause.has("shared") and not marks:
            yield "nothing is named that they share"
        them = max((_THEM.get(mark.text.lower(), 0) for mark in clause.marks), default=0)
        if marks and not clause.titles and len(behind) < them:
            yield "which films are meant?"
        for mark in marks:
            films = [clause.owner(mark)]
            if clause.has("shared") or clause.says(_ALL):
                films = [self.shown.title, *(clause.titles or behind)]
            for title in films:
                if mark.text not in self._attributes_of(title):
                    yield f"{title!r} has not {mark.text}"

    def _attributes_of(self, title: str) -> set[str]:
        own = [self.shown.id] if title == self.shown.title else [*self.rated(title)]
        return {v for id in own for c in ("genre", "year") for v in self.raw.films[id].attribute(c)}

    def value(self, title: str) -> float:
        """The term of a film; of one that is no term, less than nothing."""
        terms = [
            self.shown.history[i] for i in self.raw.ids.get(title, ()) if i in self.shown.history
        ]
        return sum(terms) if terms else -1.0

    def _reasons(self, clause: Clause, told: Sequence[str]) -> Iterator[str]:
        yield from (
            f"{title!r} is not what is suggested"
            for title in clause.suggests()
            if title != self.shown.title
        )
        causes = clause.causes()
        if causes:
            # That one cause of several weighed most does not make it the reason alone.
            words = {mark.text.lower() for mark in clause.of("causal")}
            adds = words and not words - _ADDS
            share = clause.has("suggested", "suggestion") or not (clause.has("strength") or adds)
            whole = share or not (adds or set(causes) <= set(told))
            least = self.min_share if whole else 0.0
            terms = {title: self.value(title) for title in causes}
            yield from self._weighty("history", terms, least)
            for title in causes:
                if max(self.rated(title).values(), default=0) < self.raw.scale.liked:
                    yield f"the rating of {title!r} is no reason"
        if clause.has("causal", "suggested", "suggestion") and (given := clause.governed()):
            values = {
                name: value
                for name, value in self.shown.terms.items()
                if name.partition("=")[2] in {mark.text for mark in given}
            }
            named = values or {given[0].text: -1.0}
            yield from self._weighty("attribute", named, self.min_share)
        yield from (
            f"{title!r} does not count against it"
            for titles in clause.opposed()
            for title in titles
            if self.value(title) >= 0
        )
        for segment in clause.segments:
            for mark in segment.of("strength"):
                yield from self._most(mark, segment.titles or clause.titles, told)

    def _weighty(self, view: str, terms: Mapping[str, float], least: float) -> Iterator[str]:
        yield from (f"{name!r} did not add to the score" for name, v in terms.items() if v <= 0)
        total = self.shown.total(view)
        if sum(terms.values()) < least * total - _EPSILON:
            yield f"{list(terms)} are {sum(terms.values()) / total:.1%} of all that was weighed"

    def _most(self, mark: Mark, titles: Sequence[str], told: Sequence[str]) -> Iterator[str]:
        if len(set(titles)) != 1:
            yield f"{mark.text!r} of what?"
            return
        others = [self.value(title) for title in told if title != titles[0]]
        if not others:
            own = set(self.raw.ids.get(titles[0], ()))
            others = [term for id, term in self.shown.history.items() if id not in own]
        if self.value(titles[0]) < MOST * max(others, default=0.0):
            yield f"{titles[0]!r} did not weigh most by far"

    def _ranks(self, clause: Clause, behind: list[str]) -> Iterator[str]:
        films = clause.titles or behind
        removed = tuple(
            id for title in films for id in self.raw.ids.get(title, ()) if id in self.shown.history
        )
        now, after = self.shown.public["attribution"]["rank"], self.rank_of(removed)
        numbers = [mark.numbers[0] for mark in clause.of("rank")]
        words = " ".join(mark.text.lower() for mark in clause.marks)
        onward = "from" in words.split() or "从" in words
        if not clause.has("negation", "hypothetical"):
            expected: list[int | None] = [now]
        else:
            expected = [now, after] if onward else [after, now]
        if numbers and numbers != expected[: len(numbers)]:
            yield f"its rank is {now}, and {after} without {films}"
        out = after is not None and now is not None and now <= self.k < after
        for mark in clause.of("top"):
            if mark.numbers != (self.k,) or (clause.has("negation") and not out):
                yield f"its rank is {now}, and {after} without {films}; {self.k} are listed"
