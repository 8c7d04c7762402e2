"""What was done is told as it was, in few words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from recx_agent.prompts import TemplateWriter
from recx_agent.protocols import Claim

Written = Callable[..., list[str]]
Event = dict[str, Any]


def events(title: str, *given: Event, **fields: Any) -> dict[str, Any]:
    return {"title": title, "events": list(given), **fields}


def of(kind: str, rating: float | None = None, date: str | None = None) -> Event:
    return {"event_type": kind, "rating": rating, "date": date}


def told(written: Written, *fields: dict[str, Any], **wording: str) -> str:
    """What follows "because" when these are the causes."""
    given = {f"H{number}": each for number, each in enumerate(fields, start=1)}
    claim = Claim("because_history", tuple(given))
    text = written("item_first", claim, fields=given, wording={"item": "film", **wording})[0]
    return text.partition(" because you ")[2]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("view", "viewed “X”."),
        ("watch", "watched “X”."),
        ("purchase", "bought “X”."),
        ("buy", "bought “X”."),
        ("read", "read “X”."),
        ("listen", "listened to “X”."),
        ("play", "played “X”."),
        ("click", "opened “X”."),
        ("like", "liked “X”."),
        ("favourite", "saved “X”."),
        ("enrol", "enrolled in “X”."),
        ("Page View", "viewed “X”."),
        ("add-to-cart", "put “X” in your cart."),
        ("borrow", "borrowed “X”."),
        ("interaction", "have “X” in your history."),
        ("teleport", "have “X” in your history (teleport)."),
        ("{{ 7 * 7 }}", "have “X” in your history (“{{ 7 * 7 }}”)."),
    ],
)
def test_event_types_have_their_verbs(written: Written, kind: str, expected: str) -> None:
    assert told(written, events("X", of(kind))) == expected


@pytest.mark.parametrize(
    ("fields", "unit", "expected"),
    [
        ({"rating": 5.0, "rating_max": 5.0}, "", "rated “X” 5 out of 5."),
        ({"rating": 4.5, "rating_max": 5}, "", "rated “X” 4.5 out of 5."),
        ({"rating": 4.300000190734863, "rating_max": 5}, "", "rated “X” 4.3 out of 5."),
        ({"rating": 5, "rating_max": 5}, "stars", "rated “X” 5 out of 5 stars."),
        ({"rating": 1, "rating_max": 5}, "star", "rated “X” 1 out of 5 stars."),
        ({"rating": 1, "rating_max": None}, "stars", "rated “X” 1 star."),
        ({"rating": 1250, "rating_max": 2000}, "points", "rated “X” 1,250 out of 2,000 points."),
        ({"rating": None, "rating_max": None}, "", "rated “X”."),
        ({"rating": 8, "rating_min": 1, "rating_max": 10}, "", "rated “X” 8 out of 10."),
        ({"rating": 0.8, "rating_min": 0, "rating_max": 1}, "", "rated “X” 0.8 out of 1."),
        ({"rating": 80, "rating_max": 100}, "%", "rated “X” 80%."),
        ({"rating": 80, "rating_max": 100}, "percent", "rated “X” 80%."),
        ({"rating": 80, "rating_max": 100}, "", "rated “X” 80 out of 100."),
        (
            {"rating": -3, "rating_min": -10, "rating_max": 10},
            "",
            "rated “X” -3 on a scale from -10 to 10.",
        ),
        ({"rating": 1, "rating_max": 1}, "thumbs", "gave “X” a thumbs up."),
        ({"rating": 0, "rating_max": 1}, "thumbs", "gave “X” a thumbs down."),
        ({"rating": -1, "rating_max": 1}, "thumbs", "gave “X” a thumbs down."),
        ({"rating": 1, "rating_min": 1, "rating_max": 2}, "thumbs", "gave “X” a thumbs down."),
        ({"rating": 1}, "Thumbs", "gave “X” a thumbs up."),
        # Neither up nor down: told as the number that it is.
        (
            {"rating": 0, "rating_min": -1, "rating_max": 1},
            "thumbs",
            "rated “X” 0 on a scale from -1 to 1 thumb.",
        ),
    ],
)
def test_a_rating_is_told_on_its_scale(
    written: Written, fields: dict[str, Any], unit: str, expected: str
) -> None:
    given = {"title": "X", "event_type": "rating", **fields}
    assert told(written, given, scale_unit=unit) == expected


def test_the_value_of_an_event_that_is_no_rating_is_not_told(written: Written) -> None:
    assert told(written, events("X", of("view", 3.0), rating_max=5)) == "viewed “X”."


def test_several_events_with_one_item_are_listed_once(written: Written) -> None:
    both = events("X", of("view"), of("purchase"))
    assert told(written, both) == "viewed and bought “X”."
    watched = events("X", of("rating", 5), of("watch"), rating_max=5)
    assert told(written, watched) == "watched “X” and rated it 5 out of 5."
    three = events("X", of("view"), of("save"), of("purchase"), of("rating", 4), rating_max=5)
    assert told(written, three) == "viewed, saved, and bought “X”, and rated it 4 out of 5."
    reviewed = events("X", of("review", 4), rating_max=5)
    assert told(written, reviewed) == "reviewed “X” and rated it 4 out of 5."
    thumbed = events("X", of("review", 1), of("rating", 1), rating_max=1)
    assert told(written, thumbed, scale_unit="thumbs") == "gave “X” a thumbs up and reviewed it."
    known = events("X", of("interaction"), of("view"))
    assert told(written, known) == "viewed “X”."
    unknown = events("X", of("zap"), of("view"), of("zip"))
    assert told(written, unknown) == "viewed “X” and have it in your history (zap and zip)."


def test_repeated_events_are_counted(written: Written) -> None:
    assert told(written, events("X", *[of("view")] * 2)) == "viewed “X” twice."
    assert told(written, events("X", *[of("view")] * 3)) == "viewed “X” three times."
    assert told(written, events("X", *[of("view")] * 12)) == "viewed “X” 12 times."
    bought = events("X", *[of("view")] * 2, of("buy"))
    assert told(written, bought) == "viewed “X” twice and bought it."
    twice = [events(title, *[of("view")] * 2) for title in "XY"]
    assert told(written, *twice) == "viewed “X” and “Y” twice each."
    one = told(written, events("X", of("view")), events("Y", *[of("view")] * 2))
    assert one == "viewed “X” and viewed “Y” twice.", "not: “X” and “Y” twice"


def test_what_was_done_is_told_in_the_order_given_with_ratings_last(written: Written) -> None:
    basket = events("X", of("view"), of("add_to_cart"), of("buy"))
    assert told(written, basket) == "viewed “X”, put it in your cart, and bought it."
    bought = events("X", of("buy"), of("rating", 4), of("watch"), rating_max=5)
    assert told(written, bought) == "bought and watched “X” and rated it 4 out of 5."


def test_differing_ratings_of_one_item_are_all_told(written: Written) -> None:
    changed = events("X", of("rating", 5), of("rating", 4), rating_max=5)
    assert told(written, changed) == "rated “X” twice (5 out of 5 and 4 out of 5)."
    same = events("X", of("rating", 5), of("rating", 5), rating_max=5)
    assert told(written, same) == "rated “X” 5 out of 5."


def test_items_are_grouped_by_what_was_done(written: Written) -> None:
    x, y, z = (events(title, of("view")) for title in "XYZ")
    five, four = (events(t, of("rating", n), rating_max=5) for t, n in (("V", 5), ("W", 4)))
    assert told(written, x, y, z) == "viewed “X”, “Y”, and “Z”."
    assert told(written, five, x) == "rated “V” 5 out of 5 and viewed “X”."
    assert told(written, five, x, y) == "rated “V” 5 out of 5, and viewed “X” and “Y”."
    assert told(written, five, x, four) == (
        "rated “V” 5 out of 5 and “W” 4 out of 5, and viewed “X”."
    )
    both = [events(t, of("watch"), of("rating", 5), rating_max=5) for t in "PQ"]
    assert told(written, *both) == "watched “P” and “Q” and rated both 5 out of 5."
    all_three = [events(t, of("watch"), of("rating", 5), rating_max=5) for t in "PQR"]
    assert told(written, *all_three) == (
        "watched “P”, “Q”, and “R” and rated all three 5 out of 5."
    )


def test_it_is_told_who_did_it(written: Written) -> None:
    given = {
        "H1": events("P", of("watch"), of("rating", 5), rating_max=5),
        "H2": events("Q", of("add_to_cart")),
        "H3": events("R", of("zap")),
    }
    text = written("because_of", Claim("because_history", tuple(given)), fields=given)[0]
    assert text.endswith(
        "because of “P” (you watched it and rated it 5 out of 5), “Q” (you put it in your cart), "
        "and “R” (you have it in your history (zap))."
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"liked_by": 3, "liked_from": 4.0}, "3 of 9 users rated it 4 or higher"),
        ({"liked_by": 1, "liked_event": "purchase"}, "1 of 9 users bought it"),
        ({"liked_by": 3, "liked_event": "add_to_cart"}, "3 of 9 users put it in their cart"),
        ({"liked_by": 0, "liked_event": "view"}, "none of 9 users viewed it"),
        ({"liked_by": 1}, "1 of 9 users has it in their history"),
        ({"liked_by": 9}, "all 9 users have it in their history"),
        ({"liked_by": 3, "liked_event": "zap"}, "3 of 9 users have it in their history"),
    ],
)
def test_what_everyone_did_is_told_as_it_was(
    writer: TemplateWriter, fields: dict[str, Any], expected: str
) -> None:
    wording = {"language": "en"}
    assert writer.evidence_text("B1", {"users": 9, **fields}, wording) == expected


def test_what_everyone_rated_is_told_on_the_scale(writer: TemplateWriter) -> None:
    fields = {"users": 9, "liked_by": 3, "liked_from": 4}
    stars = writer.evidence_text("B1", fields, {"scale_unit": "stars"})
    assert stars == "3 of 9 users rated it 4 stars or higher"
    thumbs = writer.evidence_text("B1", {**fields, "liked_from": 1}, {"scale_unit": "thumbs"})
    assert thumbs == "3 of 9 users gave it a thumbs up"
