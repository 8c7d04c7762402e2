"""Checks sentences in free words against the raw files; the second opinion on a language model.

Every mark of a sentence has to be accounted for: a title, a number, a date, an attribute is
held against the files, a word that joins them brings what it asserts, and any other word is
reported. Nothing of recx_agent is imported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from tests.e2e.raw_data import LIKED, MAXIMUM, Raw, Shown
from tests.e2e.raw_free_clause import FUTURE, THEM, YOU, Clause
from tests.e2e.raw_free_dates import day_of
from tests.e2e.raw_free_marks import Lexer, Mark, chinese, clauses, english
from tests.e2e.raw_terms import MIN_SHARE, MOST

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
_ADDS = frozenset(
    "adds add added adding raises raise raised lifts lift 加分 加了分 提高 提升".split()
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
        self.chinese = shown.public["writer"]["language"] == "zh"

    @cached_property
    def lexer(self) -> Lexer:
        genres = {genre for film in self.raw.films.values() for genre in film.genres}
        return (chinese if self.chinese else english)(genres)

    def clauses(self, text: str) -> list[Clause]:
        return [
            Clause(part, self.shown.title) for part in clauses(self.lexer.marks(text), ";；.。")
        ]

    def causes(self, text: str) -> list[str]:
        """Titles that the sentence gives as reasons."""
        found = [title for clause in self.clauses(text) for title in clause.causes()]
        return [title for title in dict.fromkeys(found) if self.rated(title)]

    def problems(self, text: str, cited: Sequence[str], told: Sequence[str] = ()) -> list[str]:
        """What is wrong with a sentence; ``told`` are all causes told in the explanation."""
        if not text.endswith("。" if self.chinese else "."):
            return ["it does not end as a sentence"]
        pieces = [self.shown.evidence[id] for id in cited if id in self.shown.evidence]
        found = [] if pieces and len(pieces) == len(set(cited)) else [f"it cites {list(cited)}"]
        whole = Clause(self.lexer.marks(text), self.shown.title)
        found += [f"{m.text!r} is not known to be harmless" for m in whole.of("strange")]
        found += self._titles(whole)
        found += self._cited(whole, pieces)
        behind = [p["fields"]["title"] for p in pieces if p["id"][0] == "H"]
        for clause in self.clauses(text):
            found += self._clause(clause, behind, told or clause.causes())
        return found

    def _clause(self, clause: Clause, behind: list[str], told: Sequence[str]) -> Iterator[str]:
        yield from self._ratings(clause, behind)
        yield from self._opinions(clause, behind)
        yield from self._users(clause)
        yield from self._numbers(clause, behind)
        yield from self._attributes(clause, behind)
        if clause.has("rank") or (clause.has("top") and clause.has("negation")):
            yield from self._ranks(clause, behind)
            return
        for mark in clause.of("negation", "hypothetical", "top"):
            yield f"{mark.text!r} denies or supposes something"
        yield from self._reasons(clause, told)

    def rated(self, title: str) -> dict[str, int]:
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
        if any(scale != MAXIMUM for scale in scales):
            yield f"the scale ends at {MAXIMUM}"
        for mark, titles in clause.rated():
            given, *maximum = mark.numbers
            if maximum not in ([], [MAXIMUM]) or (not maximum and not self.chinese):
                yield f"the scale ends at {MAXIMUM}"
            if not clause.says(YOU) or clause.has("everyone"):
                yield f"whose rating is {mark.text}?"
            for title in titles or behind or [""]:
                if given not in self.rated(title).values():
                    yield f"{title!r} was rated {list(self.rated(title).values())}, not {given}"

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
                yield f"{true[0]} of {true[1]} users rated it {LIKED} or higher"
        for mark in clause.of("bar"):
            if mark.numbers != (LIKED,) or not clause.has("users") or clause.titles:
                yield f"{mark.text!r} is not what was counted"
        if clause.has("users", "everyone"):
            term, total = self.shown.terms.get("*", 0.0), self.shown.total("history")
            reasons = {mark.text.lower() for mark in clause.of("causal")}
            least = self.min_share * total if reasons - _ADDS else _EPSILON
            if reasons and term < least:
                yield "how it does with everyone is no reason"
            if clause.has("against") and term >= 0:
                yield "how it does with everyone does not count against it"

    def _numbers(self, clause: Clause, behind: list[str]) -> Iterator[str]:
        for mark in clause.of("date"):
            day = day_of(mark.text)
            films = clause.titles or behind
            own = {self.raw.days[self.shown.user, i] for t in films for i in self.rated(t)}
            if own != {day}:
                yield f"{mark.text} is not the day: {sorted(own)}"
        films = clause.titles or behind
        with_item = clause.has("shared", "attribute")
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
            share = clause.has("suggested", "suggestion") or not clause.has("strength")
            least = self.min_share if share or not set(causes) <= set(told) else 0.0
            terms = {title: self.value(title) for title in causes}
            yield from self._weighty("history", terms, least)
            for title in causes:
                if max(self.rated(title).values(), default=0) < LIKED:
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
