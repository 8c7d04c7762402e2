"""Checks what is told beside the reasons, and what is said where there are none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recx_agent.evals.scorers.grounded.known.reading import Told
from recx_agent.evals.scorers.grounded.known.terms import MANY, MOSTLY, Terms
from recx_agent.evals.scorers.grounded.shown import Shown

_THOSE = {"both": 2, "all three": 3, "这两部电影": 2, "这三部电影": 3}


class Beside(Terms):
    """One method for each kind of claim, named after it."""

    def in_common(self, n: int, position: int, told: Told) -> Iterator[str]:
        """What is wrong with what films are said to share."""
        shown = self.shown[n]
        films: Sequence[str] = told.those or told.everything
        pronoun = _THOSE.get(told.words.get("those", ""))
        if pronoun:
            films = shown.causes
            if pronoun != len(films) or any(t and t.deeds for t in shown.told[1:position]):
                yield f"unclear who is meant by {told.words['those']!r}"
        if told.everything and shown.title not in told.everything:
            yield "the film itself is missing"
        if told.words.get("both") == "both" and len(films) != 2:
            yield "both of more than two"
        for film in {*films, shown.title}:
            for column, values in told.attributes.items():
                own = [self.raw.films[id].attribute(column) for id in self.raw.named(film)]
                if not any(set(values) <= set(has) for has in own):
                    yield f"{film!r} has not {column} {values}"
        several = len(self.raw.films[shown.id].attribute(next(iter(told.attributes)))) > 1
        if "among" in told.words and not several:
            yield "it is the only one"

    def against(self, n: int, position: int, told: Told) -> Iterator[str]:
        """What is wrong with what is said to count against it."""
        shown = self.shown[n]
        yield from self.deeds(shown, told)
        for title in (title for group in told.deeds for title in group.titles):
            term = self.term(shown, title)
            if term is None or term[1] >= 0 or title in shown.causes:
                yield f"{title!r} does not count against it"
        yield from self.still(shown, position, told)

    def still(self, shown: Shown, position: int, told: Told) -> Iterator[str]:
        """What is wrong with saying "also"."""
        against = {t.kind for t in shown.told[:position] if t} & {"against", "everyone_against"}
        if "still" in told.words and not against:
            yield "'also', but nothing was told against it before"

    def everyone(self, n: int, _: int, told: Told) -> Iterator[str]:
        """What is wrong with how it is said to do with everyone."""
        shown = self.shown[n]
        yield from self.users(shown, told)
        bias = shown.terms["*"]
        if bias <= 0:
            yield "it does not add to the score"
        terms = [term[1] for term in (self.term(shown, cause) for cause in shown.causes) if term]
        more = told.words.get("more", "")
        if (more or "any" in told.words) and bias <= max(terms, default=bias):
            yield "it does not add more"
        if more and ("any" in told.words, "even" in more) != (len(terms) > 1, len(terms) == 1):
            yield "more than what?"
        if "any" in told.words and len(terms) < 2:
            yield "more than what?"

    def everyone_against(self, n: int, position: int, told: Told) -> Iterator[str]:
        """The same, told as counting against it."""
        yield from self.users(self.shown[n], told)
        yield from self.still(self.shown[n], position, told)
        if self.shown[n].terms["*"] >= 0:
            yield "it does not count against it"

    def fact(self, n: int, _: int, told: Told) -> Iterator[str]:
        """What is wrong with the catalogue's facts."""
        film = self.raw.films[self.shown[n].id]
        for column in ("year", "genre"):
            if told.attributes.get(column, ()) != film.attribute(column):
                yield f"its {column} is {film.attribute(column)}"

    def context(self, n: int, _: int, told: Told) -> Iterator[str]:
        """What is wrong with the circumstances told."""
        if not any(id[0] == "C" for id in self.shown[n].evidence):
            yield "the data know no context"

    def support(self, n: int, _: int, told: Told) -> Iterator[str]:
        """What is wrong with the user's own words."""
        written = {p["fields"].get("text") for p in self.shown[n].evidence.values()}
        if not set(told.texts) <= written:
            yield "the user wrote no such text"

    def current_fact(self, n: int, _: int, told: Told) -> Iterator[str]:
        """What is wrong with facts that change."""
        if not any(p["fields"].get("as_of") for p in self.shown[n].evidence.values()):
            yield "nothing that changes is known"

    def nothing_stands_out(self, shown: Shown, told: Told) -> Iterator[str]:
        """What is wrong with saying that there is no reason."""
        films = {self.raw.films[id].title for id in shown.history}
        terms = sorted((self.value(shown, film) for film in films), reverse=True)
        enough = self.min_share * shown.total("history")
        if sum(term for term in terms[:3] if term > 0) >= enough:
            yield "something stands out"
        if "bare" in told.words and -terms[-1] >= enough:
            yield f"a film takes away {-terms[-1] / shown.total('history'):.0%} of all"

    def no_single_cause(self, n: int, _: int, told: Told) -> Iterator[str]:
        """What is wrong with saying that no film stands out."""
        shown = self.shown[n]
        yield from self.nothing_stands_out(shown, told)
        liked = len(self.raw.liked_by(shown.user))
        if told.numbers["count"] != liked:
            yield f"the history holds {liked}"
        if "many" in told.words and len(shown.history) < MANY:
            yield "these are not many"
        part = sum(map(abs, shown.history.values())) / shown.total("history")
        if told.numbers.get("share", round(100 * part)) != round(100 * part):
            yield f"they make up {part:.1%}"

    def rests_everyone(self, n: int, _: int, told: Told) -> Iterator[str]:
        """What is wrong with resting it on everyone."""
        shown = self.shown[n]
        yield from self.users(shown, told)
        yield from self.nothing_stands_out(shown, told)
        part = shown.terms["*"] / shown.total("history")
        if part < MOSTLY:
            yield f"how it does with everyone is {part:.1%}"
        if told.numbers.get("share", round(100 * part)) != round(100 * part):
            yield f"it makes up {part:.1%}"

    def no_history(self, n: int, _: int, told: Told) -> Iterator[str]:
        """What is wrong with saying that there is no history."""
        shown = self.shown[n]
        yield from self.users(shown, told)
        if self.raw.liked_by(shown.user):
            yield "there is a history"

    def own_item(self, n: int, _: int, told: Told) -> Iterator[str]:
        """What is wrong with the rating of the item itself."""
        given = self.raw.rated(self.shown[n].user, self.shown[n].title)
        raw = {(rating, self.raw.scale.high) for rating in given.values()}
        if set(told.own) != raw or len(told.own) != len(raw):
            yield f"the user's ratings of it are {raw}"
