"""Times as they are written, as they are missing, and as they cannot be meant."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from recx_agent.datasets import NO_TIME, Dataset, ImportReport

Read = Callable[..., tuple[Dataset, ImportReport]]
Write = Callable[..., Path]


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("881250949", 881_250_949),
        ("881250949.9", 881_250_949),
        ("881250949000", 881_250_949),
        ("881250949000000", 881_250_949),
        ("-86400", -86_400),
        ("1997-12-04", 881_193_600),
        ("1997-12-04T15:55:49Z", 881_250_949),
        ("1997-12-04 15:55:49", 881_250_949),
        ("1997-12-04T16:55:49+01:00", 881_250_949),
    ],
)
def test_times(read: Read, written: str, seconds: int) -> None:
    dataset, _ = read("user_id,item_id,timestamp", f"u,i,{written}")
    assert dataset.events.time.tolist() == [seconds]


def test_a_time_without_zone_is_utc_wherever_it_is_read(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    time.tzset()
    try:
        dataset, _ = read("user_id,item_id,timestamp", "u,i,1997-12-04 15:55:49")
    finally:
        monkeypatch.undo()
        time.tzset()
    assert dataset.events.time.tolist() == [881_250_949]
    assert dataset.events.date(0) == "1997-12-04"


def test_a_missing_time_is_the_oldest(read: Read) -> None:
    dataset, report = read("user_id,item_id,timestamp", "u,1,5", "u,2,", "u,3,4")
    assert dataset.events.time.tolist() == [NO_TIME, 4, 5]
    assert dataset.events.date(0) is None
    assert dataset.history(0).items.tolist() == [0, 2, 1]
    assert "1 events have no time and count as the oldest" in report.notes


def test_without_a_time_column_that_is_noted(read: Read) -> None:
    _, report = read("user_id,item_id", "u,1")
    assert any("there are no times" in note for note in report.notes)


def test_times_that_all_lie_in_1970_are_pointed_out(read: Read) -> None:
    _, report = read("user_id,item_id,timestamp", "u,a,1997", "u,b,1998")
    assert any("all times lie in 1970" in note for note in report.notes)
    _, report = read("user_id,item_id,timestamp", "u,a,881250949", "u,b,1998")
    assert not any("1970" in note for note in report.notes)
