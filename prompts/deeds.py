"""What a user did with items, gathered so that it can be told in few words.

::

    events of one piece of evidence → deeds (one a sort of event; event_words)
      → groups  (items with which the same was done)
      → phrases (groups that share a verb: "rated X and Y 5 out of 5 and Z 4 out of 5")
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Rating:
    """A rating as it was given, ``4.5`` from ``0.5`` to ``5``, in ``stars``.

    ``minimum`` and ``maximum`` are ``None`` if not known. Where ``percent``, the number is a
    percentage and ``unit`` is empty.
    """

    value: float
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    percent: bool = False
    dates: tuple[str, ...] = field(default=(), compare=False)

    @property
    def scale(self) -> tuple[object, ...]:
        """What ratings of one scale have alike."""
        return self.minimum, self.maximum, self.unit, self.percent

    @property
    def two_sided(self) -> bool:
        """Whether the scale goes below zero, so that "3 out of 10" would mislead."""
        return self.minimum is not None and self.minimum < 0 and self.maximum is not None


@dataclass(frozen=True)
class Deed:
    """One sort of event with one item.

    Attributes
    ----------
    verb : str
        As in "you ``verb`` X ``place``".
    place : str
        Such as "in your cart"; may be empty.
    unsaid : bool
        Whether it is not known what was done: X is in the history, no more.
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
    place: str = ""
    unsaid: bool = False
    note: str = ""
    ratings: tuple[Rating, ...] = ()
    times: int = 1
    dates: tuple[str, ...] = field(default=(), compare=False)

    @property
    def bare(self) -> bool:
        """Whether verb and title say it all, as in "viewed X"."""
        return not self.place and not self.unsaid and not self.ratings and self.times == 1


@dataclass(frozen=True)
class Group:
    """Items, by their titles in words, with which the same was done."""

    titles: tuple[str, ...]
    deeds: tuple[Deed, ...]

    @property
    def rated(self) -> bool:
        """Whether a rating is among the deeds."""
        return any(deed.ratings for deed in self.deeds)

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
    def one_scale(self) -> bool:
        """Whether the scale of the ratings needs to be told only once."""
        return one_scale(self.groups)

    @property
    def long(self) -> bool:
        """Whether it needs a comma before the next "and"."""
        first = self.groups[0]
        several = len(self.groups) > 1 or len(first.titles) > 1
        return several or len(first.deeds) > 1


def one_scale(groups: Iterable[Group]) -> bool:
    """Whether all ratings of the groups are on one scale."""
    scales = {given.scale for group in groups for deed in group.deeds for given in deed.ratings}
    return len(scales) == 1


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
    """Put groups of a single deed with the same verb together.

    Not those of which verb and title say all beside others: in "viewed X and Y four times" it is
    not clear what was done four times.
    """

    def verb(group: Group) -> object:
        first = group.deeds[0]
        return (first.verb, first.bare) if len(group.deeds) == 1 else group

    order = {key: n for n, key in enumerate(dict.fromkeys(verb(group) for group in groups))}
    ordered = sorted(groups, key=lambda group: order[verb(group)])
    return tuple(Phrase(tuple(same)) for _, same in itertools.groupby(ordered, key=verb))
