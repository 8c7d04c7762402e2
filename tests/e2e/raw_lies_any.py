"""Untruths to plant into true sentences of any language, to show what the checker catches.

Each takes a true sentence where it stands and gives one that is surely untrue, or ``None``
where its kind does not fit.
"""

from __future__ import annotations

import re

from tests.e2e.raw_scene import Lies, Scene, enter

GENRES = ("Western", "Musical", "Film-Noir", "Documentary", "Animation", "War", "Comedy")
ANY: Lies = {}
lie = enter(ANY)


@lie
def a_film_not_rated(s: Scene) -> str | None:
    mine = s.raw.ratings[s.shown.user]
    strange = [film.title for id, film in s.raw.films.items() if id not in mine]
    return s.renamed(s.cause(), s.other_than(strange))


@lie
def a_film_of_another_user(s: Scene) -> str | None:
    other = s.random.choice([user for user in s.raw.ratings if user != s.shown.user])
    mine = s.raw.ratings[s.shown.user]
    theirs = [s.raw.films[id].title for id in s.raw.ratings[other] if id not in mine]
    return s.renamed(s.cause(), s.other_than(theirs))


@lie
def a_film_of_the_user_that_is_not_the_reason(s: Scene) -> str | None:
    mine = [
        s.raw.films[id].title
        for id, r in s.raw.ratings[s.shown.user].items()
        if r >= s.raw.scale.liked
    ]
    other = [title for title in mine if title not in s.shown.causes]
    return s.renamed(s.cause(), s.random.choice(other)) if other else None


@lie
def a_title_nearly_right(s: Scene) -> str | None:
    titles = s.check.tongue.titles(s.text)
    if not titles:
        return None
    title = s.random.choice(titles)
    near = [title[:-1], title + " II", title.removeprefix("The "), title + " (1996)", title.upper()]
    return s.renamed(title, s.random.choice([t for t in near if t not in s.raw.ids and t]))


@lie
def another_film_explained(s: Scene) -> str | None:
    other = [shown.title for shown in s.check.shown if shown.title != s.shown.title]
    other.append(s.other_than(list(s.raw.ids)))
    return s.renamed(s.told.item, s.random.choice(other))


@lie
def the_rank_without_another_reason(s: Scene) -> tuple[str, list[str]] | None:
    told = s.told.gone[0] if len(s.told.gone) == 1 else None
    others = [cause for cause in s.shown.causes if cause != told]
    if not s.is_kind("without") or told is None or not others:
        return None
    other = s.random.choice(others)
    id = s.cited_film(other)
    twins = tuple(i for i in s.raw.ids[other] if i in s.shown.history)
    _, after = s.check.rank_without(s.shown.user, twins, s.shown.id)
    if id is None or after == s.told.numbers["without"]:
        return None
    return s.text.replace(s.mark(told), s.mark(other)), [id]


@lie
def another_genre(s: Scene) -> str | None:
    genres = s.told.attributes.get("genre")
    if not genres:
        return None
    wrong = [g for g in GENRES if g not in s.raw.films[s.shown.id].genres]
    return s.plain(rf"(?<![\w-]){re.escape(genres[0])}(?![A-Za-z-])", s.random.choice(wrong)) or (
        s.plain(re.escape(genres[0]), s.random.choice(wrong))
    )


@lie
def a_year_off_by_one(s: Scene) -> str | None:
    years = s.told.attributes.get("year")
    if not years:
        return None
    return s.plain(rf"(?<!\d){years[0]}(?!\d)", str(int(years[0]) + s.random.choice((-1, 1))))


@lie
def users_who_liked_it_off_by_one(s: Scene) -> str | None:
    return s.off_by_one("liked")


@lie
def films_in_the_history_off_by_one(s: Scene) -> str | None:
    return s.off_by_one("count")


@lie
def films_that_could_be_suggested_off_by_one(s: Scene) -> str | None:
    return s.off_by_one("candidates")


@lie
def users_off_by_one(s: Scene) -> str | None:
    return s.off_by_one("users")


@lie
def the_same_goes_for_another(s: Scene) -> str | None:
    wrong = [
        shown.title
        for place, shown in enumerate(s.check.shown)
        if place < s.n or not set(s.shown.causes) <= set(shown.causes)
    ]
    if not s.told.below or not wrong:
        return None
    return s.renamed(s.told.below[-1], s.random.choice(wrong))


@lie
def a_film_that_lacks_it_has_it_in_common(s: Scene) -> str | None:
    if not s.is_kind("in_common") or not (s.told.those or s.told.everything):
        return None
    ((column, (value,)),) = s.told.attributes.items()
    lacking = [f.title for f in s.raw.films.values() if value not in f.attribute(column)]
    films = [t for t in (*s.told.those, *s.told.everything) if t != s.shown.title]
    return s.renamed(films[0], s.other_than(lacking))


@lie
def cited_evidence_swapped(s: Scene) -> tuple[str, list[str]] | None:
    same = [id for id in s.shown.evidence if id[0] == s.cited[0][0] and id not in s.cited]
    return (s.text, [s.random.choice(same), *s.cited[1:]]) if same else None


@lie
def cited_evidence_that_is_not_there(s: Scene) -> tuple[str, list[str]]:
    return s.text, [*s.cited[1:], f"{s.cited[0][0]}99"]


@lie
def cited_evidence_left_out(s: Scene) -> tuple[str, list[str]]:
    return s.text, s.cited[1:]


@lie
def cited_evidence_of_another_sort(s: Scene) -> tuple[str, list[str]]:
    return s.text, ["F1" if s.cited[0][0] == "B" else "B1"]
