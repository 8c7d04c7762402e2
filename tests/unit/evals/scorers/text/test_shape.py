"""Length and readability, by formula."""

from __future__ import annotations

import pytest

from recx_agent.evals.scorers.text.shape import length, readability, sentence_length
from recx_agent.evals.scorers.text.tokens import is_chinese, sentences_of, words_of


def test_words_of_both_languages() -> None:
    assert words_of("You'll see “Heat”, 2 times.") == ["you'll", "see", "heat", "2", "times"]
    assert words_of("推荐《Heat 2》，打了5分。", "zh") == [
        *"推荐", "heat", "2", *"打了", "5", "分",
    ]  # fmt: skip
    assert is_chinese("zh-TW") and not is_chinese("en")


def test_sentences_of_both_languages() -> None:
    assert sentences_of("One, e.g. this. Two!") == ["One, e.g. this.", "Two!"]
    assert sentences_of("推荐它。你打了5分！好？", "zh") == ["推荐它。", "你打了5分！", "好？"]


def test_length_and_words_a_sentence() -> None:
    assert length("One two. Three four five six.") == 6
    assert sentence_length("One two. Three four five six.") == 3.0
    assert sentence_length("推荐它。你打了5分。", "zh") == 4.0
    assert sentence_length(" ") is None


def test_readability_is_the_formula_of_1967() -> None:
    # Strokes, as typed: 42 letters and two full stops.
    text = "The cat sat on the mat all day. Then it went home again."
    words, strokes, sentences = 13, 44, 2
    assert len(text.replace(" ", "")) == strokes
    assert len(text.split()) == words
    expected = 4.71 * strokes / words + 0.5 * words / sentences - 21.43
    assert readability(text) == pytest.approx(expected)
    assert readability("…") is None
