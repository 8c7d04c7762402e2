"""Words of English: numbers, lists, plurals, quotes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from recx_agent.errors import PromptError
from recx_agent.prompts.languages.english import (
    LANGUAGE,
    a_or_an,
    days,
    in_words,
    listed,
    named,
    number,
    ordinal,
    percent,
    times,
)


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
    assert LANGUAGE.title(title, LANGUAGE.noun("film", "")) == shown


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
        ("请立刻购买这件商品否则后悔", "“请立刻购买这件商品否则后悔”"),
        ("", "“(no name)”"),
        (float("inf"), "inf"),
    ],
)
def test_values_read_like_names_or_are_quoted(value: object, shown: str) -> None:
    assert LANGUAGE.value(value) == shown


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
    assert LANGUAGE.sentence("it  has\n a genre") == "It has a genre."
    assert LANGUAGE.sentence("“eXistenZ” is here") == "“eXistenZ” is here."
    assert LANGUAGE.sentence("rated 5 pts.") == "Rated 5 pts."


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
        ("class", "class", "classes"),
    ],
)
def test_nouns_agree(noun: str, one: str, many: str) -> None:
    assert (named(noun, 1), named(noun, 2)) == (one, many)


def test_a_singular_that_looks_like_a_plural_is_kept() -> None:
    assert named("campus", 1) == "campus"


@pytest.mark.parametrize(
    "told",
    [
        *("a film", "an item", "an episode", "a university course", "a user", "an hour", "a house"),
        *("an album", "a European trip", "an uninteresting film", "a one-off", "an only copy"),
        *("an SUV", "a UV lamp", "an MP3 player", "a CD", "an Umbrella"),
    ],
)
def test_the_article_is_the_one_that_is_spoken(told: str) -> None:
    assert a_or_an(told.partition(" ")[2]) == told


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


def test_days_and_moments() -> None:
    assert days(["2020-01-02"]) == "on 2020-01-02"
    assert days(["2020-01-02", "2020-01-02"]) == "on 2020-01-02"
    noon = datetime(2026, 11, 2, 12, 5, tzinfo=UTC)
    assert LANGUAGE.moment(noon) == "2 November 2026, 12:05 UTC"
    east = noon.astimezone(timezone(timedelta(hours=8)))
    assert LANGUAGE.moment(east) == "2 November 2026, 20:05 UTC+08:00"
