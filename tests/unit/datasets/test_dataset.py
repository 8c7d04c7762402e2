from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from recx_agent.artefacts import read_sealed, write_sealed
from recx_agent.datasets import NO_ITEM, Dataset, Events, History, ImportReport
from recx_agent.errors import ArtefactDamaged, ArtefactVersion, UnknownUser, WriteFailed

Read = Callable[..., tuple[Dataset, ImportReport]]


@pytest.fixture
def dataset(read: Read) -> Dataset:
    """Two users; the first has several events with one item and a low rating."""
    made, _ = read(
        "user_id,item_id,event_type,value,timestamp,text,device",
        "u,a,rating,5,10,loved it,tv",
        "u,b,rating,4,20,,",
        "u,c,rating,1,30,,",
        "u,a,watch,,40,,tv",
        "u,d,watch,,40,,",
        "u,d,watch,4,40,,",
        "u,,search,,50,westerns,",
        "v,b,rating,5,15,,",
        items=("item_id,title,genre,plot", "a,A,x|y,P", "b,B,x,", "c,C,,", "d,D,y,", "e,b,x,"),
        users=("user_id,user_id copy", "u,1", "v,2", "w,"),
    )
    return made


def ids(dataset: Dataset, items: np.ndarray) -> list[str]:
    return [dataset.catalogue.ids.external(int(i)) for i in items]


def test_history_is_newest_first_and_one_entry_an_item(dataset: Dataset) -> None:
    history = dataset.history(dataset.user("u"))
    # d and a are equally old, so they are ordered by item; a counts by its newest event;
    # c was rated low and a search has no item.
    assert ids(dataset, history.items) == ["d", "a", "b"]
    assert history.ages.tolist() == [0, 1, 2]


def test_history_of_a_user_without_events_is_empty(dataset: Dataset) -> None:
    assert len(dataset.history(dataset.user("w"))) == 0
    assert len(dataset.seen(dataset.user("w"))) == 0


def test_positions_are_those_of_the_positive_events_with_the_item(dataset: Dataset) -> None:
    user, item = dataset.user("u"), dataset.catalogue.find("a")
    positions = dataset.positions(user, item)
    assert [dataset.events.time[p] for p in positions] == [10, 40]
    assert len(dataset.positions(user, dataset.catalogue.find("c"))) == 0


def test_seen_counts_low_ratings_and_twins(dataset: Dataset) -> None:
    # e has the title and attributes of b.
    assert ids(dataset, dataset.seen(dataset.user("u"))) == ["a", "b", "c", "d", "e"]
    assert ids(dataset, dataset.seen(dataset.user("v"))) == ["b", "e"]


def test_popularity_counts_users_not_events(dataset: Dataset) -> None:
    assert dataset.popularity.tolist() == [1, 2, 0, 1, 0]
    assert dataset.positives.toarray().tolist() == [[1, 1, 0, 1, 0], [0, 1, 0, 0, 0], [0] * 5]


def test_an_unknown_user_is_told(dataset: Dataset) -> None:
    with pytest.raises(UnknownUser, match="'nobody' is not in this workspace"):
        dataset.user("nobody")


def test_event_ids_are_stable_and_distinct(dataset: Dataset) -> None:
    where = dataset.events.of_user(dataset.user("u"))
    positions = np.arange(where.start, where.stop)
    together = dataset.events.describe(positions, "u", dataset.catalogue.ids.ids)
    alone = [dataset.events.describe([p], "u", dataset.catalogue.ids.ids)[0] for p in positions]
    assert together == alone
    assert [event.id for event in together] == [
        "u/a/rating/10",
        "u/b/rating/20",
        "u/c/rating/30",
        "u/a/watch/40",
        "u/d/watch/40",
        "u/d/watch/40/2",
        "u//search/50",
    ]


def test_event_ids_do_not_hang_on_the_order_of_the_file(read: Read) -> None:
    lines = [f"u/1,{item},view,{time}" for item in "ab" for time in (1, 2)]

    def described(rows: list[str]) -> set[tuple[str, int]]:
        dataset, _ = read("user_id,item_id,event_type,timestamp", *rows)
        events = dataset.events.describe(range(4), "u/1", dataset.catalogue.ids.ids)
        return {(event.id, event.item) for event in events}

    assert described(lines) == described(lines[::-1])
    # A slash in an id cannot make two events look alike.
    assert ("u%2F1/a/view/1", 0) in described(lines)


def test_an_event_in_words(dataset: Dataset) -> None:
    event = dataset.events.describe([0], "u", dataset.catalogue.ids.ids)[0]
    assert (event.event_type, event.value, event.date) == ("rating", 5.0, "1970-01-01")
    assert (event.text, event.context) == ("loved it", '{"device": "tv"}')
    assert (event.source, event.positive) == ("interactions.csv:2", True)


def test_a_search_in_words_has_no_item(dataset: Dataset) -> None:
    last = dataset.events.of_user(dataset.user("u")).stop - 1
    event = dataset.events.describe([last], "u", dataset.catalogue.ids.ids)[0]
    assert (event.item, event.text, event.positive) == (NO_ITEM, "westerns", False)


