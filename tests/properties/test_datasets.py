"""What holds for every id map, every history and every order of rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recx_agent.datasets import History, IdMap, leave_last, read_dataset
from recx_agent.datasets.events import NO_TIME
from recx_agent.datasets.idmap import natural_key
from recx_agent.datasets.joining import first_of_equal
from recx_agent.datasets.tables import read_table
from recx_agent.datasets.validation import cleaned, is_control
from recx_agent.settings import DataSettings

IDS = st.lists(st.text(max_size=8), unique=True, max_size=30)
ITEMS = st.lists(st.integers(0, 40), unique=True, max_size=25)
EVENTS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 8), st.integers(1, 5), st.integers(0, 6)),
    min_size=1,
    max_size=60,
    unique=True,
)


@given(IDS)
def test_an_id_map_goes_both_ways(ids: list[str]) -> None:
    known = IdMap(ids)
    assert [known.external(known.internal(external)) for external in ids] == ids
    assert [known.internal(external) for external in known] == list(range(len(ids)))


@given(IDS, st.lists(st.text(max_size=8), max_size=30))
def test_extending_an_id_map_moves_nothing(ids: list[str], more: list[str]) -> None:
    known = IdMap(ids)
    longer = known.extended(more)
    assert longer.ids[: len(ids)] == known.ids
    assert set(longer.ids) == set(ids) | set(more)
    assert len(set(longer.ids)) == len(longer)
    assert longer.extended(more).ids == longer.ids


@given(IDS.filter(bool), st.data())
def test_an_id_cannot_be_twice_in_a_map(ids: list[str], data: st.DataObject) -> None:
    again = data.draw(st.sampled_from(ids))
    with pytest.raises(ValueError, match="not distinct"):
        IdMap([*ids, again])


@given(st.lists(st.integers(0, 10**20), unique=True), IDS)
def test_numbers_sort_by_value_and_before_text(numbers: list[int], words: list[str]) -> None:
    words = [word for word in words if not (word.isascii() and word.isdigit())]
    ordered = sorted([*words, *map(str, numbers)], key=natural_key)
    assert ordered == [*map(str, sorted(numbers)), *sorted(words)]


@given(ITEMS, ITEMS)
def test_removing_items_keeps_the_ages_of_the_others(items: list[int], gone: list[int]) -> None:
    history = History.of(items)
    rest = history.without(gone)
    ages = dict(zip(items, range(len(items)), strict=True))
    assert rest.items.tolist() == [item for item in items if item not in gone]
    assert rest.ages.tolist() == [ages[item] for item in rest.items.tolist()]


@given(ITEMS, ITEMS)
def test_adding_items_keeps_the_ages_of_the_others(items: list[int], fresh: list[int]) -> None:
    longer = History.of(items).with_newest(fresh)
    assert longer.items.tolist() == fresh + [item for item in items if item not in fresh]
    assert longer.ages[: len(fresh)].tolist() == [0] * len(fresh)
    ages = dict(zip(items, range(len(items)), strict=True))
    assert longer.ages[len(fresh) :].tolist() == [
        ages[item] for item in longer.items[len(fresh) :].tolist()
    ]


@given(ITEMS, ITEMS)
def test_what_is_added_can_be_removed_again(items: list[int], fresh: list[int]) -> None:
    history = History.of(items)
    back = history.with_newest(fresh).without(fresh)
    np.testing.assert_array_equal(back.items, history.without(fresh).items)
    np.testing.assert_array_equal(back.ages, history.without(fresh).ages)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=20))
def test_the_first_equal_row_is_found(rows: list[tuple[int, int]]) -> None:
    keys = np.array(rows, dtype=np.int64).reshape(-1, 2)
    assert first_of_equal(keys[:, 0], keys[:, 1]).tolist() == [rows.index(row) for row in rows]


@given(st.text())
def test_cleaned_text_is_one_line_without_controls(text: str) -> None:
    once = cleaned(text)
    assert not any(is_control(character) for character in once)
    assert "  " not in once
    assert once == once.strip()
    assert cleaned(once) == once


def frame(events: list[tuple[int, int, int, int]]) -> pd.DataFrame:
    return pd.DataFrame(events, columns=["user_id", "item_id", "value", "timestamp"])


@given(EVENTS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(events, random) -> None:  # type: ignore[no-untyped-def]
    settings = DataSettings(scale=(1, 5))
    first, _ = read_dataset(settings, interactions=frame(events))
    random.shuffle(events)
    second, _ = read_dataset(settings, interactions=frame(events))
    assert first.fingerprint == second.fingerprint


@given(EVENTS)
def test_a_history_is_the_distinct_positive_items_by_their_newest_event(
    events: list[tuple[int, int, int, int]],
) -> None:
    dataset, _ = read_dataset(DataSettings(scale=(1, 5)), interactions=frame(events))
    ids = dataset.catalogue.ids.ids
    for user in range(len(dataset.users)):
        newest: dict[int, int] = {}
        for who, item, value, time in events:
            if str(who) == dataset.users.external(user) and value >= 4:
                newest[item] = max(time, newest.get(item, time))
        expected = sorted(newest, key=lambda item: (newest[item], item), reverse=True)
        history = dataset.history(user)
        assert [int(ids[i]) for i in history.items] == expected
        assert history.ages.tolist() == list(range(len(expected)))


@given(EVENTS, st.integers(1, 3))
def test_held_out_items_are_new_to_the_user_and_later_than_training(
    events: list[tuple[int, int, int, int]], n: int
) -> None:
    dataset, _ = read_dataset(DataSettings(scale=(1, 5)), interactions=frame(events))
    split = leave_last(dataset, n)
    for user, items in split.test.items():
        mine = split.train.events.of_user(user)
        seen = set(np.asarray(split.train.events.item[mine]).tolist())
        assert not seen & set(items.tolist())
        assert 1 <= len(items) <= n
        last = max(split.train.events.time[mine].tolist(), default=NO_TIME)
        assert last <= min(
            min(dataset.events.time[dataset.positions(user, int(item))]) for item in items
        )


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=6)


@given(st.lists(st.tuples(st.integers(0, 99), CELLS), min_size=1, max_size=8))
def test_csv_comes_back_with_its_lines(tmp_path_factory, rows) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path_factory.getbasetemp() / "cells.csv"
    pd.DataFrame(rows, columns=["n", "text"]).to_csv(path, index=False)
    table = read_table(path, "items")
    assert table.columns["n"].texts() == [str(n) for n, _ in rows]
    assert table.columns["text"].texts() == [text.strip() for _, text in rows]
    line, lines = 2, []
    for _, text in rows:
        lines.append(line)
        line += 1 + text.count("\n")
    assert table.rows.tolist() == lines
