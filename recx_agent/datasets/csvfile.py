"""Separated text with the line of every row, quoted line breaks included."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from recx_agent.errors import BadRow, DataError

MAX_CSV_BYTES = 2**31 - 2**20
_BOM = b"\xef\xbb\xbf"
_END = "\x1e"
_LINE_BREAK = "\r\n|\r|\n"
_COMPRESSED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}
_WORKBOOK = (b"[Content_Types].xml", b"xl/workbook.xml")
_LOOKED_AT = 2**12


@dataclass(frozen=True)
class CsvText:
    """A text table: header, one Arrow array of text per column, the line of each row."""

    header: list[str]
    columns: list[Any]
    rows: NDArray[np.int64]
    ragged: list[BadRow]


def looks_like_text(data: bytes, path: Path) -> None:
    """Refuse what is not separated text in UTF-8.

    Raises
    ------
    DataError
        Names the byte at fault, its row and what to do.
    """
    _refuse_other_formats(data, path)
    if b"\0" in data:
        at = data.index(0)
        raise DataError(
            f"this is no text: byte {at} is zero",
            source=path,
            row=_row_of(data, at) if _is_text(data[:at]) else None,
            remedy="give CSV or TSV text in UTF-8, or Parquet",
        )
    if len(data) > MAX_CSV_BYTES:
        raise DataError(
            f"{len(data):,} bytes are too many for text", source=path, remedy="convert to Parquet"
        )
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataError(
            f"not UTF-8: byte {error.start} is 0x{data[error.start]:02x}",
            source=path,
            row=_row_of(data, error.start),
            remedy="save the file as UTF-8",
        ) from None


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _row_of(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def _refuse_other_formats(data: bytes, path: Path) -> None:
    beginning = data[:_LOOKED_AT]
    text = beginning.removeprefix(_BOM).lstrip().lower()
    if beginning.startswith(b"PK") and any(name in data for name in _WORKBOOK):
        raise DataError("this is an Excel workbook", source=path, remedy="save the sheet as CSV")
    for magic, name in _COMPRESSED.items():
        if beginning.startswith(magic):
            raise DataError(f"this is a {name} archive", source=path, remedy="unpack it first")
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")) or _has_every_other_zero(beginning):
        raise DataError("the text is UTF-16", source=path, remedy="save the file as UTF-8")
    if text.startswith((b"<!doctype", b"<html", b"<?xml")):
        raise DataError(
            "this is a web page or XML, no table",
            source=path,
            remedy="download the file itself, or export it as CSV",
        )
    if text.startswith((b"{", b"[")):
        raise DataError("this is JSON", source=path, remedy="convert it to CSV or Parquet")


def _has_every_other_zero(beginning: bytes) -> bool:
    """Tell UTF-16 without a mark: of plain letters, every second byte is zero."""
    halves = beginning[0::2], beginning[1::2]
    return any(len(half) > 1 and 2 * half.count(0) > len(half) for half in halves)


def read_csv(data: bytes, path: Path) -> CsvText:
    """Read separated text; the separator is a tab, comma or semicolon.

    Rows with a wrong number of fields are set aside, empty lines are passed over. A row's
    number is the line on which it begins.

    Raises
    ------
    DataError
        There is no row, or a quotation mark is never closed.
    """
    body = data.removeprefix(_BOM)
    start = len(body) - len(body.lstrip(b"\r\n"))
    first_line = body.count(b"\n", 0, start) + 1
    body = body[start:]
    separator = _separator(body, path)
    header = _header(body, separator, path)
    # A mark behind the last row: if it is not read back as a row of its own, a quotation
    # mark has swallowed it, and with it perhaps half of the file.
    body += f"\n{separator.join([_END] * len(header))}\n".encode()
    table, wrong = _parse(body, separator, len(header), path)
    ends = table.num_rows and table.column(0)[-1].as_py() == _END
    numbers = np.setdiff1d(
        np.arange(1, table.num_rows + len(wrong) + 1), [row.number for row in wrong]
    )
    lines = first_line + _lines_before(table, numbers, wrong)
    if not ends:
        last = wrong[-1].number if wrong and _END in wrong[-1].text else numbers[-1]
        raise DataError(
            "a quotation mark opens here and is never closed",
            source=path,
            row=int(lines[last - 1]),
            remedy="close it, or double it if it belongs to the text",
        )
    kept = np.zeros(table.num_rows, dtype=bool)
    for column in table.columns:
        kept |= pc.not_equal(column, "").to_numpy()
    kept[0] = kept[-1] = False
    if not kept.any() and not wrong:
        raise DataError("there is a header but no row", source=path, remedy="export it again")
    return CsvText(
        header=header,
        columns=table.filter(pa.array(kept)).columns,
        rows=lines[numbers - 1][kept].astype(np.int64),
        ragged=[_ragged(row, int(lines[row.number - 1]), header) for row in wrong],
    )


def _separator(body: bytes, path: Path) -> str:
    if path.suffix.lower() in (".tsv", ".tab"):
        return "\t"
    line = body[: 2**16].splitlines()[0].decode("utf-8", "ignore")
    return max(",;\t", key=line.count)


def _header(body: bytes, separator: str, path: Path) -> list[str]:
    with io.TextIOWrapper(io.BytesIO(body), "utf-8", newline="") as text:
        try:
            return [name.strip() for name in next(csv.reader(text, delimiter=separator))]
        except csv.Error as error:
            raise DataError(
                f"the header cannot be read ({error})",
                source=path,
                row=1,
                remedy="give one line of column names",
            ) from error


def _parse(body: bytes, separator: str, width: int, path: Path) -> tuple[Any, list[Any]]:
    """Parse all rows, the header included, and give the refused ones beside them."""
    wrong: list[Any] = []

    def set_aside(row: Any) -> str:
        wrong.append(row)
        return "skip"

    names = [str(i) for i in range(width)]
    try:
        table = pacsv.read_csv(
            io.BytesIO(body),
            # One thread, or rows would lose their numbers.
            read_options=pacsv.ReadOptions(
                use_threads=False, block_size=min(len(body), 2**30), column_names=names
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=separator,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=set_aside,
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()),
                check_utf8=False,
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowException as error:
        raise DataError(
            f"not readable as separated text ({error})",
            source=path,
            remedy="give CSV or TSV text with a header line",
        ) from error
    return table, wrong


def _lines_before(table: Any, numbers: NDArray[np.int64], wrong: list[Any]) -> NDArray[np.int64]:
    """Count the lines before each row of the file; a row may hold quoted line breaks."""
    spans = np.ones(table.num_rows + len(wrong), dtype=np.int64)
    for column in table.columns:
        breaks = pc.count_substring_regex(column, _LINE_BREAK).to_numpy()
        spans[numbers - 1] += breaks.astype(np.int64)
    for row in wrong:
        spans[row.number - 1] += pc.count_substring_regex(row.text, _LINE_BREAK).as_py()
    return np.cumsum(spans) - spans


def _ragged(row: Any, line: int, header: list[str]) -> BadRow:
    problem = f"{row.actual_columns} field(s) where the header has {len(header)}"
    if row.actual_columns < len(header):
        return BadRow(line, header[row.actual_columns], problem)
    return BadRow(line, f"column {len(header) + 1}", problem)
