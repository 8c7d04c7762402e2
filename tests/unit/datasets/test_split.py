from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from recx_agent.datasets import (
    Dataset,
    ImportReport,
    Split,
    extend_dataset,
    global_time,
    leave_last,
)
from recx_agent.errors import DataError, SettingsError
from recx_agent.settings import DataSettings

Read = Callable[..., tuple[Dataset, ImportReport]]

HEADER = "user_id,item_id,value,timestamp"
BOUND = {"scale": (1, 5), "positive_from": 4}


def held_out(split: Split) -> dict[str, list[str]]:
    ids = split.train.catalogue.ids.ids
    return {
        split.train.users.external(user): [ids[i] for i in items]
        for user, items in split.test.items()
    }


def kept(split: Split) -> list[tuple[str, str, int]]:
    train = split.train
    return [
        (train.users.external(int(u)), train.catalogue.ids.external(int(i)), int(t))
        for u, i, t in zip(train.events.user, train.events.item, train.events.time, strict=True)
    ]


def test_leave_last_cuts_each_user_before_the_first_held_out_event(read: Read) -> None:
    dataset, _ = read(
        HEADER,
        "u,a,5,1",
        "u,b,4,2",
        "u,low before,1,3",
        "u,c,5,4",
        "u,low behind,2,5",
        "u,d,5,6",
        "u,low at the end,1,7",
        "short,a,5,1",
        "short,b,5,9",
        "short,c,5,9",
        **BOUND,
    )
    split = leave_last(dataset, n=2)
    assert held_out(split) == {"u": ["c", "d"]}
    assert kept(split) == [
        ("short", "a", 1),
        ("short", "b", 9),
        ("short", "c", 9),
        ("u", "a", 1),
        ("u", "b", 2),
        ("u", "low before", 3),
    ]
    assert (split.held_out, split.users.tolist()) == (2, [dataset.user("u")])


def test_ties_are_broken_by_the_external_item_id(read: Read) -> None:
    rows = [f"u,{item},5,7" for item in (10, 9, 2, 33)]
    split = leave_last(read(HEADER, *rows, **BOUND)[0], n=2)
    assert held_out(split) == {"u": ["10", "33"]}
    assert [item for _, item, _ in kept(split)] == ["2", "9"]


def test_ties_do_not_hang_on_internal_ids(read: Read) -> None:
    dataset, _ = read(HEADER, "u,9,5,7", "u,33,5,7", **BOUND)
    more = pd.DataFrame({"user_id": ["u", "u"], "item_id": [10, 2], "value": 5, "timestamp": 7})
    grown, _ = extend_dataset(dataset, DataSettings(), interactions=more)
    assert grown.catalogue.ids.ids == ("9", "33", "2", "10")
    assert held_out(leave_last(grown, n=2)) == {"u": ["10", "33"]}


def test_a_repeated_item_counts_by_its_first_liking(read: Read) -> None:
    dataset, _ = read(HEADER, "u,a,5,1", "u,b,5,2", "u,c,5,3", "u,a,5,9", **BOUND)
    split = leave_last(dataset, n=1)
    assert held_out(split) == {"u": ["c"]}
    assert kept(split) == [("u", "a", 1), ("u", "b", 2)]


def test_an_item_met_before_the_cut_is_not_asked_for(read: Read) -> None:
    dataset, _ = read(HEADER, "u,c,1,1", "u,a,5,2", "u,b,5,3", "u,c,5,4", "u,d,5,5", **BOUND)
    assert held_out(leave_last(dataset, n=2)) == {"u": ["d"]}


def test_events_at_the_moment_of_the_first_held_out_one_are_dropped(read: Read) -> None:
    dataset, _ = read(
        "user_id,item_id,event_type,value,timestamp",
        "u,a,rating,5,1",
        "u,b,rating,5,2",
        "u,c,rating,5,3",
        # Of type "aside" and so sorted before the rating of the same item and moment.
        "u,c,aside,,3",
        ignore_event_types=("aside",),
        **BOUND,
    )
    split = leave_last(dataset, n=1)
    assert held_out(split) == {"u": ["c"]}
    assert kept(split) == [("u", "a", 1), ("u", "b", 2)]


def test_a_validation_split_is_the_same_applied_to_train(read: Read) -> None:
    rows = [f"u,{item},5,{item}" for item in range(1, 7)]
    outer = leave_last(read(HEADER, *rows, **BOUND)[0], n=1)
    inner = leave_last(outer.train, n=1)
    assert (held_out(outer), held_out(inner)) == ({"u": ["6"]}, {"u": ["5"]})
    assert len(inner.train.events) == 4


def test_splits_keep_users_and_items(read: Read) -> None:
    dataset, _ = read(HEADER, *[f"u,{i},5,{i}" for i in range(6)], **BOUND)
    for split in (leave_last(dataset, n=2), global_time(dataset, 0.5)):
        assert split.train.users.ids == dataset.users.ids
        assert split.train.catalogue.ids.ids == dataset.catalogue.ids.ids
        assert split.train.scale == dataset.scale


