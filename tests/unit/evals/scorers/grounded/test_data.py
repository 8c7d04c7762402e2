"""The raw files, read without the rest of the project."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from recx_agent.errors import DataError
from recx_agent.evals.scorers import Sources
from recx_agent.evals.scorers.grounded.data import (
    LIKED_UNRATED,
    UNRATED,
    Film,
    Raw,
    Scale,
    day_of,
    spoken,
)
from recx_agent.evals.scorers.grounded.marking import Marker
from recx_agent.evals.scorers.grounded.source import raw_of
from recx_agent.settings import DataSettings

ITEMS = "id,name,year,genre\n1,Sabrina,1954,Comedy;Romance\n2,Sabrina,1995,Comedy\n3,Heat,1995,\n"
EVENTS = "who,id,stars,when,text\na,1,9,881250949,\na,3,2,1997-12-04,so  tense\nb,1,7,881250949,\n"
MAP = {
    "user_id": "who",
    "item_id": "id",
    "value": "stars",
    "timestamp": "when",
    "title": "name",
}


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    (tmp_path / "i.csv").write_text(ITEMS, encoding="utf-8-sig")
    (tmp_path / "e.csv").write_text(EVENTS, encoding="utf-8")
    data = DataSettings(map=MAP, scale=(0, 10), multi_separator=";")
    return Sources(tmp_path / "e.csv", tmp_path / "i.csv", data)


def test_files_are_read_by_their_own_names_and_scale(sources: Sources) -> None:
    raw = raw_of(sources)
    assert raw is not None
    assert raw.scale == Scale(0, 10, 7.5)  # three quarters of the scale
    assert raw.films["1"].attribute("genre") == ("Comedy", "Romance")
    assert raw.films["3"].attribute("genre") == ()
    assert raw.ratings["a"] == {"1": 9, "3": 2}
    assert raw.days["a", "1"] == raw.days["a", "3"] == "1997-12-04"
    assert raw.liked["1"] == 1 and raw.liked_by("a") == {"1"}
    assert raw.texts["a"] == {"so tense"}
    assert raw.candidates("a") == 1
    assert raw.named("Sabrina") == {"1", "2"} and raw.named("Sabrina (1995)") == {"2"}


def test_files_that_cannot_be_read_are_named(sources: Sources) -> None:
    assert sources.interactions is not None
    assert raw_of(Sources()) is None
    for broken in (EVENTS.replace("stars", "points"), EVENTS.replace(",9,", ",good,")):
        sources.interactions.write_text(broken, encoding="utf-8")
        with pytest.raises(DataError, match=r"e\.csv"):
            raw_of(sources)


def test_a_film_listed_twice_is_one() -> None:
    twice = {"1": Film("Heat", {"year": ("1995",)}), "2": Film("Heat", {"year": ("1995",)})}
    raw = Raw(twice, [])
    assert raw.same("2") == "1" and raw.candidates("nobody") == 1


def test_days_are_in_utc() -> None:
    assert day_of("881250949") == "1997-12-04"
    assert day_of("1997-12-04T23:30:00-05:00") == "1997-12-05"


def test_titles_of_a_card_index_are_said_the_other_way_round() -> None:
    assert spoken("Piano, The") == "The Piano"
    assert spoken("Wings of Desire (Himmel über Berlin, Der)") == (
        "Wings of Desire (Der Himmel über Berlin)"
    )


@pytest.mark.parametrize(
    ("text", "language", "marked"),
    [
        ('See "Heat" and *Heat*.', "en", "See “Heat” and “Heat”."),
        ("Blade Runner is it.", "en", "“Blade Runner” is it."),
        ("The heat of Heat, not Alien.", "en", "The heat of “Heat”, not Alien."),
        ("“M*A*S*H” is marked.", "en", "“M*A*S*H” is marked."),
        ("Rear Windows is not.", "en", "Rear Windows is not."),
        ("推荐Heat，和《Blade Runner》。", "zh", "推荐《Heat》，和《Blade Runner》。"),
    ],
)
def test_titles_are_marked_where_a_writer_left_it_out(
    text: str, language: str, marked: str
) -> None:
    titles = ("Heat", "Alien", "Blade Runner", "Rear Window")
    raw = Raw({str(n): Film(title) for n, title in enumerate(titles)}, [])
    assert Marker(raw).marked(text, language, ["Heat"]) == marked


def test_events_without_ratings_and_times_are_read_from_any_table(tmp_path: Path) -> None:
    """Half of it in Parquet, half with semicolons; nobody rated anything."""
    items = pd.DataFrame(
        {"sku": ["1", "2"], "name": ["A “b”", "C"], "tags": [["x", "y"], []], "size": [3.0, None]}
    )
    items.to_parquet(tmp_path / "i.parquet")
    text = "who;sku;what\na;1;purchase\na;1;purchase\na;2;dislike\nb;2;view\n"
    (tmp_path / "e.csv").write_text(text, encoding="utf-8")
    names = {"user_id": "who", "item_id": "sku", "event_type": "what", "title": "name"}
    raw = raw_of(Sources(tmp_path / "e.csv", tmp_path / "i.parquet", DataSettings(map=names)))
    assert raw is not None
    assert raw.columns == ("tags", "size")
    assert raw.films["1"].values == {"tags": ("x", "y"), "size": ("3",)}
    assert raw.films["1"].title == "A ‘b’"  # as texts show it
    assert raw.liked_by("a") == {"1"} and raw.liked == {"1": 1, "2": 1}
    assert raw.ratings["a"] == {"1": LIKED_UNRATED, "2": UNRATED}
    assert [event.kind for event in raw.done("a", "A ‘b’")] == ["purchase", "purchase"]
    assert raw.candidates("a") == 0 and raw.candidates("b") == 1


def test_titles_that_several_items_have_are_told_apart() -> None:
    red, blue = ("Mug", {"colour": ("red",)}), ("Mug", {"colour": ("blue",)})
    raw = Raw({"1": Film(*red), "2": Film(*blue), "3": Film(*red)}, [])
    assert raw.named("Mug") == {"1", "2"}
    assert raw.named("Mug (blue)") == {"2"} and raw.named("Mug (3)") == {"1"}
