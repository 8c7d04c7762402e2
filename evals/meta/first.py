"""Untruths for free sentences: each kind gives a true sentence and its untrue twin.

The table serves any checker that is handed a text: :func:`planted` yields pairs whose true one
it should take and whose untrue one it must refuse. Nothing here knows how a checker works.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recx_agent.evals.meta.stage import Stage
from recx_agent.evals.scorers.grounded.data import Raw


@dataclass(frozen=True)
class Planted:
    """A kind of untruth in a place: the true sentence, the untrue one, and what each cites."""

    kind: str
    true: str
    untrue: str
    cited: tuple[str, ...]
    cited_untruly: tuple[str, ...]


Lie = Callable[[Stage], "tuple[str, str] | tuple[str, str, list[str]] | None"]
LIES: dict[str, Lie] = {}


def lie(make: Lie) -> Lie:
    """Enter a kind under its own name."""
    LIES[make.__name__.replace("_", " ")] = make
    return make


def planted(
    raw: Raw, explanations: Sequence[Mapping[str, Any]], seed: int = 0, times: int = 30
) -> Iterator[Planted]:
    """Plant each kind up to ``times`` times, one place after the other."""
    dice = random.Random(seed)
    counts = dict.fromkeys(LIES, 0)
    for explanation in explanations:
        stage = Stage(raw, explanation, dice)
        if not stage.causes:
            continue
        for name, make in LIES.items():
            told = make(stage) if counts[name] < times else None
            if told is not None and (told[0] != told[1] or len(told) == 3):
                counts[name] += 1
                cited = stage.evidence_of(told[0])
                wrong = told[2] if len(told) == 3 else cited
                yield Planted(name, told[0], told[1], tuple(cited), tuple(wrong))


@lie
def near_title(s: Stage) -> tuple[str, str] | None:
    """A title that is nearly one of the history."""
    true, (_, title, _) = s.reason(), s.causes[0]
    near = [title[:-1], f"{title} II", title.removeprefix("The "), title.replace("e", "a", 1)]
    near = [t for t in near if t and t != title and t not in s.raw.ids]
    return (true, s.renamed(true, title, s.dice.choice(near))) if near else None


@lie
def title_not_in_history(s: Stage) -> tuple[str, str]:
    """A film that the user never rated as the reason."""
    true = s.reason()
    return true, s.renamed(true, s.causes[0][1], s.strange())


@lie
def another_item(s: Stage) -> tuple[str, str] | None:
    """Another film is said to be suggested."""
    true = s.reason()
    return (true, s.renamed(true, s.item, s.strange())) if s.marked(s.item) in true else None


@lie
def rating_one_point_down(s: Stage) -> tuple[str, str] | None:
    """A rating told one point too low."""
    return _rating(s, -1)


@lie
def rating_one_point_up(s: Stage) -> tuple[str, str] | None:
    """A rating told one point too high."""
    return _rating(s, 1)


def _rating(s: Stage, step: int) -> tuple[str, str] | None:
    (_, title, rating), *rest = s.causes
    if rating + step in s.raw.rated(s.user, title).values():
        return None  # a film that is listed twice was rated twice: it would be true
    more = [s.frames.rated(t, r) for _, t, r in rest]
    true = s.frames.join([s.frames.rated(title, rating), *more])
    wrong = s.frames.join([s.frames.rated(title, rating + step), *more])
    return s.frames.so(true, s.item), s.frames.so(wrong, s.item)


@lie
def ratings_swapped(s: Stage) -> tuple[str, str] | None:
    """Two films with each other's ratings."""
    for first in s.causes:
        for second in s.causes:
            if first[2] != second[2]:
                both = s.frames.both_rated(first[1], first[2], second[1], second[2])
                wrong = s.frames.both_rated(first[1], second[2], second[1], first[2])
                others = [(t, r) for _, t, r in s.causes if t not in (first[1], second[1])]
                more = [s.frames.rated(t, r) for t, r in others]
                return (
                    s.frames.so(s.frames.join([both, *more]), s.item),
                    s.frames.so(s.frames.join([wrong, *more]), s.item),
                )
    return None


