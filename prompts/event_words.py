"""What an event is called: verbs by event type, ratings by their scale."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from recx_agent.prompts.cleaning import clean, finite
from recx_agent.prompts.deeds import Deed, Rating
from recx_agent.prompts.languages import Language, Noun

Event = Mapping[str, Any]


@dataclass(frozen=True)
class Meanings:
    """What event types and units of ratings mean, the same in every language.

    Attributes
    ----------
    ratings : set of str
        Event types whose value is a rating.
    searches : set of str
        Event types whose text was searched for.
    percent, thumbs : set of str
        Units of ratings that are told in a way of their own.
    """

    ratings: frozenset[str]
    searches: frozenset[str]
    percent: frozenset[str]
    thumbs: frozenset[str]

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> Meanings:
        """Read the tables ``events`` and ``scales`` of the manifest."""
        events, scales = manifest["events"], manifest["scales"]
        lists = (events["ratings"], events["searches"], scales["percent"], scales["thumbs"])
        return cls(*map(frozenset, lists))


def event_key(kind: object) -> str:
    """An event type as the tables have it: ``Page View`` and ``page-view`` are one."""
    return re.sub(r"[\W_]+", "_", str(kind).lower()).strip("_")


class EventWords:
    """The words of one language for what was done.

    Parameters
    ----------
    table : mapping
        What ``events.toml`` of the language holds.
    meanings : Meanings
    language : Language
    """

    def __init__(self, table: Mapping[str, Any], meanings: Meanings, language: Language) -> None:
        self.meanings = meanings
        self._language = language
        unsaid, self._rating = table["unsaid"], table["rating"]
        self._unsaid = Deed(unsaid["verb"], unsaid["place"], unsaid=True)
        self._rated = Deed(self._rating["verb"])
        places = dict(table["places"])
        put = places.pop("put")
        self._known = dict.fromkeys(unsaid["types"], self._unsaid)
        self._known |= _by_type(table["verbs"])
        for place, kinds in places.items():
            self._known |= dict.fromkeys(kinds, Deed(put, place))
        self._by_sort = {
            sort: {**self._known, **_by_type(verbs)}
            for sort, verbs in table.get("verbs_of", {}).items()
        }

    @property
    def types(self) -> tuple[str, ...]:
        """The event types that have words."""
        return tuple(self._known)

    def deed(self, kind: str, noun: Noun) -> Deed | None:
        """What an event of this type is called, ``None`` if it has no words."""
        deed = self._by_sort.get(noun.sort, self._known).get(event_key(kind))
        return None if deed == self._unsaid else deed

    def deeds(self, fields: Mapping[str, Any], unit: str, noun: Noun) -> tuple[Deed, ...]:
        """Gather what was done with one item.

        Parameters
        ----------
        fields : mapping
            Fields of an ``H``; without ``events`` they tell of one event themselves.
        unit : str
            Unit of ratings as the operator calls it; may be empty.
        noun : Noun
        """
        done: dict[Deed, list[Event]] = {}
        ratings: list[Rating] = []
        unknown: list[str] = []
        for event in fields.get("events") or (fields,):
            has_value = event.get("rating") is not None
            kind = event.get("event_type") or ("rating" if has_value else "interaction")
            key = event_key(kind)
            deed = self.deed(kind, noun)
            if deed is None and key not in self._known:
                unknown.append(self._language.value(kind))
            if has_value and key in self.meanings.ratings:
                given = self._given(event, fields, unit)
                if isinstance(given, Rating):
                    ratings.append(given)
                else:  # a thumb is told in the place of "rated", but beside "reviewed"
                    done.setdefault(given, []).append(event)
                    if deed == self._known["rating"]:
                        continue
            done.setdefault(deed or self._unsaid, []).append(event)
        return tuple(self._ordered(done, ratings, unknown))

    def _ordered(
        self,
        done: dict[Deed, list[Event]],
        ratings: Sequence[Rating],
        unknown: Sequence[str],
    ) -> Iterable[Deed]:
        """In the order of the first of each, but: "watched X, rated it, and have it in …"."""
        rated = self._known["rating"]
        if ratings:
            done.setdefault(rated, [])
        if len(done) > 1 and not unknown:
            done.pop(self._unsaid, None)  # "viewed" says it already
        for deed in sorted(done, key=lambda deed: (deed == self._unsaid, deed == rated)):
            dates = tuple(date for event in done[deed] for date in _date(event))
            if deed == rated and ratings:
                told = _distinct(ratings)
                times = len(ratings) if len(told) > 1 else 1
                yield replace(self._rated, ratings=told, times=times, dates=dates)
            elif deed == self._unsaid:
                note = self._language.listed(list(dict.fromkeys(unknown))) if unknown else ""
                yield replace(deed, note=note, dates=dates)
            else:
                yield replace(deed, times=1 if deed.place else len(done[deed]), dates=dates)

    def _given(self, event: Event, fields: Event, unit: str) -> Rating | Deed:
        """The rating of an event, or what a thumb up or down is called."""
        value = finite(event["rating"])
        minimum, maximum = (
            None if end is None else finite(end)
            for end in (event.get(name, fields.get(name)) for name in ("rating_min", "rating_max"))
        )
        if unit.lower() in self.meanings.thumbs:
            up = value > 0 if maximum is None else value >= maximum
            if up or value <= (0 if minimum is None else minimum):
                return Deed(self._rating["thumb"], self._rating["up" if up else "down"])
        return self.rating(value, minimum, maximum, unit, _date(event))

    def liked(
        self, bar: Rating | None, event: object, unit: str, noun: Noun
    ) -> tuple[Rating | None, Deed | None]:
        """What counts as liking an item: a rating from ``bar`` on, or else an event."""
        if bar is not None and unit.lower() in self.meanings.thumbs:
            return None, Deed(self._rating["thumb"], self._rating["up"])
        return bar, None if bar is not None or not event else self.deed(str(event), noun)

    def rating(
        self,
        value: float,
        minimum: float | None,
        maximum: float | None,
        unit: str,
        dates: tuple[str, ...] = (),
    ) -> Rating:
        """Put a rating and its unit together."""
        percent = unit.lower() in self.meanings.percent
        counted = value if maximum is None else maximum
        worded = "" if percent else self._language.unit(unit, counted)
        return Rating(value, minimum, maximum, worded, percent, dates)


def _by_type(verbs: Mapping[str, Sequence[str]]) -> dict[str, Deed]:
    return {kind: Deed(verb) for verb, kinds in verbs.items() for kind in kinds}


def _date(event: Event) -> tuple[str, ...]:
    """No date or one."""
    return (clean(event["date"]),) if event.get("date") else ()


def _distinct(ratings: Iterable[Rating]) -> tuple[Rating, ...]:
    """Equal ratings as one, with the dates of all."""
    found: dict[Rating, tuple[str, ...]] = {}
    for rating in ratings:
        found[rating] = found.get(rating, ()) + rating.dates
    return tuple(replace(rating, dates=dates) for rating, dates in found.items())
