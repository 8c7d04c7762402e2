"""Checks on columns: which are ours, and which of their values cannot be used."""

from __future__ import annotations

import difflib
import math
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets.columns import INTERACTION_COLUMNS, ITEM_COLUMNS, USER_COLUMNS
from recx_agent.datasets.events import NO_TIME
from recx_agent.datasets.tables import OUT_OF_RANGE, Column, Table, recoded
from recx_agent.errors import BadRow, BadRows, DataError, SettingsError

MAX_ID = 512
MAX_TEXT = 10_000
MAX_TITLE = 1_000
MAX_VALUE = 1e15
_EPOCH = datetime(1970, 1, 1)
_EARLIEST = int(datetime(1900, 1, 1, tzinfo=UTC).timestamp())
_LATEST = int(datetime(2200, 1, 1, tzinfo=UTC).timestamp())
_UNITS = ((1e17, 1e9, "nanoseconds"), (1e14, 1e6, "microseconds"), (1e10, 1e3, "milliseconds"))
_SHOWN = 60
_LISTED = 20
# Controls, halves of characters, line and paragraph marks; then marks that turn the
# direction of writing, with which a text can be made to look like another one.
_CONTROL_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

COLUMNS_OF = {
    "interactions": INTERACTION_COLUMNS,
    "items": ITEM_COLUMNS,
    "users": USER_COLUMNS,
}
"""Our columns by the role of a table."""

Convert = Callable[[str], float]


def is_control(character: str) -> bool:
    """Tell whether a character has no place in an id, a title or a text."""
    return unicodedata.category(character) in _CONTROL_CATEGORIES or character in _DIRECTION_MARKS


def cleaned(text: str) -> str:
    """Put a text on one line: no control characters, single spaces."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = "".join(c for c in " ".join(text.split()) if not is_control(c))
    return " ".join(kept.split())


def quoted(text: str) -> str:
    """Quote a value for a message, shortened."""
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")


def listed(names: Sequence[str]) -> str:
    """List names for a message: the first of them, each shortened."""
    shown = [name if len(name) <= _SHOWN else name[:_SHOWN] + "…" for name in names[:_LISTED]]
    rest = len(names) - len(shown)
    return ", ".join(shown) + (f" and {rest:,} more" if rest else "")


class Problems:
    """The bad rows of one table; a row is refused for the first problem found.

    Parameters
    ----------
    table : Table
        The table that is checked.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._found: dict[int, tuple[str, str]] = {}

    def refuse(self, positions: Iterable[int], name: str, problem: str | Sequence[str]) -> None:
        """Refuse rows by position; ``problem`` is one text, or one for each of them."""
        for i, position in enumerate(positions):
            text = problem if isinstance(problem, str) else problem[i]
            self._found.setdefault(int(position), (name, text))

    def refuse_values(self, column: Column, problems: Mapping[int, str]) -> None:
        """Refuse every row of ``column`` whose value's code is in ``problems``."""
        if problems:
            hit = np.flatnonzero(np.isin(column.codes, list(problems)))
            self.refuse(hit, column.name, [problems[int(c)] for c in column.codes[hit]])

    @property
    def good(self) -> NDArray[np.bool_]:
        """Shape (n,): rows without a problem."""
        good = np.ones(len(self._table), dtype=bool)
        good[list(self._found)] = False
        return good

    def bad_rows(self) -> tuple[BadRow, ...]:
        """Return all refused rows in the order of the source, ragged ones included."""
        rows = self._table.rows
        found = [BadRow(int(rows[p]), *what) for p, what in self._found.items()]
        return tuple(sorted([*found, *self._table.ragged], key=lambda bad: bad.row))

    def check(self, allowed: int) -> tuple[BadRow, ...]:
        """Return the refused rows, or raise ``BadRows`` if they are more than ``allowed``."""
        bad = self.bad_rows()
        if len(bad) > allowed:
            raise BadRows(bad, source=self._table.source, allowed=allowed)
        if not self.good.any():
            raise DataError("no row can be used", source=self._table.source, remedy="mend the file")
        return bad


