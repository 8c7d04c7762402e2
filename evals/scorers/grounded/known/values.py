"""Puts letters in place of attributes and their values, so that tables need not know any."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

Known = Mapping[str, Mapping[str, str]]
"""By column, the values as texts show them, each with what the files have."""
FIRST_VALUE, FIRST_NAME, FIRST_NAMES = 0xF000, 0xF700, 0xF780
V = "[\uf000-\uf6ff]"
"""One value, in the patterns."""
K = "[\uf700-\uf77f]"
"""The name of an attribute, as it is told of one value."""
KS = "[\uf780-\uf7ff]"
"""The same, as it is told of several."""

_LEAST = re.compile(r"[A-Z][A-Za-z0-9_'’-]*|\d{4}")
"""What is taken for a value that the files do not have."""
_MARKS = str.maketrans("“”《》", "‘’〈〉")
_LONGEST = 200


def shown(text: str) -> str:
    """A title or value as texts show it: on one line, cut, without the marks of titles."""
    line = " ".join(text.split())
    cut = line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"
    return cut.translate(_MARKS)


class Others(str):
    """Values that are only counted: "and 12 others"; the text is how many."""

    __slots__ = ()

    @property
    def number(self) -> int:
        """How many."""
        return int(self.replace(",", ""))


@dataclass(frozen=True)
class Attributes:
    """The attributes of one workspace in one language.

    Attributes
    ----------
    names : sequence of (column, name, name of several)
    known : mapping of str to mapping of str to str
        Of each column, the values as texts show them, each with what the files have.
    before : str
        Pattern of what may stand between a name and its values.
    between : str
        Pattern of what stands between two values.
    others : str
        Pattern of values that are only counted; its group is how many.
    behind : str
        Pattern of a name that stands behind its value, with ``<NAME>`` for the name.
    """

    names: Sequence[tuple[str, str, str]]
    known: Known
    before: str
    between: str
    others: str
    behind: str = ""

    def lettered(self, text: str, titles: Sequence[str]) -> tuple[str, list[str]]:
        """The sentence with letters for names and values, and the values.

        Parameters
        ----------
        text : str
            With letters for what stands between marks.
        titles : sequence of str
            What these letters stand for.
        """
        found: list[str] = []
        parts, place = [], 0
        for start, end, letters in self._places(text, titles, found):
            parts += [text[place:start], letters]
            place = end
        return "".join([*parts, text[place:]]), found

    def _places(
        self, text: str, titles: Sequence[str], found: list[str]
    ) -> Iterator[tuple[int, int, str]]:
        place = 0
        while match := self._name.search(text, place):
            place = match.end()
            column, letter = self._meant[_lowered(match["name"])]
            end, letters = self._list(text, match.end(), column, titles, found)
            if letters:
                yield match.start(), end, chr(letter) + match["before"] + letters
                place = end
        if self.behind:
            yield from self._behind(text, titles, found)

    def _list(
        self, text: str, place: int, column: str, titles: Sequence[str], found: list[str]
    ) -> tuple[int, str]:
        letters, end = "", place
        while one := self._value(text, place, column, titles):
            found.append(one[0])
            end = place + one[1]
            letters += chr(FIRST_VALUE + len(found) - 1)
            joint = self._between.match(text, end)
            if joint is None:
                break
            if self._value(text, joint.end(), column, titles) is None:
                break
            letters += joint[0]
            place = joint.end()
        return end, letters

    def _value(
        self, text: str, place: int, column: str, titles: Sequence[str]
    ) -> tuple[str, int] | None:
        """The value that begins at a place, and its length."""
        known = self.known.get(column, {})
        if place < len(text) and "\ue000" <= text[place] <= "\uefff":
            marked = titles[ord(text[place]) - 0xE000]
            return (known[marked], 1) if marked in known else None
        if others := self._others.match(text, place):
            return Others(others[1]), len(others[0])
        for length in self._lengths.get(column, ()):
            told = text[place : place + length]
            if told in known and not _goes_on(text, place + length):
                return known[told], length
        least = _LEAST.match(text, place)
        return (least[0], len(least[0])) if least else None

    def _behind(
        self, text: str, titles: Sequence[str], found: list[str]
    ) -> Iterator[tuple[int, int, str]]:
        for match in self._named_behind.finditer(text):
            column, letter = self._meant[_lowered(match["name"])]
            told = self._ending(text[: match.start()], column)
            if not told:
                continue
            start = match.start() - len(told)
            known = self.known.get(column, {})
            value = titles[ord(told) - 0xE000] if "\ue000" <= told <= "\uefff" else told
            found.append(known.get(value, value))
            letters = chr(FIRST_VALUE + len(found) - 1)
            yield start, match.end(), letters + match[0].replace(match["name"], chr(letter))

    def _ending(self, text: str, column: str) -> str:
        """The value, or the letter that stands for it, that a text ends with."""
        if "\ue000" <= text[-1:] <= "\uefff":
            return text[-1:]
        known = self.known.get(column, {})
        for length in self._lengths.get(column, ()):
            if text[-length:] in known:
                return text[-length:]
        least = re.search(rf"(?:{_LEAST.pattern})$", text)
        return least[0] if least else ""

    @cached_property
    def _meant(self) -> dict[str, tuple[str, int]]:
        meant = {}
        for at, (column, one, many) in enumerate(self.names):
            meant[_lowered(many)] = column, FIRST_NAMES + at
            meant[_lowered(one)] = column, FIRST_NAME + at
        return meant

    @cached_property
    def _any_name(self) -> str:
        names = {name for _, *forms in self.names for name in forms}
        both = {form for name in names for form in (name, _lowered(name))}
        longest = "|".join(map(re.escape, sorted(both, key=len, reverse=True))) or "(?!)"
        return rf"(?P<name>{longest})"

    @cached_property
    def _name(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![A-Za-z]){self._any_name}(?P<before>{self.before})")

    @cached_property
    def _named_behind(self) -> re.Pattern[str]:
        return re.compile(self.behind.replace("<NAME>", self._any_name))

    @cached_property
    def _between(self) -> re.Pattern[str]:
        return re.compile(self.between)

    @cached_property
    def _others(self) -> re.Pattern[str]:
        return re.compile(self.others)

    @cached_property
    def _lengths(self) -> dict[str, tuple[int, ...]]:
        """Lengths of the known values of each column, the longest first."""
        return {
            column: tuple(sorted({len(told) for told in known}, reverse=True))
            for column, known in self.known.items()
        }

    def told(self, text: str, values: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Column to the values that a part of a lettered sentence tells.

        A name that does not agree with the number of its values, or that stands twice, tells ``?``.
        """
        found: dict[str, tuple[str, ...]] = {}
        for letters, name in _named(text):
            several = name >= FIRST_NAMES
            column, one, many = self.names[name - (FIRST_NAMES if several else FIRST_NAME)]
            own = tuple(values[ord(letter) - FIRST_VALUE] for letter in letters)
            count = sum(each.number if isinstance(each, Others) else 1 for each in own)
            agrees = _lowered(one) == _lowered(many) or (count > 1) == several
            found[column] = own if agrees and column not in found else ("?",)
        return found


def _named(text: str) -> Iterator[tuple[str, int]]:
    """The letters of the values of each name, and the name's: before them, or behind one."""
    if re.match(V, text):
        yield text[0], ord(re.findall(f"{K}|{KS}", text)[0])
        return
    for name, rest in re.findall(f"({K}|{KS})((?:(?!{K}|{KS}).)*)", text):
        yield "".join(re.findall(V, rest)), ord(name)


def _lowered(name: str) -> str:
    return name[:1].lower() + name[1:]


def _goes_on(text: str, place: int) -> bool:
    """Whether a word in Latin letters goes on."""
    before, after = text[place - 1 : place], text[place : place + 1]
    return before.isascii() and before.isalnum() and after.isascii() and after.isalnum()
