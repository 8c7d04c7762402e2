"""Checks what free sentences say of ratings, liking, users, days, years, attributes and ranks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recx_agent.evals.scorers.grounded.free.clause import FUTURE, IT, REASONS, YOU, Clause
from recx_agent.evals.scorers.grounded.free.dates import day_of
from recx_agent.evals.scorers.grounded.free.marks import Mark
from recx_agent.evals.scorers.grounded.free.records import EPSILON, LATER, Records

_COUNTS = {"two": 2, "couple": 2, "pair": 2, "duo": 2, "three": 3, "trio": 3, "four": 4, "five": 5}
_COUNTS |= {"six": 6, "两者": 2, "这两部": 2, "那两部": 2, "这三部": 3, "六部": 6}
_COUNTS |= {number + unit: n for n, number in enumerate("两三四五", 2) for unit in ("", "部", "个")}
_AT_LEAST = {"several": 3, "many": 5, "好几": 3, "几部": 3, "多部": 3, "许多": 5}
"""Words for a number that nobody counts, and how many films the history has at least then."""
_NEAR = 4
_PAIR = frozenset(("both",))
_ALL = frozenset("both all each 都 两者 各 均".split())
_THEM = {"those": 2, "那些": 2, "这几部": 2, "these": 1, "them": 1, "they": 1, "它们": 1, "这些": 1}
"""Words for several films, and how many there are besides the item at least."""
_GENRES = frozenset("genre genres category categories label labels tag tags 类型 标签".split())


class Facts(Records):
    """One method for each kind of fact, named after it."""

    def _titles(self, whole: Clause) -> Iterator[str]:
        for title in whole.titles:
            if title not in self.raw.ids:
                yield f"{title!r} is no film"
            elif not self.rated(title):
                yield f"{title!r} is not in this user's history"

    def _ratings(self, clause: Clause, behind: list[str]) -> Iterator[str]:
        scales = [mark.numbers[0] for mark in clause.of("scale")]
        if any(scale != self.raw.scale.high for scale in scales):
            yield f"the scale ends at {self.raw.scale.high}"
        for mark, titles in clause.rated():
            given, *maximum = mark.numbers
            bare = self.chinese or "star" in mark.text.lower() or mark.text.isdigit()
            if maximum not in ([], [self.raw.scale.high]) or not (maximum or bare):
                yield f"the scale ends at {self.raw.scale.high}"
            if clause.has("everyone") and not clause.says(YOU):
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
            if clause.follows(mark, FUTURE, _NEAR):
                yield f"{mark.text!r} is foretold"
            for title in titles or behind or [""]:
                ratings = self.rated(title).values()
                if not any(rating in fits[mark.kind] for rating in ratings):
                    yield f"{mark.text!r} of {title!r}, which was rated {list(ratings)}"

    def _users(self, clause: Clause) -> Iterator[str]:
        true = sorted((self.raw.liked[self.shown.id], len(self.raw.ratings)))
        for mark in clause.of("users"):
            told = [
                sorted(mark.numbers),
                sorted((*mark.numbers, true[1])),
            ]  # "nobody" is no one of all
            if true not in told[: 1 + (mark.numbers == (0,))] or not clause.has("bar"):
                yield f"{true[0]} of {true[1]} users rated it {self.raw.scale.liked} or higher"
        for mark in clause.of("bar"):
            if clause.titles and not clause.has("users", "everyone"):
                yield from self._at_least(mark, clause)
            elif mark.numbers[:1] != (self.raw.scale.liked,) or not self._of_users(mark, clause):
                yield f"{mark.text!r} is not what was counted"
        if clause.has("users", "everyone"):
            term, total = self.shown.terms.get("*", 0.0), self.shown.total("history")
            helped = clause.has("weak", "partly") or not clause.has("causal")
            least = EPSILON if helped else self.min_share * total
            if clause.has(*REASONS) and not clause.has("against") and term < least:
                yield "how it does with everyone is no reason"
            if clause.has("against") and term >= 0:
                yield "how it does with everyone does not count against it"

    @staticmethod
    def _of_users(bar: Mark, clause: Clause) -> bool:
        """Whether a bar follows a number of users, with no film of the history between."""
        at = next(n for n, mark in enumerate(clause.marks) if mark is bar)
        near = [m for m in clause.marks[:at] if m.kind == "users" or m.text in clause.titles]
        return bool(near) and near[-1].kind == "users"

    def _at_least(self, mark: Mark, clause: Clause) -> Iterator[str]:
        bar, *scale = mark.numbers
        if any(top not in (self.raw.scale.high, bar) for top in scale):
            yield f"the scale ends at {self.raw.scale.high}"
        for title in clause.titles:
            if max(self.rated(title).values(), default=0) < bar:
                yield f"{title!r} was not rated {mark.text}"

    def _dates(self, clause: Clause, behind: list[str]) -> Iterator[str]:
        for segment in clause.segments:
            films = segment.titles or clause.titles or behind
            own = {self.raw.days[self.shown.user, i] for t in films for i in self.rated(t)}
            for mark in segment.of("date"):
                if not own or any(not day.startswith(day_of(mark.text)) for day in own):
                    yield f"{mark.text} is not the day: {sorted(own)}"

    def _counts(self, clause: Clause, behind: list[str], whole: Clause) -> Iterator[str]:
        films = clause.titles or behind
        with_item = clause.has("shared", "attribute", "number")
        several = {len(films), len(films) + 1} if with_item else {len(films)}
        pair = 2 in several or (2 == len(set(whole.titles)) and bool(clause.titles))
        several |= {len(set(whole.titles)), len({m.text for m in whole.of("attribute")})}
        for mark in clause.of("count"):
            least = _AT_LEAST.get(mark.text.lower())
            if least is not None and len(self.shown.history) >= least:
                continue
            if _COUNTS.get(mark.text.lower()) not in several:
                yield f"{mark.text!r} counts what is not there"
        if clause.says(_PAIR) and not pair:
            yield "'both' of what are not two"

    def _attributes(self, clause: Clause, behind: list[str]) -> Iterator[str]:
        marks = clause.of("attribute", "number")
        if clause.has("shared") and not marks:
            yield from self._alike(clause, behind)
        them = max((_THEM.get(mark.text.lower(), 0) for mark in clause.marks), default=0)
        meant = clause.titles or clause.names_item
        if marks and not meant and len(behind) < them:
            yield "which films are meant?"
        for mark in marks:
            films = [clause.owner(mark)]
            together = clause.has("shared") or clause.says(_ALL)
            if together and not clause.tells_apart(mark):
                films = [self.shown.title, *(clause.titles or behind)]
            for title in films:
                if mark.text not in self.attributes_of(title):
                    yield f"{title!r} has not {mark.text}"

    @staticmethod
    def of_history(mark: Mark, whole: Clause) -> bool:
        """Whether an attribute is told of films of the history alone, whose record says it too."""
        segment = next(s for s in whole.segments if any(m is mark for m in s.marks))
        if whole.has("shared") or (
            segment.says(_ALL) and (segment.names_item or not segment.titles)
        ):
            return False
        return not segment.names_item and (bool(segment.titles) or not segment.says(IT))

    def _alike(self, clause: Clause, behind: Sequence[str]) -> Iterator[str]:
        """What is wrong with "the same genres", where none is named."""
        genres = set(self.raw.films[self.shown.id].genres)
        if not clause.says(_GENRES):
            yield "nothing is named that they share"
        for title in clause.titles or behind if clause.says(_GENRES) else ():
            if not genres & self.attributes_of(title):
                yield f"{title!r} shares no genre"

    def _gaps(self, clause: Clause, behind: Sequence[str]) -> Iterator[str]:
        """What is wrong with "three years after", and with "came out before"."""
        for mark in clause.of("gap"):
            at = next(n for n, other in enumerate(clause.marks) if other is mark)
            sides = (clause.marks[:at][::-1], clause.marks[at + 1 :])
            near = [m.text for side in sides for m in side if m.kind == "title"]
            before = next((m.text for m in sides[0] if m.kind == "title"), "")
            after = next((m.text for m in sides[1] if m.kind == "title"), "")
            other = (before if self.chinese else after) or next(iter(behind), "")
            one = self.shown.title
            if other == one:
                one = next((t for t in [*near, *behind] if t != one), "")
            years = [self.year_of(title) for title in (one, other)]
            later = LATER.search(mark.text) is not None
            gap = (years[0] - years[1]) * (1 if later else -1) if all(years) else 0
            if gap <= 0 or (mark.numbers and gap != mark.numbers[0]):
                yield f"{one!r} is of {years[0]} and {other!r} of {years[1]}"

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
