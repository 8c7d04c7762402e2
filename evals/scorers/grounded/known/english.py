"""How English sentences are read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from recx_agent.evals.scorers.grounded.known.english_sentences import (
    ATTR,
    GROUP,
    OWNED,
    PARTS,
    PATTERNS,
    VALUE,
    N,
)
from recx_agent.evals.scorers.grounded.known.reading import FIRST, Group, T, Tongue

COLUMNS = {"year": "release year", "genre": "genre"}


def bare(text: str) -> str | None:
    """Without the capital at the start and the full stop."""
    if not text.endswith(".") or text[0].islower():
        return None
    return text[0].lower() + text[1:-1]


def number(text: str) -> int:
    """Read ``1,234`` or ``22nd``; an ending that does not fit the number gives -1."""
    ending = text.lstrip("0123456789,")
    value = int(text.removesuffix(ending).replace(",", ""))
    if ending:
        teens = value % 100 in (11, 12, 13)
        if ending != ("th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")):
            return -1
    return value


def groups(deeds: str, titles: Sequence[str]) -> list[Group]:
    """Take "A and B (you rated both 5 out of 5) and C (you rated it 4 out of 5)" apart."""
    found = []
    for part in re.finditer("|".join(GROUP.values()), deeds):
        films = tuple(titles[ord(c) - FIRST] for c in re.findall(T, part[0]))
        spoken = {"it": 1, "both": 2, "all three": 3}
        said = re.search("both|all three|rated it", part[0])
        given, maximum = re.findall(N, part[0])
        fits = not said or spoken[said[0].removeprefix("rated ")] == len(films)
        found.append(Group(films, number(given) if fits else -1, number(maximum)))
    return found


def attributes(text: str) -> dict[str, tuple[str, ...]]:
    """Take "release year 1995 and genres Crime and Drama" apart, with brackets or without."""
    values: dict[str, tuple[str, ...]] = {}
    for part in re.finditer(f"{OWNED}|{ATTR}", text):
        column = "genre" if part[0].startswith("genre") else "year"
        rest = part[0].removeprefix(COLUMNS[column])
        told = tuple(re.findall(VALUE, rest))
        agrees = (len(told) > 1) == rest.startswith("s") and column not in values
        values[column] = told if agrees else ("?",)
    return values


def own(text: str) -> tuple[tuple[int, int], ...]:
    """Take "5 out of 5" apart, or several of them."""
    return tuple((number(a), number(b)) for a, b in re.findall(rf"({N}) out of ({N})", text))


def listed(values: Sequence[str]) -> str:
    """Words as a list."""
    comma = "," if len(values) > 2 else ""
    return f"{', '.join(values[:-1])}{comma} and {values[-1]}" if len(values) > 1 else values[0]


def attribute_text(column: str, values: Sequence[str]) -> str:
    """What evidence of an attribute reads like."""
    return f"{COLUMNS[column]}{'s' * (len(values) > 1)}: {listed(values)}"


def once(match: re.Match[str], rating: int) -> str:
    """A film of two entries with one rating."""
    title = f"“{match['title']}”"
    return (
        f"{title} (you rated it {rating} out of 5)"
        if match["open"]
        else f"{title} {rating} out of 5"
    )


ENGLISH = Tongue(
    marked=re.compile("“([^“”]+)”"),
    parts=PARTS,
    patterns=PATTERNS,
    bare=bare,
    number=number,
    groups=groups,
    attributes=attributes,
    own=own,
    banned=re.compile(
        r"\b(?:loved?|enjoy(?:ed)?|great|favou?rites?|beloved|best|classic|perfect|likes?d|critics)\b"
    ),
    causal=re.compile(
        r"\b(?:because|why|reasons?|thanks to|due to|goes back|comes from|counts?|added|adds)\b"
    ),
    presupposes=re.compile(
        r"(?:the suggestion|you are seeing|comes from|"
        r"(?<!not )(?:suggested|recommended) because)",
        re.IGNORECASE,
    ),
    joint=" ",
    columns=COLUMNS,
    evidence={
        "H": lambda title, rating, day: f"“{title}”: you rated it {rating} out of 5 on {day}",
        "A": attribute_text,
        "F": attribute_text,
        "B": lambda liked, users, bar: (
            f"{liked or 'none'} of {users} users rated it {bar} or higher"
        ),
        "T": lambda count: f"{count} film{'s' * (count != 1)} in your history",
    },
    doubled=re.compile(
        r"“(?P<title>[^“”]*)” (?P<open>\(you rated it )?twice \((?P<first>\d) out of 5 and "
        r"(?P<second>\d) out of 5\)(?(open)\))"
    ),
    once=once,
    title_marks=("“", "”"),
    list_titles=listed,
    show="{:,}".format,
)
