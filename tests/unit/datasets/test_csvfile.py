from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from recx_agent.datasets.tables import Table, read_table
from recx_agent.errors import DataError

Write = Callable[..., Path]


def texts(table: Table) -> dict[str, list[str]]:
    return {name: column.texts() for name, column in table.columns.items()}


def test_rows_are_numbered_by_their_lines(write: Write) -> None:
    table = read_table(write("a.csv", "a,b", "1,2", "3,4"), "items")
    assert table.rows.tolist() == [2, 3]
    assert texts(table) == {"a": ["1", "3"], "b": ["2", "4"]}


def test_quoted_line_breaks_count(write: Write) -> None:
    table = read_table(write("a.csv", "a,b", '1,"x', "y", 'z"', "3,4"), "items")
    assert table.rows.tolist() == [2, 5]
    assert table.columns["b"].texts() == ["x\ny\nz", "4"]


def test_empty_lines_count_but_are_no_rows(write: Write) -> None:
    table = read_table(write("a.csv", "", "a,b", "1,2", "", "", "3,4", ""), "items")
    assert table.rows.tolist() == [3, 6]


def test_windows_line_ends_and_byte_order_mark(write: Write) -> None:
    data = b'\xef\xbb\xbfa,b\r\n1,"x\r\ny"\r\n3,4\r\n'
    table = read_table(write("a.csv", data=data), "items")
    assert list(table.columns) == ["a", "b"]
    assert table.rows.tolist() == [2, 4]


def test_rows_of_another_width_are_set_aside_with_their_lines(write: Write) -> None:
    path = write("a.csv", "a,b", '"1', '",2', "3", "4,5", '"6', '",7,8', "9,10")
    table = read_table(path, "items")
    assert table.rows.tolist() == [2, 5, 8]
    ragged = [(bad.row, bad.field, bad.problem) for bad in table.ragged]
    assert ragged == [
        (4, "b", "1 field(s) where the header has 2"),
        (6, "column 3", "3 field(s) where the header has 2"),
    ]


@pytest.mark.parametrize("name", ["a.tsv", "a.tab", "a.csv", "a.txt"])
def test_tabs_are_found(write: Write, name: str) -> None:
    table = read_table(write(name, "a\tb", "1,5\t2"), "items")
    assert texts(table) == {"a": ["1,5"], "b": ["2"]}


def test_semicolons_are_found(write: Write) -> None:
    assert texts(read_table(write("a.csv", "a;b", "1,5;2"), "items")) == {"a": ["1,5"], "b": ["2"]}


def test_a_quotation_mark_inside_a_field_is_text(write: Write) -> None:
    table = read_table(write("a.csv", "a,b", '5" disk,2', "3,4"), "items")
    assert table.columns["a"].texts() == ['5" disk', "3"]


def test_outer_spaces_go_and_equal_texts_become_one_value(write: Write) -> None:
    column = read_table(write("a.csv", "a,b", " x ,1", "x,2"), "items").columns["a"]
    assert column.values == ["x"]
    assert column.codes.tolist() == [0, 0]


def test_a_column_without_name_is_left_out_and_noted(write: Write) -> None:
    table = read_table(write("a.csv", ",a", "0,1"), "items")
    assert list(table.columns) == ["a"]
    assert table.notes == ["a.csv: column 1 has no name and was left out"]


# Each: content, what the message says of the problem, its row, its field, its remedy.
UNREADABLE: dict[str, tuple[bytes, str, int | None, str | None, str]] = {
    "empty": (b"", "the file is empty", None, None, "export it again"),
    "blank": (b" \n\n", "the file is empty", None, None, "export it again"),
    "header only": (b"a,b\n", "there is a header but no row", None, None, "export it again"),
    "latin-1": (b"a,b\n1,2\n3,caf\xe9\n", "not UTF-8: byte 13 is 0xe9", 3, None, "as UTF-8"),
    "utf-16": ("a,b\n1,2\n".encode("utf-16"), "the text is UTF-16", None, None, "as UTF-8"),
    "utf-16 unmarked": (
        "a,b\n1,2\n".encode("utf-16-le"),
        "the text is UTF-16",
        None,
        None,
        "as UTF-8",
    ),
    "zero in a text": (b"a,b\n1,2\n3,x\0y\n", "byte 11 is zero", 3, None, "CSV or TSV text"),
    "half a pair": (b"a,b\n1,\xed\xa0\x80\n", "byte 6 is 0xed", 2, None, "as UTF-8"),
    "json": (b'\xef\xbb\xbf [{"a": 1}]', "this is JSON", None, None, "convert it to CSV"),
    "web page": (b"<!DOCTYPE html>\n<html>", "a web page", None, None, "download the file itself"),
    "workbook": (b"PK\x03\x04..xl/workbook.xml", "an Excel workbook", None, None, "as CSV"),
    "image": (b"\x89PNG\r\n\x00\x1a", "byte 6 is zero", None, None, "CSV or TSV text in UTF-8"),
    "gzip": (b"\x1f\x8b\x08", "a gzip archive", None, None, "unpack it first"),
    "zip": (b"PK\x03\x04..", "a zip archive", None, None, "unpack it first"),
    "broken parquet": (b"PAR1nonsense", "not readable as Parquet", None, None, "export it again"),
    "open quote": (b'a,b\n1,2\n3,"4\n5,6\n', "never closed", 3, None, "close it, or double it"),
    "open quote, ragged": (b'a,b\n1,2,"4\n5,6\n', "never closed", 2, None, "close it"),
    "open quote in header": (b'a,"b\n1,2\n', "never closed", 1, None, "close it"),
    "endless header": (
        b"a," + b"b" * 200_000 + b"\n1,2\n",
        "header cannot be read",
        1,
        None,
        "one",
    ),
    "same name twice": (b"a,a\n1,2\n", "two columns have this name", None, "a", "rename one"),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_cannot_be_read_is_told(write: Write, kind: str) -> None:
    data, problem, row, field, remedy = UNREADABLE[kind]
    path = write("a.csv", data=data)
    with pytest.raises(DataError) as caught:
        read_table(path, "items")
    error = caught.value
    assert problem in error.problem
    assert error.source == str(path)
    assert (error.row, error.field) == (row, field)
    assert remedy in (error.remedy or "")
    assert str(path) in str(error)


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no such file; check the path"):
        read_table(tmp_path / "none.csv", "items")
    with pytest.raises(DataError, match="this is a folder; name the file inside it"):
        read_table(tmp_path, "items")


def test_a_pipe_and_a_device_are_told_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path / "pipe.csv", Path("/dev/zero")):
        with pytest.raises(DataError, match="a pipe or a device; write its content to a file"):
            read_table(path, "items")


def test_a_path_that_no_file_can_have_is_told() -> None:
    with pytest.raises(DataError, match="cannot be read .*check the path"):
        read_table("a\0b.csv", "items")
