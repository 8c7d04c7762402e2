"""What the files surely contradict: claims that can be read in one way only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches

from recx_agent.evals.scorers.grounded.data import Event
from recx_agent.evals.scorers.grounded.free.chinese_phrases import CHINESE
from recx_agent.evals.scorers.grounded.free.dates import day_of
from recx_agent.evals.scorers.grounded.free.english_phrases import ENGLISH
from recx_agent.evals.scorers.grounded.free.marks import Lexer, Mark
from recx_agent.evals.scorers.grounded.free.phrases import Claim, claims, clauses, signed
from recx_agent.evals.scorers.grounded.free.records import LATER, Records

_YEAR = 4
"""Digits of a year; a shorter number counts something."""
_ABOUT = 0.05
"""How far from a half half of the users may be, as a part of all."""
_NEARLY = 0.75
"""How like a title a word in marks has to be to be a slip of it, from 0 to 1."""


class Sure:
    """One method for each kind of claim, named after it; yields what is not so.

    Parameters
    ----------
    records : Records
        What the files say.
    lexer : Lexer
        Of the language of the texts.
    """

    def __init__(self, records: Records, lexer: Lexer) -> None:
        self._records, self._lexer = records, lexer
        self._raw, self._shown = records.raw, records.shown
        self._grammar = CHINESE if records.chinese else ENGLISH

    def refutations(self, text: str, beside: Sequence[str]) -> Iterator[str]:
        """What a sentence says that the files contradict.

        Parameters
        ----------
        text : str
        beside : sequence of str
            Titles that it may speak of without naming them: those of the films it cites and of
            the sentence before.
        """
        said = signed(self._lexer, text, self._shown.title)
        titles = [mark.text for mark in said.marks.values() if mark.kind == "title"]
        films = [*beside, *titles]
        bound: set[str] = set()
        for claim in claims(self._grammar, said):
            if claim.kind != "listed" or any(map(self._records.rated, claim.titles)):
                bound |= set(claim.titles)
            if claim.sure:
                yield from getattr(self, f"_{claim.kind}")(claim, films)
        bound |= {title for title in titles if f"《{title}》" in text}
        yield from (f"{t!r} is no film" for t in titles if self._is_none(t, t in bound))
        sure = [c for c, asserted in clauses(self._grammar, said) if asserted]
        asserted = {mark.text for clause in sure for mark in said.within(clause)}
        for title in titles:
            if title in asserted and title in self._raw.ids and not self._known(title):
                yield f"{title!r} is not in this user's history"

    def _known(self, title: str) -> bool:
        return title == self._shown.title or bool(self._records.rated(title))

    def _is_none(self, title: str, bound: bool) -> bool:
        """Whether it names a film that there is not; what else is quoted names none."""
        own = {name.lower() for name in (self._shown.title, *self._records.titles())}
        if title in self._raw.ids or title in self._raw.genres or title.lower() in own:
            return False
        return bound or bool(get_close_matches(title.lower(), own, 1, _NEARLY))

    def _rating(self, claim: Claim, _: Sequence[str]) -> Iterator[str]:
        for mark in claim.values:
            for title in claim.titles:
                yield from self._was(title, mark.numbers[0])

    def _rating_of_one(self, claim: Claim, films: Sequence[str]) -> Iterator[str]:
        given = {rating for title in films for rating in self._given(title)}
        alone = bool(films) and set(films) == {self._shown.title}
        for mark in claim.values:
            if (given or alone) and mark.numbers[0] not in given:
                yield f"what is spoken of was rated {sorted(given)}, not {mark.numbers[0]}"

    def _was(self, title: str, given: float) -> Iterator[str]:
        if given not in self._given(title):
            yield f"{title!r} was rated {self._given(title)}, not {given}"

    def _given(self, title: str) -> list[float]:
        """Every rating that the user ever gave a film."""
        return [event.rating for event in self._done(title) if event.rating is not None]

    def _done(self, title: str) -> list[Event]:
        return self._raw.done(self._shown.user, title)

    def _ratings(self, claim: Claim, _: Sequence[str]) -> Iterator[str]:
        for mark in claim.values:
            given = mark.numbers if self._records.chinese else mark.numbers[:-1]
            if len(given) == len(claim.titles):
                for title, rating in zip(claim.titles, given, strict=True):
                    yield from self._was(title, rating)

    def _scale(self, claim: Claim, _: Sequence[str]) -> Iterator[str]:
        high = self._raw.scale.high
        for mark in claim.values:
            bare = mark.kind == "rating" and len(mark.numbers) == 1
            if max(mark.numbers) > high or not (bare or mark.numbers[-1] == high):
                yield f"the scale ends at {high}"

    def _date(self, claim: Claim, films: Sequence[str]) -> Iterator[str]:
        own = {event.day for title in films for event in self._done(title)}
        for mark in filter(_tells, claim.values):
            if own and not any(day.startswith(day_of(mark.text)) for day in own):
                yield f"{mark.text} is none of {sorted(own)}"

    def _count(self, claim: Claim, _: Sequence[str]) -> Iterator[str]:
        number, rating = (mark.numbers[0] for mark in claim.values)
        own = list(self._raw.ratings[self._shown.user].values())
        if own.count(rating) < number:
            yield f"{own.count(rating)} films were rated {rating}, not {number}"

    def _liked(self, claim: Claim, _: Sequence[str]) -> Iterator[str]:
        for title in claim.titles:
            if max(self._records.rated(title).values(), default=0) < self._raw.scale.liked:
                yield f"{title!r} was rated {list(self._records.rated(title).values())}"

    def _disliked(self, claim: Claim, _: Sequence[str]) -> Iterator[str]:
        for title in claim.titles:
            if min(self._records.rated(title).values(), default=0) >= self._raw.scale.liked:
                yield f"{title!r} was rated {list(self._records.rated(title).values())}"

    def _top(self, claim: Claim, _: Sequence[str]) -> Iterator[str]:
        for title in claim.titles:
            yield from self._was(title, self._raw.scale.high)

    def _attribute(self, claim: Claim, _: Sequence[str]) -> Iterator[str]:
        for title in claim.titles:
            for mark in filter(_tells, claim.values):
                if self._lacks(title, mark.text):
                    yield f"{title!r} has not {mark.text}"

    def _attribute_of_one(self, claim: Claim, films: Sequence[str]) -> Iterator[str]:
        has = {v for title in {*films, self._shown.title} for v in self._values_of(title)}
        for mark in filter(_tells, claim.values):
            told = day_of(mark.text)[:_YEAR] if mark.kind == "date" else mark.text
            if has and told not in has:
                yield f"nothing spoken of has {told}"

    def _lacks(self, title: str, value: str) -> bool:
        """Whether a film has others of the kind: of what is not known of it nothing is sure."""
        known = self._values_of(title)
        others = [v for v in known if v.isdigit() == value.isdigit()]
        return bool(others) and value not in known

    def _values_of(self, title: str) -> set[str]:
        films = [self._raw.films[id] for id in self._raw.ids.get(title, ())]
        return {v for film in films for own in film.values.values() for v in own}

    def _listed(self, claim: Claim, _: Sequence[str]) -> Iterator[str]:
        """Nothing by itself: a name among the user's films is meant for one."""
        yield from ()

    def _suggested(self, claim: Claim, _: Sequence[str]) -> Iterator[str]:
        for title in claim.titles:
            if title != self._shown.title:
                yield f"{title!r} is not what is suggested"

    def _cause(self, claim: Claim, _: Sequence[str]) -> Iterator[str]:
        for title in claim.titles:
            if title != self._shown.title and self._records.value(title) <= 0:
                yield f"{title!r} did not add to the score"

    def _cause_attribute(self, claim: Claim, _: Sequence[str]) -> Iterator[str]:
        for mark in filter(_tells, claim.values):
            own = [v for id, v in self._shown.terms.items() if id.partition("=")[2] == mark.text]
            if max(own, default=0.0) <= 0:
                yield f"{mark.text!r} did not add to the score"

    def _main(self, claim: Claim, _: Sequence[str]) -> Iterator[str]:
        for title in claim.titles:
            more = [
                other
                for other, value in self._records.values().items()
                if value > self._records.value(title)
            ]
            if more:
                yield f"{more[0]!r} weighed more than {title!r}"

    def _more(self, claim: Claim, _: Sequence[str]) -> Iterator[str]:
        first, *_rest, last = (t for t in claim.titles if t != self._shown.title)
        if self._records.value(first) < self._records.value(last):
            yield f"{last!r} weighed more than {first!r}"

    def _most(self, claim: Claim, _: Sequence[str]) -> Iterator[str]:
        whole = sum(value for value in self._records.values().values() if value > 0)
        yield from (
            f"{title!r} is less than half of it"
            for title in claim.titles
            if self._records.value(title) < whole / 2
        )

    def _gap(self, claim: Claim, _: Sequence[str]) -> Iterator[str]:
        (mark,) = claim.values
        first, last = (
            self._records.year_of(title) for title in (claim.titles[0], claim.titles[-1])
        )
        gap = (first - last) * (1 if LATER.search(mark.text) else -1)
        if first and last and (gap <= 0 or (mark.numbers and gap != mark.numbers[0])):
            yield f"{claim.titles[0]!r} is of {first} and {claim.titles[-1]!r} of {last}"

    def _attribute_against(self, claim: Claim, _: Sequence[str]) -> Iterator[str]:
        for mark in claim.values:
            own = [v for id, v in self._shown.terms.items() if id.partition("=")[2] == mark.text]
            if own and min(own) > 0:
                yield f"{mark.text!r} does not count against it"

    def _against(self, claim: Claim, _: Sequence[str]) -> Iterator[str]:
        for title in claim.titles:
            if self._records.value(title) > 0:
                yield f"{title!r} does not count against it"

    def _rank(self, claim: Claim, _: Sequence[str]) -> Iterator[str]:
        now = self._shown.public["attribution"]["rank"]
        for mark in claim.values:
            if now is not None and mark.numbers[0] != now:
                yield f"its rank is {now}"

    def _users(self, claim: Claim, films: Sequence[str]) -> Iterator[str]:
        told = set(claim.values[0].numbers) - {self._people} or {self._people}
        yield from self._of_users(claim, films, told.__contains__)

    def _most_users(self, claim: Claim, films: Sequence[str]) -> Iterator[str]:
        yield from self._of_users(claim, films, lambda liked: 2 * liked > self._people)

    def _half_the_users(self, claim: Claim, films: Sequence[str]) -> Iterator[str]:
        near = _ABOUT * self._people
        yield from self._of_users(claim, films, lambda n: abs(n - self._people / 2) <= near)

    @property
    def _people(self) -> int:
        return len(self._raw.ratings)

    def _of_users(
        self, claim: Claim, films: Sequence[str], so: Callable[[int], bool]
    ) -> Iterator[str]:
        """How many liked it; "it" may be any film that is spoken of."""
        ids = {self._shown.id, *(id for title in films for id in self._raw.ids.get(title, ()))}
        liked = sorted({self._raw.liked[id] for id in ids})
        bar = claim.values[-1].numbers[0]
        if bar == self._raw.scale.liked and not any(so(number) for number in liked):
            yield f"{liked} of {self._people} users rated it {bar} or higher"


def _tells(mark: Mark) -> bool:
    return mark.kind != "number" or len(mark.text) == _YEAR
