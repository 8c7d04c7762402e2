"""Reads the sentences of explanations back, knowing nothing of how they were made.

Titles and quotes become single letters; what is left must match one of the known sentences
from end to end. So no sentence can hold a number, a name or an adjective unseen.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

FIRST = 0xE000
T = "[\ue000-\uefff]"
"""One title or quote, in the patterns."""

_NUMBERS = (
    "rank",
    "without",
    "k",
    "liked",
    "users",
    "bar",
    "others",
    "count",
    "share",
    "candidates",
)
_SAME = {"then": "without", "now": "rank", "of": "users"}
_LISTS = ("item", "cause", "gone", "again", "below", "those", "all", "text")


@dataclass(frozen=True)
class Group:
    """Films that were rated alike."""

    titles: tuple[str, ...]
    rating: int
    maximum: int


@dataclass(frozen=True)
class Told:
    """What a sentence says; what it does not speak of is empty or ``None``.

    ``gone`` are films that are thought away, ``below`` later films of the list, ``texts`` the
    user's own words. ``numbers`` holds, by name: ``rank, without, k, candidates, liked, users,
    bar, others, count, share``. ``words`` holds parts of the sentence by name: those that carry
    a comparison or a repetition, and names that stand without quotes.
    """

    kind: str
    item: str | None
    cause: str | None
    gone: tuple[str, ...]
    deeds: tuple[Group, ...]
    own: tuple[tuple[int, int], ...]
    again: tuple[str, ...]
    below: tuple[str, ...]
    those: tuple[str, ...]
    everything: tuple[str, ...]
    texts: tuple[str, ...]
    attributes: dict[str, tuple[str, ...]]
    numbers: dict[str, int]
    words: dict[str, str]


@dataclass(frozen=True)
class Tongue:
    """How one language is read.

    Attributes
    ----------
    marked : pattern
        A title or quote with its marks; its groups are the text between them.
    parts, patterns : mappings
        As in the tables of sentences.
    bare : callable
        A sentence without what only begins and ends it, ``None`` if it does not end as one.
    number : callable
        Reads a number or a rank; -1 if it is written wrong.
    groups, attributes, own : callables
        Take the films with their ratings, the attributes (by column), and the ratings of the
        item itself apart.
    banned, causal, presupposes : pattern
        Words that no sentence may have; that no fact may have; that only what is suggested may.
    joint : str
        What stands between two sentences.
    columns : mapping of str to str
        Column to what it is called.
    evidence : mapping of str to callable
        By letter, what evidence reads like: ``H`` of (title, ratings with their days), ``A``
        and ``F`` of (column, values), ``B`` of (number who liked it, users, bar), ``T`` of the
        number of films.
    doubled : pattern
        A film told with both ratings that its two entries got, with groups ``title, first,
        second``.
    once : callable
        What such a film reads like with one rating: of (match, rating).
    title_marks : tuple of str
        What stands before and after a title.
    list_titles : callable
        Joins titles in their marks.
    show : callable
        Writes a number.
    """

    marked: re.Pattern[str]
    parts: Mapping[str, str]
    patterns: Mapping[str, str]
    bare: Callable[[str], str | None]
    number: Callable[[str], int]
    groups: Callable[[str, Sequence[str]], Sequence[Group]]
    attributes: Callable[[str], dict[str, tuple[str, ...]]]
    own: Callable[[str], tuple[tuple[int, int], ...]]
    banned: re.Pattern[str]
    causal: re.Pattern[str]
    presupposes: re.Pattern[str]
    joint: str
    columns: Mapping[str, str]
    evidence: Mapping[str, Callable[..., str]]
    doubled: re.Pattern[str]
    once: Callable[[re.Match[str], int], str]
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
        return ["".join(filter(None, found.groups())) for found in self.marked.finditer(text)]

    def plain(self, text: str) -> str:
        """The text without what stands between marks."""
        return self.marked.sub("", text)

    def read(self, sentence: str) -> Told | None:
        """Return what a sentence says, ``None`` if it is not one of the known sentences."""
        return self._kept(sentence)

    @cached_property
    def _kept(self) -> Callable[[str], Told | None]:
        """The last sentences that were read: each scorer asks for the same ones."""
        return functools.lru_cache(maxsize=4096)(self._read)

    def _read(self, sentence: str) -> Told | None:
        titles = self.titles(sentence)
        letters = iter(range(FIRST, FIRST + len(titles)))
        text = self.bare(self.marked.sub(lambda _: chr(next(letters)), sentence))
        if text is None:
            return None
        for kind, pattern in self.compiled:
            match = pattern.fullmatch(text)
            if match:
                return self._told(kind, match, titles)
        return None

    def _told(self, kind: str, match: re.Match[str], titles: Sequence[str]) -> Told:
        found = {name.partition("__")[0]: part for name, part in match.groupdict().items() if part}
        named = {
            name: tuple(titles[ord(c) - FIRST] for c in re.findall(T, found.get(name, "")))
            for name in _LISTS
        }
        numbers = {
            _SAME.get(name, name): self.number(part)
            for name, part in found.items()
            if _SAME.get(name, name) in _NUMBERS and part not in ("none", "没有一位")
        }
        if found.get("liked") in ("none", "没有一位") or "none" in found:
            numbers["liked"] = 0
        if "one" in found:
            numbers["count"] = 1
        if "first" in found:
            numbers["k"] = 1
        return Told(
            kind=kind,
            item=next(iter(named["item"]), None),
            cause=next(iter(named["cause"]), None),
            gone=named["gone"],
            deeds=tuple(self.groups(found.get("deeds", ""), titles)),
            own=self.own(found.get("own", "")),
            again=named["again"],
            below=named["below"],
            those=named["those"],
            everything=named["all"],
            texts=named["text"],
            attributes=self.attributes(found.get("attrs", "")),
            numbers=numbers,
            words={k: v for k, v in found.items() if k not in _NUMBERS and k not in _SAME},
        )


def _unique(pattern: str) -> str:
    """Number the groups whose name comes again in another branch of a pattern."""
    seen: dict[str, int] = {}

    def name(match: re.Match[str]) -> str:
        seen[match[1]] = seen.get(match[1], -1) + 1
        return f"(?P<{match[1]}{'__' + str(seen[match[1]]) if seen[match[1]] else ''}>"

    return re.sub(r"\(\?P<(\w+)>", name, pattern)
