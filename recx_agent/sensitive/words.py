"""Finds words in texts, whatever their case, accents, width or script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from recx_agent.datasets.catalogue import folded

# Scripts that put no spaces between words: Thai, Lao, Myanmar, Khmer; Hangul (particles are
# written to the word); kana, bopomofo, Han with its extensions.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U000323af"
)
_LETTER = f"[^\\W_{_UNSPACED}]"
_HAS_UNSPACED = re.compile(f"[{_UNSPACED}]")


def plain(text: str) -> str:
    """Text without case, accents, invisible characters and double spaces."""
    seen = text
    if not seen.isascii():
        seen = "".join(c for c in seen if unicodedata.category(c) != "Cf")
    return folded(seen)


class Words:
    """Words and phrases to be found in texts.

    A word of letters matches as a whole: ``HIV`` is found in "HIV-positive" and in
    "做了HIV检测", not in "archive". One in a script without spaces matches anywhere.

    Parameters
    ----------
    words : iterable of str
        Blank ones are left out.
    """

    def __init__(self, words: Iterable[str]) -> None:
        found = sorted({w for w in map(plain, words) if w}, key=lambda w: (-len(w), w))
        self._pattern = re.compile("|".join(map(_bounded, found))) if found else None

    def __bool__(self) -> bool:
        """Whether there are any."""
        return self._pattern is not None

    def in_text(self, text: str) -> bool:
        """Whether any of them is in a text."""
        return self._pattern is not None and self._pattern.search(plain(text)) is not None


def _bounded(word: str) -> str:
    escaped = re.escape(word).replace("\\ ", " ")
    # A boundary is asked for only where the word itself ends in a letter of a spaced script.
    before = "" if _HAS_UNSPACED.match(word[0]) else f"(?<!{_LETTER})"
    after = "" if _HAS_UNSPACED.match(word[-1]) else f"(?!{_LETTER})"
    return before + escaped + after