def test_events_without_a_time_are_dropped(read: Read) -> None:
    dataset, _ = read(HEADER, "u,z,5,", *[f"u,{i},5,{i}" for i in range(6)], **BOUND)
    assert "z" not in {item for _, item, _ in kept(leave_last(dataset, n=2))}
    assert "z" not in {item for _, item, _ in kept(global_time(dataset, 0.5))}


def test_global_time_cuts_all_users_at_one_moment(read: Read) -> None:
    dataset, _ = read(
        HEADER,
        "u,a,5,1",
        "u,b,5,2",
        "u,low before,1,3",
        "v,c,5,4",
        "u,d,5,5",
        "u,a,5,6",
        "u,low before,5,6",
        "new,a,5,7",
        "v,low behind,1,8",
        **BOUND,
    )
    # Seven positive events; the quantile .43 is the fourth, at time 5.
    split = global_time(dataset, quantile=0.43)
    assert held_out(split) == {"u": ["d"]}
    assert [time for _, _, time in sorted(kept(split), key=lambda event: event[2])] == [1, 2, 3, 4]
    assert "1970-01-01T00:00:05 UTC" in split.description


def test_global_time_asks_only_users_with_enough_before(read: Read) -> None:
    rows = ["u,a,5,1", "u,b,5,2", "v,a,5,1", "u,c,5,9", "v,c,5,9", "w,c,5,9"]
    dataset, _ = read(HEADER, *rows, **BOUND)

    def asked(least: int) -> set[str]:
        return set(held_out(global_time(dataset, 0.5, min_before=least)))

    assert (asked(0), asked(1), asked(2)) == ({"u", "v", "w"}, {"u", "v"}, {"u"})


def test_global_time_looks_at_nothing_behind_the_cut(read: Read) -> None:
    random = np.random.default_rng(0)
    rows = [
        f"{u},{i},{random.integers(1, 6)},{random.integers(0, 1000)}"
        for u in range(20)
        for i in range(30)
    ]
    dataset, _ = read(HEADER, *rows, **BOUND)
    split = global_time(dataset, 0.8)
    last_before = int(split.train.events.time.max())
    positive = np.asarray(dataset.events.positive)
    before = (np.asarray(dataset.events.time) <= last_before) & positive
    assert before.sum() / positive.sum() == pytest.approx(0.8, abs=0.02)
    for user, items in split.test.items():
        for item in items:
            times = dataset.events.time[dataset.positions(user, int(item))]
            assert times.min() > last_before


def test_leave_last_agrees_with_a_plain_loop(read: Read) -> None:
    random = np.random.default_rng(1)
    rows = {
        (u, i): f"{u},{i},{random.integers(1, 6)},{random.integers(0, 8)}"
        for u in range(15)
        for i in random.permutation(25)[: random.integers(3, 20)]
    }
    dataset, _ = read(HEADER, *rows.values(), **BOUND)
    expected_test, expected_train = {}, []
    for user in range(15):
        mine = [line.split(",") for (u, _), line in rows.items() if u == user]
        mine.sort(key=lambda cells: (int(cells[3]), int(cells[1])))
        liked = [cells for cells in mine if int(cells[2]) >= 4]
        if len(liked) > 4:
            expected_test[str(user)] = [cells[1] for cells in liked[-3:]]
            mine = mine[: mine.index(liked[-3])]
        expected_train += [(str(user), cells[1], int(cells[3])) for cells in mine]
    split = leave_last(dataset, n=3)
    assert expected_test
    assert held_out(split) == expected_test
    assert sorted(kept(split)) == sorted(expected_train)


def test_without_times_there_is_no_split(read: Read) -> None:
    dataset, _ = read("user_id,item_id", "u,a", "u,b")
    for split in (leave_last, global_time):
        with pytest.raises(DataError, match="no times.*timestamp column"):
            split(dataset)


def test_one_moment_cannot_be_cut(read: Read) -> None:
    dataset, _ = read("user_id,item_id,timestamp", "u,a,1", "u,b,1")
    with pytest.raises(DataError, match="no event lies before the cut"):
        global_time(dataset)


@pytest.mark.parametrize("quantile", [0, 1, -0.1, float("nan")])
def test_a_quantile_is_between_0_and_1(read: Read, quantile: float) -> None:
    dataset, _ = read("user_id,item_id,timestamp", "u,a,1", "u,b,2")
    with pytest.raises(SettingsError, match="not between 0 and 1"):
        global_time(dataset, quantile)


def test_numbers_that_make_no_sense(read: Read) -> None:
    dataset, _ = read("user_id,item_id,timestamp", "u,a,1", "u,b,2")
    with pytest.raises(SettingsError, match="give 1 or more"):
        leave_last(dataset, 0)
    with pytest.raises(SettingsError, match="give 0 or more"):
        global_time(dataset, min_before=-1)
