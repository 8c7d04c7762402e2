"""What is positive and what is a low rating."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recx_agent.artefacts import read_sealed, write_sealed
from recx_agent.datasets import Dataset, ImportReport, extend_dataset
from recx_agent.datasets.rule import rule_of
from recx_agent.errors import SettingsError
from recx_agent.settings import DataSettings

Read = Callable[..., tuple[Dataset, ImportReport]]
NOTHING = np.empty(0)


def low_bound(**settings: Any) -> float | None:
    return rule_of(NOTHING, DataSettings(**settings)).disliked_to


def test_a_quarter_of_the_scale_is_low_unless_it_is_set() -> None:
    assert low_bound(scale=(1, 5)) == 2
    assert low_bound(scale=(0, 10)) == 2.5
    assert low_bound(scale=(1, 5), disliked_to=1) == 1
    assert low_bound() is None


def test_nothing_is_both_positive_and_low() -> None:
    with pytest.raises(SettingsError, match=r"disliked_to: 4 is not below positive_from \(4\)"):
        low_bound(scale=(1, 5), positive_from=4, disliked_to=4)
    # A quarter of the scale would be positive: then no value is low.
    assert low_bound(scale=(0, 100), positive_from=1) is None


def test_the_bound_of_the_data_set_is_kept_unless_the_scale_is_another() -> None:
    def of(known: float, **settings: Any) -> float | None:
        return rule_of(NOTHING, DataSettings(**settings), (1, 5), 4, known).disliked_to

    assert of(3) == 3
    assert of(3, scale=(1, 5)) == 3
    assert of(3, disliked_to=1) == 1
    assert of(3, scale=(0, 10)) == 2.5


ROWS = (
    "user_id,item_id,event_type,value,timestamp",
    "u,a,rating,5,1",
    "u,b,rating,2,2",
    "u,c,rating,3,3",
    "u,d,rating,1,4",
    "u,d,rating,5,5",
    "u,e,skip,1,6",
    "v,a,rating,1,1",
    "v,a,rating,2,9",
    "v,b,rating,1,3",
)
SETTINGS: dict[str, Any] = {"scale": (1, 5), "ignore_event_types": ("skip",)}


def low_items(dataset: Dataset, user: str) -> list[str]:
    history = dataset.history(dataset.user(user), disliked=True)
    return [dataset.catalogue.ids.external(int(i)) for i in history.items[history.disliked]]


def test_low_ratings_are_those_of_items_never_liked_and_of_types_that_count(read: Read) -> None:
    dataset, _ = read(*ROWS, **SETTINGS)
    assert low_items(dataset, "u") == ["b"]
    assert low_items(dataset, "v") == ["a", "b"]  # newest first, an item once
    history = dataset.history(dataset.user("v"), disliked=True)
    assert history.ages[history.disliked].tolist() == [0, 1]
    assert dataset.low_rated.toarray().astype(int).tolist() == [[0, 1, 0, 0, 0], [1, 1, 0, 0, 0]]


def test_the_bound_survives_saving_and_is_in_the_fingerprint(read: Read, tmp_path: Path) -> None:
    dataset, _ = read(*ROWS, **SETTINGS)
    dataset.save(tmp_path / "d")
    loaded = Dataset.load(tmp_path / "d")
    assert (loaded.disliked_to, loaded.ignored_kinds) == (2, ("skip",))
    assert low_items(loaded, "v") == low_items(dataset, "v")
    assert loaded.fingerprint == dataset.fingerprint
    assert read(*ROWS, **SETTINGS, disliked_to=1)[0].fingerprint != dataset.fingerprint


def test_a_data_set_of_before_there_were_low_ratings_has_none(read: Read, tmp_path: Path) -> None:
    dataset, _ = read(*ROWS, **SETTINGS)
    dataset.save(tmp_path / "d")
    notes = read_sealed(tmp_path / "d" / "manifest.json")
    for name in ("disliked_to", "ignored_kinds", "context_names", "time_zone"):
        del notes[name]
    write_sealed(tmp_path / "d" / "manifest.json", notes)
    old = Dataset.load(tmp_path / "d")
    assert old.low_rated.nnz == 0
    assert old.contexts.names == ()


def test_new_rows_are_judged_by_the_same_bound(read: Read, write: Callable[..., Path]) -> None:
    old, _ = read(*ROWS, **SETTINGS, disliked_to=1)
    more = write("more.csv", ROWS[0], "u,f,rating,2,7", "u,g,rating,1,8", "v,e,skip,1,9")
    grown, _ = extend_dataset(old, DataSettings(), interactions=more)
    assert grown.disliked_to == 1
    assert low_items(grown, "u") == ["g"]
    assert "e" not in low_items(grown, "v")
