"""Length and readability of one text."""

from __future__ import annotations

from recx_agent.evals.scorers.text.tokens import sentences_of, words_of


def length(text: str, language: str = "en") -> int:
    """Words of a text; of a Chinese one, characters (numbers and Latin words count one)."""
    return len(words_of(text, language))


def sentence_length(text: str, language: str = "en") -> float | None:
    """Words a sentence, ``None`` for a text without one.

    For Chinese, characters a sentence: published readability formulas of Chinese need graded
    word lists for school books, which no free library has, and length is what they share.
    """
    sentences = sentences_of(text, language)
    return length(text, language) / len(sentences) if sentences else None


def readability(text: str) -> float | None:
    """Automated readability index of an English text, ``None`` for one without words.

    ``4.71 strokes/words + 0.5 words/sentences - 21.43`` (Senter & Smith 1967), strokes being
    letters, digits and punctuation, words what stands between spaces: about the American school
    year that reads it. It needs no dictionary of syllables. Titles count as text.
    """
    if not words_of(text):
        return None
    words = text.split()
    strokes = sum(map(len, words))
    return 4.71 * strokes / len(words) + 0.5 * len(words) / len(sentences_of(text)) - 21.43
