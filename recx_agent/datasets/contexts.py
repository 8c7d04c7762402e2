"""The context of events: the moment of use and what else an event carries.

A context has a name and, for each event, at most one value. Its name is that of a further
column of the interactions, or one of ``time_of_day`` and ``weekday``, which are read off
the timestamp. A timestamp that only says when something was recorded tells nothing of the
moment of use, so those two can then not be asked for.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets.events import NO_TIME, Events
from recx_agent.errors import SettingsError

TIME_OF_DAY = "time_of_day"
WEEKDAY = "weekday"
TIMES_OF_DAY = ("night", "morning", "afternoon", "evening")
"""From 0, 6, 12 and 18 o'clock on, in the time zone of the settings."""
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NO_VALUE = -1

_QUARTER = 900  # seconds; clocks are set by whole quarters of an hour


@dataclass(frozen=True)
class EventContexts:
    """The context of ``n`` events.

    Attributes
    ----------
    names : tuple of str
        The contexts.
    values : tuple of tuple of str
        For each name its values, sorted.
    codes : int32 array, shape (n, n_names)
        Position in ``values`` of the name; ``NO_VALUE`` where an event has none.
    """

    names: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    codes: NDArray[np.int32]

    def at(self, position: int) -> dict[str, str]:
        """Name and value of what is known of one event."""
        return {
            name: values[code]
            for name, values, code in zip(
                self.names, self.values, self.codes[position].tolist(), strict=True
            )
            if code != NO_VALUE
        }


def check_context(
    names: Sequence[str], columns: Collection[str], time_meaning: str, time_zone: str
) -> None:
    """Refuse contexts that there are not.

    Parameters
    ----------
    names : sequence of str
        The contexts asked for.
    columns : collection of str
        Further columns of the interactions.
    time_meaning : str
        ``"use"`` or ``"record"``.
    time_zone : str
        In which hours and days are told.

    Raises
    ------
    SettingsError
        A name is no such column, the time of a record is asked for, or there is no such
        time zone.
    """
    zone_of(time_zone)
    for name in names:
        if name in columns:
            continue
        if name not in (TIME_OF_DAY, WEEKDAY):
            there = ", ".join(columns) or "none"
            raise SettingsError(
                f"context: the interactions have no further column {name!r}; there are: {there}. "
                f"{TIME_OF_DAY!r} and {WEEKDAY!r} are read off the timestamp"
            )
        if time_meaning != "use":
            raise SettingsError(
                f"context: {name!r} would be read off timestamps that say when an event was "
                "recorded, which is no cause of anything; leave it out, or set "
                "time_meaning = 'use' if they say when an item was used"
            )


def event_contexts(events: Events, names: Sequence[str], time_zone: str) -> EventContexts:
    """Read the contexts of all events.

    Parameters
    ----------
    events : Events
    names : sequence of str
        Contexts; where the events carry none of the name, it is read off the time if it
        is ``time_of_day`` or ``weekday``.
    time_zone : str
        In which hours and days are told.
    """
    carried = _carried(events, names)
    values: list[tuple[str, ...]] = []
    codes = np.full((len(events), len(names)), NO_VALUE, dtype=np.int32)
    for column, name in enumerate(names):
        if name in (TIME_OF_DAY, WEEKDAY) and not any(carried[name]):
            day, part = _local(np.asarray(events.time), zone_of(time_zone))
            own = part if name == TIME_OF_DAY else day
            known = TIMES_OF_DAY if name == TIME_OF_DAY else WEEKDAYS
            codes[:, column] = np.where(events.time == NO_TIME, NO_VALUE, own)
            values.append(known)
        else:
            found = tuple(sorted({value for value in carried[name] if value}))
            place = {value: i for i, value in enumerate(found)}
            codes[:, column] = [place.get(value, NO_VALUE) for value in carried[name]]
            values.append(found)
    return EventContexts(tuple(names), tuple(values), codes)


def context_of_time(moment: datetime, time_zone: str) -> dict[str, str]:
    """``time_of_day`` and ``weekday`` of a moment: what can be asked for when answering.

    Parameters
    ----------
    moment : datetime
        With a time zone.
    time_zone : str
        That of the data set.
    """
    seconds = np.array([int(moment.timestamp())], dtype=np.int64)
    day, part = _local(seconds, zone_of(time_zone))
    return {TIME_OF_DAY: TIMES_OF_DAY[int(part[0])], WEEKDAY: WEEKDAYS[int(day[0])]}


def zone_of(name: str) -> tzinfo:
    """Find a time zone by its name in the IANA data base.

    Raises
    ------
    SettingsError
        There is none of this name.
    """
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingsError(
            f"time_zone: {name!r} is no time zone; give a name such as 'Europe/Berlin'"
        ) from error


def _carried(events: Events, names: Sequence[str]) -> dict[str, list[str]]:
    """For each name the value that each event carries; ``""`` where it has none."""
    known: dict[str | None, tuple[str, ...]] = {None: ("",) * len(names)}
    rows = []
    for text in events.contexts or [None] * len(events):
        if text not in known:
            content: Mapping[str, Any] = json.loads(text or "{}")
            known[text] = tuple(str(content.get(name, "")) for name in names)
        rows.append(known[text])
    return {name: [row[column] for row in rows] for column, name in enumerate(names)}


def _local(seconds: NDArray[np.int64], zone: tzinfo) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Day of the week (0 is Monday) and quarter of the day, of seconds since 1970."""
    # One look-up for each quarter of an hour that occurs, not for each event.
    quarters, place = np.unique(seconds // _QUARTER, return_inverse=True)
    offsets = np.zeros(len(quarters), dtype=np.int64)
    for i, quarter in enumerate(quarters.tolist()):
        if quarter != NO_TIME // _QUARTER:
            offset = datetime.fromtimestamp(quarter * _QUARTER, UTC).astimezone(zone).utcoffset()
            offsets[i] = 0 if offset is None else int(offset.total_seconds())
    local = np.where(seconds == NO_TIME, 0, seconds) + offsets[place]
    # 1 January 1970 was a Thursday.
    return (local // 86_400 + 3) % 7, local % 86_400 // (6 * 3600)
