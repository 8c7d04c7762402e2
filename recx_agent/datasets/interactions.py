"""The rows of an interactions file, checked and judged."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets.column_names import named
from recx_agent.datasets.columns import (
    EVENT_TYPE,
    INTERACTION,
    ITEM,
    RATING,
    SEARCH,
    TEXT,
    TIMESTAMP,
    USER,
    VALUE,
)
from recx_agent.datasets.events import NO_ITEM, NO_TIME
from recx_agent.datasets.joining import first_of_equal, value_key
from recx_agent.datasets.numbers_and_times import converted, number, times
from recx_agent.datasets.report import FileReport
from recx_agent.datasets.rule import Rule, rule_of
from recx_agent.datasets.tables import LIST_MARK, Column, Table, number_text, recoded
from recx_agent.datasets.validation import (
    MAX_TEXT,
    Problems,
    check_ids,
    clean_texts,
    cleaned,
    is_control,
    quoted,
)
from recx_agent.errors import DataError
from recx_agent.settings import DataSettings

MAX_EVENT_TYPES = 1_000
MAX_EVENT_TYPE = 64


@dataclass(frozen=True)
class Incoming:
    """The good rows of an interactions file; ids and types are still text.

    Attributes
    ----------
    users, items, kinds : Column
        Codes and values of the good rows; an item may be ``""``.
    value, time, positive, row : arrays, shape (n,)
        As in :class:`~recx_agent.datasets.events.Events`.
    texts, contexts : list of (str or None), or empty
        Free text and free context of each row.
    label : str
        Short name of the source.
    rule : Rule
        What was positive.
    file : FileReport
        The rows they come from.
    notes : tuple of str
        What a user should know.
    """

    users: Column
    items: Column
    kinds: Column
    value: NDArray[np.float32]
    time: NDArray[np.int64]
    positive: NDArray[np.bool_]
    row: NDArray[np.int64]
    texts: list[str | None]
    contexts: list[str | None]
    label: str
    rule: Rule
    file: FileReport
    notes: tuple[str, ...]


def read_interactions(
    table: Table,
    settings: DataSettings,
    *,
    known_items: Collection[str] | None = None,
    known_users: Collection[str] | None = None,
    scale: tuple[float, float] | None = None,
    positive_from: float | None = None,
    disliked_to: float | None = None,
) -> Incoming:
    """Check an interactions table and judge what is positive.

    Parameters
    ----------
    table : Table
        The rows.
    settings : DataSettings
        Column mapping, event types, scale.
    known_items, known_users : collection of str, optional
        Ids a row may have; any if not given.
    scale, positive_from, disliked_to : optional
        The rule of the data set that is extended, where the settings set none.

    Raises
    ------
    DataError, BadRows, SettingsError
        A column is missing; more rows are bad than allowed; no value could be positive.
    """
    ours, rest = named(table, "interactions", (USER, ITEM), settings.map)
    problems = Problems(table)
    texts = clean_texts(ours[TEXT], table, MAX_TEXT) if TEXT in ours else None
    kinds = _kinds(ours.get(EVENT_TYPE), ours.get(VALUE), table, settings)
    check_ids(ours[USER], problems, "user", known=known_users)
    _check_items(ours[ITEM], problems, known_items, kinds, texts)
    _check_kinds(kinds, problems, table)
    value = np.full(len(table), np.nan)
    if VALUE in ours:
        value = converted(ours[VALUE], problems, number, missing=np.nan)
    _refuse_empty_ratings(kinds, value, ours.get(VALUE), problems)
    time = np.full(len(table), NO_TIME, dtype=np.int64)
    if TIMESTAMP in ours:
        time = times(ours[TIMESTAMP], problems)
    judged = ~np.isnan(value) & ~_is_one_of(kinds, settings.ignore_event_types)
    rule = rule_of(value[judged & problems.good], settings, scale, positive_from, disliked_to)
    if VALUE in ours:
        _refuse_off_scale(value, judged, rule, ours[VALUE], problems)
    has_item = ~ours[ITEM].is_missing()
    positive = has_item & rule.positive(kinds, value, settings.ignore_event_types)
    _refuse_duplicates(ours, kinds, value, time, texts, table, problems)

    dropped = problems.check(settings.max_bad_rows)
    keep = np.flatnonzero(problems.good)
    read = len(table) + len(table.ragged)
    notes = [*table.notes, *_notes(time[keep], TIMESTAMP in ours, rest, rule)]
    return Incoming(
        users=_rows(ours[USER], keep),
        items=_rows(ours[ITEM], keep),
        kinds=_rows(kinds, keep),
        value=value[keep].astype(np.float32),
        time=time[keep],
        positive=positive[keep],
        row=table.rows[keep],
        texts=_or_none(_rows(texts, keep).texts()) if texts else [],
        contexts=_contexts(rest, keep),
        label=table.label,
        rule=rule,
        file=FileReport("interactions", table.source, read, len(keep), dropped),
        notes=tuple(notes),
    )


def further_columns(table: Table, mapping: Mapping[str, str]) -> list[str]:
    """Name the columns that are none of ours: what can be context."""
    return list(named(table, "interactions", (), mapping)[1])


def _kinds(
    column: Column | None, values: Column | None, table: Table, settings: DataSettings
) -> Column:
    rated = values is not None and not values.is_missing().all()
    default = settings.default_event_type or (RATING if rated else INTERACTION)
    if column is None:
        return Column(EVENT_TYPE, np.zeros(len(table), dtype=np.int32), [default])
    return recoded(column.name, column.codes, [text or default for text in column.values])


def _check_kinds(kinds: Column, problems: Problems, table: Table) -> None:
    if len(kinds.values) > MAX_EVENT_TYPES:
        raise DataError(
            f"{len(kinds.values):,} event types are too many to mean anything",
            source=table.source,
            field=kinds.name,
            remedy="map another column: --map event_type=…",
        )
    bad = {
        code: f"{quoted(kind)} is no name of an event type"
        for code, kind in enumerate(kinds.values)
        if len(kind) > MAX_EVENT_TYPE or any(is_control(c) for c in kind)
    }
    problems.refuse_values(kinds, bad)


def _is_one_of(column: Column, names: Collection[str]) -> NDArray[np.bool_]:
    return np.array([value in names for value in column.values], dtype=bool)[column.codes]


def _check_items(
    items: Column,
    problems: Problems,
    known: Collection[str] | None,
    kinds: Column,
    texts: Column | None,
) -> None:
    missing = items.is_missing()
    search = _is_one_of(kinds, (SEARCH,))
    said = np.zeros(len(missing), dtype=bool) if texts is None else ~texts.is_missing()
    problems.refuse(np.flatnonzero(missing & ~search), items.name, "no item id")
    problems.refuse(
        np.flatnonzero(missing & search & ~said), items.name, "a search without item and text"
    )
    # What is left without an item is a search that has its text.
    check_ids(items, problems, "item", known=known, may_be_empty=True)


def _refuse_empty_ratings(
    kinds: Column, value: NDArray[np.float64], column: Column | None, problems: Problems
) -> None:
    empty = np.isnan(value) & _is_one_of(kinds, (RATING,))
    name = VALUE if column is None else column.name
    problems.refuse(np.flatnonzero(empty), name, "a rating without a value")


def _refuse_off_scale(
    value: NDArray[np.float64],
    judged: NDArray[np.bool_],
    rule: Rule,
    column: Column,
    problems: Problems,
) -> None:
    if rule.scale is None:
        return
    low, high = rule.scale
    off = np.flatnonzero(judged & ((value < low) | (value > high)))
    problems.refuse(
        off,
        column.name,
        [f"{value[i]:g} is not on the scale from {low:g} to {high:g}" for i in off],
    )


def _refuse_duplicates(
    ours: Mapping[str, Column],
    kinds: Column,
    value: NDArray[np.float64],
    time: NDArray[np.int64],
    texts: Column | None,
    table: Table,
    problems: Problems,
) -> None:
    good = np.flatnonzero(problems.good)
    keys: list[NDArray[Any]] = [time, value_key(value), kinds.codes]
    keys += [ours[ITEM].codes, ours[USER].codes]
    if texts is not None:
        # Two searches at one time are two if their words differ.
        keys.append(np.where(ours[ITEM].is_missing(), texts.codes, NO_ITEM))
    first = good[first_of_equal(*(key[good] for key in keys))]
    again = first != good
    words = [f"duplicate of row {int(row)}" for row in table.rows[first[again]]]
    problems.refuse(good[again], ours[USER].name, words)


def _rows(column: Column, keep: NDArray[np.int64]) -> Column:
    return Column(column.name, column.codes[keep], column.values)


def _or_none(texts: list[str]) -> list[str | None]:
    return [text or None for text in texts] if any(texts) else []


def _contexts(rest: Mapping[str, Column], keep: NDArray[np.int64]) -> list[str | None]:
    """Put the other columns of each row into one JSON object; equal ones are one text."""
    if not rest:
        return []
    names = list(rest)
    words = [
        [cleaned(text.replace(LIST_MARK, ", "))[:MAX_TEXT] for text in column.values]
        for column in rest.values()
    ]
    known: dict[tuple[int, ...], str] = {}
    contexts: list[str] = []
    for codes in zip(*(column.codes[keep].tolist() for column in rest.values()), strict=True):
        text = known.get(codes)
        if text is None:
            filled = {n: w[c] for n, w, c in zip(names, words, codes, strict=True) if w[c]}
            text = known[codes] = json.dumps(filled, ensure_ascii=False) if filled else ""
        contexts.append(text)
    return _or_none(contexts)


def _notes(
    time: NDArray[np.int64], has_times: bool, rest: Mapping[str, Column], rule: Rule
) -> list[str]:
    notes = []
    if rule.inferred and rule.scale is not None and rule.scale[0] == rule.scale[1]:
        notes.append(
            f"every value is {number_text(rule.scale[0])}, so all of them count as positive; "
            "declare the scale (--scale) if it is wider"
        )
    if rest:
        notes.append(f"kept beside each event as context: {', '.join(rest)}")
    missing = int((time == NO_TIME).sum())
    if not has_times:
        notes.append("there are no times: recency cannot weigh, and no split by time is possible")
    elif missing:
        notes.append(f"{missing:,} events have no time and count as the oldest")
    known = time[time != NO_TIME]
    if len(known) and 0 <= known.min() and known.max() < 366 * 86_400:
        notes.append("all times lie in 1970; are they really seconds since then?")
    return notes
