"""Ranks that a text says an item would have without something."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = r"(\d[\d,]*)"
_ENGLISH = re.compile(rf"\b{_NUMBER}(?:st|nd|rd|th)\b")
_CHINESE = re.compile(rf"第\s*{_NUMBER}\s*(?:名|位|个|（|$|，|。)")
_UP = re.compile(r"\bfrom\b.*\bto\b|从.*升到", re.IGNORECASE)
_OUT = re.compile(
    r"\bnot be among your top \d+|\bnot among your top \d+|进不了你的前\d+名|不在你的前\d+名之内"
)


@dataclass(frozen=True)
class RankTold:
    """What a supposition says.

    Attributes
    ----------
    without : int
        The rank it would have.
    rank : int or None
        The rank it has, if that is told.
    """

    without: int
    rank: int | None = None


def rank_told(words: str) -> RankTold | None:
    """Read "would rank 14th instead of 3rd" and its like; ``None`` where no rank is told.

    Parameters
    ----------
    words : str
        What follows the supposition; only up to the end of its sentence.
    """
    words = _OUT.sub("", words)
    found = [int(n.replace(",", "")) for n in _ENGLISH.findall(words) or _CHINESE.findall(words)]
    if not found:
        return None
    if len(found) == 1:
        still = re.search(r"\bstill\b|仍", words)
        return RankTold(found[0], found[0] if still else None)
    first, second = found[:2]
    return RankTold(second, first) if _UP.search(words) else RankTold(first, second)
