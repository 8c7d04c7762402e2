"""A data set without some users is the data set of files without them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from recx_agent.datasets import Dataset, extend_dataset, read_dataset
from recx_agent.datasets.removal import without_users
from recx_agent.errors import DataError
from recx_agent.settings import DataSettings

SETTINGS = DataSettings(scale=(1, 5))


def frames(users: str = "abcd") -> dict[str, Any]:
    """Every user has two ratings and, b and d, a text, a context and a kind of event."""
    rows: list[tuple[Any, ...]] = []
    for n, user in enumerate("abcd"):
        if user not in users:
            continue
        rows += [(user, f"i{n}", 5, "rating", 100 + n, None, None)]
        rows += [(user, f"i{(n + 1) % 4}", 2, "rating", 200 + n, None, None)]
        if user in "bd":
            rows.append((user, None, None, "search", 300 + n, f"words of {user}", f"at {user}"))
        if user == "b":
            rows.append((user, "i3", None, "view", 400, None, None))
    columns = ["user_id", "item_id", "value", "event_type", "timestamp", "text", "place"]
    return {
        "interactions": pd.DataFrame(rows, columns=columns),
        "items": pd.DataFrame({"item_id": [f"i{n}" for n in range(4)], "title": list("WXYZ")}),
        "users": pd.DataFrame({"user_id": list(users), "town": [f"town {u}" for u in users]}),
    }


def read(users: str = "abcd") -> Dataset:
    return read_dataset(SETTINGS, **frames(users))[0]


def content(dataset: Dataset) -> object:
    """Everything but the rows' numbers in the file."""
    events = dataset.events
    return (
        dataset.fingerprint,
        dataset.users.ids,
        dict(dataset.user_attributes),
        events.kinds,
        events.sources,
        events.texts,
        events.contexts,
        events.n_users,
        [np.asarray(getattr(events, n)).tolist() for n in ("user", "item", "kind", "time")],
        [str(v) for v in events.value],
        [str(getattr(events, n).dtype) for n in ("user", "item", "kind", "source", "row")],
    )


@pytest.mark.parametrize("leaving", ["a", "b", "c", "d", "bd", "abc"])
def test_it_is_as_if_they_had_never_been_read(leaving: str) -> None:
    staying = "".join(user for user in "abcd" if user not in leaving)
    assert content(without_users(read(), leaving)) == content(read(staying))


def test_nobody_leaves_nothing_changes() -> None:
    dataset = read()
    assert without_users(dataset, ["nobody"]) is dataset
    assert without_users(dataset, []) is dataset


def test_the_catalogue_stays_so_that_the_model_fits() -> None:
    interactions = frames()["interactions"].dropna(subset=["item_id"])
    dataset, _ = read_dataset(SETTINGS, interactions=interactions)
    assert without_users(dataset, "abc").catalogue == dataset.catalogue


def test_all_users_can_leave(tmp_path: Path) -> None:
    empty = without_users(read(), "abcd")
    assert (len(empty.users), len(empty.events), len(empty.catalogue)) == (0, 0, 4)
    empty.save(tmp_path / "data")
    again = Dataset.load(tmp_path / "data")
    assert again.fingerprint == empty.fingerprint
    assert again.popularity.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("leaving", ["a", "b", "bd"])
def test_rows_are_left_out_before_anything_looks_at_them(leaving: str) -> None:
    staying = "".join(user for user in "abcd" if user not in leaving)
    dataset, report = read_dataset(
        SETTINGS, **frames(), leave_out=lambda users: frozenset(leaving) & frozenset(users)
    )
    assert content(dataset) == content(read(staying))
    all_rows, staying_rows = (len(frames(u)["interactions"]) for u in ("abcd", staying))
    assert report.left_out_users == len(leaving)
    assert report.left_out_rows == all_rows - staying_rows + len(leaving)
    assert {f.role: (f.rows_read, f.rows_kept) for f in report.files}["interactions"] == (
        all_rows,
        staying_rows,
    )
    words = "1 erased user" if len(leaving) == 1 else f"{len(leaving)} erased users"
    assert f"{report.left_out_rows} rows of {words} were left out" in report.summary()


def test_a_bad_row_of_one_who_is_left_out_is_no_bad_row() -> None:
    bad = frames()
    bad["interactions"].loc[0, "value"] = 99
    dataset, _ = read_dataset(SETTINGS, **bad, leave_out=lambda users: frozenset("a"))
    assert content(dataset) == content(read("bcd"))


def test_items_that_only_they_had_do_not_come_in() -> None:
    only = pd.DataFrame({"user_id": list("ab"), "item_id": ["secret", "i1"]})
    dataset, _ = read_dataset(
        DataSettings(), interactions=only, leave_out=lambda users: frozenset("a")
    )
    assert dataset.catalogue.ids.ids == ("i1",)


def test_a_renamed_column_of_users_is_known() -> None:
    renamed = frames()["interactions"].rename(columns={"user_id": "who"})
    settings = DataSettings(scale=(1, 5), map={"user_id": "who"})
    asked: list[str] = []

    def leave_out(users: Iterable[str]) -> frozenset[str]:
        asked.extend(users)
        return frozenset("c")

    dataset, report = read_dataset(settings, interactions=renamed, leave_out=leave_out)
    assert asked == ["a", "b", "c", "d"]
    assert "c" not in dataset.users
    assert report.left_out_rows == 2


def test_nobody_left_out_is_not_told() -> None:
    _, report = read_dataset(SETTINGS, **frames(), leave_out=lambda users: frozenset())
    assert (report.left_out_rows, report.left_out_users) == (0, 0)
    assert not any("left out" in line for line in report.summary())


def test_an_update_leaves_them_out_too() -> None:
    old = read("ab")
    more, report = extend_dataset(
        old,
        SETTINGS,
        interactions=frames("cd")["interactions"],
        users=frames("cd")["users"],
        leave_out=lambda users: frozenset("c"),
    )
    assert more.users.ids == ("a", "b", "d")
    assert report.left_out_rows == 3
    assert report.left_out_users == 1


def test_a_file_of_nobody_else_is_refused() -> None:
    with pytest.raises(DataError, match="every row is of a user who was erased.*--lift"):
        read_dataset(SETTINGS, **frames(), leave_out=lambda users: frozenset("abcd"))
