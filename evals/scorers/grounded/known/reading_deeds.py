"""Puts verbs, titles, ratings and days together, in the order in which they are told."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from recx_agent.evals.scorers.grounded.known.deeds import RATINGS, Done, Given, Group
from recx_agent.evals.scorers.grounded.known.reading import FIRST

_NUMBER = re.compile(r"-?\d+(?:,\d{3})*(?:\.\d+)?")


@dataclass
class _Deed:
    """One deed while it is read."""

    verb: str
    ratings: list[Given] = field(default_factory=list)
    times: int = 0
    place: str | None = None
    note: str = ""
    dates: list[str] = field(default_factory=list)
    between: bool = False


@dataclass
class _Group:
    letters: str = ""
    deeds: list[_Deed] = field(default_factory=list)
    wrong: str = ""


class Reading:
    """Deeds as they are read, token by token.

    A verb before titles holds for all groups up to the next such verb ("rated “A” 5 out of 5
    and “B” 4 out of 5"); one with a pronoun behind it adds to the last group.

    Parameters
    ----------
    kinds : mapping of str to str
        Verb, or place, to the event types that it tells of.
    number : callable
        Reads how often, and how many titles a pronoun stands for; 0 where it is several.
    behind : bool
        Whether verbs stand behind their titles: "“A”, which you bought".
    days_first : bool
        Whether days stand before what was done then.
    each : str
        Word without which a number of times is told of the last title alone, if there is one.
    """

    def __init__(
        self,
        kinds: Mapping[str, str],
        number: Callable[[str], int],
        *,
        behind: bool = False,
        days_first: bool = False,
        each: str = "",
    ) -> None:
        self._kinds, self._number = kinds, number
        self._behind, self._days_first, self._each = behind, days_first, each
        self._days: list[str] = []
        self._to = False
        self._groups: list[_Group] = []
        self._verbs: list[str] = []
        self._lead: list[str] = []
        self._last = ""

    def take(self, sort: str, text: str) -> None:
        """Read the next token.

        Parameters
        ----------
        sort : str
            ``verb, title, pronoun, several, rating, scale, times, place, note, day, between``;
            ``did``, a verb behind its titles; ``all``, said of several titles; ``anew``, after
            which earlier verbs no longer hold.
        text : str
        """
        if sort == "verb":
            self._verbs.append(text)
        elif sort == "title":
            self._title(text)
        elif sort == "anew":
            self._add()
            self._lead = []
        elif sort == "did":
            self._add()
            self._append(text)
        elif sort == "all":
            self._check(0)
        elif sort == "several":
            self._check(self._number(text))
        elif sort in ("day", "between") and self._days_first:
            self._ahead(sort, text)
        elif sort == "pronoun":
            self._add()
            self._check(self._number(text))
        else:
            self._add()
            getattr(self, f"_{sort}")(self._deed, text)
        self._last = sort

    def groups(self) -> Iterator[tuple[str, list[Done]]]:
        """Titles, as letters, and what was done with them."""
        self._add()
        for group in self._groups:
            yield group.letters, [self._done(deed, group.wrong) for deed in group.deeds]

    @property
    def _deed(self) -> _Deed:
        return self._groups[-1].deeds[-1]

    def _title(self, letter: str) -> None:
        if self._behind:
            self._add()
        if self._last == "title":
            self._groups[-1].letters += letter
            return
        if self._verbs:
            self._lead, self._verbs = self._verbs, []
        self._groups.append(_Group(letter, [_Deed(verb) for verb in self._lead]))

    def _add(self) -> None:
        """Add verbs that were read to the last group."""
        verbs, self._verbs = self._verbs, []
        for verb in verbs:
            self._append(verb)

    def _append(self, verb: str) -> None:
        if not self._groups:
            self._groups.append(_Group())
        days, self._days = self._days, []
        between, self._to = self._to, False
        self._groups[-1].deeds.append(_Deed(verb, dates=days, between=between))

    def _ahead(self, sort: str, text: str) -> None:
        self._add()
        if sort == "day":
            self._days.append(text)
        else:
            self._to = True

    def _check(self, count: int) -> None:
        """See whether as many titles were named: ``count``, or several where it is 0."""
        letters = self._groups[-1].letters if self._groups else ""
        if letters and (count != len(letters) if count else len(letters) == 1):
            self._groups[-1].wrong = "it is told of another number of titles"

    def _rating(self, deed: _Deed, text: str) -> None:
        value, *ends = (float(n.replace(",", "")) for n in _NUMBER.findall(text))
        if len(ends) > 1:
            deed.ratings.append(Given(value, ends[1], ends[0]))
        else:
            deed.ratings.append(Given(value, ends[0] if ends else None, percent="%" in text))

    def _scale(self, _: _Deed, text: str) -> None:
        """A scale that is told once holds for all ratings before it."""
        ends = [float(number.replace(",", "")) for number in _NUMBER.findall(text)]
        high = ends[-1] if ends else None
        low = ends[0] if len(ends) > 1 else None
        for deed in (deed for group in self._groups for deed in group.deeds):
            deed.ratings = [
                replace(given, high=high, low=low, percent=not ends)
                if given.high is None
                else given
                for given in deed.ratings
            ]

    def _times(self, _: _Deed, text: str) -> None:
        """How often; of several titles only where it is told of each."""
        last = self._groups[-1]
        of_all = len(last.letters) < 2 or len(last.deeds) > len(self._lead)
        if self._each and self._each not in text and not of_all:
            self._groups.append(_Group(last.letters[-1], [_Deed(verb) for verb in self._lead]))
            last.letters = last.letters[:-1]
        self._deed.times = self._number(text)

    def _place(self, deed: _Deed, text: str) -> None:
        deed.place = text

    def _note(self, deed: _Deed, text: str) -> None:
        deed.note = text.strip("()（）：")

    def _day(self, deed: _Deed, text: str) -> None:
        deed.dates.append(text)

    def _between(self, deed: _Deed, _: str) -> None:
        deed.between = True

    def _done(self, deed: _Deed, wrong: str) -> Done:
        told = self._kinds.get(deed.verb if deed.place is None else deed.place, "")
        thumb = told if told in ("up", "down") else ""
        return Done(
            kinds=RATINGS if thumb else frozenset(told.split()),
            ratings=tuple(deed.ratings),
            times=deed.times,
            thumb=thumb,
            note=deed.note,
            dates=tuple(deed.dates),
            between=deed.between,
            wrong=wrong,
        )


class ReadDeeds(ABC):
    """The deeds that a language tells; it has its own patterns, and says how they are read."""

    def groups(self, text: str, titles: Sequence[str]) -> list[Group]:
        """Take what was done with which items apart."""
        return [
            Group(tuple(titles[ord(letter) - FIRST] for letter in letters), tuple(deeds))
            for letters, deeds in self._read(text)
        ]

    def deeds(self, text: str) -> tuple[Done, ...]:
        """Take what was done with the item of a pronoun apart."""
        return tuple(done for _, deeds in self._read(text) for done in deeds)

    @abstractmethod
    def _read(self, text: str) -> Iterator[tuple[str, list[Done]]]:
        """Titles, as letters, and what was done with them."""
