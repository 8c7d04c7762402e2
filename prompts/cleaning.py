"""Data made fit to stand in a sentence, whatever the language.

What passes through here is data and stays data: it is never a template. Data that could be
taken for the sentence around it stands between marks, and whatever could end or reopen the
marks is taken out.
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Any

from recx_agent.errors import PromptError

MAX_LENGTH = 200
"""Characters of a title or value that are shown."""

MAX_TEXT = 160
"""Characters of a user's own text that are quoted."""

_JOINERS = "\u200c\u200d"  # part of the spelling in Persian, Indic scripts and emoji
_DROPPED = {"Cc", "Cf", "Cs"}  # control, invisible and direction marks, lone surrogates
_WORD = re.compile(r"[\w\-–'’&/+#%$€£¥·]+(?:[.,]\d[\w\-–'’/%]*)*")
_INITIAL = re.compile(r"[^\W\d_]{1,3}\.")  # as in "J. K. Rowling", "St. Louis"
_MAX_PLAIN_WORDS = 6
_BRACES = str.maketrans("{}｛｝", "()（）")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]{13}")  # no name: it could be a clause


def clean(data: object) -> str:
    """Put a text on one line, without control characters, in at most `MAX_LENGTH` characters."""
    text = one_line(data)
    return text if len(text) <= MAX_LENGTH else text[: MAX_LENGTH - 1].rstrip() + "…"


def one_line(data: object) -> str:
    """Put a text on one line, without control characters."""
    text = str(data)
    if not text.isprintable():
        text = "".join(
            " " if char.isspace() else char
            for char in text
            if char.isspace() or char in _JOINERS or unicodedata.category(char) not in _DROPPED
        )
    return " ".join(text.split())


def excerpt(data: object) -> str:
    """Put a long text on one line, cut at a word to at most `MAX_TEXT` characters."""
    text = one_line(data)
    if len(text) <= MAX_TEXT:
        return text
    kept = text[: MAX_TEXT - 1]
    words, _, _ = kept.rpartition(" ")
    # Scripts without spaces are cut between characters.
    return (words if len(words) > MAX_TEXT // 2 else kept).rstrip(" ,;:，；：、") + "…"


def marked(text: str, opening: str, closing: str, inner: str, empty: str) -> str:
    """Put a clean text between marks; such marks inside become the two of ``inner``."""
    return opening + (text.translate(str.maketrans(opening + closing, inner)) or empty) + closing


def without_braces(text: str) -> str:
    """Turn braces into brackets: what is data cannot pass for a placeholder."""
    return text.translate(_BRACES)


def plain_value(data: object) -> str:
    """Clean an attribute's value; whole numbers are written as such."""
    if isinstance(data, float) and math.isfinite(data):
        data = int(data) if data.is_integer() else round(data, 2)
    return clean(data)


def reads_like_a_name(value: str) -> bool:
    """Whether a clean value can stand in a sentence without marks."""
    *before, last = value.split() or [""]
    return (
        len(before) < _MAX_PLAIN_WORDS
        and all(_WORD.fullmatch(word) or _INITIAL.fullmatch(word) for word in before)
        and bool(_WORD.fullmatch(last))
        and not _UNSPACED.search(value)
    )


def finite(value: Any) -> float:
    """Return a number, at most two decimals kept.

    Raises
    ------
    PromptError
        It is no finite number.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise PromptError(f"{value!r} is no finite number")
    return round(float(value), 2)
