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


WORDING = {"item": "film", "attribute_names": {"year": "release year"}}


@pytest.mark.parametrize(
    ("id", "fields", "expected"),
    [
        (
            "H1",
            {
                "title": "Fargo",
                "event_type": "rating",
                "rating": 5.0,
                "rating_max": 5,
                "date": "1997-11-03",
            },
            "“Fargo”, rated 5 out of 5 on 1997-11-03",
        ),
        ("H2", events("X", of("view")), "“X”, viewed"),
        (
            "H3",
            events("X", of("watch", None, "2020-01-01"), of("rating", 4, "2020-01-02")),
            "“X”, watched on 2020-01-01 and rated 4 on 2020-01-02",
        ),
        (
            "H4",
            events("X", of("rating", 4, "2020-01-01"), of("rating", 5, "2021-01-01"), rating_max=5),
            "“X”, rated 4 out of 5 on 2020-01-01 and 5 out of 5 on 2021-01-01",
        ),
        (
            "H5",
            events("X", *[of("view", None, f"2020-01-0{day}") for day in (2, 1)]),
            "“X”, viewed twice on 2020-01-01 and 2020-01-02",
        ),
        (
            "H6",
            events("X", *[of("view", None, f"2020-01-0{day}") for day in (4, 2, 1, 3)]),
            "“X”, viewed four times between 2020-01-01 and 2020-01-04",
        ),
        (
            "H7",
            events("X", of("zap", None, "2020-01-01")),
            "“X”, in your history, zap, on 2020-01-01",
        ),
        ("A1", {"name": "genre", "value": "Drama"}, "genre: Drama"),
        ("A2", {"name": "year", "value": 1997.0}, "release year: 1997"),
        ("F1", {"name": "genre", "values": ["Crime", "Drama"]}, "genres: Crime and Drama"),
        (
            "F2",
            {"name": "genre", "values": list("ABCDEFG")},
            "genres: A, B, C, D, E, and 2 others",
        ),
        (
            "B1",
            {"liked_by": 1298, "users": 6040, "liked_by_text": "rated it 4 or higher"},
            "1,298 of 6,040 users rated it 4 or higher",
        ),
        (
            "B2",
            {"liked_by": 1, "users": 943},
            "1 of 943 users has it in their history as a positive",
        ),
        (
            "B3",
            {"liked_by": 0, "users": 9, "liked_by_text": "bought it"},
            "none of 9 users bought it",
        ),
        ("B4", {"liked_by": 9, "users": 9, "liked_by_text": "bought it"}, "all 9 users bought it"),
        (
            "B5",
            {"liked_by": 1, "users": 1, "liked_by_text": "bought it"},
            "the only user bought it",
        ),
        ("T1", {"count": 1450, "share": 0.5}, "1,450 films in your history"),
        ("T2", {"count": 1, "share": 0.5}, "1 film in your history"),
    ],
)
def test_evidence_by_itself(
    writer: TemplateWriter, id: str, fields: dict[str, Any], expected: str
) -> None:
    assert writer.evidence_text(id, fields, WORDING) == expected
