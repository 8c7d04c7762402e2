"""Values, ids and times that cannot be used, and data nothing can be learned from."""

from __future__ import annotations

from tests.e2e.bad_input.case import (
    DATA,
    FIT,
    LAST,
    OTHER_USERS,
    USAGE,
    Case,
    row_added,
    rows,
)
from tests.e2e.bad_input.place import INTERACTIONS, ITEMS, USERS

ROW = f"{INTERACTIONS}, row {LAST + 1}, field "
WITHOUT_SCALE = f"fit --interactions {INTERACTIONS} --items {ITEMS}"


def _bad_value(name: str, value: str, problem: str) -> Case:
    words = (f"{ROW}'value'", problem, "--max-bad-rows 1")
    return Case(name, FIT, DATA, words, row_added(f"u0,i1,{value},1"))


def _bad_time(name: str, time: str, problem: str) -> Case:
    words = (f"{ROW}'timestamp'", problem, "--max-bad-rows 1")
    return Case(name, FIT, DATA, words, row_added(f"u0,i1,4,{time}"))


VALUES = [
    _bad_value("NaN for a value", "nan", "'nan' is not a finite number"),
    _bad_value("an infinite value", "-inf", "'-inf' is not a finite number"),
    _bad_value("a rating without a value", "", "a rating without a value"),
    _bad_value("a word for a value", "good", "'good' is not a number"),
    _bad_value("a list for a value", '"[4, 5]"', "'[4, 5]' is not a number"),
    _bad_value("a comma for a decimal point", '"3,5"', "'3,5' is not a number"),
    _bad_value("a value off the scale", "7", "7 is not on the scale from 1 to 5"),
    Case(
        "a value of 1e308, and no scale",
        WITHOUT_SCALE,
        DATA,
        (f"{ROW}'value'", "'1e308' is no plausible value: beyond 1e+15"),
        row_added("u0,i1,1e308,1"),
    ),
]

IDS = [
    Case(
        "a row without a user", FIT, DATA, (f"{ROW}'user_id'", "no user id"), row_added(",i1,4,1")
    ),
    Case(
        "an item that is not among the items",
        FIT,
        DATA,
        (f"{ROW}'item_id'", "unknown item 'i99'"),
        row_added("u0,i99,4,1"),
    ),
    Case(
        "a user who is not among the users",
        OTHER_USERS,
        DATA,
        (f"{ROW}'user_id'", "unknown user 'u99'"),
        row_added("u99,i1,4,1"),
    ),
    Case(
        "an item listed twice",
        FIT,
        DATA,
        (f"{ITEMS}, row 22, field 'item_id'", "the id is that of row 2 again"),
        row_added("i0,Again,Comedy", ITEMS),
    ),
    Case(
        "a user listed twice",
        OTHER_USERS,
        DATA,
        (f"{USERS}, row 26, field 'user_id'", "the id is that of row 2 again"),
        row_added("u0,77", USERS),
    ),
    Case(
        "an event listed twice",
        FIT,
        DATA,
        (f"{INTERACTIONS}, row {LAST + 2}, field 'user_id'", f"duplicate of row {LAST + 1}"),
        row_added("u5,i1,4,77\nu5,i1,4,77"),
    ),
    Case(
        "an item without a title",
        FIT,
        DATA,
        (f"{ITEMS}, row 22, field 'title'", "no title"),
        row_added("i77,,Comedy", ITEMS),
    ),
    Case(
        "an id of 100,000 characters",
        FIT,
        DATA,
        (f"{ITEMS}, row 22, field 'item_id'", "an id of 100000 characters, 512 are the most"),
        row_added("i" * 100_000 + ",T,Comedy", ITEMS),
    ),
    Case(
        "a control character in an id",
        FIT,
        DATA,
        (f"{ROW}'user_id'", r"the id 'u\x1b[31m0' holds a control character"),
        row_added("u\x1b[31m0,i1,4,1"),
    ),
    Case(
        "1,001 event types",
        FIT,
        DATA,
        (
            f"{INTERACTIONS}, field 'event_type'",
            "1,001 event types are too many",
            "--map event_type=",
        ),
        rows(
            *(f"u0,i0,type {n},{n}" for n in range(1001)),
            header="user_id,item_id,event_type,timestamp",
        ),
    ),
]

TIMES = [
    _bad_time("a time of 10^30", "1" + "0" * 30, "read as seconds, is not a time from 1900"),
    _bad_time("the year 9999", "9999-01-01", "'9999-01-01' is not a time from 1900 to 2199"),
    _bad_time("milliseconds among seconds", "1700000000000", "read as seconds, is not a time"),
    _bad_time("a date as 03/04/1998", "03/04/1998", "'03/04/1998' is neither seconds since 1970"),
    _bad_time("a day that never was", "1998-02-30", "nor an ISO 8601 time"),
]

RULES = [
    Case(
        "a scale upside down",
        f"{WITHOUT_SCALE} --scale 5:1",
        USAGE,
        ("--scale '5:1': write it as lowest:highest",),
    ),
    Case(
        "a scale without an end",
        f"{WITHOUT_SCALE} --scale 0:inf",
        USAGE,
        ("setting 'data.scale.1': Input should be a finite number",),
        foreign=True,
    ),
    Case(
        "positive from above the scale",
        f"{FIT} --positive-from 6",
        USAGE,
        (
            "positive_from: no value could be positive, for 6 is above the scale (1 to 5)",
            "lower it",
        ),
    ),
    Case(
        "positive from below the scale",
        f"{FIT} --positive-from -6",
        USAGE,
        (
            "positive_from: every value would be positive, for -6 is below the scale (1 to 5)",
            "raise it",
        ),
    ),
    Case(
        "nothing but low ratings",
        FIT,
        DATA,
        (f"{INTERACTIONS}: no positive event to learn from", "lower positive_from"),
        rows(*(f"u{u},i{i},1,{i}" for u in range(5) for i in range(5))),
    ),
    Case(
        "every row is bad",
        f"{FIT} --max-bad-rows 9",
        DATA,
        (f"{INTERACTIONS}: no row can be used; mend the file",),
        rows("u0,i0,x,1", "u1,i0,y,1"),
    ),
]

CASES = [*VALUES, *IDS, *TIMES, *RULES]
