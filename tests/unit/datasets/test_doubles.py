from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from recx_agent.datasets import Dataset, extend_dataset, read_dataset
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


MORE = pd.DataFrame(
    {
        "user_id": ["v", "w", "w", "w"],
        "item_id": ["c", "c", "f", "g"],
        "value": [5, 4, 5, 5],
        "timestamp": [40, 50, 60, 70],
    }
)
MORE_ITEMS = pd.DataFrame(
    {
        "item_id": ["a", "c", "f", "g", "h"],
        "title": ["Fear", "Fear", "Fear", "Fear", "New"],
        "year": ["1962", "1991", "1991", "2005", "2005"],
        "genre": ["Crime", "Crime", "Crime", "Crime", "Drama"],
    }
)


def extended(
    old: Dataset, items: pd.DataFrame | None = None, **settings: Any
) -> tuple[Dataset, list[str]]:
    dataset, report = extend_dataset(
        old, DataSettings(**settings), interactions=MORE if items is None else None, items=items
    )
    return dataset, report.summary()


def saved(dataset: Dataset, folder: Path) -> Dataset:
    dataset.save(folder / "data")
    return Dataset.load(folder / "data")


def test_a_merged_id_goes_on_meaning_the_item_it_was_merged_into(tmp_path: Path) -> None:
    dataset = saved(read(merge=True)[0], tmp_path)
    assert dataset.catalogue.aliases == {"c": "b"}
    assert dataset.catalogue.find("c") == dataset.catalogue.find("b")
    events = MORE[MORE.item_id == "c"]
    after, report = extend_dataset(dataset, DataSettings(), interactions=events)
    double = after.catalogue.ids.internal("b")
    assert after.catalogue.ids.ids == dataset.catalogue.ids.ids
    assert after.history(after.user("w")).items.tolist() == [double]
    assert report.already_present == 1


def test_a_new_double_becomes_another_id_of_its_item() -> None:
    dataset, _ = read(merge=True)
    after, told = extended(dataset, MORE_ITEMS)
    assert after.catalogue.ids.ids == ("a", "b", "d", "e", "g", "h")
    assert after.catalogue.aliases == {"c": "b", "f": "b"}
    assert "1 items of equal title and attributes merged into others" in told
    again, _ = extended(after)
    history = again.history(again.user("w")).items.tolist()
    assert [again.catalogue.ids.external(item) for item in history] == ["g", "b"]


def test_titles_told_apart_stay_and_new_ones_are_told_apart_from_them(tmp_path: Path) -> None:
    dataset = saved(read(merge=True)[0], tmp_path)
    after, told = extended(dataset, MORE_ITEMS)
    assert after.catalogue.titles[: len(dataset.catalogue)] == dataset.catalogue.titles
    assert after.catalogue.titles[len(dataset.catalogue) :] == ("Fear (2005)", "New")
    assert not any("new titles" in line for line in told)
    again, _ = extended(after, MORE_ITEMS)
    assert again.fingerprint == after.fingerprint


def test_a_title_that_was_the_only_one_is_not_changed_by_a_newcomer() -> None:
    dataset, _ = read(merge=True)
    first, _ = extended(dataset, MORE_ITEMS)
    new = pd.DataFrame({"item_id": ["z"], "title": ["new"], "year": ["2010"], "genre": ["War"]})
    after, _ = extended(first, new)
    assert after.catalogue.titles[after.catalogue.find("h")] == "New"
    assert after.catalogue.titles[after.catalogue.find("z")] == "new (War)"


def test_a_mark_that_is_true_no_more_is_made_anew() -> None:
    dataset, _ = read(merge=True)
    corrected = ITEMS[ITEMS.item_id == "a"].assign(year="1963")
    after, told = extended(dataset, corrected)
    assert after.catalogue.titles[:2] == ("Fear (1963)", "Fear (1991)")
    assert "1 items have new titles or attributes" in told


def test_a_new_title_takes_the_place_of_one_with_a_mark() -> None:
    dataset, _ = read(merge=True)
    after, _ = extended(dataset, ITEMS[ITEMS.item_id == "a"].assign(title="Cape Fear"))
    assert after.catalogue.titles[:2] == ("Cape Fear", "Fear (1991)")


def test_a_row_about_a_merged_id_changes_nothing_and_is_told() -> None:
    dataset, _ = read(merge=True)
    after, told = extended(dataset, ITEMS[ITEMS.item_id == "c"].assign(year="1999"))
    assert after.fingerprint == dataset.fingerprint
    assert any("1 rows are about items that were merged" in line for line in told)


def test_a_mark_is_never_the_rest_of_another_title() -> None:
    items = ITEMS.assign(title=["Fear", "Fear", "Fear (1962)", "Heat", "Warm"])
    settings = DataSettings(scale=(1, 5), merge_doubles=True, attributes=("year",))
    dataset, _ = read_dataset(settings, interactions=EVENTS, items=items)
    assert dataset.catalogue.titles[:3] == ("Fear (a)", "Fear (b)", "Fear (1962)")


def test_ids_without_an_items_file_are_never_merged() -> None:
    settings = DataSettings(scale=(1, 5), merge_doubles=True)
    events = EVENTS.assign(item_id=["a", "A", "b", "B"])
    dataset, _ = read_dataset(settings, interactions=events)
    assert len(dataset.catalogue) == 4
