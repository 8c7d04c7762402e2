"""Users and pairs are read from files; what is wrong with one is said, with its place."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from recx_agent.batch import Group, of_sample, read_pairs, read_users
from recx_agent.errors import DataError, UsageError


def test_users_one_a_line_each_once(tmp_path: Path) -> None:
    path = tmp_path / "users.txt"
    path.write_text("\ufeffann\r\n\n  bob \nann\n小明\n", encoding="utf-8")
    assert read_users(path) == [Group("ann"), Group("bob"), Group("小明")]


def test_users_of_a_column(tmp_path: Path) -> None:
    frame = pd.DataFrame({"town": ["x", "y"], "user_id": ["007", "8"]})
    frame.to_csv(tmp_path / "u.csv", index=False)
    frame.to_parquet(tmp_path / "u.parquet")
    for name in ("u.csv", "u.parquet"):
        assert read_users(tmp_path / name) == [Group("007"), Group("8")]


def test_pairs_each_once(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("item_id,user_id\nFargo,ann\n2,bob\nFargo,ann\n", encoding="utf-8")
    assert read_pairs(path) == [Group("ann", ("Fargo",)), Group("bob", ("2",))]


BAD = [
    ("p.csv", "user,item_id\nann,1\n", "no column 'user_id'; there are user, item_id"),
    ("p.csv", "user_id,item_id\n", "there is a header but no row"),
    ("p.csv", "user_id,item_id\nann,1\n,2\n", "row 2 has no user_id"),
    ("p.csv", "user_id,item_id\nann,1\nbob,\n", "row 2 has no item_id"),
    ("p.csv", "user_id,item_id\nann,1,9\n", "too few or too many fields"),
    ("gone.csv", None, "gone.csv"),
]


@pytest.mark.parametrize(("name", "text", "words"), BAD)
def test_bad_pairs_are_told(name: str, text: str | None, words: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=words):
        read_pairs(path)


def test_bad_users_are_told(tmp_path: Path) -> None:
    path = tmp_path / "users.txt"
    with pytest.raises(DataError, match=r"users\.txt.*No such file"):
        read_users(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="UTF-8"):
        read_users(path)
    path.write_text(" \n")
    with pytest.raises(DataError, match="no users"):
        read_users(path)


def test_a_sample_is_always_the_same_and_grows() -> None:
    users = [f"u{n}" for n in range(100)]
    assert of_sample(users, 10) == of_sample(reversed(users), 10)
    assert of_sample(users, 20)[:10] == of_sample(users, 10)
    with pytest.raises(UsageError, match="a sample of 101 users; there are 100"):
        of_sample(users, 101)
