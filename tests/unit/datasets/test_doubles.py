from __future__ import annotations

import numpy as np
import pandas as pd

from recx_agent.datasets import Dataset, read_dataset
from recx_agent.settings import DataSettings

ITEMS = pd.DataFrame(
    {
        "item_id": ["a", "b", "c", "d", "e"],
        "title": ["Fear", "Fear", "Fear", "Heat", "Heat"],
        "year": ["1962", "1991", "1991", "1995", "1995"],
        "genre": ["Crime", "Crime", "Crime", "Crime", "Drama"],
    }
)
EVENTS = pd.DataFrame(
    {
        "user_id": ["u", "u", "u", "v"],
        "item_id": ["b", "c", "a", "c"],
        "value": [5, 4, 1, 5],
        "timestamp": [10, 20, 30, 40],
    }
)


def read(merge: bool) -> tuple[Dataset, list[str]]:
    settings = DataSettings(scale=(1, 5), merge_doubles=merge)
    dataset, report = read_dataset(settings, interactions=EVENTS, items=ITEMS)
    return dataset, report.summary()


def test_one_film_listed_twice_is_one_item_with_all_its_events() -> None:
    dataset, told = read(merge=True)
    assert dataset.catalogue.ids.ids == ("a", "b", "d", "e")
    user = dataset.user("u")
    double = dataset.catalogue.ids.internal("b")
    assert dataset.history(user).items.tolist() == [double]
    assert len(dataset.positions(user, double)) == 2
    assert dataset.popularity[double] == 2
    assert len(dataset.events) == len(EVENTS)
    assert any("1 items of equal title" in line for line in told)


def test_events_stay_sorted_and_the_others_keep_their_items() -> None:
    dataset, _ = read(merge=True)
    assert (np.diff(dataset.events.time[dataset.events.of_user(dataset.user("u"))]) >= 0).all()
    low = dataset.events.item[~np.asarray(dataset.events.positive)]
    assert [dataset.catalogue.ids.external(int(i)) for i in low] == ["a"]


def test_different_items_of_one_title_are_told_apart() -> None:
    dataset, _ = read(merge=True)
    assert dataset.catalogue.titles == (
        "Fear (1962)",
        "Fear (1991)",
        "Heat (Crime)",
        "Heat (Drama)",
    )


def test_an_attribute_that_tells_nothing_apart_gives_way_to_the_id() -> None:
    items = ITEMS.assign(year="1991", genre=["Crime|Drama", "Crime", "Drama", "War", "Crime"])
    settings = DataSettings(scale=(1, 5), merge_doubles=True)
    dataset, _ = read_dataset(settings, interactions=EVENTS, items=items)
    assert dataset.catalogue.titles[:3] == ("Fear (a)", "Fear (b)", "Fear (c)")


def test_nothing_is_merged_unless_asked() -> None:
    dataset, _ = read(merge=False)
    assert dataset.catalogue.titles == tuple(ITEMS.title)
    assert len(dataset.catalogue) == 5
