"""Tables of other columns than are needed, and Parquet of other types."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from tests.e2e.bad_input.case import (
    DATA,
    FIT,
    LAST,
    UPDATE,
    USAGE,
    Case,
    changed,
    half,
    one_bit_flipped,
    parquet,
    replaced,
    row_added,
    rows,
    written,
)
from tests.e2e.bad_input.place import INTERACTIONS, ITEMS


def _truncated_parquet(place: Path) -> None:
    parquet(user_id=["u0", "u1"], item_id=["i0", "i1"])(place)
    changed(INTERACTIONS, half)(place)


def _flipped_parquet(place: Path) -> None:
    parquet(user_id=[f"u{n}" for n in range(4000)], item_id=["i0"] * 4000)(place)
    changed(INTERACTIONS, lambda data: data[:200] + one_bit_flipped(data[200:9000]) + data[9000:])(
        place
    )


COLUMNS = [
    Case(
        "columns of other names",
        FIT,
        DATA,
        (f"{INTERACTIONS}, field 'user_id'", "there are uid, movie, stars", "--map user_id=uid"),
        rows("u0,i0,5", header="uid,movie,stars"),
    ),
    Case(
        "two columns of one name",
        FIT,
        DATA,
        (f"{INTERACTIONS}, field 'value': two columns have this name; rename one",),
        rows("u0,i0,5,4", header="user_id,item_id,value,value"),
    ),
    Case(
        "an items file without titles",
        FIT,
        DATA,
        (f"{ITEMS}, field 'title': there is no column 'title'", "--map title="),
        replaced(ITEMS, "title", "called"),
    ),
    Case(
        "a mapping to a column that is not there",
        f"{FIT} --map value=stars",
        DATA,
        (
            f"{INTERACTIONS}, field 'stars'",
            "names a column that is nowhere",
            "has user_id, item_id, value, timestamp",
            "correct it: --map value=",
        ),
    ),
    Case(
        "a mapping of a name that is not ours",
        f"{FIT} --map rating=value",
        USAGE,
        ("map: 'rating' is not one of our columns", "write ours=theirs with one of user_id"),
    ),
    Case(
        "a mapping without =",
        f"{FIT} --map value",
        USAGE,
        ("--map 'value': write it as ours=theirs",),
    ),
    Case(
        "two of our columns from one of theirs",
        f"{FIT} --map user_id=value --map item_id=value",
        USAGE,
        ("map: two of our columns are given the column 'value'",),
    ),
    Case(
        "attributes that are no columns",
        FIT,
        DATA,
        (
            f"{ITEMS}, field 'mood': there is no attribute column 'mood'; there are genre",
            "correct the setting 'attributes'",
        ),
        written("recx.toml", '[data]\nattributes = ["mood"]\n'),
    ),
]

PARQUET = [
    Case(
        "Parquet cut in the middle",
        FIT,
        DATA,
        (f"{INTERACTIONS}: not readable as Parquet", "export it again"),
        _truncated_parquet,
        foreign=True,
    ),
    Case(
        "Parquet with a flipped bit",
        FIT,
        DATA,
        (f"{INTERACTIONS}: not readable as Parquet", "export it again"),
        _flipped_parquet,
        foreign=True,
    ),
    Case(
        "Parquet of another schema",
        FIT,
        DATA,
        (f"{INTERACTIONS}, field 'user_id'", "there are a, b", "--map user_id="),
        parquet(a=[1], b=[2]),
    ),
    Case(
        "Parquet without rows",
        FIT,
        DATA,
        (f"{INTERACTIONS}: there are columns but no rows; export it again",),
        parquet(user_id=pa.array([], pa.string()), item_id=pa.array([], pa.string())),
    ),
    Case(
        "Parquet with a nested value",
        FIT,
        DATA,
        (f"{INTERACTIONS}, field 'value'", "struct<stars: int64>", "store them as text, numbers"),
        parquet(user_id=["u0"], item_id=["i0"], value=[{"stars": 5}]),
        foreign=True,
    ),
    Case(
        "Parquet with lists of ids",
        FIT,
        DATA,
        (
            f"{INTERACTIONS}, field 'item_id': the column for 'item_id' holds lists",
            "give one value a row",
        ),
        parquet(user_id=["u0"], item_id=[["i0", "i2"]]),
    ),
    Case(
        "Parquet with bytes for ids",
        FIT,
        DATA,
        (
            f"{INTERACTIONS}, field 'item_id': values of type binary cannot be read",
            "store them as text",
        ),
        parquet(user_id=["u0"], item_id=[b"\xff\xfe"]),
        foreign=True,
    ),
    Case(
        "Parquet with text for values",
        FIT,
        DATA,
        (f"{INTERACTIONS}, row 0, field 'value'", "'five' is not a number"),
        parquet(user_id=["u0", "u1"], item_id=["i0", "i1"], value=["five", "4"]),
    ),
    Case(
        "Parquet with NaN for a value",
        FIT,
        DATA,
        (f"{INTERACTIONS}, row 1, field 'value'", "'nan' is not a finite number"),
        parquet(user_id=["u0", "u1"], item_id=["i0", "i1"], value=[4.0, float("nan")]),
    ),
    Case(
        "Parquet with a time that no calendar has",
        FIT,
        DATA,
        (f"{INTERACTIONS}, row 0, field 'timestamp'", "is not a time from 1900 to 2199"),
        parquet(user_id=["u0"], item_id=["i0"], timestamp=pa.array([2**60], pa.timestamp("us"))),
        foreign=True,
    ),
    Case(
        "an update with a bad row",
        UPDATE,
        DATA,
        (f"{INTERACTIONS}, row {LAST + 1}, field 'item_id'", "unknown item 'i99'"),
        row_added("u0,i99,4,1"),
    ),
]

CASES = [*COLUMNS, *PARQUET]
