"""Simplified Chinese: title marks, measure words, 两, full-width punctuation, no spaces.

Marks and lists follow GB/T 15834-2011 (no 、 between titles that stand side by side in 《》),
numerals GB/T 15835-2011 (digits for measured numbers, no comma below five digits).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any

from recx_agent.prompts.cleaning import clean, finite, marked, plain_value, reads_like_a_name
from recx_agent.prompts.languages.language import Noun

_FEW = ("零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十")
_UNITS = {"": "分", "point": "分", "points": "分", "star": "星", "stars": "星"}
_UNKNOWN = {"sort": "", "measure": "个", "work": False}


def number(value: Any) -> str:
    """Word a number: ``5`` for 5.0, ``4.5``, ``1520``, ``12,345``."""
    whole = finite(value)
    comma = "," if abs(whole) >= 10_000 else ""
    return f"{int(whole):{comma}}" if whole.is_integer() else f"{whole:{comma}.2f}".rstrip("0")


def counted(value: int, measure: str) -> str:
    """Count with a measure word: ``一部``, ``两部``, ``45部``."""
    return (_FEW[value] if value in (1, 2) else number(value)) + measure


def few(value: int, measure: str) -> str:
    """The same in characters up to ten, as after 这: ``两部``, ``三部``."""
    return (_FEW[value] if 0 < value < len(_FEW) else number(value)) + measure


def times(value: int) -> str:
    """Word how often: ``一次``, ``两次``, ``12次``."""
    return counted(value, "次")


def rank(value: int) -> str:
    """Word a rank: ``第3名``."""
    return f"第{number(value)}名"


def listed(items: Sequence[str]) -> str:
    """Join values: ``甲``, ``甲和乙``, ``甲、乙和丙``."""
    *before, last = items
    return f"{'、'.join(before)}和{last}" if before else last


def side_by_side(titles: Sequence[str]) -> str:
    """Join titles in their marks: ``《甲》``, ``《甲》和《乙》``, ``《甲》《乙》和《丙》``."""
    *before, last = titles
    return f"{''.join(before)}和{last}" if before else last


def percent(share: float) -> str:
    """Word a share; what is not all is never called 100%, what is not nothing never 0%."""
    rounded = round(100 * share)
    if rounded == 0 and share > 0:
        return "不到1%"
    if rounded == 100 and share < 1:
        return "超过99%"
    return f"{rounded}%"


def day(text: str) -> str:
    """Word a day: ``1997年11月3日`` for 1997-11-03; what is no date stays as it is."""
    try:
        when = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{when.year}年{when.month}月{when.day}日"


def days(dates: Sequence[str]) -> str:
    """Word dates: up to three are listed, more are told by the first and the last."""
    ordered = [day(each) for each in sorted(set(dates))]
    return f"{ordered[0]}至{ordered[-1]}间" if len(ordered) > 3 else listed(ordered)


@cache
def _nouns() -> Sequence[Mapping[str, Any]]:
    file = resources.files("recx_agent.prompts").joinpath("templates", "zh", "nouns.toml")
    return tuple(tomllib.loads(file.read_text(encoding="utf-8"))["noun"])


@cache
def _entry(name: str) -> Mapping[str, Any]:
    """What is known of a noun, by its longest known ending."""
    known = {ending: entry for entry in _nouns() for ending in entry["endings"]}
    fitting = [ending for ending in known if name.endswith(ending)]
    return known[max(fitting, key=len)] if fitting else _UNKNOWN


def _translated(name: str) -> str:
    """The Chinese of an English noun that is known; else the noun as it is."""
    for entry in _nouns():
        if name.lower() in entry["english"]:
            return str(entry["endings"][0])
    return name


class Chinese:
    """The rules of simplified Chinese."""

    code = "zh"
    joint = ""
    filters: Mapping[str, Callable[..., Any]] = {
        "counted": counted,
        "days": days,
        "few": few,
        "listed": listed,
        "number": number,
        "percent": percent,
        "rank": rank,
        "side_by_side": side_by_side,
        "times": times,
    }

    def noun(self, name: str, measure: str) -> Noun:
        """Find the measure word by the noun's ending: 科幻电影 as 电影; 个 for others."""
        name = _translated(name)
        entry = _entry(name)
        return Noun(name, name, measure or entry["measure"], entry["sort"])

    def title(self, data: object, noun: Noun) -> str:
        """Put works (films, books, songs, courses …) in 《》, other things in “”."""
        if not _entry(noun.one)["work"]:
            return self.quoted(clean(data))
        return marked(clean(data), "《", "》", "〈〉", "（无标题）")

    def quoted(self, text: str) -> str:
        """Put curly quotes around a text."""
        return marked(text, "“", "”", "‘’", "（空）")

    def value(self, data: object) -> str:
        """Word an attribute's value."""
        text = plain_value(data)
        return text if reads_like_a_name(text) else self.quoted(text)

    def attribute_name(self, name: str, count: int) -> str:
        """The same in any number."""
        return name

    def unit(self, unit: str, value: float) -> str:
        """分 where none is given, 星 for stars."""
        return _UNITS.get(unit.lower(), unit)

    def moment(self, when: datetime) -> str:
        """``UTC时间2026年11月22日10:00``."""
        return f"{when.tzname()}时间{when.year}年{when.month}月{when.day}日{when:%H:%M}"

    def listed(self, items: list[str]) -> str:
        """With 、 and 和."""
        return listed(items)

    def others(self, count: int) -> str:
        """``另外3项``."""
        return f"另外{number(count)}项"

    def line(self, text: str) -> str:
        """No spaces but those of the data, which has no line breaks."""
        return re.sub(r"\s*\n\s*", "", text).strip()

    def sentence(self, text: str) -> str:
        """One full stop."""
        return self.line(text).removesuffix("。") + "。"


LANGUAGE = Chinese()