def test_take_keeps_the_rest_of_an_event_with_it(dataset: Dataset) -> None:
    kept = dataset.events.take(np.asarray(dataset.events.time) == 10)
    assert len(kept) == 1
    assert kept.texts == ("loved it",)
    assert kept.n_users == dataset.events.n_users
    assert kept.of_user(0) == slice(0, 1)


def test_a_saved_data_set_comes_back(dataset: Dataset, tmp_path: Path) -> None:
    dataset.save(tmp_path / "data")
    again = Dataset.load(tmp_path / "data")
    assert again.fingerprint == dataset.fingerprint
    assert again.users.ids == dataset.users.ids
    assert again.catalogue.ids.ids == dataset.catalogue.ids.ids
    for name in ("titles", "attributes", "features", "descriptions"):
        assert getattr(again.catalogue, name) == getattr(dataset.catalogue, name)
    assert again.user_attributes == {"user_id copy": ("1", "2", "")}
    assert (again.scale, again.positive_from) == ((1, 5), 4)
    assert again.time_meaning == "record"
    for name in Events.__dataclass_fields__:
        np.testing.assert_equal(getattr(again.events, name), getattr(dataset.events, name))
    assert ids(again, again.history(0).items) == ["d", "a", "b"]


def test_a_user_attribute_called_like_the_id_does_not_replace_it(
    read: Read, tmp_path: Path
) -> None:
    dataset, _ = read(
        "who,item_id", "u,a", users=("who,user_id", "u,other"), map={"user_id": "who"}
    )
    dataset.save(tmp_path / "data")
    again = Dataset.load(tmp_path / "data")
    assert again.users.ids == ("u",)
    assert again.user_attributes == {"user_id": ("other",)}


def test_loaded_arrays_cannot_be_written(dataset: Dataset, tmp_path: Path) -> None:
    dataset.save(tmp_path / "data")
    with pytest.raises(ValueError, match="read-only"):
        Dataset.load(tmp_path / "data").events.item[0] = 3


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def change(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("damage", [cut, change, Path.unlink])
@pytest.mark.parametrize(
    "name", ["event_item.npy", "event_extras.parquet", "items.parquet", "users.parquet"]
)
def test_a_damaged_file_is_named(
    dataset: Dataset, tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    dataset.save(tmp_path / "data")
    damage(tmp_path / "data" / name)
    with pytest.raises(ArtefactDamaged, match=name) as caught:
        Dataset.load(tmp_path / "data")
    assert "recx model rollback" in str(caught.value)


def test_a_missing_or_mangled_manifest_is_named(dataset: Dataset, tmp_path: Path) -> None:
    dataset.save(tmp_path / "data")
    manifest = tmp_path / "data" / "manifest.json"
    content = read_sealed(manifest)
    del content["kinds"]
    write_sealed(manifest, content)
    with pytest.raises(ArtefactDamaged, match="lacks a note.*kinds"):
        Dataset.load(tmp_path / "data")
    manifest.write_text("{")
    with pytest.raises(ArtefactDamaged, match="manifest.json: not readable as JSON"):
        Dataset.load(tmp_path / "data")
    manifest.unlink()
    with pytest.raises(ArtefactDamaged, match="manifest.json: missing"):
        Dataset.load(tmp_path / "data")


def test_columns_of_unequal_length_are_told(dataset: Dataset, tmp_path: Path) -> None:
    dataset.events.save(tmp_path)
    np.save(tmp_path / "event_item.npy", np.zeros(3, dtype=np.int32))
    with pytest.raises(ArtefactDamaged, match="event columns differ in length"):
        Events.load(tmp_path, kinds=(), sources=(), n_users=3)


def test_positive_events_in_words(dataset: Dataset) -> None:
    user = dataset.user("u")
    described = dataset.describe_terms(user)
    assert [event.id for event in described] == [
        "u/a/rating/10",
        "u/b/rating/20",
        "u/a/watch/40",
        "u/d/watch/40",
        "u/d/watch/40/2",
    ]
    assert all(event.positive for event in described)


def test_another_format_version_is_refused(dataset: Dataset, tmp_path: Path) -> None:
    dataset.save(tmp_path / "data")
    manifest = tmp_path / "data" / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "format_version": 99}))
    with pytest.raises(ArtefactVersion, match="format version 99"):
        Dataset.load(tmp_path / "data")


def test_a_failed_save_leaves_nothing(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("recx_agent.datasets.events.save_array", full)
    with pytest.raises(WriteFailed, match="data: the disk is full; make room"):
        dataset.save(tmp_path / "data")
    assert list(tmp_path.glob("*data*")) == []


def test_a_history_can_be_made_of_items() -> None:
    history = History.of([7, 3, 5])
    assert history.without([3]).ages.tolist() == [0, 2]
    assert history.with_newest([5]).items.tolist() == [5, 7, 3]
    assert history.with_newest([5]).ages.tolist() == [0, 0, 1]
