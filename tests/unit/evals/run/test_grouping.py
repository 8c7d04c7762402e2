"""Which users belong together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from recx_agent.datasets import Dataset
from recx_agent.errors import SettingsError
from recx_agent.evals.run.grouping import FairSpec, groupings_of


@pytest.fixture
def known(make_dataset: Any) -> Dataset:
    """Twelve users with 1, 1, 1, 2, … 10 events, and what is known of them."""
    counts = [1, 1, 1, *range(2, 11)]
    rows = [(u, i, 5.0, i) for u, count in enumerate(counts) for i in range(count)]
    data: Dataset = make_dataset(rows, 12, 12)
    attributes = {
        "gender": tuple("M" if u % 3 else "F" for u in range(11)) + ("",),
        "age": tuple(str(20 + u) for u in range(12)),
        "children": tuple(str(u % 3) for u in range(12)),
    }
    return replace(data, user_attributes=attributes)


def test_activity_is_cut_where_users_are_as_many(known: Dataset) -> None:
    (found,) = groupings_of(known, FairSpec(by=("activity",), quantiles=3)).values()
    sizes: dict[str, int] = {}
    for label in found.values():
        sizes[label] = sizes.get(label, 0) + 1
    assert sizes == {"1–2": 4, "3–6": 4, "7–10": 4}
    assert list(sizes) == ["1–2", "3–6", "7–10"], "in their own order"
    assert found["0"] == "1–2" and found["11"] == "7–10"


def test_equal_numbers_stay_together(known: Dataset) -> None:
    (found,) = groupings_of(known, FairSpec(by=("activity",), quantiles=12)).values()
    assert {found[str(user)] for user in range(3)} == {"1"}
    assert len(set(found.values())) == 10


def test_values_are_groups_and_many_numbers_are_ranges(known: Dataset) -> None:
    found = groupings_of(known, FairSpec(by=("gender", "age", "children"), quantiles=2))
    assert found["gender"]["0"] == "F" and found["gender"]["1"] == "M"
    assert "11" not in found["gender"], "of whom nothing is known belongs to no group"
    assert set(found["age"].values()) == {"20–25", "26–31"}
    assert set(found["children"].values()) == {"0", "1", "2"}


def test_a_star_is_every_declared_attribute(known: Dataset) -> None:
    found = groupings_of(known, FairSpec(by=("activity", "age", "*")))
    assert list(found) == ["activity", "age", "gender", "children"]
    assert groupings_of(known, FairSpec()) == {}
    bare = replace(known, user_attributes={})
    assert list(groupings_of(bare, FairSpec(by=("activity", "*")))) == ["activity"]


def test_what_users_do_not_have_is_refused(known: Dataset) -> None:
    with pytest.raises(SettingsError, match="no 'income'; there is activity, gender, age"):
        groupings_of(known, FairSpec(by=("income",)))
    with pytest.raises(ValidationError, match="twice"):
        FairSpec(by=("age", "age"))
