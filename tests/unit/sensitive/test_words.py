"""Words are found whole, in any case, accent, width and script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recx_agent.sensitive import Words


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("HIV", "Living with hiv-positive friends"),
        ("HIV", "做了HIV检测"),
        ("HIV", "ＨＩＶ"),  # full width
        ("HIV", "H\u200bIV"),  # a zero-width space inside
        ("HIV", "the hiv_test table"),
        ("café", "CAFE au lait"),
        ("cafe", "Café"),
        ("cafe", "cafe\u0301"),
        ("Straße", "in der STRASSE"),
        ("birth control", "Birth  Control\nfor all"),
        ("癌症", "与癌症共处"),
        ("がん", "がん患者"),
        ("암", "폐암에 대하여"),
        ("มะเร็ง", "โรคมะเร็งปอด"),
        ("C++", "learn c++ now"),
        ("рак", "про Рак."),
        ("癌", "㊙癌"),
    ],
)
def test_found(word: str, text: str) -> None:
    assert Words([word]).in_text(text)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("HIV", "archive"),
        ("HIV", "shiver"),
        ("art", "party"),
        ("art", "Кart"),  # a Cyrillic letter is a letter of a spaced script
        ("birth control", "birth and control"),
        ("癌症", "癌与症"),
        ("cat", ""),
        ("", "anything"),
        ("   ", "any   thing"),
        ("рак", "барак"),
    ],
)
def test_not_found(word: str, text: str) -> None:
    assert not Words([word]).in_text(text)


def test_nothing_to_find() -> None:
    assert not Words([])
    assert not Words(["", " "])
    assert Words(["x"])


@given(st.lists(st.sampled_from(["alpha", "beta", "gamma", "癌症", "HIV"]), min_size=1))
def test_a_list_finds_what_one_of_it_finds(words: list[str]) -> None:
    text = "the alphabet, beta-blockers and 癌症"
    assert Words(words).in_text(text) is any(Words([word]).in_text(text) for word in words)


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    assert Words([text]).in_text(f"so, {text}!") or not Words([text])
