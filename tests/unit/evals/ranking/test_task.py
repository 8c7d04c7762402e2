from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from recx_agent.datasets import Dataset
from recx_agent.datasets.split import Split
from recx_agent.errors import DataError
from recx_agent.evals.ranking.task import RULES, Task, make_task, tasks_of


def held_out(task: Task, row: int) -> set[int]:
    matrix = task.relevant
    return set(matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]].tolist())


def first_held_out(dataset: Dataset, user: int, items: set[int]) -> int:
    where = dataset.events.of_user(user)
    own = dataset.events.item[where]
    return int(min(dataset.events.time[where][np.isin(own, list(items))]))


@pytest.mark.parametrize("name", sorted(RULES))
def test_nothing_from_the_first_held_out_event_on_is_learnt(halves: Dataset, name: str) -> None:
    validation, final = tasks_of(name, RULES[name], halves)
    for task, whole in ((final, halves), (validation, final.train)):
        assert len(task.users) > 5
        events = task.train.events
        for row, user in enumerate(task.users):
            items = held_out(task, row)
            assert items
            cut = first_held_out(whole, int(user), items)
            assert (events.time[events.of_user(int(user))] < cut).all()
            assert not items & set(task.train.seen(int(user)).tolist())


def test_what_comes_later_changes_neither_training_nor_candidates(
    halves: Dataset, make_dataset: Any
) -> None:
    """A low rating and a repetition behind the cut must leave no trace."""
    events = halves.events
    rows = list(
        zip(
            events.user.tolist(),
            events.item.tolist(),
            events.value.tolist(),
            events.time.tolist(),
            strict=True,
        )
    )
    fresh = sorted(set(range(20)) - set(halves.seen(0).tolist()))[0]
    late = [(0, fresh, 1.0, 10**6), (0, int(halves.history(0).items[0]), 5.0, 10**6)]
    more = make_dataset(rows + late, len(halves.users), len(halves.catalogue))
    rule = RULES["leave_last_3"]
    before, after = (tasks_of("leave_last_3", rule, data)[1] for data in (halves, more))
    assert before.train.fingerprint == after.train.fingerprint
    assert (before.relevant - after.relevant).nnz == 0
    assert fresh not in after.train.seen(0)


@pytest.mark.parametrize("times", [[1, 2, 3, 9, 9, 9, 9, 9], [1, 2, 3, 9, 9, 9, 10, 11]])
def test_events_of_the_same_second_are_not_learnt(make_dataset: Any, times: list[int]) -> None:
    rows = [(0, item, 5.0, time) for item, time in enumerate(times)]
    rows += [(1, item, 5.0, item) for item in range(6)]
    data = make_dataset(rows, 2, 10)
    task = make_task("t", RULES["leave_last_3"](data))
    assert held_out(task, 0) == {5, 6, 7}
    assert task.train.history(0).items.tolist() == [2, 1, 0]
    assert task.train.history(1).items.tolist() == [2, 1, 0]
    assert "same second" in task.description


def test_validation_never_sees_the_test_items(halves: Dataset) -> None:
    validation, final = tasks_of("leave_last_3", RULES["leave_last_3"], halves)
    assert len(validation.train.events) < len(final.train.events) < len(halves.events)
    for row, user in enumerate(final.users):
        place = np.flatnonzero(validation.users == user)
        if len(place):
            assert not held_out(final, row) & held_out(validation, int(place[0]))


def test_users_without_anything_learnt_are_left_out(halves: Dataset, make_dataset: Any) -> None:
    train = make_dataset([(0, 1, 5.0, 1), (1, 1, 2.0, 1)], 2, 6)
    test = {0: np.array([2, 1], np.int32), 1: np.array([3], np.int32)}
    task = make_task("t", Split(train, test, "by hand"))
    assert task.users.tolist() == [0]
    assert held_out(task, 0) == {2}


def test_a_split_without_anybody_is_an_error(make_dataset: Any) -> None:
    train = make_dataset([(0, 1, 2.0, 1)], 1, 6)
    with pytest.raises(DataError, match="leaves no user"):
        make_task("t", Split(train, {0: np.array([2], np.int32)}, "by hand"))
