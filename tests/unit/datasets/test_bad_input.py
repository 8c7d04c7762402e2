"""Every kind of bad row and bad setting: file, row, field and remedy are named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recx_agent.datasets import Dataset, ImportReport, read_dataset
from recx_agent.errors import BadRows, DataError, SettingsError
from recx_agent.settings import DataSettings

Read = Callable[..., tuple[Dataset, ImportReport]]

HEADER = "who,item_id,value,timestamp,event_type,text"
GOOD = "u1,a,3,100,rating,fine"
MAP = {"user_id": "who"}


@dataclass(frozen=True)
class Bad:
    """One bad row of interactions and what is said about it."""

    row: str
    field: str
    problem: str


BAD_ROWS = {
    "empty user": Bad(",a,3,100,rating,", "who", "no user id"),
    "blank user": Bad("  ,a,3,100,rating,", "who", "no user id"),
    "long user": Bad(f"{'u' * 513},a,3,1,rating,", "who", "an id of 513 characters, 512 are"),
    "bell in user": Bad("u\x07,a,3,1,rating,", "who", "holds a control character"),
    "line in user": Bad('"u\nv",a,3,1,rating,', "who", "holds a control character"),
    "turned writing in item": Bad("u1,a\u202eb,3,1,rating,", "item_id", "a control character"),
    "unknown user": Bad("u9,a,3,100,rating,", "who", "unknown user 'u9'"),
    "unknown item": Bad("u1,zz,3,100,rating,", "item_id", "unknown item 'zz'"),
    "empty item": Bad("u1,,3,100,rating,", "item_id", "no item id"),
    "search without text": Bad("u1,,,100,search,", "item_id", "a search without item and text"),
    "view with text only": Bad("u1,,,100,view,words", "item_id", "no item id"),
    "word for a value": Bad("u1,a,good,100,rating,", "value", "'good' is not a number"),
    "decimal comma": Bad('u1,a,"3,5",100,rating,', "value", "'3,5' is not a number"),
    "underscore": Bad("u1,a,1_0,100,rating,", "value", "'1_0' is not a number"),
    "nan": Bad("u1,a,nan,100,rating,", "value", "'nan' is not a finite number"),
    "infinite": Bad("u1,a,-inf,100,rating,", "value", "'-inf' is not a finite number"),
    "beyond belief": Bad("u1,a,1e308,100,rating,", "value", "'1e308' is no plausible value"),
    "above the scale": Bad("u1,a,5.5,100,rating,", "value", "5.5 is not on the scale from 1 to 5"),
    "below the scale": Bad("u1,a,0,100,rating,", "value", "0 is not on the scale from 1 to 5"),
    "value of a view off the scale": Bad("u1,a,7,100,view,", "value", "7 is not on the scale"),
    "rating without value": Bad("u1,a,,100,rating,", "value", "a rating without a value"),
    "word for a time": Bad("u1,a,3,soon,rating,", "timestamp", "'soon' is neither seconds since"),
    "impossible date": Bad("u1,a,3,1998-02-30,rating,", "timestamp", "nor an ISO 8601 time"),
    "time before 1900": Bad("u1,a,3,1899-12-31,rating,", "timestamp", "not a time from 1900"),
    "year 9999": Bad("u1,a,3,9999-01-01,rating,", "timestamp", "'9999-01-01' is not a time from"),
    "time after 2200": Bad("u1,a,3,8000000000,rating,", "timestamp", "not a time from 1900"),
    "one time in another unit": Bad(
        "u1,a,3,881250949000,rating,", "timestamp", "read as seconds, is not"
    ),
    "nan for a time": Bad("u1,a,3,nan,rating,", "timestamp", "not a time from 1900"),
    "endless event type": Bad(f"u1,a,3,100,{'x' * 65},", "event_type", "is no name of an event"),
    "duplicate": Bad("u1,a,3,100,rating,other words", "who", "duplicate of row 2"),
    "duplicate written otherwise": Bad("u1, a,3.0,1970-01-01T00:01:40,rating,", "who", "of row 2"),
    "too few fields": Bad("u1,a,3", "timestamp", "3 field(s) where the header has 6"),
    "too many fields": Bad("u1,a,3,1,rating,,", "column 7", "7 field(s) where the header has 6"),
}


@pytest.mark.parametrize("kind", BAD_ROWS)
def test_a_bad_row_is_named(read: Read, kind: str) -> None:
    bad = BAD_ROWS[kind]
    lines = (HEADER, GOOD, "u2,a,4,101,rating,", bad.row, "u2,b,5,102,rating,")
    others: dict[str, Any] = {
        "items": ("item_id,title", "a,A", "b,B"),
        "users": ("user_id", "u1", "u2", f"{'u' * 500}"),
        "map": MAP,
        "scale": (1, 5),
    }
    with pytest.raises(BadRows) as caught:
        read(*lines, **others)
    error = caught.value
    assert [row.row for row in error.rows] == [4]
    assert (error.row, error.field) == (4, bad.field)
    assert bad.problem in error.rows[0].problem
    assert error.source.endswith("interactions.csv")
    assert "row 4" in str(error)
    assert "--max-bad-rows 1" in str(error)

    dataset, report = read(*lines, **others, max_bad_rows=1)
    assert len(dataset.events) == 3
    assert report.files[-1].dropped == error.rows


BAD_ITEMS = {
    "no title": ("b,", "title", "no title"),
    "title of spaces": ('b,"  "', "title", "no title"),
    "title of control characters": ("b,\x07\x08", "title", "no title"),
    "no id": (",B", "item_id", "no item id"),
    "id again": ("a,B", "item_id", "the id is that of row 2 again"),
}


@pytest.mark.parametrize("kind", BAD_ITEMS)
def test_a_bad_item_is_named(read: Read, kind: str) -> None:
    row, field, problem = BAD_ITEMS[kind]
    with pytest.raises(BadRows) as caught:
        read("user_id,item_id", "u,a", items=("item_id,title", "a,A", row))
    error = caught.value
    assert error.source.endswith("items.csv")
    assert (error.row, error.field) == (3, field)
    assert error.rows[0].problem == problem


def test_a_repeated_user_is_named(read: Read) -> None:
    with pytest.raises(BadRows, match="the id is that of row 2 again") as caught:
        read("user_id,item_id", "u,a", users=("user_id,age", "u,1", "v,2", "u,3"))
    assert (caught.value.row, caught.value.field) == (4, "user_id")
    assert caught.value.source.endswith("users.csv")


def test_rows_of_a_frame_are_counted_from_zero() -> None:
    frame = pd.DataFrame({"user_id": ["u", "u", None], "item_id": ["a", "b", "c"]})
    with pytest.raises(BadRows) as caught:
        read_dataset(DataSettings(), interactions=frame)
    assert caught.value.row == 2
    assert caught.value.source == "interactions (data frame)"


def test_a_missing_value_in_a_frame_is_no_liking() -> None:
    frame = pd.DataFrame({"user_id": ["u", "u"], "item_id": ["a", "b"], "value": [5.0, None]})
    with pytest.raises(BadRows, match="a rating without a value"):
        read_dataset(DataSettings(), interactions=frame)


def test_only_the_first_problem_of_a_row_counts(read: Read) -> None:
    with pytest.raises(BadRows) as caught:
        read("user_id,item_id,value", "u,a,3", ",,x", "u,b,y")
    assert [(bad.row, bad.field) for bad in caught.value.rows] == [(3, "user_id"), (4, "value")]


def test_lines_after_a_quoted_break_are_named_rightly(read: Read) -> None:
    with pytest.raises(BadRows) as caught:
        read("user_id,item_id,value,text", 'u,a,3,"one', "two", 'three"', "u,b,x,")
    assert caught.value.row == 5


def test_all_rows_bad_is_an_error_whatever_is_allowed(read: Read) -> None:
    with pytest.raises(DataError, match="no row can be used"):
        read("user_id,item_id,value", "u,a,x", "u,b,y", max_bad_rows=10)


def test_dropping_an_item_makes_its_interactions_bad(read: Read) -> None:
    lines = ("user_id,item_id", "u,a", "u,b")
    items = ("item_id,title", "a,A", "b,")
    dataset, report = read(*lines, items=items, max_bad_rows=1)
    assert dataset.catalogue.ids.ids == ("a",)
    assert [file.rows_kept for file in report.files] == [1, 1]


@pytest.mark.parametrize(
    ("header", "remedy"),
    [
        ("userId,item_id", "--map user_id=userId"),
        ("uid,item_id", "--map user_id=uid"),
        ("x,item_id", "--map user_id=…"),
        ("u1,7", "if the first line is a row already, put a line of column names before it"),
    ],
)
def test_a_missing_column_is_named_with_the_remedy(read: Read, header: str, remedy: str) -> None:
    with pytest.raises(DataError) as caught:
        read(header, "u,a")
    error = caught.value
    assert error.field == "user_id"
    assert error.source.endswith("interactions.csv")
    assert f"there are {header.replace(',', ', ')}" in error.problem
    assert remedy in (error.remedy or "")


@pytest.mark.parametrize("separator", ["|", "::", ":", " "])
def test_another_separator_is_named_with_the_remedy(read: Read, separator: str) -> None:
    with pytest.raises(DataError) as caught:
        read(f"user_id{separator}item_id", f"u{separator}a")
    remedy = f"if {separator!r} separates the fields, write the file anew with commas"
    assert remedy in (caught.value.remedy or "")


def test_a_line_of_many_names_is_shortened(read: Read) -> None:
    with pytest.raises(DataError) as caught:
        read(",".join("x" * 99 + f" {n}" for n in range(50)), ",".join("1" * 50))
    assert "and 30 more" in caught.value.problem
    assert len(caught.value.problem) < 2000


def test_a_time_that_no_calendar_has(tmp_path: Path) -> None:
    far = pa.array([2**60], pa.timestamp("us"))
    columns = {"user_id": ["u"], "item_id": ["a"], "timestamp": far}
    pq.write_table(pa.table(columns), tmp_path / "far.parquet")
    with pytest.raises(BadRows, match="is not a time from 1900 to 2199"):
        read_dataset(DataSettings(), interactions=tmp_path / "far.parquet")


def test_an_items_file_needs_titles(read: Read) -> None:
    with pytest.raises(DataError, match="there is no column 'title'.*--map title=") as caught:
        read("user_id,item_id", "u,a", items=("item_id,name", "a,A"))
    assert caught.value.source.endswith("items.csv")


def test_a_list_is_no_id() -> None:
    frame = pd.DataFrame({"user_id": [["u"]], "item_id": ["a"]})
    with pytest.raises(DataError, match="the column for 'user_id' holds lists"):
        read_dataset(DataSettings(), interactions=frame)


def test_a_mapped_column_that_is_nowhere(read: Read) -> None:
    with pytest.raises(DataError) as caught:
        read("user_id,item_id", "u,a", map={"value": "stars"})
    error = caught.value
    assert "the mapping value=stars names a column that is nowhere" in error.problem
    assert "interactions.csv has user_id, item_id" in error.problem
    assert error.field == "stars"
    assert "--map value=" in (error.remedy or "")


def test_a_mapped_column_counts_only_where_it_could_be_ours(read: Read) -> None:
    with pytest.raises(DataError, match="title=name names a column that is nowhere"):
        read("user_id,item_id,name", "u,a,x", items=("item_id,title", "a,A"), map={"title": "name"})


SETTINGS: dict[str, tuple[dict[str, Any], str]] = {
    "not our name": ({"map": {"rating": "stars"}}, "'rating' is not one of our columns"),
    "two to one": (
        {"map": {"user_id": "value", "item_id": "value"}},
        "two of our columns are given the column 'value'",
    ),
    "bound above the scale": (
        {"scale": (1, 5), "positive_from": 6},
        "no value could be positive, for 6 is above the scale",
    ),
    "bound below the scale": (
        {"scale": (1, 5), "positive_from": -6},
        "every value would be positive, for -6 is below the scale .*or say 1 if that is meant",
    ),
    "bound above the data": ({"positive_from": 6}, "lower it or declare the scale"),
    "upside down": ({"scale": (5, 1)}, "5 to 1 is no scale"),
    "attributes of nothing": ({"attributes": ("genre",)}, "columns of an items file"),
}


@pytest.mark.parametrize("kind", SETTINGS)
def test_a_setting_that_does_not_fit(read: Read, kind: str) -> None:
    settings, problem = SETTINGS[kind]
    with pytest.raises(SettingsError, match=problem):
        read("user_id,item_id,value", "u,a,1", "u,b,5", **settings)


def test_an_attribute_that_is_no_column(read: Read) -> None:
    with pytest.raises(DataError, match="no attribute column 'mood'; there are genre"):
        read("user_id,item_id", "u,a", items=("item_id,title,genre", "a,A,x"), attributes=("mood",))


def test_nothing_to_read() -> None:
    with pytest.raises(SettingsError, match="no interactions to read"):
        read_dataset(DataSettings())


def test_a_column_of_texts_is_no_event_type(read: Read) -> None:
    lines = [f"u,{i},type {i}" for i in range(1001)]
    with pytest.raises(DataError, match="1,001 event types are too many") as caught:
        read("user_id,item_id,kind", *lines, map={"event_type": "kind"})
    assert caught.value.field == "kind"
    assert "--map event_type=" in (caught.value.remedy or "")


def test_the_message_lists_five_rows_and_counts_the_rest(read: Read, tmp_path: Path) -> None:
    with pytest.raises(BadRows) as caught:
        read("user_id,item_id,value", "u,a,1", *(f"u,i{n},x" for n in range(8)))
    message = str(caught.value)
    assert message.count("is not a number") == 5
    assert "and 3 more" in message
    assert len(caught.value.rows) == 8
    assert str(tmp_path) in message


def test_values_that_are_all_the_same_are_told(read: Read) -> None:
    _, report = read("user_id,item_id,value", "u,a,5", "u,b,5")
    assert any("every value is 5, so all of them count" in note for note in report.notes)
    _, report = read("user_id,item_id,value", "u,a,5", "u,b,5", scale=(1, 5))
    assert not any("every value" in note for note in report.notes)
