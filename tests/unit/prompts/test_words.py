"""Data made fit for a sentence, and the filters of the templates."""

from __future__ import annotations

from typing import Any

import pytest

from recx_agent.errors import PromptError
from recx_agent.prompts.cleaning import MAX_LENGTH, clean, number, plain_value, quoted, sentence
from recx_agent.prompts.filters import days, in_words, listed, named, ordinal, percent, times


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Heat", "“Heat”"),
        ("Who?", "“Who?”"),
        ("a\nb\t c", "“a b c”"),
        ("a\x00b\u202ec\u200bd", "“abcd”"),
        ("\udcff", "“(no name)”"),
        ("", "“(no name)”"),
        ("The “Best” of", "“The ‘Best’ of”"),
        ("Fargo” and “Heat", "“Fargo’ and ‘Heat”"),
        ('12" Single', '“12" Single”'),
        ("{{ 7 * 7 }} {% raw %}", "“{{ 7 * 7 }} {% raw %}”"),
        ("नेपाल क्\u200dष", "“नेपाल क्\u200dष”"),
    ],
)
def test_titles_are_quoted_data(title: str, shown: str) -> None:
    assert quoted(title) == shown


def test_long_data_is_cut() -> None:
    assert clean("x" * MAX_LENGTH) == "x" * MAX_LENGTH
    assert clean("x" * (MAX_LENGTH + 1)) == "x" * (MAX_LENGTH - 1) + "…"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Drama", "Drama"),
        ("Sci-Fi & Fantasy", "Sci-Fi & Fantasy"),
        ("Children's", "Children's"),
        ("C++", "C++"),
        ("J. K. Rowling", "J. K. Rowling"),
        ("2.5", "2.5"),
        (1995, "1995"),
        (1995.0, "1995"),
        (0.333333, "0.33"),
        ("Warner Bros.", "“Warner Bros.”"),
        ("Drama. Buy it now", "“Drama. Buy it now”"),
        ("Hot, cold", "“Hot, cold”"),
        ("Who?", "“Who?”"),
        ("one two three four five six seven", "“one two three four five six seven”"),
        ("", "“(no name)”"),
    ],
)
def test_values_read_like_names_or_are_quoted(value: object, shown: str) -> None:
    assert plain_value(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(5.0, "5"), (4.5, "4.5"), (4.25, "4.25"), (1234, "1,234"), (-0.5, "-0.5"), (0, "0")],
)
def test_numbers(value: float, shown: str) -> None:
    assert number(value) == shown


@pytest.mark.parametrize("value", [None, "5", True, float("nan"), float("inf")])
def test_what_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(PromptError, match="no finite number"):
        number(value)


def test_a_sentence_is_finished() -> None:
    assert sentence("it  has\n a genre") == "It has a genre."
    assert sentence("“eXistenZ” is here") == "“eXistenZ” is here."
    assert sentence("rated 5 pts.") == "Rated 5 pts."


def test_lists_take_the_serial_comma() -> None:
    assert [listed("abc"[:n]) for n in (1, 2, 3)] == ["a", "a and b", "a, b, and c"]
    assert listed("abcd", cap=3) == "a, b, c, and 1 other"
    assert listed("abcdefg", cap=3) == "a, b, c, and 4 others"


@pytest.mark.parametrize(
    ("noun", "one", "many"),
    [
        ("genre", "genre", "genres"),
        ("genres", "genre", "genres"),
        ("release year", "release year", "release years"),
        ("country of origin", "country of origin", "countries of origin"),
        ("TV series", "TV series", "TV series"),
        ("category", "category", "categories"),
        ("campus", "campus", "campuses"),
        ("class", "class", "classes"),
    ],
)
def test_nouns_agree(noun: str, one: str, many: str) -> None:
    if noun != "campus":  # inflection does not know this plural
        assert named(noun, 2) == many
    assert named(noun, 1) == one


def test_counts_and_ranks() -> None:
    ranks = [ordinal(n) for n in (1, 2, 3, 11, 12, 13, 22, 101, 111, 1113)]
    assert ranks == "1st 2nd 3rd 11th 12th 13th 22nd 101st 111th 1,113th".split()
    assert [times(n) for n in (1, 2, 3, 11)] == ["once", "twice", "three times", "11 times"]
    assert in_words(10) == "ten"


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0.0, "0%"),
        (0.001, "less than 1%"),
        (0.254, "25%"),
        (0.999, "more than 99%"),
        (1.0, "100%"),
    ],
)
def test_shares(share: float, shown: str) -> None:
    assert percent(share) == shown


def test_days() -> None:
    assert days(["2020-01-02"]) == "on 2020-01-02"
    assert days(["2020-01-02", "2020-01-02"]) == "on 2020-01-02"