@lie
def item_and_history_swapped(s: Stage) -> tuple[str, str]:
    """Item and reason have changed places."""
    true, title = s.reason(), s.causes[0][1]
    swapped = s.renamed(true, title, "\0").replace(s.marked(s.item), s.marked(title))
    return true, swapped.replace(s.marked("\0"), s.marked(s.item))


@lie
def scale_of_ten(s: Stage) -> tuple[str, str] | None:
    """A rating out of ten."""
    true = s.reason()
    wrong = true.replace("out of 5", "out of 10").replace("满分5分", "满分10分")
    return (true, wrong) if wrong != true else None


@lie
def negation(s: Stage) -> tuple[str, str] | None:
    """The verb denied."""
    true = s.reason()
    wrong = re.sub(*s.frames.negated, true, count=1)
    return (true, wrong) if wrong != true else None


@lie
def one_content_word(s: Stage) -> tuple[str, str]:
    """One word of praise before the title."""
    true = s.reason()
    return true, true.replace(
        s.marked(s.item), s.dice.choice(s.frames.adjectives) + s.marked(s.item), 1
    )


@lie
def praise_beyond_the_rating(s: Stage) -> tuple[str, str] | None:
    """A film rated 4 was loved."""
    four = [(t, r) for _, t, r in s.causes if r == s.raw.scale.liked]
    if not four:
        return None
    more = [s.frames.rated(t, r) for _, t, r in s.causes if t != four[0][0]]
    true = s.frames.join([s.frames.rated(*four[0]), *more])
    wrong = s.frames.join([s.frames.loved(four[0][0]), *more])
    return s.frames.so(true, s.item), s.frames.so(wrong, s.item)


@lie
def praise_turned_round(s: Stage) -> tuple[str, str]:
    """What was rated high was disliked."""
    deeds = [s.frames.rated(t, r) for _, t, r in s.causes[1:]]
    id, title, rating = s.causes[0]
    true = s.frames.join([s.frames.rated(title, rating), *deeds])
    wrong = s.frames.join([s.frames.disliked(title), *deeds])
    return s.frames.so(true, s.item), s.frames.so(wrong, s.item)


@lie
def no_cause_told_as_cause(s: Stage) -> tuple[str, str] | None:
    """A film that the user rated, though not so that it could speak for anything."""
    low = [t for t in s.history if 0 < max(s.raw.rated(s.user, t).values()) < s.raw.scale.liked]
    if not low:
        return None
    title = s.dice.choice(low)
    rating = int(max(s.raw.rated(s.user, title).values()))
    deeds = [s.frames.rated(t, r) for _, t, r in s.causes]
    true = s.frames.so(s.frames.join(deeds), s.item)
    return true, s.frames.so(s.frames.rated(title, rating), s.item)


@lie
def what_counts_against_told_as_cause(s: Stage) -> tuple[str, str, list[str]] | None:
    """A negative term given as the reason."""
    against = [p for p in s.explanation["evidence"] if p["id"][0] == "H" and p["contribution"] < 0]
    if not against:
        return None
    fields = against[0]["fields"]
    wrong = s.frames.so(s.frames.rated(fields["title"], int(fields["rating"])), s.item)
    return s.reason(), wrong, [against[0]["id"]]


@lie
def a_cause_told_as_against(s: Stage) -> tuple[str, str]:
    """A positive term said to count against it."""
    return s.reason(), s.frames.against(s.causes[0][1], s.item)


@lie
def attribute_of_another_film(s: Stage) -> tuple[str, str, list[str]] | None:
    """A genre that the item lacks."""
    every = {genre for film in s.raw.films.values() for genre in film.genres}
    wrong = sorted(every - set(s.genres))
    return s.reason(), s.frames.genre(s.item, s.dice.choice(wrong)), _facts(s)


@lie
def shared_though_it_is_not(s: Stage) -> tuple[str, str, list[str]] | None:
    """A genre in common that only the item has."""
    title = s.causes[0][1]
    own = {g for id in s.raw.rated(s.user, title) for g in s.raw.films[id].genres}
    lone = sorted(set(s.genres) - own)
    if not lone:
        return None
    return s.reason(), s.frames.shares(s.item, title, lone[0]), [s.causes[0][0], *_facts(s)]


