"""Untruths to plant into true sentences, so that the checker can show what it catches.

Each takes a true sentence where it stands and gives one that is surely untrue, or ``None``
where its kind does not fit.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.e2e.raw_data import LIKED
from tests.e2e.raw_scene import Scene, off_by_one, ordinal, plain, quoted, renamed

GENRES = ("Western", "Musical", "Film-Noir", "Documentary", "Animation", "War", "Comedy")
Lie = Callable[[Scene], "str | tuple[str, list[str]] | None"]
LIES: dict[str, Lie] = {}


def lie(make: Lie) -> Lie:
    """Enter a kind of untruth under its own name."""
    LIES[make.__name__.replace("_", " ")] = make
    return make


@lie
def rating_one_point_off(s: Scene) -> str | None:
    if not s.told.deeds:
        return None
    group = s.told.deeds[0]
    wrong = group.rating - 1 if group.rating == 5 else group.rating + 1
    if any(wrong in s.raw.rated(s.shown.user, title).values() for title in group.titles):
        return None
    return plain(s.text, rf"\b{group.rating} out of", f"{wrong} out of")


@lie
def scale_of_ten(s: Scene) -> str | None:
    return plain(s.text, r"out of 5\b", "out of 10")


@lie
def rated_becomes_loved(s: Scene) -> str | None:
    return plain(s.text, r"\brated\b", "loved") if s.told.deeds else None


@lie
def a_film_not_rated(s: Scene) -> str | None:
    mine = s.raw.ratings[s.shown.user]
    strange = [film.title for id, film in s.raw.films.items() if id not in mine]
    return renamed(s, s.cause(), s.other_than(strange))


@lie
def a_film_of_another_user(s: Scene) -> str | None:
    other = s.random.choice([user for user in s.raw.ratings if user != s.shown.user])
    mine = s.raw.ratings[s.shown.user]
    theirs = [s.raw.films[id].title for id in s.raw.ratings[other] if id not in mine]
    return renamed(s, s.cause(), s.other_than(theirs))


@lie
def a_film_of_the_user_that_is_not_the_reason(s: Scene) -> str | None:
    mine = [s.raw.films[id].title for id, r in s.raw.ratings[s.shown.user].items() if r >= LIKED]
    other = [title for title in mine if title not in s.shown.causes]
    return renamed(s, s.cause(), s.random.choice(other)) if other else None


@lie
def a_title_nearly_right(s: Scene) -> str | None:
    titles = re.findall("“([^“”]*)”", s.text)
    if not titles:
        return None
    title = s.random.choice(titles)
    near = [title[:-1], title + " II", title.removeprefix("The "), title + " (1996)", title.upper()]
    return renamed(s, title, s.random.choice([t for t in near if t not in s.raw.ids and t]))


@lie
def another_film_explained(s: Scene) -> str | None:
    other = [shown.title for shown in s.check.shown if shown.title != s.shown.title]
    other.append(s.other_than(list(s.raw.ids)))
    return renamed(s, s.told.item, s.random.choice(other))


@lie
def ranks_the_other_way_round(s: Scene) -> str | None:
    return plain(s.text, r"(\d+\w\w) instead of (\d+\w\w)", r"\2 instead of \1")


@lie
def rank_without_one_off(s: Scene) -> str | None:
    if "without" not in s.told.numbers:
        return None
    wrong = ordinal(s.told.numbers["without"] + s.random.choice((-1, 1)))
    return plain(s.text, r"[\d,]+\w\w instead", f"{wrong} instead")


@lie
def rank_one_off(s: Scene) -> str | None:
    if "rank" not in s.told.numbers:
        return None
    return plain(
        s.text, r"instead of [\d,]+\w\w", f"instead of {ordinal(s.told.numbers['rank'] + 1)}"
    )


@lie
def another_length_of_the_list(s: Scene) -> str | None:
    return plain(s.text, r"top \d+", f"top {s.random.choice((5, 9, 11, 20))}")


@lie
def the_rank_without_another_reason(s: Scene) -> tuple[str, list[str]] | None:
    others = [cause for cause in s.shown.causes if cause != s.told.cause]
    if not s.is_kind("without") or not s.told.cause or not others:
        return None
    other = s.random.choice(others)
    id = s.cited_film(other)
    twins = tuple(i for i in s.raw.ids[other] if i in s.shown.history)
    _, after = s.check.rank_without(s.shown.user, twins, s.shown.id)
    if id is None or after == s.told.numbers["without"]:
        return None
    return s.text.replace(f"“{s.told.cause}”", f"“{other}”"), [id]


@lie
def another_genre(s: Scene) -> str | None:
    genres = s.told.attributes.get("genre")
    if not genres:
        return None
    wrong = [g for g in GENRES if g not in s.raw.films[s.shown.id].genres]
    return plain(s.text, rf"\b{re.escape(genres[0])}(?![\w-])", s.random.choice(wrong))


@lie
def a_genre_left_out(s: Scene) -> str | None:
    if not s.is_kind("fact") or len(s.told.attributes.get("genre", ())) < 3:
        return None
    return plain(s.text, rf", {re.escape(s.told.attributes['genre'][1])}(?=,)", "")


@lie
def a_genre_too_many(s: Scene) -> str | None:
    if not s.is_kind("fact") or len(s.told.attributes.get("genre", ())) < 2:
        return None
    wrong = [g for g in GENRES if g not in s.raw.films[s.shown.id].genres]
    return plain(s.text, r"the genres ", f"the genres {s.random.choice(wrong)}, ")


@lie
def a_year_off_by_one(s: Scene) -> str | None:
    years = s.told.attributes.get("release year")
    if not years:
        return None
    return plain(s.text, rf"year {years[0]}", f"year {int(years[0]) + s.random.choice((-1, 1))}")


@lie
def users_who_liked_it_off_by_one(s: Scene) -> str | None:
    return off_by_one(s, "liked")


@lie
def films_in_the_history_off_by_one(s: Scene) -> str | None:
    return off_by_one(s, "count")


@lie
def films_that_could_be_suggested_off_by_one(s: Scene) -> str | None:
    return off_by_one(s, "candidates")


@lie
def rank_outside_the_list_one_off(s: Scene) -> str | None:
    if not s.is_kind("outside"):
        return None
    right, wrong = s.told.numbers["rank"], s.told.numbers["rank"] + s.random.choice((-1, 1))
    changed = plain(s.text, rf"\b{ordinal(right)}\b", ordinal(wrong))
    return changed or plain(s.text, rf"\brank {right:,}\b", f"rank {wrong:,}")


@lie
def users_off_by_one(s: Scene) -> str | None:
    return plain(s.text, r"\b943 users", "944 users")


@lie
def another_threshold(s: Scene) -> str | None:
    return plain(s.text, r"\b4 or higher", f"{s.random.choice((3, 5))} or higher")


@lie
def again_for_what_was_not_told(s: Scene) -> tuple[str, list[str]] | None:
    new = [title for group in s.told.deeds for title in group.titles]
    cited = [id for id in (s.cited_film(title) for title in new) if id]
    if not s.is_kind("because_history") or s.told.again:
        return None
    return f"{s.item} is recommended, again because of {quoted(new)}.", cited


@lie
def told_anew_though_told_before(s: Scene) -> str | None:
    again = s.told.again
    if not s.is_kind("because_history") or len(again) != 1 or s.told.deeds:
        return None
    (rating,) = set(s.raw.rated(s.shown.user, again[0]).values())
    return f"{s.item} is recommended because you rated “{again[0]}” {rating} out of 5."


@lie
def what_counts_against_it_as_its_reason(s: Scene) -> str | None:
    if not s.is_kind("against"):
        return None
    ((title,), rating) = s.told.deeds[0].titles, s.told.deeds[0].rating
    return f"{s.item} is recommended because you rated “{title}” {rating} out of 5."


@lie
def a_reason_as_what_counts_against_it(s: Scene) -> tuple[str, list[str]] | None:
    if not s.is_kind("because_history", "speaks_for") or not s.told.deeds:
        return None
    title, id = s.told.deeds[0].titles[0], s.cited_film(s.told.deeds[0].titles[0])
    rated = f"rated {s.told.deeds[0].rating} out of 5"
    return (f"What counts against {s.item} is “{title}” ({rated}).", [id]) if id else None


@lie
def a_catalogue_fact_as_the_reason(s: Scene) -> str | None:
    if not s.is_kind("fact") or "genre" not in s.told.attributes:
        return None
    return f"{s.item} is recommended because it has the genre {s.told.attributes['genre'][0]}."


@lie
def standing_with_everyone_turned_round(s: Scene) -> str | None:
    if not s.is_kind("everyone"):
        return None
    return f"How {s.item} does with everyone counts against it: {s.shown.evidence['B1']['text']}."


@lie
def more_than_any_of_these(s: Scene) -> str | None:
    if not s.is_kind("everyone") or len(s.shown.causes) < 2:
        return None
    if s.shown.terms["*"] > max(s.check.value(s.shown, cause) for cause in s.shown.causes):
        return None
    users = s.shown.evidence["B1"]["text"]
    return f"How {s.item} does with everyone adds more to its score than any of these: {users}."


@lie
def another_reason_counted_most(s: Scene) -> tuple[str, list[str]] | None:
    others = [cause for cause in s.shown.causes if cause != s.told.cause]
    if not s.is_kind("weighed_most") or not s.told.cause:
        return None
    other = s.random.choice(others)
    return f"Of these, “{other}” counted most.", [s.cited_film(other) or ""]


@lie
def another_number_of_reasons(s: Scene) -> str | None:
    swaps = {"each of the others": "the other", "the other(?=[:.])": "each of the others"}
    swaps |= {"Of the three": "Of the two", "Of the two": "Of the three"}
    for old, new in swaps.items():
        if s.is_kind("weighed_most") and (changed := plain(s.text, old, new)):
            right, wrong = ("the most", "more") if "two" in new else ("more", "the most")
            return changed.replace(f"added {right}", f"added {wrong}")
    return None


@lie
def the_same_goes_for_another(s: Scene) -> str | None:
    wrong = [
        shown.title
        for place, shown in enumerate(s.check.shown)
        if place < s.n or not set(s.shown.causes) <= set(shown.causes)
    ]
    if not s.told.below or not wrong:
        return None
    return renamed(s, s.told.below[-1], s.random.choice(wrong))


@lie
def others_below_off_by_one(s: Scene) -> str | None:
    others = s.told.numbers.get("others", 0)
    return plain(s.text, rf"\b{others} others?", f"{others + 1} others") if others else None


@lie
def a_film_that_lacks_it_has_it_in_common(s: Scene) -> str | None:
    if not s.is_kind("in_common") or not (s.told.those or s.told.everything):
        return None
    ((name, (value,)),) = s.told.attributes.items()
    lacking = [f.title for f in s.raw.films.values() if value not in f.attribute(name)]
    films = [t for t in (*s.told.those, *s.told.everything) if t != s.shown.title]
    return renamed(s, films[0], s.other_than(lacking))


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


@lie
def beloved(s: Scene) -> str:
    return s.text.replace("“", "the beloved “", 1) if "“" in s.text else f"Beloved: {s.text}"


@lie
def an_added_clause(s: Scene) -> str:
    return s.text.removesuffix(".") + s.random.choice(
        (
            ", which critics praised.",
            ", and you will enjoy it.",
            " because it is great.",
            ", twice.",
        )
    )


@lie
def an_added_sentence(s: Scene) -> str:
    return f"{s.text} {s.item} won four Oscars."


@lie
def a_negation(s: Scene) -> str | None:
    return plain(
        s.text,
        r"\b(is|are|has|have|had|would|rated|recommended|suggested|does|why|because|from|count|"
        r"counts|counted|adding|added|adds|outweighed|below|gives|lists|in common|in)\b",
        r"not \1",
    )
