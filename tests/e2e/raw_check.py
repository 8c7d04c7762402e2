"""Checks sentences of explanations against the raw MovieLens files, and with own arithmetic.

Nothing of recx_agent is imported. What is taken from the explanation besides its text is the
attribution (which other tests hold against ``predict``) and the evidence cited; the ranks
without a cause come from a function that is handed in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tests.e2e.raw_data import LIKED, MAXIMUM, Raw, Shown, causes_of, key
from tests.e2e.raw_evidence import wrong_citations, wrong_evidence
from tests.e2e.raw_text import Told, read

RankWithout = Callable[[str, tuple[str, ...], str], tuple[int | None, int | None]]
"""(user, ids of the removed film or ``genre=Drama``, item) to the ranks before and after."""

MIN_SHARE, MOST, MOSTLY, MANY = 0.20, 1.25, 0.5, 5
_EPSILON = 1e-9
_BANNED = re.compile(
    r"\b(?:loved?|enjoy(?:ed)?|great|favou?rites?|beloved|best|classic|perfect|likes?d|critics)\b"
)
_CAUSAL = re.compile(
    r"\b(?:because|why|reasons?|thanks to|due to|goes back|comes from|counts?|added|adds)\b"
)
_PRESUPPOSES = re.compile(
    r"(?:the suggestion|you are seeing|comes from|(?<!not )(?:suggested|recommended) because)", re.I
)


class ListCheck:
    """Checks the explanations of one list, or of one item.

    Parameters
    ----------
    raw : Raw
    explanations : sequence of mappings
        Public JSON, in the order shown; the pair view is not needed.
    k : int
        Length of the list that ranks are told against.
    rank_without : callable
    min_share : float
        Part of Σ|terms| from which causes may be told.
    """

    def __init__(
        self,
        raw: Raw,
        explanations: Sequence[Mapping[str, Any]],
        k: int,
        rank_without: RankWithout,
        min_share: float = MIN_SHARE,
    ) -> None:
        self.raw, self.k, self.min_share = raw, k, min_share
        self.shown = [Shown(self._told_once(given)) for given in explanations]
        self.rank_without = rank_without

    def _told_once(self, given: Mapping[str, Any]) -> dict[str, Any]:
        user, told = given["user_id"], dict(given)
        told["text"] = self.raw.told_once(user, given["text"])
        told["sentences"] = [
            {**sentence, "text": self.raw.told_once(user, sentence["text"])}
            for sentence in given["sentences"]
        ]
        return told

    def problems(self) -> list[str]:
        """Everything that is wrong in the whole list."""
        found = []
        titles = [shown.title for shown in self.shown]
        if len(set(titles)) < len(titles):
            found.append(f"user {self.shown[0].user}: a film is listed twice")
        for n, shown in enumerate(self.shown):
            where = f"user {shown.user}, {shown.title}"
            found += [f"{where}: {problem}" for problem in self.around(n)]
            for position, sentence in enumerate(shown.public["sentences"]):
                found += [
                    f"{where}: {sentence['text']} — {problem}"
                    for problem in self.sentence(n, position)
                ]
        return found

    def around(self, n: int) -> Iterator[str]:
        """What is wrong with an explanation apart from its sentences."""
        shown = self.shown[n]
        public = shown.public
        if public["text"] != " ".join(s["text"] for s in public["sentences"]):
            yield "the text is not its sentences"
        if (shown.reason is None) != (public["verdict"] == "abstained"):
            yield f"verdict {public['verdict']}"
        if shown.id not in self.raw.ids.get(shown.title, ()):
            yield "its id is another film's"
        if not {self.raw.film(id) for id in shown.history} <= self.raw.liked_by(shown.user):
            yield "a term of the score is a film that the user did not rate so"
        for piece in shown.evidence.values():
            yield from wrong_evidence(self.raw, shown, piece)

    def sentence(
        self, n: int, position: int, text: str | None = None, cited: Sequence[str] | None = None
    ) -> list[str]:
        """What is wrong with one sentence, or with ``text`` and ``cited`` in its place."""
        shown = self.shown[n]
        original = shown.public["sentences"][position]
        text = original["text"] if text is None else text
        told = read(text)
        if told is None:
            return ["unrecognised sentence"]
        titles = re.findall("“([^“”]*)”", text)
        found = [f"{title!r} is no film" for title in titles if title not in self.raw.ids]
        plain = re.sub("“[^“”]*”", "", text)
        if _BANNED.search(plain) or told.kind in ("fact", "in_common") and _CAUSAL.search(plain):
            found.append("words it may not have")
        rank = shown.public["attribution"]["rank"]
        if rank and rank > self.k and _PRESUPPOSES.search(plain):
            found.append("it is not suggested at all")
        if told.item is None and position == 0 and told.kind != "in_common":
            found.append("'it' is nothing yet")
        if told.item not in (None, shown.title):
            found.append("it speaks of another film")
        known = {self.raw.same(id) for id in self.raw.rated(shown.user, shown.title)}
        if (told.kind == "own_item") != (self.raw.same(shown.id) in known):
            found.append("what the user knows is no recommendation, and the other way round")
        if known - {self.raw.same(shown.id)}:
            found.append("the user knows another film of this title")
        found += getattr(self, f"_{told.kind}")(n, position, told)
        cited = original["evidence"] if cited is None else cited
        found += wrong_citations(shown, told, cited)
        return found

    def _term(self, shown: Shown, cause: str) -> tuple[tuple[str, ...], float] | None:
        """Id and term of an attribute; ids and terms of a film in the user's history."""
        if "=" in cause and cause in shown.terms:
            return (cause,), shown.terms[cause]
        own = tuple(id for id in self.raw.ids.get(cause, ()) if id in shown.history)
        if len({self.raw.same(id) for id in own}) != 1:
            return None
        return own, sum(shown.history[id] for id in own)

    def value(self, shown: Shown, cause: str) -> float:
        """The term of a reason."""
        term = self._term(shown, cause)
        return term[1] if term else 0.0

    def _deeds(self, shown: Shown, told: Told) -> Iterator[str]:
        for group in told.deeds:
            for title in group.titles:
                given = self.raw.rated(shown.user, title)
                if group.rating not in given.values() or group.maximum != MAXIMUM:
                    yield f"the user's rating of {title!r} is {list(given.values())}"
                if group.rating < LIKED:
                    yield f"a rating of {group.rating} is no reason"

    def _weighty(self, shown: Shown, causes: Sequence[str], view: str) -> Iterator[str]:
        terms = [self._term(shown, cause) for cause in causes]
        values = [term[1] for term in terms if term]
        if len(values) < len(causes) or len(set(causes)) < len(causes) or min(values) <= 0:
            yield "a reason told does not add to the score, or its title means several films"
        elif sum(values) < self.min_share * shown.total(view) - _EPSILON:
            yield f"the reasons are {sum(values) / shown.total(view):.1%} of all that was weighed"

    def _because_history(self, n: int, _: int, told: Told) -> Iterator[str]:
        shown, causes = self.shown[n], causes_of(told)
        yield from self._deeds(shown, told)
        yield from self._weighty(shown, causes, "history")
        before = {c for other in self.shown[:n] for c in other.causes}
        new = {title for group in told.deeds for title in group.titles}
        if new & before:
            yield "told anew, but it was told before"
        if not set(told.again) <= before:
            yield "told as 'again', but it was not told before"
        resting = [o.title for o in self.shown[n + 1 :] if set(causes) <= set(o.causes)]
        if not set(told.below) <= set(resting):
            yield "the same does not go for all those below"
        elif told.below and len(told.below) + told.numbers.get("others", 0) != len(resting):
            yield f"the same goes for {len(resting)} below"

    def _because_attr(self, n: int, _: int, told: Told) -> Iterator[str]:
        film = self.raw.films[self.shown[n].id]
        for name, values in told.attributes.items():
            if not set(values) <= set(film.attribute(name)) or told.others_of[name]:
                yield f"its {name} is {film.attribute(name)}"
        yield from self._weighty(self.shown[n], causes_of(told), "attribute")

    def _speaks_for(self, n: int, _: int, told: Told) -> Iterator[str]:
        if told.attributes:
            yield from self._because_attr(n, _, told)
        else:
            yield from self._deeds(self.shown[n], told)
            yield from self._weighty(self.shown[n], causes_of(told), "history")

    def _outside(self, n: int, _: int, told: Told) -> Iterator[str]:
        rank = self.shown[n].public["attribution"]["rank"]
        candidates = self.raw.candidates(self.shown[n].user)
        said = told.numbers
        if (said["rank"], said["candidates"], said["k"]) != (rank, candidates, self.k):
            yield f"it ranks {rank} of {candidates} and {self.k} are listed"
        if said["rank"] <= said["k"]:
            yield "it is not outside"

    def _one_cause(self, shown: Shown, told: Told) -> tuple[str, tuple[str, ...], float] | None:
        named = [key(name, value) for name, vs in told.attributes.items() for value in vs]
        cause = told.cause or (named[0] if len(named) == 1 else "")
        term = self._term(shown, cause)
        return (cause, *term) if cause in shown.causes and term else None

    def _weighed_most(self, n: int, position: int, told: Told) -> Iterator[str]:
        shown = self.shown[n]
        first = self._one_cause(shown, told)
        if first is None:
            yield "no reason that was told"
            return
        others = [self._term(shown, cause) for cause in shown.causes if cause != first[0]]
        if not others or any(other and first[2] < MOST * other[1] for other in others):
            yield "it did not count most by far"
        counts = {"the other": (2,), "of the two": (2,), "of the three": (3,)}
        if len(shown.causes) not in counts.get(told.words["told"], (2, 3)) or (
            told.words["told"] == "each of the others" and len(shown.causes) == 2
        ):
            yield f"{len(shown.causes)} reasons were told"
        if "rank" in told.numbers:
            yield from self._without(n, position, told)

    def _without(self, n: int, _: int, told: Told) -> Iterator[str]:
        shown, said = self.shown[n], told.numbers
        cause = self._one_cause(shown, told)
        if cause is None:
            yield "no reason that was told"
            return
        given = self.raw.rated(shown.user, told.cause) if told.cause else {}
        if told.cause and max(given.values(), default=0) < LIKED:
            yield f"{cause[0]!r} is not in the user's history"
            return
        before, after = self.rank_without(shown.user, cause[1], shown.id)
        place = n + 1 if len(self.shown) > 1 else before
        if not said["rank"] == before == place == shown.public["attribution"]["rank"]:
            yield f"the rank is {before}"
        if said["without"] != after:
            yield f"the rank without {cause[0]} is {after}"
        if "k" in said and (said["k"] != self.k or not said["rank"] <= said["k"] < said["without"]):
            yield f"the list has {self.k} places"

    def _in_common(self, n: int, position: int, told: Told) -> Iterator[str]:
        shown = self.shown[n]
        films: Sequence[str] = told.those or told.everything
        pronoun = {"both": 2, "all three": 3}.get(told.words.get("those", ""))
        if pronoun:
            films = shown.causes
            if pronoun != len(films) or any(t and t.deeds for t in shown.told[1:position]):
                yield f"unclear who is meant by {told.words['those']!r}"
        if told.everything and shown.title not in told.everything:
            yield "the film itself is missing"
        if told.words.get("both") == "both" and len(films) != 2:
            yield "both of more than two"
        for film in {*films, shown.title}:
            for name, values in told.attributes.items():
                own = [self.raw.films[id].attribute(name) for id in self.raw.named(film)]
                if not any(set(values) <= set(has) for has in own) or told.others_of[name]:
                    yield f"{film!r} has not {name} {values}"

    def _against(self, n: int, position: int, told: Told) -> Iterator[str]:
        shown = self.shown[n]
        yield from self._deeds(shown, told)
        for title in (title for group in told.deeds for title in group.titles):
            term = self._term(shown, title)
            if term is None or term[1] >= 0 or title in shown.causes:
                yield f"{title!r} does not count against it"
        yield from self._still(shown, position, told)

    def _still(self, shown: Shown, position: int, told: Told) -> Iterator[str]:
        against = {t.kind for t in shown.told[:position] if t} & {"against", "everyone_against"}
        if "still" in told.words and not against:
            yield "'also', but nothing was told against it before"

    def _users(self, shown: Shown, told: Told) -> Iterator[str]:
        said = told.numbers
        raw = (self.raw.liked[shown.id], len(self.raw.ratings), LIKED)
        if (said["liked"], said["users"], said["bar"]) != raw:
            yield f"{raw[0]} of {raw[1]} users rated it {raw[2]} or higher"

    def _everyone(self, n: int, _: int, told: Told) -> Iterator[str]:
        shown = self.shown[n]
        yield from self._users(shown, told)
        bias = shown.terms["*"]
        if bias <= 0:
            yield "it does not add to the score"
        terms = [term[1] for term in (self._term(shown, cause) for cause in shown.causes) if term]
        more = told.words.get("more", "")
        if more and bias <= max(terms, default=bias):
            yield "it does not add more"
        if more and ("any" in told.words, "even" in more) != (len(terms) > 1, len(terms) == 1):
            yield "more than what?"

    def _everyone_against(self, n: int, position: int, told: Told) -> Iterator[str]:
        yield from self._users(self.shown[n], told)
        yield from self._still(self.shown[n], position, told)
        if self.shown[n].terms["*"] >= 0:
            yield "it does not count against it"

    def _fact(self, n: int, _: int, told: Told) -> Iterator[str]:
        film = self.raw.films[self.shown[n].id]
        for name in ("release year", "genre"):
            values, raw = told.attributes.get(name, ()), film.attribute(name)
            if not set(values) <= set(raw) or len(values) + told.others_of.get(name, 0) != len(raw):
                yield f"its {name} is {raw}"

    def _nothing_stands_out(self, shown: Shown, told: Told) -> Iterator[str]:
        films = {self.raw.films[id].title for id in shown.history}
        terms = sorted((self.value(shown, film) for film in films), reverse=True)
        enough = self.min_share * shown.total("history")
        if sum(term for term in terms[:3] if term > 0) >= enough:
            yield "something stands out"
        if "bare" in told.words and -terms[-1] >= enough:
            yield f"a film takes away {-terms[-1] / shown.total('history'):.0%} of all"

    def _no_single_cause(self, n: int, _: int, told: Told) -> Iterator[str]:
        shown = self.shown[n]
        yield from self._nothing_stands_out(shown, told)
        liked = len(self.raw.liked_by(shown.user))
        if told.numbers["count"] != liked:
            yield f"the history holds {liked}"
        if "many" in told.words and len(shown.history) < MANY:
            yield "these are not many"
        part = sum(map(abs, shown.history.values())) / shown.total("history")
        if told.numbers.get("share", round(100 * part)) != round(100 * part):
            yield f"they make up {part:.1%}"
        if "whole" in told.words and (sum(shown.history.values()) <= 0 or part < MOSTLY):
            yield "the history as a whole is not where it comes from"

    def _rests_everyone(self, n: int, _: int, told: Told) -> Iterator[str]:
        shown = self.shown[n]
        yield from self._users(shown, told)
        yield from self._nothing_stands_out(shown, told)
        part = shown.terms["*"] / shown.total("history")
        if part < MOSTLY:
            yield f"how it does with everyone is {part:.1%}"
        if told.numbers.get("share", round(100 * part)) != round(100 * part):
            yield f"it makes up {part:.1%}"

    def _no_history(self, n: int, _: int, told: Told) -> Iterator[str]:
        shown = self.shown[n]
        yield from self._users(shown, told)
        if self.raw.liked_by(shown.user):
            yield "there is a history"

    def _own_item(self, n: int, _: int, told: Told) -> Iterator[str]:
        given = self.raw.rated(self.shown[n].user, self.shown[n].title)
        raw = {(rating, MAXIMUM) for rating in given.values()}
        if set(told.own) != raw or len(told.own) != len(raw):
            yield f"the user's ratings of it are {raw}"
