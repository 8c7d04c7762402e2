"""Words and sentences of a text, in English and in Chinese."""

from __future__ import annotations

import re

_WORD = re.compile(r"\w+(?:['’]\w+)?")
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_HAN_OR_WORD = re.compile(rf"[{_HAN}]|[^\W{_HAN}]+(?:['’][^\W{_HAN}]+)?")
_END = re.compile(r"(?<=[.!?])[”\"']?\s+(?=[^a-z])")
_END_ZH = re.compile(r"(?<=[。！？])[”』」》）]?\s*")


def words_of(text: str, language: str = "en") -> list[str]:
    """Words in lower case.

    Chinese is written without spaces: each character is a word, as in sacrebleu's ``zh``
    tokeniser, and what stands in Latin letters or digits between them is a word as in English.

    Parameters
    ----------
    text : str
    language : str
        ``zh`` (or ``zh-…``) for Chinese; words are what stands between spaces in all others.
    """
    return (_HAN_OR_WORD if is_chinese(language) else _WORD).findall(text.lower())


def sentences_of(text: str, language: str = "en") -> list[str]:
    """Cut at full stops before a new sentence."""
    end = _END_ZH if is_chinese(language) else _END
    return [part.strip() for part in end.split(text.strip()) if part.strip()]


def is_chinese(language: str) -> bool:
    """Whether a language code is one of Chinese."""
    return language.lower().partition("-")[0] == "zh"
