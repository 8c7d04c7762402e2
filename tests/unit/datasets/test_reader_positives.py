"""Which events are positive, and of which type an event is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from recx_agent.datasets import Dataset, ImportReport

Read = Callable[..., tuple[Dataset, ImportReport]]
Write = Callable[..., Path]

# Each: settings, header and rows, and which rows are positive.
JUDGED: dict[str, tuple[dict[str, Any], tuple[str, ...], list[bool]]] = {
    "three quarters of the found range": (
        {},
        ("value", "1", "4", "3.9", "5"),
        [False, True, False, True],
    ),
    "three quarters of the declared scale": (
        {"scale": (0, 10)},
        ("value", "7", "7.5", "8"),
        [False, True, True],
    ),
    "a bound that is set": ({"positive_from": 2}, ("value", "1", "2", "5"), [False, True, True]),
    "a bound that single precision cannot hold": (
        {"positive_from": 0.1, "scale": (0, 1)},
        ("value", "0.1"),
        [True],
    ),
    "all values equal": ({}, ("value", "3", "3"), [True, True]),
    "no values": ({}, ("event_type", "view", "buy"), [True, True]),
    "ignored types": ({}, ("event_type", "view", "search"), [True, False]),
    "other ignored types": (
        {"ignore_event_types": ("view",)},
        ("event_type", "view", "search"),
        [False, True],
    ),
    "types and values mixed": (
        {},
        ("event_type,value", "rating,1", "rating,5", "view,", "watch,2", "search,5"),
        [False, True, True, False, False],
    ),
}


@pytest.mark.parametrize("name", JUDGED)
def test_what_is_positive(read: Read, name: str) -> None:
    settings, (header, *rows), expected = JUDGED[name]
    lines = [f"u,{i},{row}" for i, row in enumerate(rows)]
    dataset, report = read(f"user_id,item_id,{header}", *lines, **settings)
    by_item = dict(zip(dataset.events.item.tolist(), dataset.events.positive, strict=True))
    assert [bool(by_item[i]) for i in range(len(rows))] == expected
    assert report.positives == sum(expected)


def test_values_of_ignored_events_do_not_make_the_scale(read: Read) -> None:
    dataset, report = read(
        "user_id,item_id,event_type,value",
        "u,1,rating,1",
        "u,2,rating,5",
        "u,3,view,3600",
        ignore_event_types=("view",),
    )
    assert dataset.scale == (1, 5)
    assert report.scale_inferred
    assert dataset.positive_from == 4


@pytest.mark.parametrize(
    ("header", "row", "settings", "kind"),
    [
        ("value", "3", {}, "rating"),
        ("text", "hello", {}, "interaction"),
        ("value", "", {}, "interaction"),
        ("value", "3", {"default_event_type": "purchase"}, "purchase"),
        ("event_type", "", {"default_event_type": "purchase"}, "purchase"),
        ("event_type", "view", {"default_event_type": "purchase"}, "view"),
    ],
)
def test_the_event_type(
    read: Read, header: str, row: str, settings: dict[str, Any], kind: str
) -> None:
    dataset, _ = read(f"user_id,item_id,{header}", f"u,i,{row}", **settings)
    assert dataset.events.kinds == (kind,)
