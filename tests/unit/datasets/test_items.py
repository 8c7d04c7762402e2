"""Columns that change are read, and then neither learned from nor told."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from recx_agent.datasets import Dataset, ImportReport, extend_dataset, read_dataset
from recx_agent.errors import SettingsError
from recx_agent.settings import DataSettings

Read = Callable[..., tuple[Dataset, ImportReport]]

EVENTS = ("user_id,item_id", "u,a", "u,b")
ITEMS = ("item_id,title,genre,price,stock", "a,A,x,1,5", "b,B,x,1,5")


def test_what_changes_is_no_feature_and_no_fact(read: Read) -> None:
    dataset, report = read(*EVENTS, items=ITEMS, changing=("price", "stock"))
    assert set(dataset.catalogue.attributes) == {"genre"}
    assert dataset.catalogue.features == ("genre",)
    assert "left to the facts hook, for they change: price, stock" in report.notes
    told, _ = read(*EVENTS, items=ITEMS)
    assert set(told.catalogue.attributes) == {"genre", "price", "stock"}


def test_a_changing_column_may_be_named_as_attribute_too(read: Read) -> None:
    dataset, _ = read(*EVENTS, items=ITEMS, attributes=("genre", "price"), changing=("price",))
    assert set(dataset.catalogue.attributes) == {"genre"}


def test_a_name_that_is_no_column_is_told(read: Read) -> None:
    _, report = read(*EVENTS, items=ITEMS, changing=("pirce",))
    assert "data.changing: items.csv has no attribute column pirce" in report.notes


def test_items_that_differ_in_what_changes_alone_are_doubles(read: Read) -> None:
    items = ("item_id,title,genre,price", "a,A,x,1", "b,A,x,2")
    dataset, _ = read(*EVENTS, items=items, changing=("price",), merge_doubles=True)
    assert dataset.catalogue.aliases == {"b": "a"}


def test_a_fact_that_turns_out_to_change_is_forgotten_by_an_update(read: Read) -> None:
    old, _ = read(*EVENTS, items=("item_id,title,price", "a,A,1.5", "b,B,2.5"))
    assert "price" in old.catalogue.attributes
    new = pd.DataFrame({"item_id": ["c"], "title": ["C"], "price": [3.5]})
    after, _ = extend_dataset(old, DataSettings(changing=("price",)), items=new)
    assert after.catalogue.attributes == {}


def test_what_was_learned_from_cannot_be_forgotten_by_an_update(read: Read) -> None:
    old, _ = read(*EVENTS, items=ITEMS)
    new = pd.DataFrame({"item_id": ["c"], "title": ["C"], "price": ["3"]})
    with pytest.raises(SettingsError, match="has learned from the attribute 'price'; fit anew"):
        extend_dataset(old, DataSettings(changing=("price",)), items=new)


def test_a_frame_without_the_column_is_read(read: Read) -> None:
    events = pd.DataFrame({"user_id": ["u"], "item_id": ["a"]})
    items = pd.DataFrame({"item_id": ["a"], "title": ["A"]})
    dataset, _ = read_dataset(DataSettings(changing=("price",)), interactions=events, items=items)
    assert dataset.catalogue.attributes == {}