@lie
def a_fact_told_as_the_reason(s: Stage) -> tuple[str, str, list[str]] | None:
    """A genre given as the reason though its term is not positive."""
    terms = s.explanation["attribution"]["views"]["attribute"]
    negative = [
        t["source"]["id"].partition("=")[2]
        for t in terms
        if t["source"]["id"].startswith("genre=") and t["value"] <= 0
    ]
    if not negative:
        return None
    return s.reason(), s.frames.because_genre(s.item, negative[0]), _facts(s)


def _facts(s: Stage) -> list[str]:
    facts = [p["id"] for p in s.explanation["evidence"] if p["fields"].get("name") == "genre"]
    return facts or ["F1"]


@lie
def a_year_off_by_one(s: Stage) -> tuple[str, str, list[str]] | None:
    """The release year one off."""
    year = s.raw.films[s.explanation["item"]["item_id"]].year
    if not year:
        return None
    cited = [p["id"] for p in s.explanation["evidence"] if p["fields"].get("name") == "year"]
    return s.reason(), s.frames.year(s.item, int(year) + s.dice.choice((-1, 1))), cited or ["F1"]


@lie
def invented_count(s: Stage) -> tuple[str, str]:
    """A number of films that nothing says."""
    return s.reason(), s.frames.so(s.frames.counted(s.dice.randint(4, 30)), s.item)


@lie
def users_off_by_some(s: Stage) -> tuple[str, str, list[str]]:
    """The number of users who liked it, one or ten off."""
    liked = s.raw.liked[s.explanation["item"]["item_id"]] + s.dice.choice((-1, 1, 10))
    return s.reason(), s.frames.users(abs(liked), len(s.raw.ratings)), ["B1"]


@lie
def everyone_agrees(s: Stage) -> tuple[str, str]:
    """What everyone is said to think."""
    return _added(s, s.frames.everyone)


@lie
def critics_praise_it(s: Stage) -> tuple[str, str]:
    """What critics are said to think."""
    return _added(s, s.frames.critics)


@lie
def a_date(s: Stage) -> tuple[str, str]:
    """A date added that nothing says."""
    return _added(s, s.frames.dated)


@lie
def a_promise(s: Stage) -> tuple[str, str]:
    """A promise that it will please."""
    return _added(s, s.frames.promise)


@lie
def a_quote_of_nobody(s: Stage) -> tuple[str, str]:
    """A quote that nobody wrote."""
    return _added(s, s.frames.quotes)


@lie
def the_users_deed_given_to_others(s: Stage) -> tuple[str, str] | None:
    """The user's own ratings told as those of others."""
    true = s.frames.so(s.frames.join([s.frames.rated(t, r) for _, t, r in s.causes]), s.item)
    wrong = re.sub(*s.frames.by_others, true, count=1)
    return (true, wrong) if wrong != true else None


@lie
def strength_of_the_weaker(s: Stage) -> tuple[str, str] | None:
    """The weakest cause told as the main one."""
    if len(s.causes) < 2:
        return None
    weakest = min(
        s.causes,
        key=lambda c: {p["id"]: p["contribution"] for p in s.explanation["evidence"]}[c[0]],
    )
    return s.reason(), s.frames.mainly(weakest[1], s.item)


@lie
def another_films_citation(s: Stage) -> tuple[str, str, list[str]] | None:
    """The true sentence, citing another film."""
    told = [id for id, *_ in s.causes]
    others = [
        p["id"] for p in s.explanation["evidence"] if p["id"][0] == "H" and p["id"] not in told
    ]
    if not others:
        return None
    true = s.reason()
    return true, true, [others[0]]


@lie
def cut_short(s: Stage) -> tuple[str, str]:
    """The sentence without its end."""
    true = s.reason()
    return true, true[: -s.dice.randint(2, 6)]


def _added(s: Stage, clauses: Sequence[str]) -> tuple[str, str]:
    true = s.reason()
    return true, true[:-1] + s.dice.choice(clauses) + true[-1]
