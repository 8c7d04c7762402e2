"""What a text tells as causes, and what ranks it tells."""

from __future__ import annotations

from typing import Any

import pytest

from recx_agent.evals.samples import Sentence
from recx_agent.evals.scorers.faithful.ranks_told import RankTold, rank_told
from recx_agent.evals.scorers.faithful.told import Reader, Told
from tests.unit.evals.scorers.faithful.conftest import told

TITLES = {"Item 0": "0", "Item 1": "1", "Item 2": "2", "Seven": "3", "Item 4": "4"}


def read(text: str, *cites: str, **changes: Any) -> Told:
    return Reader(told(text, *cites, **changes), TITLES).told()


@pytest.mark.parametrize(
    ("text", "cites", "items"),
    [
        ("Because you liked “Item 1” and “Item 0”.", (), ("1", "0")),
        ("Because you liked Item 1, then Item 0 and Item 1.", (), ("1", "0")),
        ("Since you did.", ("H2", "H0"), ("2", "0")),
        ("“Item 1” is why.", ("H2", "H1"), ("1", "2")),
        ("“Item 4” is suggested.", ("F1",), ()),
        ("Seven people liked it.", (), ()),
        ("“Seven” is why.", (), ("3",)),
        ("因为你喜欢《Item 2》。", (), ("2",)),
        ("“Item 2” counts against it.", ("H2",), ()),
        ("《Item 2》对它不利。", ("H2",), ()),
        ("Item 10 is another.", (), ()),
        ("Unknown evidence.", ("H9",), ()),
    ],
)
def test_items_that_are_named_or_cited(
    text: str, cites: tuple[str, ...], items: tuple[str, ...]
) -> None:
    assert read(text, *cites) == Told(items)


def test_an_attribute_is_a_cause_where_it_is_cited_as_one() -> None:
    assert read("The genre g1 speaks for it.", "A1") == Told((), ("genre=g1",))
    assert read("Its genre is g1.", "F1") == Told()


def test_a_text_without_sentences_is_read_whole() -> None:
    text = "You liked “Item 0”. But “Item 1” counts against it. And “Item 2” adds."
    assert read(text, sentences=()) == Told(("0", "2"))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("it, “Item 4” would rank 14th instead of 3rd.", RankTold(14, 3)),
        ("it, “Item 4” would not be among your top 10 (1,214th instead of 3rd).",
         RankTold(1214, 3)),
        ("it, “Item 4” would still rank 1st.", RankTold(1, 1)),
        ("it, “Item 4” would move up from 3rd to 2nd.", RankTold(2, 3)),
        ("“Item 0” in your history: 2nd instead of 1st, and so not your first suggestion",
         RankTold(2, 1)),
        ("它，《Item 4》就会排在第14名，而不是第3名。", RankTold(14, 3)),
        ("它，就进不了你的前10名（第12名，而不是第3名）。", RankTold(12, 3)),
        ("它，就会从第3名升到第2名。", RankTold(2, 3)),
        ("它，《Item 4》仍然排在第1名。", RankTold(1, 1)),
        ("a single clear reason: it is listed.", None),
        ("it you would miss 3 films.", None),
    ],
)  # fmt: skip
def test_ranks_told(words: str, expected: RankTold | None) -> None:
    assert rank_told(words) == expected


@pytest.mark.parametrize(
    ("text", "cites", "gone"),
    [
        ("“Item 0” counts most: without it, “Item 4” would rank 3rd.", ("H0",), ["0"]),
        ("“Item 1” and “Item 0”: without it, it would rank 3rd.", (), ["0"]),
        ("Without “Item 1” and “Item 2” in your history it would rank 2nd.", ("H0",), ["1", "2"]),
        ("没有《Item 1》，它就会排在第2名。", (), ["1"]),
    ],
)
def test_what_is_supposed_away(text: str, cites: tuple[str, ...], gone: list[str]) -> None:
    sample = told(text, sentences=(Sentence(text, cites),))
    [(causes, words)] = Reader(sample, TITLES).suppositions()
    assert list(causes.items) == gone
    assert rank_told(words) is not None
