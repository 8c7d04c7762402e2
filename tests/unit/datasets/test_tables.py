from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recx_agent.datasets.tables import LIST_MARK, Column, number_text, read_table
from recx_agent.errors import DataError

FRAME = pd.DataFrame(
    {
        "whole": [1, 2, 3],
        "gaps": [1995, None, 1997],
        "decimal": [1.5, 2.0, np.inf],
        "text": ["a", " b ", None],
        "lists": [["x", "y"], [], None],
        "time": [pd.Timestamp("1998-03-01"), pd.Timestamp("1998-03-01 12:30:00"), pd.NaT],
        "kind": pd.Categorical(["p", "q", "p"]),
        "flag": [True, False, True],
        "nothing": [None, None, None],
    }
)
TEXTS = {
    "whole": ["1", "2", "3"],
    "gaps": ["1995", "", "1997"],
    "decimal": ["1.5", "2", "inf"],
    "text": ["a", "b", ""],
    "lists": [f"x{LIST_MARK}y", "", ""],
    "time": ["1998-03-01", "1998-03-01 12:30:00", ""],
    "kind": ["p", "q", "p"],
    "flag": ["true", "false", "true"],
    "nothing": ["", "", ""],
}


def column_texts(columns: dict[str, Column]) -> dict[str, list[str]]:
    return {name: column.texts() for name, column in columns.items()}


def test_a_frame_is_read_as_text() -> None:
    table = read_table(FRAME, "items")
    assert column_texts(table.columns) == TEXTS
    assert table.source == "items (data frame)"
    assert table.rows.tolist() == [0, 1, 2]
    assert table.columns["lists"].is_list
    assert not table.columns["text"].is_list


def test_parquet_gives_what_the_frame_gives(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    FRAME.to_parquet(path)
    assert column_texts(read_table(path, "items").columns) == TEXTS


def test_a_zoned_time_is_read_in_utc() -> None:
    times = pd.to_datetime(["1998-03-01 00:30"]).tz_localize("Europe/Berlin")
    table = read_table(pd.DataFrame({"time": times}), "items")
    assert table.columns["time"].texts() == ["1998-02-28 23:30:00"]


def test_ids_of_several_types_in_one_column_are_read() -> None:
    frame = pd.DataFrame({"id": [1, "one", None, 2.5]}, dtype=object)
    assert read_table(frame, "items").columns["id"].texts() == ["1", "one", "", "2.5"]


def test_half_a_character_becomes_a_question_mark() -> None:
    frame = pd.DataFrame({"id": ["a\ud800"]}, dtype=object)
    assert read_table(frame, "items").columns["id"].texts() == ["a?"]


def test_the_index_column_of_pandas_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    pd.DataFrame({"a": [1]}).to_csv(path)
    frame = pd.read_csv(path)
    assert list(frame.columns) == ["Unnamed: 0", "a"]
    assert list(read_table(frame, "items").columns) == ["a"]


@pytest.mark.parametrize(
    ("frame", "problem"),
    [
        (pd.DataFrame({"a": []}), "the data frame has no rows"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "two columns have this name"),
        (pd.DataFrame({"a": [{"b": 1}]}), "cannot be read"),
    ],
)
def test_frames_that_are_no_tables(frame: pd.DataFrame, problem: str) -> None:
    with pytest.raises(DataError, match=problem) as caught:
        read_table(frame, "users")
    assert caught.value.source == "users (data frame)"
    assert caught.value.remedy


def test_parquet_without_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"a": pa.array([], pa.string())}), path)
    with pytest.raises(DataError, match="columns but no rows"):
        read_table(path, "items")


def test_neither_path_nor_frame() -> None:
    with pytest.raises(DataError, match="a list is neither a path nor a pandas data frame"):
        read_table([1, 2], "items")  # type: ignore[arg-type]


def test_a_column_knows_what_is_missing(write: Callable[..., Path]) -> None:
    column = read_table(write("a.csv", "a,b", "1,x", ",y", "1,z"), "items").columns["a"]
    assert column.is_missing().tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("number", "text"), [(7.0, "7"), (-0.5, "-0.5"), (None, None), (1e20, "1e+20")]
)
def test_numbers_are_written_as_people_do(number: float | None, text: str | None) -> None:
    assert number_text(number) == text


def test_text_in_parquet_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    text = pa.StringArray.from_buffers(
        1, pa.py_buffer(np.array([0, 4], np.int32).tobytes()), pa.py_buffer(b"caf\xe9")
    )
    pq.write_table(pa.table({"item_id": ["i"], "title": text}), path)
    with pytest.raises(DataError, match="text that is not UTF-8.*caf.*export it again") as caught:
        read_table(path, "items")
    assert (caught.value.source, caught.value.field) == (str(path), "title")


def test_damage_in_the_names_of_parquet_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"item_id": ["i"], "title": ["T"]}), path)
    path.write_bytes(path.read_bytes().replace(b"item_id", b"item\xf6id"))
    with pytest.raises(DataError, match="not readable as Parquet.*export it again"):
        read_table(path, "items")
