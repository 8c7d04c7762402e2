"""Cuts a sentence into what stands in it: titles, ratings, counts, ranks, attributes, words."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from recx_agent.evals.scorers.grounded.free.chinese_words import lexicon as chinese_words
from recx_agent.evals.scorers.grounded.free.english_words import GENRE_PLURALS
from recx_agent.evals.scorers.grounded.free.english_words import lexicon as english_words

MONTHS = "January February March April May June July August September October November December"


@dataclass(frozen=True)
class Mark:
    """One thing that stands in a sentence.

    ``kind`` is ``title, rating, users, bar, rank, top, date, attribute, number, stop, strange``
    or the class of a word; ``numbers`` are those read, ``text`` the words themselves.
    """

    kind: str
    text: str
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Lexer:
    """Reads the marks of one language.

    Attributes
    ----------
    quoted : pattern
        What stands between marks of quotation.
    patterns : sequence of (kind, pattern)
        Tried in order at each place; the groups are numbers.
    words : mapping of str to str
        Word to class.
    spaced : bool
        Whether words are what stands between spaces; else the longest known word is taken.
    """

    quoted: re.Pattern[str]
    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    words: Mapping[str, str]
    spaced: bool
    genres: frozenset[str] = frozenset()

    def marks(self, text: str) -> list[Mark]:
        """Everything that stands in the sentence, in order."""
        return list(self._read(text))

    def _read(self, text: str) -> Iterator[Mark]:
        place = 0
        while place < len(text):
            if text[place].isspace():
                place += 1
                continue
            mark, length = self._next(text, place)
            yield mark
            place += length

    def _next(self, text: str, place: int) -> tuple[Mark, int]:
        quoted = self.quoted.match(text, place)
        if quoted:
            return Mark("title", "".join(filter(None, quoted.groups()))), len(quoted[0])
        for kind, pattern in self.patterns:
            if found := pattern.match(text, place):
                return Mark(kind, found[0], _numbers(found.groups())), len(found[0])
        if found := self._attribute.match(text, place):
            return Mark("attribute", self._genre_of[found[0].lower()]), len(found[0])
        if self.spaced:
            if found := _WORD.match(text, place):
                return self._word(found[0]), len(found[0])
        else:
            for length in range(min(6, len(text) - place), 0, -1):
                if (word := text[place : place + length]) in self.words:
                    return self._word(word), length
        return Mark("strange", text[place]), 1

    def _word(self, word: str) -> Mark:
        return Mark(self.words.get(word.lower(), "strange"), word)

    @cached_property
    def _genre_of(self) -> dict[str, str]:
        named = {genre.lower(): genre for genre in self.genres}
        named |= {f"{genre.lower()}s": genre for genre in self.genres}
        return named | {many: one for many, one in GENRE_PLURALS.items() if one in self.genres}

    @cached_property
    def _attribute(self) -> re.Pattern[str]:
        longest = sorted(self._genre_of, key=len, reverse=True)
        names = "|".join(map(re.escape, longest)) or "(?!)"
        return re.compile(rf"(?:{names})(?![A-Za-z])", re.IGNORECASE)


_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")


def _numbers(groups: Iterable[str | None]) -> tuple[int, ...]:
    values = {"none": 0, "没有一": 0, "一": 1, "两": 2}
    return tuple(
        values[group] if group in values else int(group.replace(",", ""))
        for group in (found.lower() for found in groups if found)
    )


def _compiled(patterns: Mapping[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in patterns.items())


_N = r"(\d{1,3}(?:,\d{3})+|\d+)"
_MONTH = rf"(?:{MONTHS.replace(' ', '|')})"


@functools.cache
def english(genres: frozenset[str]) -> Lexer:
    """Read English sentences."""
    patterns = {
        "date": rf"\d{{4}}-\d\d-\d\d|\d{{1,2}} {_MONTH} \d{{4}}|{_MONTH} \d{{1,2}}, \d{{4}}",
        "users": rf"(?:{_N}|(none)) of (?:the |our )?{_N} users",
        "bar": rf"{_N} or (?:higher|more|above)",
        "ratings": rf"{_N}(?:, {_N})?,? and {_N} out of {_N}",
        "rating": rf"{_N}(?: stars)?(?: out of |/){_N}(?: stars)?",
        "rank": rf"(?:rank )?{_N}(?:st|nd|rd|th)\b|rank {_N}",
        "top": rf"top {_N}",
        "number": rf"{_N}(?!\d)",
        "harmless": r"comes? with\b|c(?:ame|omes?) out\b|all the same\b|as well as\b"
        r"|even so\b|only(?= (?:\d|one\b|none\b))",
        "strength": r"no other \w+ (?:count|weigh|did|does)\w* (?:as much|more)\b",
        "causal": r"(?-i:Given)\b(?: that\b)?|on the strength of\b",
        "stop": r"[,;:.?()—–-]",
    }
    return Lexer(re.compile("“([^“”]+)”"), _compiled(patterns), english_words(), True, genres)


@functools.cache
def chinese(genres: frozenset[str]) -> Lexer:
    """Read Chinese sentences."""
    patterns = {
        "strength": "没有哪部(?:电影|影片)?比",
        "date": r"\d{4}年\d{1,2}月\d{1,2}日|\d{4}-\d\d-\d\d",
        "users": rf"{_N}位用户中(?:只?有(\d+|一|两)位|(没有一)位)",
        "bar": rf"{_N}分(?:及|或)以上",
        "scale": rf"满分{_N}分",
        "ratings": rf"{_N}分(?:、{_N}分)?[和、]{_N}分",
        "rating": rf"{_N}分",
        "rank": rf"第{_N}名",
        "top": rf"前{_N}名",
        "number": rf"{_N}(?!\d)",
        "stop": "[，；：。？（）、—]",
    }
    quoted = re.compile("《([^《》]+)》|“([^“”]+)”")
    return Lexer(quoted, _compiled(patterns), chinese_words(), False, genres)


def clauses(marks: list[Mark], ends: str) -> list[list[Mark]]:
    """Cut at the stops given."""
    found: list[list[Mark]] = [[]]
    for mark in marks:
        if mark.kind == "stop" and mark.text in ends:
            found.append([])
        else:
            found[-1].append(mark)
    return [clause for clause in found if clause]
