"""What was added counts as if the data had been read with it; what was taken back does not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from recx_agent.datasets import Dataset, extend_dataset, read_dataset
from recx_agent.datasets.added import (
    TAKEN_IN,
    AddedEvent,
    own_events,
    with_added,
    without_taken_back,
)
from recx_agent.settings import DataSettings

SETTINGS = DataSettings(scale=(1, 5))
ROWS = [
    ("ann", "a", 5, "rating", 100, "loved it"),
    ("ann", "b", 1, "rating", 200, None),
    ("ann", None, None, "search", 250, "boats"),
    ("ann", "c", 4, "rating", 300, None),
    ("bob", "a", 4, "rating", 150, None),
    ("bob", "d", None, "watch", 160, None),
]
COLUMNS = ["user_id", "item_id", "value", "event_type", "timestamp", "text"]
NEW = [
    AddedEvent("d", "watch", None, 260, number=1),
    AddedEvent("b", "rating", 5.0, 400, "better the second time", number=2),
    AddedEvent("", "search", None, 410, "harbours", number=3),
    AddedEvent("e", "buy", None, 90, context='{"device": "tv"}', number=4),
]


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    items = pd.DataFrame({"item_id": list("abcdef"), "title": list("ABCDEF")})
    frame = pd.DataFrame(ROWS, columns=COLUMNS)
    return read_dataset(SETTINGS, interactions=frame, items=items)[0]


def updated(dataset: Dataset, user: str, added: Sequence[AddedEvent]) -> Dataset:
    rows = [(user, e.item_id, e.value, e.event_type, e.time, e.text) for e in added]
    return extend_dataset(dataset, SETTINGS, interactions=pd.DataFrame(rows, columns=COLUMNS))[0]


@pytest.mark.parametrize("user", ["ann", "bob", "zoe"])
def test_it_is_what_an_update_would_make_of_the_user(dataset: Dataset, user: str) -> None:
    own = own_events(dataset, user, NEW)
    whole = updated(dataset, user, NEW)
    there = whole.user(user)
    for disliked in (False, True):
        found = own.dataset.history(0, disliked=disliked)
        wanted = whole.history(there, disliked=disliked)
        assert found.items.tolist() == wanted.items.tolist()
        assert found.ages.tolist() == wanted.ages.tolist()
        assert found.disliked.tolist() == wanted.disliked.tolist()
    assert own.dataset.seen(0).tolist() == whole.seen(there).tolist()
    told = [(e.event_type, e.item, e.value, e.date, e.text) for e, _ in own.describe_terms()]
    assert told == [
        (e.event_type, e.item, e.value, e.date, e.text) for e in whole.describe_terms(there)
    ]


def test_events_of_the_version_keep_their_ids(dataset: Dataset) -> None:
    own = own_events(dataset, "ann", [*NEW, AddedEvent("c", "rating", 1.0, 300)])
    known = {event.id for event in dataset.describe_terms(dataset.user("ann"), disliked=True)}
    described = own.describe_terms(disliked=True)
    assert {event.id for event, there in described if there} <= known
    assert [e.item for e, there in described if not there] == [4, 3, 1]
    assert (own.position >= 0).sum() == 4, "all that the version has of ann"
    events = dataset.events
    for place, item in zip(own.position, own.dataset.events.item, strict=True):
        assert place < 0 or events.item[place] == item


def test_what_the_version_has_already_counts_once(dataset: Dataset) -> None:
    own = own_events(dataset, "ann", [AddedEvent("a", "rating", 5.0, 100), NEW[0]])
    assert len(own.dataset.events) == 5


def test_nothing_added_changes_nothing(dataset: Dataset) -> None:
    own = own_events(dataset, "ann", ())
    there = dataset.user("ann")
    assert own.dataset.history(0).items.tolist() == dataset.history(there).items.tolist()
    assert [e for e, _ in own.describe_terms()] == dataset.describe_terms(there)
    assert all(there for _, there in own.describe_terms())


def test_an_item_that_is_not_there_waits(dataset: Dataset) -> None:
    own = own_events(dataset, "ann", [AddedEvent("new", "watch", None, 900), NEW[0]])
    assert own.dataset.history(0).items.tolist() == [2, 3, 0]


def test_a_low_value_is_judged_by_the_rule_of_the_data(dataset: Dataset) -> None:
    own = own_events(dataset, "bob", [AddedEvent("e", "rating", 1.0, 500)])
    assert own.dataset.history(0).items.tolist() == [3, 0]
    assert own.dataset.history(0, disliked=True).disliked.tolist() == [False, False, True]
    ignored = own_events(dataset, "bob", [AddedEvent("e", "search", None, 500)])
    assert ignored.dataset.history(0).items.tolist() == [3, 0]


def test_added_events_are_taken_into_the_data(dataset: Dataset) -> None:
    grown = with_added(dataset, {"zoe": NEW, "ann": NEW[:1], "bob": []})
    assert [*grown.users] == ["ann", "bob", "zoe"]
    assert len(grown.events) == len(dataset.events) + 5
    assert TAKEN_IN in grown.events.sources
    for user in ("ann", "zoe"):
        own = own_events(grown, user, NEW if user == "zoe" else NEW[:1])
        there = grown.user(user)
        assert own.dataset.history(0).items.tolist() == grown.history(there).items.tolist()
        assert (own.position >= 0).all(), "they are the version's by now"
    assert with_added(dataset, {"ann": []}) is dataset
    assert with_added(grown, {"zoe": NEW}).fingerprint == grown.fingerprint


def test_what_is_taken_back_is_gone_though_it_was_taken_in(dataset: Dataset) -> None:
    grown = with_added(dataset, {"ann": NEW})
    own = own_events(grown, "ann", NEW[1:], taken_back=NEW[:1])
    wanted = own_events(dataset, "ann", NEW[1:])
    assert own.dataset.history(0).items.tolist() == wanted.dataset.history(0).items.tolist()
    watched = next(e for e in grown.describe_terms(grown.user("ann")) if e.event_type == "watch")
    assert not own.still_has(watched)
    assert own.still_has(grown.describe_terms(grown.user("ann"))[0])
    left = without_taken_back(grown, {"ann": NEW[:1], "nobody": NEW})
    assert len(left.events) == len(grown.events) - 1
    assert without_taken_back(grown, {"ann": [AddedEvent("a", "watch")]}) is grown


def test_what_a_file_had_too_stays_when_it_is_taken_back(dataset: Dataset) -> None:
    same = AddedEvent("a", "rating", 5.0, 100)
    own = own_events(dataset, "ann", (), taken_back=[same])
    assert own.dataset.history(0).items.tolist() == [2, 0]
    assert without_taken_back(dataset, {"ann": [same]}) is dataset


def test_contexts_and_texts_come_along(dataset: Dataset) -> None:
    own = own_events(dataset, "bob", NEW)
    events = own.dataset.events
    where = int(np.flatnonzero(events.item == 4)[0])
    assert events.contexts[where] == '{"device": "tv"}'
    assert "harbours" in events.texts
