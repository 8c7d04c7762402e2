"""Files that are none, or not of the form or the encoding that is needed."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

from tests.e2e.bad_input.case import (
    DATA,
    FIT,
    HEADER,
    LAST,
    USAGE,
    Case,
    changed,
    folder,
    instead,
    pipe,
    removed,
    replaced,
    row_added,
    rows,
    written,
)
from tests.e2e.bad_input.place import INTERACTIONS, ITEMS

MEGABYTES_100 = 100_000_000


def _workbook(place: Path) -> None:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    (place / INTERACTIONS).write_bytes(memory.getvalue())


def _unreadable(place: Path) -> None:
    (place / INTERACTIONS).chmod(0)


NOT_A_FILE = [
    Case(
        "a file that is not there",
        FIT,
        DATA,
        (f"{INTERACTIONS}: there is no such file; check the path",),
        removed(INTERACTIONS),
    ),
    Case(
        "a folder in place of a file",
        FIT,
        DATA,
        (f"{INTERACTIONS}: this is a folder; name the file inside it",),
        instead(INTERACTIONS, folder(INTERACTIONS)),
    ),
    Case(
        "a pipe that nobody writes to",
        FIT,
        DATA,
        (f"{INTERACTIONS}: this is a pipe or a device; write its content to a file",),
        instead(INTERACTIONS, pipe(INTERACTIONS)),
    ),
    Case(
        "a device that never ends",
        "fit --interactions /dev/zero",
        DATA,
        ("/dev/zero: this is a pipe or a device",),
    ),
    Case(
        "a file that may not be read",
        FIT,
        DATA,
        (f"{INTERACTIONS}: cannot be read (Permission denied)", "check the path and its permis"),
        _unreadable,
        limits=("permissions",),
    ),
    Case("no file at all", "fit", USAGE, ("no interactions to read", "--interactions")),
]

FORM = [
    Case(
        "an empty file",
        FIT,
        DATA,
        (f"{INTERACTIONS}: the file is empty", "export it again"),
        written(INTERACTIONS, ""),
    ),
    Case(
        "empty lines only",
        FIT,
        DATA,
        (f"{INTERACTIONS}: the file is empty",),
        written(INTERACTIONS, "\n\n  \n"),
    ),
    Case(
        "a header and no row",
        FIT,
        DATA,
        (f"{INTERACTIONS}: there is a header but no row",),
        written(INTERACTIONS, HEADER + "\n"),
    ),
    Case(
        "an Excel workbook",
        FIT,
        DATA,
        (f"{INTERACTIONS}: this is an Excel workbook; save the sheet as CSV",),
        _workbook,
    ),
    Case(
        "a gzip archive",
        FIT,
        DATA,
        (f"{INTERACTIONS}: this is a gzip archive; unpack it",),
        changed(INTERACTIONS, gzip.compress),
    ),
    Case(
        "JSON",
        FIT,
        DATA,
        (f"{INTERACTIONS}: this is JSON; convert it to CSV or Parquet",),
        written(INTERACTIONS, '[{"user_id": "u0", "item_id": "i0"}]'),
    ),
    Case(
        "a web page, saved in place of the file",
        FIT,
        DATA,
        (f"{INTERACTIONS}: this is a web page", "download the file itself"),
        written(INTERACTIONS, "<!DOCTYPE html>\n<title>404 Not Found</title>\n"),
    ),
    Case(
        "rows with too few fields",
        FIT,
        DATA,
        (
            f"{INTERACTIONS}, row {LAST + 1}, field 'value'",
            "2 field(s) where the header has 4",
            "--max-bad-rows 1",
        ),
        row_added("u0,i4"),
    ),
    Case(
        "rows with too many fields",
        FIT,
        DATA,
        (f"{INTERACTIONS}, row {LAST + 1}, field 'column 5'", "6 field(s) where the header has 4"),
        row_added("u0,i4,5,1,1,1"),
    ),
    Case(
        "a quotation mark that is never closed",
        FIT,
        DATA,
        (f"{ITEMS}, row 22: a quotation mark opens here and is never closed", "close it"),
        row_added('i50,"Open,Comedy\ni51,Shut,Comedy', ITEMS),
    ),
    Case(
        "fields separated by |",
        FIT,
        DATA,
        (f"{INTERACTIONS}, field 'user_id'", "if '|' separates the fields", "with commas"),
        replaced(INTERACTIONS, ",", "|"),
    ),
    Case(
        "fields separated by ::",
        FIT,
        DATA,
        ("if '::' separates the fields", "with commas"),
        replaced(INTERACTIONS, ",", "::"),
    ),
    Case(
        "no line of column names",
        FIT,
        DATA,
        (f"{INTERACTIONS}, field 'user_id'", "put a line of column names before it"),
        replaced(INTERACTIONS, HEADER + "\n", ""),
    ),
    Case(
        "an id of 100 MB",
        FIT,
        DATA,
        (f"{ITEMS}, row 2, field 'item_id'", "an id of 100000000 characters, 512 are the most"),
        lambda place: rows(
            "x" * MEGABYTES_100 + ",T,Comedy", header="item_id,title,genre", name=ITEMS
        )(place),
    ),
]

ENCODING = [
    Case(
        "UTF-16",
        FIT,
        DATA,
        (f"{INTERACTIONS}: the text is UTF-16; save the file as UTF-8",),
        changed(INTERACTIONS, lambda data: data.decode().encode("utf-16")),
    ),
    Case(
        "UTF-16 without a mark",
        FIT,
        DATA,
        (f"{INTERACTIONS}: the text is UTF-16; save the file as UTF-8",),
        changed(INTERACTIONS, lambda data: data.decode().encode("utf-16-le")),
    ),
    Case(
        "Latin-1",
        FIT,
        DATA,
        (f"{ITEMS}, row 4: not UTF-8: byte ", "0xe9; save the file as"),
        replaced(ITEMS, "Comedy 2", "Amélie".encode("latin-1")),
    ),
    Case(
        "half of a pair of UTF-16 in UTF-8",
        FIT,
        DATA,
        (f"{ITEMS}, row 4: not UTF-8", "0xed; save the file as UTF-8"),
        replaced(ITEMS, "Comedy 2", b"Com\xed\xa0\x80edy"),
    ),
    Case(
        "a zero byte in a text",
        FIT,
        DATA,
        (f"{ITEMS}, row 4: this is no text", "is zero; give CSV or TSV text in UTF-8"),
        replaced(ITEMS, "Comedy 2", b"Com\0edy"),
    ),
]

CASES = [*NOT_A_FILE, *FORM, *ENCODING]
