"""Ids and texts of a column: cleaned, or refused with their rows."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets.tables import Column, Table, recoded
from recx_agent.errors import BadRow, BadRows, DataError

MAX_ID = 512
MAX_TEXT = 10_000
MAX_TITLE = 1_000
_SHOWN = 60
_LISTED = 20
# Controls, halves of characters, line and paragraph marks; then marks that turn the
# direction of writing, with which a text can be made to look like another one.
_CONTROL_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


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
