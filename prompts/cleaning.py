"""Data made fit to stand in a sentence: titles in quotes, values, numbers.

What passes through here is data and stays data: it is never a template. A title always
stands in curly quotes; whatever could end or reopen them is taken out.
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Any

from recx_agent.errors import PromptError

MAX_LENGTH = 200
"""Characters of a title or value that are shown."""

_JOINERS = "\u200c\u200d"  # part of the spelling in Persian, Indic scripts and emoji
_DROPPED = {"Cc", "Cf", "Cs"}  # control, invisible and direction marks, lone surrogates
_SINGLE = str.maketrans("“”", "‘’")
_WORD = re.compile(r"[\w\-–'’&/+#%$€£]+(?:[.,]\d[\w\-–'’/%]*)*")
_INITIAL = re.compile(r"[^\W\d_]{1,3}\.")  # as in "J. K. Rowling", "St. Louis"
_MAX_PLAIN_WORDS = 6


def clean(data: object) -> str:
    """Put a text on one line, without control characters, in at most `MAX_LENGTH` characters."""
    text = str(data)
    if not text.isprintable():
        text = "".join(
            " " if char.isspace() else char
            for char in text
            if char.isspace() or char in _JOINERS or unicodedata.category(char) not in _DROPPED
        )
    text = " ".join(text.split())
    return text if len(text) <= MAX_LENGTH else text[: MAX_LENGTH - 1].rstrip() + "…"


def quoted(data: object) -> str:
    """Put a title in curly quotes.

    Curly double quotes inside become single ones, so that the title cannot pretend to
    end early; straight ones stay, as in “12" Single”.
    """
    return f"“{clean(data).translate(_SINGLE) or '(no name)'}”"


def plain_value(data: object) -> str:
    """Word an attribute's value: as it is if it reads like a name, else in quotes."""
    if isinstance(data, float):
        data = int(data) if data.is_integer() else round(data, 2)
    text = clean(data)
    *before, last = text.split() or [""]
    reads_well = (
        len(before) < _MAX_PLAIN_WORDS
        and all(_WORD.fullmatch(word) or _INITIAL.fullmatch(word) for word in before)
        and _WORD.fullmatch(last)
    )
    return text if reads_well else quoted(text)


def number(value: Any) -> str:
    """Word a number: ``1,234``, ``5`` for 5.0, ``4.5``, at most two decimals.

    Raises
    ------
    PromptError
        It is no finite number.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise PromptError(f"{value!r} is no finite number")
    whole = round(float(value), 2)
    return f"{int(whole):,}" if whole.is_integer() else f"{whole:,.2f}".rstrip("0")


def sentence(text: str) -> str:
    """Finish what a macro wrote: single spaces, a capital at the start, one full stop."""
    text = " ".join(text.split())
    return text[:1].upper() + text[1:].removesuffix(".") + "."
