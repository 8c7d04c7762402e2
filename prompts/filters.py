"""Jinja filters: lists, plurals, ordinals, shares.

The English of them is ``inflection``'s, which loads in 40 ms; ``inflect`` knows more
irregular nouns, but takes two seconds to import.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import inflection

from recx_agent.prompts.cleaning import number

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def listed(items: Sequence[str], cap: int = 0, more: int = 0) -> str:
    """Join as ``a``, ``a and b``, ``a, b, and c``.

    Parameters
    ----------
    items : sequence of str
    cap : int, optional
        Name no more than these and count the others: ``a, b, and 4 others``.
    more : int, optional
        Others to count that are not in ``items``.
    """
    named = list(items[:cap] if cap else items)
    others = len(items) - len(named) + more
    if others:
        named.append(f"{others:,} {plural('other', others)}")
    if len(named) < 3:
        return " and ".join(named)
    return f"{', '.join(named[:-1])}, and {named[-1]}"


@functools.lru_cache(maxsize=1024)
def plural(noun: str, count: float = 2) -> str:
    """Put a noun in the plural, unless there is one: ``film``, ``countries of origin``."""
    head, of, rest = noun.partition(" of ")
    return noun if count == 1 else inflection.pluralize(head) + of + rest


@functools.lru_cache(maxsize=1024)
def singular(noun: str) -> str:
    """Put a noun in the singular, so that a column may be called ``genres``."""
    head, of, rest = noun.partition(" of ")
    if head.endswith(("us", "ss", "is")):  # "campus" is one already
        return noun
    return inflection.singularize(head) + of + rest


def named(noun: str, count: float) -> str:
    """Put a noun, given in either number, into the number that ``count`` asks for."""
    return plural(singular(noun), count)


def ordinal(value: int) -> str:
    """Word a rank: ``1st``, ``22nd``, ``1,113th``."""
    return f"{value:,}{inflection.ordinal(value)}"


def in_words(value: int) -> str:
    """Word a count: in letters up to ten, in digits above."""
    return _WORDS[value] if 0 <= value < len(_WORDS) else number(value)


def times(value: int) -> str:
    """Word how often: ``once``, ``twice``, ``three times``."""
    return {1: "once", 2: "twice"}.get(value, f"{in_words(value)} times")


def percent(share: float) -> str:
    """Word a share; what is not all is never called 100%, what is not nothing never 0%."""
    rounded = round(100 * share)
    if rounded == 0 and share > 0:
        return "less than 1%"
    if rounded == 100 and share < 1:
        return "more than 99%"
    return f"{rounded}%"


def days(dates: Sequence[str]) -> str:
    """Word dates: up to three are listed, more are told by the first and the last."""
    ordered = sorted(set(dates))
    if len(ordered) > 3:
        return f"between {ordered[0]} and {ordered[-1]}"
    return f"on {listed(ordered)}"


FILTERS: dict[str, Callable[..., Any]] = {
    "days": days,
    "in_words": in_words,
    "listed": listed,
    "named": named,
    "number": number,
    "ordinal": ordinal,
    "percent": percent,
    "plural": plural,
    "times": times,
}
"""What templates can use, by name."""
