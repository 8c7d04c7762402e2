"""Reads the sentences of explanations back, knowing nothing of how they were made.

Titles in quotes become single letters; what is left must match one of the known sentences
from end to end. So no sentence can hold a number, a name or an adjective unseen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from tests.e2e.raw_sentences import ATTR, FIRST, GROUP, PARTS, PATTERNS, VALUE, N, T

_QUOTED = re.compile("“([^“”]+)”")


@dataclass(frozen=True)
class Group:
    """Films that were rated alike."""

    titles: tuple[str, ...]
    rating: int
    maximum: int


@dataclass(frozen=True)
class Told:
    """What a sentence says; what it does not speak of is empty or ``None``.

    ``numbers`` holds, by name: ``rank, without, k, candidates, liked, users, bar,
    others, count, share``.
    ``words`` holds the words that carry a comparison or a repetition, by name.
    """

    kind: str
    item: str | None
    cause: str | None
    deeds: tuple[Group, ...]
    own: tuple[tuple[int, int], ...]
    again: tuple[str, ...]
    below: tuple[str, ...]
    those: tuple[str, ...]
    everything: tuple[str, ...]
    attributes: dict[str, tuple[str, ...]]
    others_of: dict[str, int]
    numbers: dict[str, int]
    words: dict[str, str]


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    compiled = []
    for kind, lines in PATTERNS.items():
        for line in lines.strip().splitlines():
            text = re.sub(r"\s+", " ", line.strip())
            for name, part in PARTS.items():
                text = text.replace(f"<{name}>", part)
            compiled.append((kind, re.compile(_unique(text))))
    return tuple(compiled)


def _unique(pattern: str) -> str:
    """Number the groups whose name comes again in another branch of a pattern."""
    seen: dict[str, int] = {}

    def name(match: re.Match[str]) -> str:
        seen[match[1]] = seen.get(match[1], -1) + 1
        return f"(?P<{match[1]}{'__' + str(seen[match[1]]) if seen[match[1]] else ''}>"

    return re.sub(r"\(\?P<(\w+)>", name, pattern)


def read(sentence: str) -> Told | None:
    """Return what a sentence says, ``None`` if it is not one of the known sentences."""
    titles: list[str] = []

    def shorten(match: re.Match[str]) -> str:
        titles.append(match[1])
        return chr(FIRST + len(titles) - 1)

    text = _QUOTED.sub(shorten, sentence)
    if not text.endswith(".") or text[0].islower():
        return None
    text = text[0].lower() + text[1:-1]
    for kind, pattern in _patterns():
        match = pattern.fullmatch(text)
        if match:
            return _told(kind, match, titles)
    return None


def number(text: str) -> int:
    """Read ``1,234`` or ``22nd``; an ending that does not fit the number gives -1."""
    ending = text.lstrip("0123456789,")
    value = int(text.removesuffix(ending).replace(",", ""))
    if ending:
        teens = value % 100 in (11, 12, 13)
        if ending != ("th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")):
            return -1
    return value


def _told(kind: str, match: re.Match[str], titles: Sequence[str]) -> Told:
    found = {name.partition("__")[0]: part for name, part in match.groupdict().items() if part}

    def films(name: str) -> tuple[str, ...]:
        return tuple(titles[ord(c) - FIRST] for c in re.findall(T, found.get(name, "")))

    same = {"then": "without", "now": "rank", "of": "users"}
    names = (
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
    numbers = {
        name: number(part)
        for name, part in ((same.get(n, n), p) for n, p in found.items())
        if name in names and part != "none"
    }
    if found.get("liked") == "none" or "none" in found:
        numbers["liked"] = 0
    if "one" in found:
        numbers["count"] = 1
    attributes, others_of = _attributes(found.get("attrs", ""))
    return Told(
        kind=kind,
        item=next(iter(films("item")), None),
        cause=next(iter(films("cause")), None),
        deeds=tuple(_groups(found.get("deeds", ""), titles)),
        own=tuple(
            (number(a), number(b))
            for a, b in re.findall(rf"({N}) out of ({N})", found.get("own", ""))
        ),
        again=films("again"),
        below=films("below"),
        those=films("those"),
        everything=films("all"),
        attributes=attributes,
        others_of=others_of,
        numbers=numbers,
        words={
            name: found[name]
            for name in (
                "told",
                "more",
                "any",
                "still",
                "bare",
                "many",
                "whole",
                "popular",
                "those",
                "both",
            )
            if name in found
        },
    )


def _groups(deeds: str, titles: Sequence[str]) -> Iterator[Group]:
    """Take "A and B (both rated 5 out of 5) and C (rated 4 out of 5)" apart."""
    for part in re.finditer("|".join(GROUP.values()), deeds):
        films = tuple(titles[ord(c) - FIRST] for c in re.findall(T, part[0]))
        spoken = {"both": 2, "all three": 3}
        said = re.search("both|all three", part[0])
        given, maximum = re.findall(N, part[0])
        fits = not said or spoken[said[0]] == len(films)
        yield Group(films, number(given) if fits else -1, number(maximum))


def _attributes(text: str) -> tuple[dict[str, tuple[str, ...]], dict[str, int]]:
    """Take "the release year 1995 and the genres Crime and Drama" apart."""
    values: dict[str, tuple[str, ...]] = {}
    others: dict[str, int] = {}
    for part in re.finditer(ATTR, text):
        name = "genre" if part[0].startswith("the genre") else "release year"
        rest = part[0].removeprefix(f"the {name}")
        told = re.findall(VALUE, rest)
        more = [value for value in told if "other" in value]
        agrees = (len(told) > 1) == rest.startswith("s ") and name not in values
        values[name] = tuple(value for value in told if value not in more)
        others[name] = (number(more[0].split()[0]) if more else 0) if agrees else -1
    return values, others