def check_map(mapping: Mapping[str, str]) -> None:
    """Check that a column mapping is made of our names.

    Raises
    ------
    SettingsError
        A name is not ours, or two of ours are given the same column.
    """
    ours = dict.fromkeys(name for names in COLUMNS_OF.values() for name in names)
    for name in mapping:
        if name not in ours:
            raise SettingsError(
                f"map: {name!r} is not one of our columns; write ours=theirs with one of "
                + ", ".join(ours)
            )
    theirs = list(mapping.values())
    for name in theirs:
        if theirs.count(name) > 1:
            raise SettingsError(f"map: two of our columns are given the column {name!r}")


def check_map_is_used(
    mapping: Mapping[str, str], tables: Mapping[str, Table], *, complete: bool
) -> None:
    """Check that every mapped column exists.

    Parameters
    ----------
    tables : mapping of str to Table
        By role: ``"interactions"``, ``"items"``, ``"users"``.
    complete : bool
        Whether a name of ours that no table could have is an error as well.

    Raises
    ------
    DataError
        A mapped column is in no table that could have it; lists what there is.
    """
    for ours, theirs in mapping.items():
        could = [table for role, table in tables.items() if ours in COLUMNS_OF[role]]
        if not could and complete:
            could = list(tables.values())
        if could and not any(theirs in table.columns for table in could):
            have = "; ".join(f"{t.label} has {listed(list(t.columns))}" for t in could)
            raise DataError(
                f"the mapping {ours}={theirs} names a column that is nowhere ({have})",
                source=", ".join(table.source for table in could),
                field=theirs,
                remedy=f"correct it: --map {ours}=…",
            )


def named(
    table: Table, role: str, required: Collection[str], mapping: Mapping[str, str]
) -> tuple[dict[str, Column], dict[str, Column]]:
    """Find our columns in a table.

    Returns
    -------
    found : dict
        Our name to the column.
    rest : dict
        The other columns, by the names of the source.

    Raises
    ------
    DataError
        A required column is missing; lists the columns there are.
    """
    found: dict[str, Column] = {}
    for name in COLUMNS_OF[role]:
        theirs = mapping.get(name, name)
        theirs = theirs if theirs in table.columns else name
        if theirs in table.columns:
            found[name] = table.columns[theirs]
        elif name in required:
            raise DataError(
                f"there is no column {name!r}; there are {listed(list(table.columns))}",
                source=table.source,
                field=name,
                remedy=_remedy_for_missing(name, list(table.columns)),
            )
    for name, column in found.items():
        if column.is_list:
            raise DataError(
                f"the column for {name!r} holds lists",
                source=table.source,
                field=column.name,
                remedy="give one value a row",
            )
    taken = {column.name for column in found.values()}
    return found, {name: c for name, c in table.columns.items() if name not in taken}


def _remedy_for_missing(name: str, there: Sequence[str]) -> str:
    if len(there) == 1:
        for separator in ("::", "|", ":", " "):
            if separator in there[0]:
                return (
                    f"if {separator!r} separates the fields, write the file anew with commas, "
                    "semicolons or tabs"
                )
    if any(_float(column) is not None for column in there):
        return "if the first line is a row already, put a line of column names before it"
    return f"say which one it is: --map {name}={_resembling(name, there) or '…'}"


def _resembling(name: str, there: Sequence[str]) -> str | None:
    plain = {"".join(c for c in t.casefold() if c.isalnum()): t for t in reversed(there)}
    close = difflib.get_close_matches(name.replace("_", ""), plain, n=1, cutoff=0.6)
    return plain[close[0]] if close else None


def check_ids(
    column: Column,
    problems: Problems,
    what: str,
    *,
    known: Collection[str] | None = None,
    may_be_empty: bool = False,
) -> None:
    """Refuse ids that are empty, too long, unprintable or, if ``known`` is given, unknown."""
    bad: dict[int, str] = {}
    for code, text in enumerate(column.values):
        if not text:
            if not may_be_empty:
                bad[code] = f"no {what} id"
        elif len(text) > MAX_ID:
            bad[code] = f"an id of {len(text)} characters, {MAX_ID} are the most"
        elif not text.isprintable() and any(is_control(c) for c in text):
            bad[code] = f"the id {quoted(text)} holds a control character"
        elif known is not None and text not in known:
            bad[code] = f"unknown {what} {quoted(text)}"
    problems.refuse_values(column, bad)


