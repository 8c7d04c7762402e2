from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from recx_agent.datasets import Dataset
from recx_agent.errors import DataError
from recx_agent.evals.cold_items.split import hold_items_out


def test_the_parts_are_disjoint_and_hold_every_item_once(halves: Dataset) -> None:
    parts = [hold_items_out(halves, number, of=10).cold for number in range(10)]
    assert {len(part) for part in parts} == {4}
    assert sorted(np.concatenate(parts)) == list(range(40))
    other = hold_items_out(halves, 0, of=10, seed=1).cold
    assert other.tolist() != parts[0].tolist()


def test_nothing_is_left_of_a_held_out_item_but_its_place_in_the_catalogue(
    halves: Dataset,
) -> None:
    split = hold_items_out(halves, 3, of=10)
    assert not np.isin(split.train.events.item, split.cold).any()
    assert split.train.catalogue is halves.catalogue
    gone = np.isin(halves.events.item, split.cold).sum()
    assert len(split.train.events) == len(halves.events) - gone
    assert split.train.popularity[split.cold].tolist() == [0] * len(split.cold)


def test_what_must_be_found_is_what_the_user_liked_of_the_held_out_items(halves: Dataset) -> None:
    split = hold_items_out(halves, 0, of=10)
    for row, user in enumerate(split.users.tolist()):
        liked = halves.positives.indices[slice(*halves.positives.indptr[user : user + 2])]
        found = split.relevant.indices[slice(*split.relevant.indptr[row : row + 2])]
        assert found.tolist() == sorted(set(liked.tolist()) & set(split.cold.tolist()))
        assert len(found)
    likers = halves.positives[:, split.cold].sum(axis=1)
    assert split.users.tolist() == np.flatnonzero(likers).tolist()


def test_a_user_who_likes_nothing_else_is_left_out(make_dataset: Callable[..., Dataset]) -> None:
    rows = [(0, 0, 5.0, 1), (1, 0, 5.0, 1), (1, 1, 5.0, 2)]
    data = make_dataset(rows, 3, 2)
    splits = [hold_items_out(data, number, of=2) for number in range(2)]
    assert [split.users.tolist() for split in splits] == [[1], [1]]


def test_no_such_user_is_an_error(make_dataset: Callable[..., Dataset]) -> None:
    data = make_dataset([(0, 0, 5.0, 1), (1, 1, 5.0, 1)], 2, 2)
    with pytest.raises(DataError, match="fewer parts"):
        hold_items_out(data, 0, of=2)
