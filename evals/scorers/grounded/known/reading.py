"""Reads the sentences of explanations back, knowing nothing of how they were made.

Titles and quotes become single letters; what is left must match one of the known sentences
from end to end. So no sentence can hold a number, a name or an adjective unseen.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from recx_agent.evals.scorers.grounded.known.deeds import Done, Group
from recx_agent.evals.scorers.grounded.known.values import Attributes, shown
from recx_agent.evals.scorers.house import House

FIRST, LAST = 0xE000, 0xEFFF
T = "[\ue000-\uefff]"
"""One title or quote, in the patterns."""

RECORD = "record_"
"""What the kinds of sentences begin with that are evidence, word by word."""

_NUMBERS = (
    "rank",
    "without",
    "k",
    "liked",
    "users",
    "others",
    "count",
    "share",
    "candidates",
)
_SAME = {"then": "without", "now": "rank", "of": "users"}
_CUT = ("deeds", "own", "deed", "text")
_LISTS = ("item", "cause", "gone", "again", "below", "those", "all", "text")


Values = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Told:
    """What a sentence says; what it does not speak of is empty or ``None``.

    ``gone`` are films that are thought away, ``below`` later films of the list, ``texts`` the
    user's own words. ``numbers`` holds, by name: ``rank, without, k, candidates, liked, users,
    others, count, share``. ``words`` holds parts of the sentence by name: those that carry a
    comparison or a repetition, and names that stand without quotes. ``bar`` is the rating from
    which on an item is liked, ``deed`` what counts as liking it where that is no rating.
    ``plain`` is the sentence less what stands between marks, values and deeds.
    """

    kind: str
    item: str | None = None
    cause: str | None = None
    gone: tuple[str, ...] = ()
    deeds: tuple[Group, ...] = ()
    own: tuple[Done, ...] = ()
    again: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    those: tuple[str, ...] = ()
    everything: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    attributes: Values = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    bar: float | None = None
    deed: Done | None = None
    plain: str = ""


class Deeds(Protocol):
    """Takes what was done apart, in one language."""

    def groups(self, text: str, titles: Sequence[str]) -> Sequence[Group]:
        """What was done with which items."""
        ...

    def deeds(self, text: str) -> tuple[Done, ...]:
        """What was done with "it"."""
        ...


@dataclass(frozen=True)
class Tongue:
    """How one language is read, with the words of one workspace.

    Attributes
    ----------
    house : House
        What things are called.
    marked : pattern
        A title or quote with its marks; its groups are the text between them.
    parts, patterns : mappings
        As in the tables of sentences.
    bare : callable
        A sentence without what only begins and ends it, ``None`` if it does not end as one.
    number : callable
        Reads a number or a rank; -1 if it is written wrong.
    deeds : Deeds
    attributes : Attributes
    banned, causal, presupposes : pattern
        Words that no sentence may have; that no fact may have; that only what is suggested may.
    joint : str
        What stands between two sentences.
    title_marks : tuple of str
        What stands before and after a title.
    list_titles : callable
        Joins titles in their marks.
    show : callable
        Writes a number.
    """

    house: House
    marked: re.Pattern[str]
    parts: Mapping[str, str]
    patterns: Mapping[str, str]
    bare: Callable[[str], str | None]
    number: Callable[[str], int]
    deeds: Deeds
    attributes: Attributes
    banned: re.Pattern[str]
    causal: re.Pattern[str]
    presupposes: re.Pattern[str]
    joint: str
    title_marks: tuple[str, str]
    list_titles: Callable[[Sequence[str]], str]
    show: Callable[[int], str]

    @cached_property
    def compiled(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        """Kind and pattern of every known sentence."""
        found = []
        for kind, lines in self.patterns.items():
            for line in lines.strip().splitlines():
                text = re.sub(r"\s+", self.joint, line.strip())
                for name, part in self.parts.items():
                    text = text.replace(f"<{name}>", part)
                found.append((kind, re.compile(_unique(text))))
        return tuple(found)

    def titles(self, text: str) -> list[str]:
        """What stands between marks."""
        return [shown("".join(filter(None, m.groups()))) for m in self.marked.finditer(text)]

    def plain(self, text: str) -> str:
        """The text without what stands between marks."""
        return self.marked.sub("", text)

    def read(self, sentence: str) -> Told | None:
        """Return what a sentence says, ``None`` if it is not one of the known sentences."""
        return self._kept(sentence)

    def record(self, text: str) -> Told | None:
        """Return what a piece of evidence says by itself, ``None`` if it is worded otherwise."""
        return self._read(text, text, RECORD)

    @cached_property
    def _kept(self) -> Callable[[str], Told | None]:
        """The last sentences that were read: each scorer asks for the same ones."""
        return functools.lru_cache(maxsize=4096)(self._sentence)

    def _sentence(self, sentence: str) -> Told | None:
        if sentence and sentence == self.house.caution:
            return Told("caution")
        text = self.bare(self._lettered(sentence))
        return None if text is None else self._read(sentence, text)

    def _lettered(self, text: str) -> str:
        letters = iter(range(FIRST, LAST))
        return self.marked.sub(lambda _: chr(next(letters)), text)

    def _read(self, sentence: str, text: str, kinds: str = "") -> Told | None:
        titles = self.titles(sentence)
        if len(titles) > LAST - FIRST:
            return None
        text, values = self.attributes.lettered(self._lettered(text), titles)
        for kind, pattern in self.compiled:
            if kind.startswith(kinds) and (match := pattern.fullmatch(text)):
                return self._told(kind, match, titles, values)
        return None

    def _told(
        self, kind: str, match: re.Match[str], titles: Sequence[str], values: Sequence[str]
    ) -> Told:
        found = {name.partition("__")[0]: part for name, part in match.groupdict().items() if part}
        named = {
            name: tuple(titles[ord(c) - FIRST] for c in re.findall(T, found.get(name, "")))
            for name in _LISTS
        }
        numbers: dict[str, int] = {
            _SAME.get(name, name): self.number(part)
            for name, part in found.items()
            if _SAME.get(name, name) in _NUMBERS
        }
        if "none" in found:
            numbers["liked"] = 0
        if "everybody" in found:
            numbers["liked"] = numbers.setdefault("users", 1)
        if "one" in found:
            numbers["count"] = 1
        if "first" in found:
            numbers["k"] = 1
        done = [*self.deeds.deeds(found["deed"]), None] if "deed" in found else [None]
        return Told(
            kind=kind,
            item=next(iter(named["item"]), None),
            cause=next(iter(named["cause"]), None),
            gone=named["gone"],
            deeds=tuple(self.deeds.groups(found.get("deeds", ""), titles)),
            own=self.deeds.deeds(found.get("own", "")),
            again=named["again"],
            below=named["below"],
            those=named["those"],
            everything=named["all"],
            texts=named["text"],
            attributes=self.attributes.told(found.get("attrs", ""), values),
            numbers=numbers,
            words={k: v for k, v in found.items() if k not in (*_NUMBERS, *_SAME, "bar")},
            bar=_number_in(found["bar"]) if "bar" in found else None,
            deed=done[0],
            plain=_plain(match),
        )


def _plain(match: re.Match[str]) -> str:
    """The sentence less deeds, titles and values."""
    cut = [match.span(name) for name in match.groupdict() if name.partition("__")[0] in _CUT]
    text = match[0]
    for start, end in sorted((span for span in cut if span[0] >= 0), reverse=True):
        text = text[:start] + text[end:]
    return re.sub("[\ue000-\uf8ff]", "", text)


def _number_in(text: str) -> float:
    (number,) = re.findall(r"-?\d+(?:,\d{3})*(?:\.\d+)?", text)
    return float(number.replace(",", ""))


def _unique(pattern: str) -> str:
    """Number the groups whose name comes again in another branch of a pattern."""
    seen: dict[str, int] = {}

    def name(match: re.Match[str]) -> str:
        seen[match[1]] = seen.get(match[1], -1) + 1
        return f"(?P<{match[1]}{'__' + str(seen[match[1]]) if seen[match[1]] else ''}>"

    return re.sub(r"\(\?P<(\w+)>", name, pattern)