def converted(
    column: Column, problems: Problems, convert: Convert, missing: float
) -> NDArray[np.float64]:
    """Convert every distinct value; those on which ``convert`` fails are refused.

    Parameters
    ----------
    convert : callable
        Gives a number or raises ``ValueError`` with the problem's words.
    missing : float
        Stands for an empty value, and for a refused one.
    """
    numbers = np.full(len(column.values), missing, dtype=np.float64)
    bad: dict[int, str] = {}
    for code, text in enumerate(column.values):
        if text:
            try:
                numbers[code] = convert(text)
            except ValueError as error:
                bad[code] = str(error)
    problems.refuse_values(column, bad)
    taken: NDArray[np.float64] = numbers[column.codes]
    return taken


def number(text: str) -> float:
    """Read a finite number; ``ValueError`` with the problem's words otherwise."""
    value = _float(text)
    if value is None:
        raise ValueError(f"{quoted(text)} is not a number")
    if not math.isfinite(value):
        raise ValueError(f"{quoted(text)} is not a finite number")
    if abs(value) > MAX_VALUE:
        raise ValueError(f"{quoted(text)} is no plausible value: beyond {MAX_VALUE:g}")
    return value


def times(column: Column, problems: Problems) -> NDArray[np.int64]:
    """Read times as seconds since 1970 UTC, ``NO_TIME`` where there is none.

    Numbers are seconds, or, by their size, milli-, micro- or nanoseconds; a file has one
    unit. Text is ISO 8601; without a zone it is UTC.
    """
    numbers = {text: _float(text) for text in column.values}
    divisor, unit = _unit(numbers.values())

    def convert(text: str) -> float:
        plain = numbers[text]
        seconds = _iso(text) if plain is None else plain / divisor
        if not _EARLIEST <= seconds < _LATEST:
            read_as = "" if plain is None else f", read as {unit},"
            raise ValueError(f"{quoted(text)}{read_as} is not a time from 1900 to 2199")
        return math.floor(seconds)

    seconds = converted(column, problems, convert, missing=np.nan)
    result = np.full(len(seconds), NO_TIME, dtype=np.int64)
    there = ~np.isnan(seconds)
    result[there] = seconds[there].astype(np.int64)
    return result


def _unit(numbers: Iterable[float | None]) -> tuple[float, str]:
    sizes = np.array(list(numbers), dtype=np.float64)
    sizes = np.abs(sizes[np.isfinite(sizes)])
    typical = float(np.median(sizes)) if len(sizes) else 0.0
    for least, divisor, unit in _UNITS:
        if typical >= least:
            return divisor, unit
    return 1.0, "seconds"


def _float(text: str) -> float | None:
    try:
        # Python reads "1_000" as a number, which no file means.
        return None if "_" in text else float(text)
    except ValueError:
        return None


def _iso(text: str) -> float:
    if text.startswith(OUT_OF_RANGE):
        return math.inf
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(
            f"{quoted(text)} is neither seconds since 1970 nor an ISO 8601 time"
        ) from None
    if moment.tzinfo is None:
        return (moment - _EPOCH).total_seconds()
    return moment.timestamp()


def clean_texts(column: Column, table: Table, limit: int) -> Column:
    """Clean a column of free text; what is cut to ``limit`` is noted in the table."""
    values = [cleaned(text) for text in column.values]
    long = [code for code, text in enumerate(values) if len(text) > limit]
    if long:
        hit = np.flatnonzero(np.isin(column.codes, long))
        table.notes.append(
            f"{table.label}: {len(hit)} text(s) in {column.name!r} were cut to {limit:,} "
            f"characters, the first in row {int(table.rows[hit[0]])}"
        )
    return recoded(column.name, column.codes, [text[:limit].rstrip() for text in values])
