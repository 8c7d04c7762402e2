"""Checks what is told beside the reasons, and what is said where there are none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recx_agent.evals.scorers.grounded.known.deeds import wrong_deed
from recx_agent.evals.scorers.grounded.known.reading import Told
from recx_agent.evals.scorers.grounded.known.terms import MANY, MOSTLY, Terms
from recx_agent.evals.scorers.grounded.known.values import Others
from recx_agent.evals.scorers.grounded.shown import Shown

_FACTS = 4
"""Facts of the catalogue that are told at most."""
EVEN = 0.5
"""Below this a history is likelier to have come about by chance than to foretell itself."""
_OF_THE_HISTORY = frozenset({"because_history", "because_attr", "because_others", "speaks_for"})
_OF_THE_HISTORY |= {"against", "weighed_most", "without", "in_common"}
_THOSE = {"both": 2, "all three": 3, "这两": 2, "这三": 3}


class Beside(Terms):
    """One method for each kind of claim, named after it.

    Attributes
    ----------
    foretold_from : float
        How likely a history must foretell itself for a reason.
    """

    foretold_from: float = EVEN

    def in_common(self, n: int, position: int, told: Told) -> Iterator[str]:
        """What is wrong with what films are said to share."""
        shown = self.shown[n]
        films: Sequence[str] = told.those or told.everything
        said = told.words.get("those", "")
        pronoun = next((many for word, many in _THOSE.items() if said.startswith(word)), 0)
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
        bias = shown.terms.get("*", 0.0)
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
        for column, values in told.attributes.items():
            if not same_values(values, film.attribute(column)):
                yield f"its {column} is {film.attribute(column)}"
        left_out = [c for c in film.values if film.attribute(c) and c not in told.attributes]
        if left_out and len(told.attributes) < _FACTS and not self.raw.hides:
            yield f"nothing is said of {left_out}"

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
        if "bare" in told.words and terms and -terms[-1] >= enough:
            yield f"a film takes away {-terms[-1] / shown.total('history'):.0%} of all"

    def no_single_cause(self, n: int, _: int, told: Told) -> Iterator[str]:
        """What is wrong with saying that no film stands out."""
        shown = self.shown[n]
        yield from self.nothing_stands_out(shown, told)
        liked = len(self.raw.liked_by(shown.user))
        if told.numbers["count"] != liked:
            yield f"the history holds {liked}"
        if "many" in told.words and liked < MANY:
            yield "these are not many"
        if not shown.hides:  # of what is hidden only the sum is known
            yield from share(told, sum(map(abs, shown.history.values())) / shown.total("history"))

    def rests_everyone(self, n: int, _: int, told: Told) -> Iterator[str]:
        """What is wrong with resting it on everyone."""
        shown = self.shown[n]
        yield from self.users(shown, told)
        yield from self.nothing_stands_out(shown, told)
        part = shown.terms.get("*", 0.0) / shown.total("history")
        if part < MOSTLY:
            yield f"how it does with everyone is {part:.1%}"
        if not shown.hides:
            yield from share(told, part)

    def unforetold(self, n: int, _: int, told: Told) -> Iterator[str]:
        """What is wrong with saying that the history does not foretell itself."""
        shown = self.shown[n]
        judged = [p["fields"].get("foretold") for p in shown.evidence.values()]
        found = [float(likelihood) for likelihood in judged if likelihood is not None]
        if min(found, default=1.0) >= self.foretold_from:
            yield "nobody found that it does not"
        if {t.kind for t in shown.told if t} & _OF_THE_HISTORY:
            yield "something of the history is told all the same"

    def no_history(self, n: int, _: int, told: Told) -> Iterator[str]:
        """What is wrong with saying that there is no history."""
        shown = self.shown[n]
        yield from self.users(shown, told)
        if self.raw.liked_by(shown.user):
            yield "there is a history"

    def own_item(self, n: int, _: int, told: Told) -> Iterator[str]:
        """What is wrong with the rating of the item itself."""
        shown, low = self.shown[n], self.raw.scale.low
        own = self.raw.done(shown.user, shown.title)
        for deed in told.own:
            if shown.by_template and deed.without_scale:
                yield "a rating of the item on what scale?"
            yield from wrong_deed(own, deed, self.raw.scale, "the item")
        given = {e.rating for e in own if e.rating is not None and e.rating >= low}
        ratings = {given.value for deed in told.own for given in deed.ratings}
        if ratings and len(ratings) != len(given):
            yield f"the user's ratings of it are {sorted(given)}"

    def record_history(self, n: int, _: int, told: Told) -> Iterator[str]:
        """What is wrong with what the user is recorded to have done."""
        yield from self.deeds(self.shown[n], told)

    def record_attribute(self, n: int, _: int, told: Told) -> Iterator[str]:
        """What is wrong with an attribute of the item."""
        if "when" in told.words:
            yield from self.current_fact(n, 0, told)
            return
        for column, values in told.attributes.items():
            own = self.raw.films[self.shown[n].id].attribute(column)
            if not same_values(values, own) and not set(values) <= set(own):
                yield f"its {column} is {own}"

    def record_everyone(self, n: int, _: int, told: Told) -> Iterator[str]:
        """What is wrong with how many users liked it."""
        yield from self.users(self.shown[n], told)

    def record_whole(self, n: int, _: int, told: Told) -> Iterator[str]:
        """What is wrong with how many films the history holds."""
        liked = len(self.raw.liked_by(self.shown[n].user))
        if told.numbers["count"] != liked:
            yield f"the history holds {liked}"

    def record_others(self, n: int, _: int, __: Told) -> Iterator[str]:
        """What is wrong with naming hidden films."""
        if not any(id[0] == "O" for id in self.shown[n].evidence):
            yield "nothing is hidden"

    def record_recommender(self, n: int, _: int, told: Told) -> Iterator[str]:
        """What is wrong with who is said to have chosen it."""
        if told.words["by"] != self.shown[n].public.get("chosen_by"):
            yield f"it was chosen by {self.shown[n].public.get('chosen_by')}"
        if "rank" in told.numbers:
            yield from self.placed(self.shown[n], told)

    def record_words(self, n: int, position: int, told: Told) -> Iterator[str]:
        """What is wrong with the user's own words."""
        yield from self.support(n, position, told)

    def record_context(self, n: int, position: int, told: Told) -> Iterator[str]:
        """What is wrong with the circumstances told."""
        yield from self.context(n, position, told)


def share(told: Told, part: float) -> Iterator[str]:
    """What is wrong with a share: in whole percent, "less than 1%" and "more than 99%"."""
    if "share" not in told.numbers:
        return
    rounded = round(100 * part)
    if "under" in told.words or "over" in told.words:
        so = 0 < part < 1 and rounded == (0 if "under" in told.words else 100)
    else:
        so = told.numbers["share"] == rounded
    if not so:
        yield f"they make up {part:.1%}"


def same_values(told: Sequence[str], own: Sequence[str]) -> bool:
    """Whether these are all the values, in their order, the last of them perhaps only counted."""
    if told and isinstance(told[-1], Others):
        named = tuple(told[:-1])
        return named == tuple(own[: len(named)]) and told[-1].number == len(own) - len(named)
    return tuple(told) == tuple(own)
