"""Rules compiled for a data set: what is covered, in which way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recx_agent.datasets import Dataset, Event
from recx_agent.sensitive import Sensitive
from recx_agent.settings import SensitiveRule
from tests.unit.told_world import TITLES, make_dataset, make_model


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return make_dataset()


def covered(dataset: Dataset, *rules: SensitiveRule) -> set[str]:
    sensitive = Sensitive.compile(rules, dataset)
    return {dataset.catalogue.titles[item] for item in np.flatnonzero(sensitive.items)}


def test_without_rules_everything_may_be_told(dataset: Dataset) -> None:
    sensitive = Sensitive.none(dataset)
    assert not sensitive
    assert not sensitive.items.any()
    assert sensitive.names_value("topic", "oncology")
    assert sensitive.names_text("anything")


def test_by_id(dataset: Dataset) -> None:
    assert covered(dataset, SensitiveRule(items=("id03x", "no-such"))) == {TITLES[3]}


def test_by_word_in_the_title(dataset: Dataset) -> None:
    assert covered(dataset, SensitiveRule(words=("BALLAD", "how"))) == {"Aardvark Ballad"}


def test_by_attribute_the_items_that_have_it(dataset: Dataset) -> None:
    wanted = {TITLES[n] for n in range(len(TITLES)) if n % 5 == 1}
    assert covered(dataset, SensitiveRule(attributes=("topic=Oncology",))) == wanted
    assert covered(dataset, SensitiveRule(attributes=("topic",))) == set(TITLES)
    assert covered(dataset, SensitiveRule(words=("oncology",))) == wanted


def test_by_attribute_without_the_items(dataset: Dataset) -> None:
    rule = SensitiveRule(attributes=("topic=oncology",), cover_items=False)
    sensitive = Sensitive.compile([rule], dataset)
    assert not sensitive.items.any()
    assert not sensitive.names_value("topic", "oncology")
    assert not sensitive.names_value("Topic", "ONCOLOGY")
    assert sensitive.names_value("topic", "sailing")
    assert sensitive.values == {("topic", "oncology")}
    assert sensitive.muted == ()


def test_a_name_stands_for_all_its_values(dataset: Dataset) -> None:
    rule = SensitiveRule(attributes=("topic",), cover_items=False, keep_out_of="score")
    sensitive = Sensitive.compile([rule], dataset)
    assert not sensitive.names_value("topic", "one that no item has")
    assert {name for name, _ in sensitive.muted} == {"topic"}
    assert len(sensitive.muted) == 5


def test_an_item_of_equal_title_is_covered_too(dataset: Dataset) -> None:
    titles = list(TITLES)
    titles[7] = "  aardvark  BALLAD"
    twin = replace(dataset, catalogue=replace(dataset.catalogue, titles=tuple(titles)))
    sensitive = Sensitive.compile([SensitiveRule(items=("id00x",))], twin)
    assert np.flatnonzero(sensitive.items).tolist() == [0, 7]


def test_score_covers_text_and_not_the_other_way_round(dataset: Dataset) -> None:
    hard = SensitiveRule(items=("id00x",), event_types=("watch",), keep_out_of="score")
    soft = SensitiveRule(items=("id01x",), event_types=("rating",))
    sensitive = Sensitive.compile([hard, soft], dataset)
    assert np.flatnonzero(sensitive.items).tolist() == [0, 1]
    assert np.flatnonzero(sensitive.items_out).tolist() == [0]
    assert sensitive.kinds == {"watch", "rating"}
    assert sensitive.kinds_out == {"watch"}


def test_events_by_type_and_item(dataset: Dataset) -> None:
    sensitive = Sensitive.compile(
        [SensitiveRule(items=("id00x",), event_types=("Watch",))], dataset
    )
    event = Event("e", 5, "rating", 5.0, None, None, None, "f:1", True)
    assert sensitive.names_event(event)
    assert not sensitive.names_event(replace(event, event_type="watch"))
    assert not sensitive.names_event(replace(event, item=0))
    assert sensitive.names_event(replace(event, item=-1, event_type="search"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("lovely harbours", True),
        ("my chemo diary", False),
        ("as in Aardvark ballad, twice", False),
        ("aardvark ballads", True),
        ("about Oncology", False),
    ],
)
def test_texts(dataset: Dataset, text: str, told: bool) -> None:
    rules = [
        SensitiveRule(items=("id00x",), words=("chemo",)),
        SensitiveRule(attributes=("topic=oncology",)),
    ]
    assert Sensitive.compile(rules, dataset).names_text(text) is told


def test_a_muted_attribute_is_no_term_of_the_score(dataset: Dataset) -> None:
    model = make_model(dataset)
    rule = SensitiveRule(attributes=("genre=crime",), cover_items=False, keep_out_of="score")
    counting = Sensitive.compile([rule], dataset).counting(model)
    gone = next(n for n, f in enumerate(model.features) if f.id == "genre=crime")
    with_it = counting.item_factors[list(dataset.catalogue.having("genre", "crime"))]
    lost = model.item_factors[list(dataset.catalogue.having("genre", "crime"))] - with_it
    assert lost == pytest.approx(np.tile(model.feature_factors[gone], (len(lost), 1)), abs=1e-6)
    soft = SensitiveRule(attributes=("genre=crime",))
    assert Sensitive.compile([soft], dataset).counting(model) is model
