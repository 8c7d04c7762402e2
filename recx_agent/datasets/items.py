"""The rows of an items file and of a users file, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from recx_agent.datasets.attributes import Values, attribute_values, why_no_feature
from recx_agent.datasets.column_names import named
from recx_agent.datasets.columns import DESCRIPTION, ITEM, TITLE, USER
from recx_agent.datasets.idmap import natural_key
from recx_agent.datasets.report import FileReport
from recx_agent.datasets.tables import LIST_MARK, Column, Table
from recx_agent.datasets.validation import (
    MAX_TEXT,
    MAX_TITLE,
    Problems,
    check_ids,
    clean_texts,
    cleaned,
)
from recx_agent.errors import DataError
from recx_agent.settings import DataSettings

T = TypeVar("T")


@dataclass(frozen=True)
class Things:
    """Checked items or users in the natural order of their ids.

    Attributes
    ----------
    ids : tuple of str
        Distinct ids.
    titles, descriptions : tuple of str
        By position; empty for users, or if there is no such column.
    attributes : mapping of str to Values
        Attribute name to the values of each.
    file : FileReport
        The rows they come from.
    notes : tuple of str
        What a user should know.
    """

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    descriptions: tuple[str, ...]
    attributes: Mapping[str, Values]
    file: FileReport
    notes: tuple[str, ...]


def read_items(table: Table, settings: DataSettings) -> Things:
    """Check an items table; what is in ``settings.changing`` is left out.

    Raises
    ------
    DataError, BadRows
        A column is missing; more rows are bad than allowed.
    """
    ours, rest = named(table, "items", (ITEM, TITLE), settings.map)
    problems = Problems(table)
    check_ids(ours[ITEM], problems, "item")
    titles = clean_texts(ours[TITLE], table, MAX_TITLE)
    empty = {code: "no title" for code, title in enumerate(titles.values) if not title}
    problems.refuse_values(titles, empty)
    _refuse_repeated(ours[ITEM], table, problems)
    _note_changing(rest, table, settings.changing)
    wanted = _wanted(rest, table, settings.attributes)
    keep, file = _kept(ours[ITEM], table, problems, "items", settings.max_bad_rows)
    attributes = {
        name: _taken(attribute_values(column, settings.multi_separator), keep)
        for name, column in wanted.items()
        if name not in settings.changing
    }
    descriptions: tuple[str, ...] = ()
    if DESCRIPTION in ours:
        descriptions = _taken(clean_texts(ours[DESCRIPTION], table, MAX_TEXT).texts(), keep)
    return Things(
        ids=_taken(ours[ITEM].texts(), keep),
        titles=_taken(titles.texts(), keep),
        descriptions=descriptions,
        attributes=attributes,
        file=file,
        notes=tuple(table.notes),
    )


def read_users(table: Table, settings: DataSettings) -> Things:
    """Check a users table; every other column is an attribute of one value.

    Raises
    ------
    DataError, BadRows
        A column is missing; more rows are bad than allowed.
    """
    ours, rest = named(table, "users", (USER,), settings.map)
    problems = Problems(table)
    check_ids(ours[USER], problems, "user")
    _refuse_repeated(ours[USER], table, problems)
    keep, file = _kept(ours[USER], table, problems, "users", settings.max_bad_rows)
    attributes = {}
    for name, column in rest.items():
        values = [cleaned(text.replace(LIST_MARK, "|")) for text in column.values]
        attributes[name] = _taken([(values[code],) for code in column.codes], keep)
    ids = _taken(ours[USER].texts(), keep)
    return Things(ids, (), (), attributes, file, tuple(table.notes))


def split_features(attributes: Mapping[str, Values]) -> tuple[tuple[str, ...], list[str]]:
    """Tell features from facts.

    Returns
    -------
    features : tuple of str
        Names of the attributes that can be features of a model.
    notes : list of str
        One line for each that is a fact alone, with the reason.
    """
    features, notes = [], []
    for name, values in attributes.items():
        reason = why_no_feature(values)
        if reason is None:
            features.append(name)
        else:
            notes.append(f"attribute {name!r} is told as a fact but not learned from: {reason}")
    return tuple(features), notes


def _note_changing(rest: Mapping[str, Column], table: Table, changing: Sequence[str]) -> None:
    """Say which columns are left out, for they will say something else when it is told."""
    left_out = [name for name in changing if name in rest]
    unknown = [name for name in changing if name not in rest]
    if left_out:
        table.notes.append(f"left to the facts hook, for they change: {', '.join(left_out)}")
    if unknown:
        table.notes.append(
            f"data.changing: {table.label} has no attribute column {', '.join(unknown)}"
        )


def _wanted(
    rest: Mapping[str, Column], table: Table, names: Sequence[str] | None
) -> Mapping[str, Column]:
    if names is None:
        return rest
    for name in names:
        if name not in rest:
            raise DataError(
                f"there is no attribute column {name!r}; there are {', '.join(rest) or 'none'}",
                source=table.source,
                field=name,
                remedy="correct the setting 'attributes'",
            )
    return {name: rest[name] for name in names}


def _refuse_repeated(column: Column, table: Table, problems: Problems) -> None:
    _, first, inverse = np.unique(column.codes, return_index=True, return_inverse=True)
    repeated = np.flatnonzero(first[inverse] != np.arange(len(table)))
    originals = table.rows[first[inverse[repeated]]]
    problems.refuse(
        repeated, column.name, [f"the id is that of row {int(row)} again" for row in originals]
    )


def _kept(
    column: Column, table: Table, problems: Problems, role: str, allowed: int
) -> tuple[list[int], FileReport]:
    """Give the positions of the good rows in the natural order of their ids."""
    dropped = problems.check(allowed)
    keep = [int(position) for position in np.flatnonzero(problems.good)]
    keep.sort(key=lambda position: natural_key(column.values[column.codes[position]]))
    read = len(table) + len(table.ragged)
    return keep, FileReport(role, table.source, read, len(keep), dropped)


def _taken(values: Sequence[T], keep: Sequence[int]) -> tuple[T, ...]:
    return tuple(values[position] for position in keep)
