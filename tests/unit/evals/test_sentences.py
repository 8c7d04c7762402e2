"""Texts in sentences, with what they cite."""

from __future__ import annotations

import pytest

from recx_agent.evals.samples import Sentence
from recx_agent.evals.sentences import cited_sentences, split_sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("You liked it. It is long!", ["You liked it.", "It is long!"]),
        ("“It is good.” He said so.", ["“It is good.”", "He said so."]),
        ("Dr. No and J. R. Smith. Really.", ["Dr. No and J. R. Smith.", "Really."]),
        ("It got 4.5 of 5. Fine", ["It got 4.5 of 5.", "Fine"]),
        ("see e.g. this one", ["see e.g. this one"]),
        ("你喜欢它。很长！“好。”完", ["你喜欢它。", "很长！", "“好。”", "完"]),
        ("  ", []),
    ],
)
def test_sentences_end_at_full_stops(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


def test_markers_that_name_evidence_are_citations() -> None:
    text = "You liked “Heat” [H1, H2]. It is a drama. [F1] A film [of 1995]. Nothing [H9]."
    assert cited_sentences(text, {"H1", "H2", "F1"}) == (
        Sentence("You liked “Heat”.", ("H1", "H2")),
        Sentence("It is a drama.", ("F1",)),
        Sentence("A film [of 1995].", ()),
        Sentence("Nothing [H9].", ()),
    )


def test_a_marker_is_cited_once() -> None:
    assert cited_sentences("Both [1] and [1].", {"1"}) == (Sentence("Both and.", ("1",)),)
