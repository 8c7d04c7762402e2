"""Events that are added are checked as an import's are: a bad one refuses all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from recx_agent.datasets import Dataset, read_dataset
from recx_agent.datasets.added import AddedEvent
from recx_agent.datasets.added_rows import read_added
from recx_agent.errors import BadRows, DataError, UsageError
from recx_agent.settings import DataSettings

NOW = 1_700_000_000
ITEMS = pd.DataFrame({"item_id": list("abc"), "title": ["Ah", "Bee", "Cee"]})


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    frame = pd.DataFrame({"user_id": ["ann"], "item_id": ["a"], "value": [4], "timestamp": [1]})
    return read_dataset(DataSettings(scale=(1, 5)), interactions=frame, items=ITEMS)[0]


def added(dataset: Dataset, *rows: Mapping[str, Any], **more: Any) -> dict[str, list[AddedEvent]]:
    return read_added(rows, dataset, more.pop("settings", DataSettings()), now=NOW, **more)[0]


def test_rows_are_of_the_user_they_are_added_for(dataset: Dataset) -> None:
    rows = ({"item_id": "b", "value": 4.5}, {"item_id": "c", "value": 2, "timestamp": 99})
    found = added(dataset, *rows, user_id="ann")
    assert found == {
        "ann": [AddedEvent("b", "rating", 4.5, NOW), AddedEvent("c", "rating", 2.0, 99)]
    }


def test_what_has_no_time_is_of_now_and_told(dataset: Dataset) -> None:
    events, notes = read_added(
        [{"user_id": "bob", "item_id": "b", "event_type": "watch"}],
        dataset,
        DataSettings(),
        now=NOW,
    )
    assert events == {"bob": [AddedEvent("b", "watch", None, NOW)]}
    assert notes == ("there are no times: the events are of now",)


def test_everything_else_of_a_row_is_kept(dataset: Dataset) -> None:
    row = {"item_id": "b", "event_type": "watch", "timestamp": "2024-05-01", "text": " so  so "}
    (event,) = added(dataset, {**row, "device": "tv"}, user_id="ann")["ann"]
    assert (event.text, event.context, event.time) == ("so so", '{"device": "tv"}', 1_714_521_600)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"item_id": "zz", "value": 4}, "unknown item 'zz'"),
        ({"item_id": "b", "value": 9}, "9 is not on the scale from 1 to 5"),
        ({"item_id": "b", "value": "high"}, "high"),
        ({"item_id": "b", "event_type": "rating"}, "a rating without a value"),
        ({"item_id": None, "event_type": "watch"}, "no item id"),
        ({"item_id": "b", "value": 4, "timestamp": "some day"}, "some day"),
    ],
)
def test_a_bad_row_refuses_all(dataset: Dataset, row: dict[str, Any], problem: str) -> None:
    good = {"item_id": "a", "value": 4}
    settings = DataSettings(max_bad_rows=9)
    with pytest.raises(BadRows, match="nothing was added") as caught:
        added(dataset, good, row, user_id="ann", settings=settings)
    assert problem in str(caught.value)
    assert [bad.row for bad in caught.value.rows] == [1]
    assert "--max-bad-rows" not in str(caught.value)


def test_equal_rows_are_refused_as_an_import_refuses_them(dataset: Dataset) -> None:
    row = {"item_id": "a", "value": 4, "timestamp": 7}
    with pytest.raises(BadRows, match="duplicate of row 0"):
        added(dataset, row, row, user_id="ann")


@pytest.mark.parametrize("user", ["bob", "Ann"])
def test_a_row_of_another_user_is_refused(dataset: Dataset, user: str) -> None:
    with pytest.raises(UsageError, match="another user") as caught:
        added(dataset, {"user_id": user, "item_id": "a", "value": 4}, user_id="ann")
    assert user not in str(caught.value)


def test_what_are_no_rows_is_told(dataset: Dataset) -> None:
    with pytest.raises(UsageError, match="mappings"):
        read_added(["a", "b"], dataset, DataSettings(), now=NOW)  # type: ignore[list-item]
    with pytest.raises(DataError, match="user_id"):
        added(dataset, {"item_id": "a", "value": 4})


def test_a_file_with_a_stranger_s_column_names(dataset: Dataset, tmp_path: Path) -> None:
    file = tmp_path / "more.csv"
    file.write_text("who,what,stars\nann,b,5\nzoe,c,1\n")
    settings = DataSettings(map={"user_id": "who", "item_id": "what", "value": "stars"})
    found, _ = read_added(file, dataset, settings, now=NOW)
    assert {user: [e.item_id for e in own] for user, own in found.items()} == {
        "ann": ["b"],
        "zoe": ["c"],
    }
    by_our_names = added(dataset, {"item_id": "b", "value": 5}, user_id="ann", settings=settings)
    assert by_our_names["ann"][0].value == 5
    with pytest.raises(DataError, match="there is no such file"):
        read_added(tmp_path / "none.csv", dataset, settings, now=NOW)


def test_values_where_the_data_have_none(tmp_path: Path) -> None:
    frame = pd.DataFrame({"user_id": ["ann"], "item_id": ["a"], "event_type": ["watch"]})
    watched, _ = read_dataset(DataSettings(), interactions=frame, items=ITEMS)
    with pytest.raises(DataError, match="the data in force have none"):
        added(watched, {"item_id": "a", "value": 3}, user_id="ann")
    assert added(watched, {"item_id": "a", "event_type": "watch"}, user_id="ann")
