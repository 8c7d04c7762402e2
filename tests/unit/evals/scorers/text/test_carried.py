"""Support by words alone, worked out by hand."""

from __future__ import annotations

import pytest

from recx_agent.evals.scorers.text.carried import content_stems, support
from recx_agent.evals.scorers.text.tokens import sentences_of

GIVEN = ["Enjoys historical fiction and mysteries.", "A mystery set in Wales in 1914."]


@pytest.mark.parametrize(
    ("text", "words", "sentences"),
    [
        ("It is a mystery.", 1.0, 1.0),
        ("It is a captivating mystery.", 0.5, 0.0),
        ("Set in 1914. Set in 1915.", 0.75, 0.5),
        ("You may buy it.", 1.0, 1.0),
        ("Historical mysteries in Rome.", 2 / 3, 0.0),
    ],
)
def test_shares_of_words_and_sentences(text: str, words: float, sentences: float) -> None:
    found = support(text, GIVEN)
    assert found.words == pytest.approx(words)
    assert found.sentences == pytest.approx(sentences)


def test_frames_and_function_words_do_not_count() -> None:
    assert content_stems("The user would buy the book because of its mysteries.") == ["mysteri"]
    assert content_stems("Both mention mysteries, so it may suit you.") == ["mysteri"]


def test_sentences_end_before_a_new_one() -> None:
    assert sentences_of("One, e.g. this. Two! “Three.” Four?") == [
        "One, e.g. this.",
        "Two!",
        "“Three.",
        "Four?",
    ]
