"""English: plurals, ordinals, serial comma, curly quotes.

Inflection is ``inflection``'s, which loads in 40 ms; ``inflect`` knows more irregular nouns,
but takes two seconds to import.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import inflection

from recx_agent.prompts.cleaning import clean, finite, marked, plain_value, reads_like_a_name
from recx_agent.prompts.languages.language import Noun

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_SPELLED = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]\b")
_SILENT_H = re.compile(r"hour|hono|honest|heir")
_YOU = re.compile(r"uni(?![nm])|us[aeu]|ut[ei]|ura|ubi|eu|ewe|once\b|one\b")
"""Vowels at the beginning that are spoken as consonants: unit, user, European, one-off."""


def number(value: Any) -> str:
    """Word a number: ``1,234``, ``5`` for 5.0, ``4.5``, at most two decimals."""
    whole = finite(value)
    return f"{int(whole):,}" if whole.is_integer() else f"{whole:,.2f}".rstrip("0")


def listed(items: Sequence[str], cap: int = 0) -> str:
    """Join as ``a``, ``a and b``, ``a, b, and c``.

    Parameters
    ----------
    items : sequence of str
    cap : int, optional
        Name no more than these and count the others: ``a, b, and 4 others``.
    """
    named = list(items[:cap] if cap else items)
    if len(named) < len(items):
        named.append(others(len(items) - len(named)))
    if len(named) < 3:
        return " and ".join(named)
    return f"{', '.join(named[:-1])}, and {named[-1]}"


def others(count: int) -> str:
    """Word how many more there are: ``1 other``, ``1,200 others``."""
    return f"{number(count)} {plural('other', count)}"


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


def a_or_an(noun: str) -> str:
    """Put the article before a noun: ``a film``, ``an item``, ``an hour``, ``a user``."""
    if _SPELLED.match(noun):
        vowel = noun[0] in "AEFHILMNORSX"
    else:
        first = noun.lower()
        vowel = bool(_SILENT_H.match(first) or (first[:1] in "aeiou" and not _YOU.match(first)))
    return f"{'an' if vowel else 'a'} {noun}"


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


class English:
    """The rules of English."""

    code = "en"
    joint = " "
    filters: Mapping[str, Callable[..., Any]] = {
        "a_or_an": a_or_an,
        "days": days,
        "in_words": in_words,
        "listed": listed,
        "number": number,
        "ordinal": ordinal,
        "percent": percent,
        "plural": plural,
        "times": times,
    }

    def noun(self, name: str, measure: str) -> Noun:
        """Form the plural; there are no measure words."""
        return Noun(name, plural(name))

    def title(self, data: object, noun: Noun) -> str:
        """Quote a title: “12" Single”; curly quotes inside become single ones."""
        return self.quoted(clean(data))

    def quoted(self, text: str) -> str:
        """Put curly quotes around a text."""
        return marked(text, "“", "”", "‘’", "(no name)")

    def value(self, data: object) -> str:
        """Word an attribute's value."""
        text = plain_value(data)
        return text if reads_like_a_name(text) else self.quoted(text)

    def attribute_name(self, name: str, count: int) -> str:
        """``genres`` of several values, ``genre`` of one."""
        return named(name, count)

    def unit(self, unit: str, value: float) -> str:
        """``1 star``, ``4 stars``."""
        return named(unit, value) if unit else ""

    def moment(self, when: datetime) -> str:
        """``22 November 2026, 10:00 UTC``."""
        day = f"{when.day} {_MONTHS[when.month - 1]} {when.year}"
        return f"{day}, {when:%H:%M} {when.tzname() or 'UTC'}"

    def listed(self, items: list[str]) -> str:
        """With the serial comma."""
        return listed(items)

    def others(self, count: int) -> str:
        """``3 others``."""
        return others(count)

    def line(self, text: str) -> str:
        """Single spaces."""
        return " ".join(text.split())

    def sentence(self, text: str) -> str:
        """A capital at the start, one full stop."""
        text = self.line(text)
        return text[:1].upper() + text[1:].removesuffix(".") + "."


LANGUAGE = English()
