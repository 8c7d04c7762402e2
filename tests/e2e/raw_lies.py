"""Untruths to plant into true English sentences; see raw_lies_any."""

from __future__ import annotations

from tests.e2e.raw_lies_any import ANY, GENRES
from tests.e2e.raw_scene import Lies, Scene, enter

LIES: Lies = dict(ANY)
lie = enter(LIES)


def ordinal(value: int) -> str:
    ending = (
        "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    )
    return f"{value:,}{ending}"


@lie
def rating_one_point_off(s: Scene) -> str | None:
    if not s.told.deeds:
        return None
    group = s.told.deeds[0]
    wrong = group.rating - 1 if group.rating == 5 else group.rating + 1
    if any(wrong in s.raw.rated(s.shown.user, title).values() for title in group.titles):
        return None
    return s.plain(rf"\b{group.rating} out of", f"{wrong} out of")


@lie
def scale_of_ten(s: Scene) -> str | None:
    return s.plain(r"out of 5\b", "out of 10")


@lie
def rated_becomes_loved(s: Scene) -> str | None:
    return s.plain(r"\brated\b", "loved") if s.told.deeds else None


@lie
def ranks_the_other_way_round(s: Scene) -> str | None:
    return s.plain(r"(\d+\w\w) instead of (\d+\w\w)", r"\2 instead of \1")


@lie
def rank_without_one_off(s: Scene) -> str | None:
    if "without" not in s.told.numbers:
        return None
    wrong = ordinal(s.told.numbers["without"] + s.random.choice((-1, 1)))
    return s.plain(r"[\d,]+\w\w instead", f"{wrong} instead")


@lie
def rank_one_off(s: Scene) -> str | None:
    if "rank" not in s.told.numbers:
        return None
    return s.plain(r"instead of [\d,]+\w\w", f"instead of {ordinal(s.told.numbers['rank'] + 1)}")


@lie
def another_length_of_the_list(s: Scene) -> str | None:
    return s.plain(r"top \d+", f"top {s.random.choice((5, 9, 11, 20))}")


@lie
def a_list_of_one(s: Scene) -> str | None:
    return s.plain(r"among your top \d+", "your first suggestion")


@lie
def a_genre_left_out(s: Scene) -> str | None:
    genres = s.told.attributes.get("genre", ())
    return s.plain(rf", {genres[1]}(?=,)", "") if s.is_kind("fact") and len(genres) > 2 else None


@lie
def a_genre_too_many(s: Scene) -> str | None:
    if not s.is_kind("fact") or len(s.told.attributes.get("genre", ())) < 2:
        return None
    wrong = [g for g in GENRES if g not in s.raw.films[s.shown.id].genres]
    return s.plain(r"\bgenres ", f"genres {s.random.choice(wrong)}, ")


@lie
def rank_outside_the_list_one_off(s: Scene) -> str | None:
    if not s.is_kind("outside", "chosen_elsewhere") or "rank" not in s.told.numbers:
        return None
    right, wrong = s.told.numbers["rank"], s.told.numbers["rank"] + s.random.choice((-1, 1))
    changed = s.plain(rf"\b{ordinal(right)}\b", ordinal(wrong))
    return changed or s.plain(rf"\brank {right:,}\b", f"rank {wrong:,}")


@lie
def another_threshold(s: Scene) -> str | None:
    return s.plain(r"\b4 or higher", f"{s.random.choice((3, 5))} or higher")


@lie
def again_for_what_was_not_told(s: Scene) -> tuple[str, list[str]] | None:
    new = [title for group in s.told.deeds for title in group.titles]
    cited = [id for id in (s.cited_film(title) for title in new) if id]
    if not s.is_kind("because_history") or s.told.again:
        return None
    return f"{s.item} is recommended, again because of {s.marked(new)}.", cited


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
    rated = f"you rated it {s.told.deeds[0].rating} out of 5"
    return (f"What counts against {s.item} is “{title}” ({rated}).", [id]) if id else None


@lie
def a_catalogue_fact_as_the_reason(s: Scene) -> str | None:
    if not s.is_kind("fact") or "genre" not in s.told.attributes:
        return None
    return f"{s.item} is recommended because of its genre ({s.told.attributes['genre'][0]})."


@lie
def hidden_films_as_the_reason(s: Scene) -> str | None:
    if not s.is_kind("because_history"):
        return None
    return f"{s.item} is recommended because of films in your history."


@lie
def an_evening_as_the_reason(s: Scene) -> str | None:
    return f"That it is evening adds to the score of {s.item}." if s.is_kind("everyone") else None


@lie
def chosen_by_somebody_else(s: Scene) -> str | None:
    if s.is_kind("chosen_elsewhere"):
        return s.plain(r"\bthe shop's own list\b", "the other shop")
    why = "the reasons of Acme but what our own model finds"
    item = s.item
    return f"{item} was chosen by Acme; what follows is not {why}." if s.position == 0 else None


@lie
def standing_with_everyone_turned_round(s: Scene) -> str | None:
    if not s.is_kind("everyone"):
        return None
    return f"How {s.item} does with everyone counts against it: {s.shown.evidence['B1']['text']}."


@lie
def better_becomes_worse(s: Scene) -> str | None:
    if not s.is_kind("everyone", "everyone_against"):
        return None
    return s.plain(r"\bbetter\b", "worse") or s.plain(r"\bworse\b", "better")


@lie
def more_than_any_of_these(s: Scene) -> str | None:
    if not s.is_kind("everyone") or len(s.shown.causes) < 2:
        return None
    if s.shown.terms["*"] > max(s.check.value(s.shown, cause) for cause in s.shown.causes):
        return None
    does = "does better with everyone than your history alone suggests"
    adds = "which adds more to its score than any of these"
    return f"{s.item} {does}, {adds}: {s.shown.evidence['B1']['text']}."


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
        if s.is_kind("weighed_most") and (changed := s.plain(old, new)):
            right, wrong = ("the most", "more") if "two" in new else ("more", "the most")
            return changed.replace(f"added {right}", f"added {wrong}")
    return None


@lie
def others_below_off_by_one(s: Scene) -> str | None:
    others = s.told.numbers.get("others", 0)
    return s.plain(rf"\b{others} others?", f"{others + 1} others") if others else None


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
    return s.plain(
        r"\b(is|are|has|have|had|would|rated|recommended|suggested|does|why|because|from|count|"
        r"counts|counted|adding|added|adds|outweighed|below|gives|lists|in common|in|was|chose)\b",
        r"not \1",
    )
