"""Numbers and times read from the text of a column, a bad value refused with its row."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets.events import NO_TIME
from recx_agent.datasets.tables import OUT_OF_RANGE, Column
from recx_agent.datasets.validation import Problems, quoted

MAX_VALUE = 1e15
_EPOCH = datetime(1970, 1, 1)
_EARLIEST = int(datetime(1900, 1, 1, tzinfo=UTC).timestamp())
_LATEST = int(datetime(2200, 1, 1, tzinfo=UTC).timestamp())
_UNITS = ((1e17, 1e9, "nanoseconds"), (1e14, 1e6, "microseconds"), (1e10, 1e3, "milliseconds"))

Convert = Callable[[str], float]


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
    value = plain_number(text)
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
    numbers = {text: plain_number(text) for text in column.values}
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


def plain_number(text: str) -> float | None:
    """Read a number, ``None`` if it is none; it may be infinite."""
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
