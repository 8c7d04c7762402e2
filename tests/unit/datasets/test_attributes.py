from __future__ import annotations

import pytest

from recx_agent.datasets.attributes import MANY, attribute_values, why_no_feature
from recx_agent.datasets.tables import LIST_MARK, Column, recoded


def column(*texts: str, is_list: bool = False) -> Column:
    return recoded("c", range(len(texts)), texts, is_list)  # type: ignore[arg-type]


def test_values_are_split_cleaned_and_distinct() -> None:
    values = attribute_values(column("x| y |x||\tz", "", "|"), "|")
    assert values == (("x", "y", "z"), (), ())


def test_no_separator_means_one_value() -> None:
    assert attribute_values(column("x|y"), "") == (("x|y",),)


def test_lists_keep_the_separator() -> None:
    lists = column(LIST_MARK.join(["x|y", "z"]), is_list=True)
    assert attribute_values(lists, "|") == (("x|y", "z"),)


def test_whole_numbers_lose_the_decimals_pandas_gave_them() -> None:
    assert attribute_values(column("1995.0", "", "1997.00"), "|") == (("1995",), (), ("1997",))
    # One real decimal, and all stay as they are.
    assert attribute_values(column("1.0", "1.5"), "|") == (("1.0",), ("1.5",))


def singles(*values: str) -> tuple[tuple[str, ...], ...]:
    return tuple((value,) for value in values)


YEARS = singles(*(str(1950 + i % 40) for i in range(100)))
LINKS = singles(*(f"http://x/{i}" for i in range(100)))
CAST = tuple((f"actor {i}", f"actor {i + 1}") for i in range(100))

FEATURES = {
    "years": YEARS,
    "half of many distinct": singles(*(str(i // 2) for i in range(MANY))),
    "few, all distinct": singles(*(str(i) for i in range(MANY - 1))),
    "mostly lists": (*CAST, *LINKS[:90]),
    "decimals among words": singles("1.5", "unrated"),
}
FACTS = {
    "links": LINKS,
    "links with a stray separator": (*LINKS, ("a", "b")),
    "prices": singles("9.99", "12", "9.99"),
    "not a number, as a number": singles("nan", "1"),
    "one more than half distinct": singles(*(str(i) for i in range(26)), *["0"] * 24),
    "empty": ((), ()),
}


@pytest.mark.parametrize("name", FEATURES)
def test_a_feature(name: str) -> None:
    assert why_no_feature(FEATURES[name]) is None


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_alone(name: str) -> None:
    assert why_no_feature(FACTS[name])
