"""What a user did with items, gathered so that it can be told in few words.

::

    events of one piece of evidence → deeds (one a sort of event)
      → groups  (items with which the same was done)
      → phrases (groups that share a verb: "rated X and Y 5 out of 5 and Z 4 out of 5")
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from recx_agent.prompts.cleaning import clean, number, plain_value
from recx_agent.prompts.filters import listed, named

_RATED = ("rated", "")


@dataclass(frozen=True)
class Rating:
    """A rating as it was given, in words: ``4.5``, out of ``5``, ``stars``."""

    value: str
    maximum: str
    unit: str
    dates: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Deed:
    """One sort of event with one item.

    Attributes
    ----------
    verb : str
        As in "you ``verb`` X ``place``".
    participle : str
        As in "X (``participle place``)"; may be empty.
    place : str
        Such as "in your history"; may be empty.
    note : str
        The event types that have no verb; may be empty.
    ratings : tuple of Rating
        The different ratings, in the order given.
    times : int
        How often.
    dates : tuple of str
        Of the events that have one.
    """

    verb: str
    participle: str
    place: str = ""
    note: str = ""
    ratings: tuple[Rating, ...] = ()
    times: int = 1
    dates: tuple[str, ...] = field(default=(), compare=False)

    @property
    def bare(self) -> bool:
        """Whether verb and title say it all, as in "viewed X"."""
        return not self.place and not self.ratings and self.times == 1


@dataclass(frozen=True)
class Group:
    """Items, by their titles in words, with which the same was done."""

    titles: tuple[str, ...]
    deeds: tuple[Deed, ...]

    @property
    def lead(self) -> tuple[Deed, ...]:
        """Deeds told in one go: "viewed and bought X"."""
        return tuple(itertools.takewhile(lambda deed: deed.bare, self.deeds)) or self.deeds[:1]

    @property
    def rest(self) -> tuple[Deed, ...]:
        """Deeds told after them: "… and rated it 5 out of 5"."""
        return self.deeds[len(self.lead) :]


@dataclass(frozen=True)
class Phrase:
    """Groups told with one verb."""

    groups: tuple[Group, ...]

    @property
    def long(self) -> bool:
        """Whether it needs a comma before the next "and"."""
        first = self.groups[0]
        several = len(self.groups) > 1 or len(first.titles) > 1
        return several or len(first.deeds) > 1


class EventWords:
    """The verbs of event types.

    Parameters
    ----------
    table : mapping
        What ``events.toml`` holds.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._ratings = frozenset(table["ratings"])
        self._unsaid = ("have", str(table["unsaid"]["place"]))
        self._known = dict.fromkeys(table["unsaid"]["types"], self._unsaid)
        for verb, kinds in table["verbs"].items():
            self._known |= dict.fromkeys(kinds, (verb, ""))
        for place, kinds in table["places"].items():
            self._known |= dict.fromkeys(kinds, ("put", place))

    def deeds(self, fields: Mapping[str, Any], unit: str) -> tuple[Deed, ...]:
        """Gather what was done with one item.

        Parameters
        ----------
        fields : mapping
            Fields of an ``H``; without ``events`` they tell of one event themselves.
        unit : str
            Unit of ratings; may be empty.
        """
        rating_max = fields.get("rating_max")
        by_deed: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
        ratings: list[Rating] = []
        unknown: list[str] = []
        for event in fields.get("events") or (fields,):
            rated = event.get("rating") is not None
            kind = event.get("event_type") or ("rating" if rated else "interaction")
            key = re.sub(r"[\W_]+", "_", str(kind).lower()).strip("_")
            deed = self._known.get(key, self._unsaid)
            by_deed.setdefault(deed, []).append(event)
            if key not in self._known:
                unknown.append(plain_value(kind))
            if rated and key in self._ratings:
                ratings.append(_rating(event, rating_max, unit))
        if ratings:
            by_deed.setdefault(_RATED, [])
        if len(by_deed) > 1 and not unknown:
            by_deed.pop(self._unsaid, None)  # "viewed" says it already
        # In the order of the first of each, but: "watched X, rated it, and have it in …".
        ordered = sorted(by_deed, key=lambda deed: (deed == self._unsaid, deed == _RATED))
        return tuple(self._deed(deed, by_deed[deed], ratings, unknown) for deed in ordered)

    def _deed(
        self,
        deed: tuple[str, str],
        events: Sequence[Mapping[str, Any]],
        ratings: Sequence[Rating],
        unknown: Sequence[str],
    ) -> Deed:
        """Word the events of one sort."""
        verb, place = deed
        dates = tuple(date for event in events for date in _date(event))
        if deed == _RATED and ratings:
            told = _distinct(ratings)
            times = len(ratings) if len(told) > 1 else 1
            return Deed(verb, verb, ratings=told, times=times, dates=dates)
        if deed == self._unsaid:
            return Deed(verb, "", place, listed(list(dict.fromkeys(unknown))), dates=dates)
        return Deed(verb, verb, place, times=1 if place else len(events), dates=dates)


def _rating(event: Mapping[str, Any], rating_max: Any, unit: str) -> Rating:
    value, maximum = event["rating"], event.get("rating_max", rating_max)
    if unit:
        unit = named(unit, value if maximum is None else maximum)
    top = "" if maximum is None else number(maximum)
    return Rating(number(value), top, unit, _date(event))


def _date(event: Mapping[str, Any]) -> tuple[str, ...]:
    """No date or one."""
    return (clean(event["date"]),) if event.get("date") else ()


def _distinct(ratings: Iterable[Rating]) -> tuple[Rating, ...]:
    """Equal ratings as one, with the dates of all."""
    found: dict[Rating, tuple[str, ...]] = {}
    for rating in ratings:
        found[rating] = found.get(rating, ()) + rating.dates
    return tuple(replace(rating, dates=dates) for rating, dates in found.items())


def grouped(told: Iterable[tuple[str, tuple[Deed, ...]]]) -> tuple[Group, ...]:
    """Put items with which the same was done together, in the order of the first of each.

    Parameters
    ----------
    told : iterable of (title in words, deeds)
    """
    titles: dict[tuple[Deed, ...], list[str]] = {}
    for title, deeds in told:
        titles.setdefault(deeds, []).append(title)
    return tuple(Group(tuple(names), deeds) for deeds, names in titles.items())


def phrased(groups: Sequence[Group]) -> tuple[Phrase, ...]:
    """Put groups of a single deed with the same verb together."""

    def verb(group: Group) -> object:
        return group.deeds[0].verb if len(group.deeds) == 1 else group

    order = {key: n for n, key in enumerate(dict.fromkeys(verb(group) for group in groups))}
    ordered = sorted(groups, key=lambda group: order[verb(group)])
    return tuple(Phrase(tuple(same)) for _, same in itertools.groupby(ordered, key=verb))
