"""Data made fit to stand in a sentence."""

from __future__ import annotations

import pytest

from recx_agent.prompts.cleaning import MAX_LENGTH, MAX_TEXT, clean, excerpt


def test_long_data_is_cut() -> None:
    assert clean("x" * MAX_LENGTH) == "x" * MAX_LENGTH
    assert clean("x" * (MAX_LENGTH + 1)) == "x" * (MAX_LENGTH - 1) + "…"


def test_a_long_text_is_cut_at_a_word() -> None:
    text = "cold and funny, " * 20
    cut = excerpt(text)
    assert len(cut) <= MAX_TEXT
    assert cut.endswith("…") and not cut.endswith((" …", ",…"))
    assert text.startswith(cut[:-1])
    assert text[len(cut) - 1] in " ,"


@pytest.mark.parametrize("text", ["x" * 500, "很好看" * 100, "a " + "x" * 500])
def test_a_text_without_spaces_is_cut_between_characters(text: str) -> None:
    assert excerpt(text) == text[: MAX_TEXT - 1] + "…"


def test_a_short_text_is_whole_and_on_one_line() -> None:
    assert excerpt(" so\n\n cold\u202e ") == "so cold"
