"""What a sentence says that a user did with items, in any language, and whether it is so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recx_agent.evals.scorers.grounded.data import Event, Scale

_ROUNDED = 0.0051

RATINGS = frozenset("rating rate rated score review reviewed".split())
"""Event types whose value is a rating."""


@dataclass(frozen=True)
class Given:
    """A rating as it is told: ``4.5`` out of ``5``, or in percent; ``low`` where that is told."""

    value: float
    high: float | None = None
    low: float | None = None
    percent: bool = False


@dataclass(frozen=True)
class Done:
    """One thing that was done.

    Attributes
    ----------
    kinds : set of str
        Event types that are told in these words; empty where it is only told that there is
        something in the history.
    ratings : tuple of Given
        The ratings that were given; empty where none is told.
    times : int
        How often; 0 where it is not told.
    thumb : str
        ``up``, ``down`` or nothing.
    note : str
        What stands for event types without a word.
    dates : tuple of str
        Days, as ``2024-03-09``.
    between : bool
        Whether the days are the first and the last.
    wrong : str
        What is wrong with how it is told, whatever is true.
    """

    kinds: frozenset[str]
    ratings: tuple[Given, ...] = ()
    times: int = 0
    thumb: str = ""
    note: str = ""
    dates: tuple[str, ...] = ()
    between: bool = False
    wrong: str = ""

    @property
    def without_scale(self) -> bool:
        """Whether a rating is told and no scale."""
        return any(given.high is None and not given.percent for given in self.ratings)


@dataclass(frozen=True)
class Group:
    """Items with which the same was done."""

    titles: tuple[str, ...]
    deeds: tuple[Done, ...]

    @property
    def rating(self) -> float:
        """The only rating told; -1 if there is none or several."""
        given = [rating for done in self.deeds for rating in done.ratings]
        return _plain(given[0].value) if len(given) == 1 else -1

    @property
    def maximum(self) -> float:
        """The end of the scale of that rating; -1 if it is not told."""
        given = [rating.high for done in self.deeds for rating in done.ratings]
        return -1 if len(given) != 1 or given[0] is None else _plain(given[0])


def _plain(value: float) -> float:
    """A whole number as one."""
    return int(value) if float(value).is_integer() else value


def rated(titles: tuple[str, ...], rating: float, high: float) -> Group:
    """Items that were rated alike."""
    return Group(titles, (Done(RATINGS, (Given(rating, high),)),))


def key_of(kind: str) -> str:
    """An event type as the tables have it: ``Page View`` and ``page-view`` are one."""
    letters = "".join(c if c.isalnum() else " " for c in kind.lower())
    return "_".join(letters.split())


def wrong_deed(events: Sequence[Event], deed: Done, scale: Scale, whose: str) -> Iterator[str]:
    """What is wrong with one thing that was done.

    Parameters
    ----------
    events : sequence of Event
        All that the user did with the item.
    deed : Done
    scale : Scale
        Of the ratings.
    whose : str
        How the item is called in what is found.
    """
    if deed.wrong:
        yield deed.wrong
    own = [event for event in events if not deed.kinds or key_of(event.kind) in deed.kinds]
    if not own:
        yield f"{whose}: nothing of the sort was done"
        return
    ratings = {event.rating for event in own if event.rating is not None}
    told = {given.value for given in deed.ratings}
    if not all(any(_near(value, own) for own in ratings) for value in told):
        yield f"{whose} was rated {sorted(ratings)}"
    for given in deed.ratings:
        if given.high is not None and not _near(given.high, scale.high):
            yield f"the scale ends at {scale.high}"
        if given.low is not None and not _near(given.low, scale.low):
            yield f"the scale begins at {scale.low}"
    if deed.thumb and not any(_near(r, _end(scale, deed.thumb)) for r in ratings):
        yield f"{whose} was rated {sorted(ratings)}"
    if deed.times and deed.times != len(own):
        yield f"{whose}: that was done {len(own)} times"
    days = {event.day for event in own}
    if not days >= set(deed.dates) or (deed.between and not _span(days, deed.dates)):
        yield f"{whose}: that was done on {sorted(days)}"
    if deed.note and not any(key_of(event.kind) in key_of(deed.note) for event in own):
        yield f"{whose}: {deed.note!r} was not done"


def _end(scale: Scale, thumb: str) -> float:
    return scale.high if thumb == "up" else scale.low


def _span(days: set[str], told: Sequence[str]) -> bool:
    return (min(days), max(days)) == (min(told), max(told))


def _near(one: float, other: float) -> bool:
    """Whether numbers are equal as they are told: with two decimals."""
    return abs(one - other) < _ROUNDED
