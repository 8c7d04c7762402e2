from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recx_agent.datasets import Dataset, ImportReport, extend_dataset, read_dataset
from recx_agent.errors import BadRows, DataError, SettingsError
from recx_agent.settings import DataSettings

Read = Callable[..., tuple[Dataset, ImportReport]]
Write = Callable[..., Path]
Extend = Callable[..., tuple[Dataset, ImportReport]]

HEADER = "user_id,item_id,event_type,value,timestamp,text"
ROWS = (
    HEADER,
    "u2,b,rating,5,20,good",
    "u1,b,rating,4,10,",
    "u1,c,rating,1,30,",
    "u1,,search,,40,westerns",
)
ITEMS = ("item_id,title,genre", "b,B,x", "c,C,y")


@pytest.fixture
def old(read: Read) -> Dataset:
    return read(*ROWS, items=ITEMS, users=("user_id,age", "u1,30", "u2,40"))[0]


@pytest.fixture
def extend(write: Write) -> Extend:
    def extend_with(
        old: Dataset,
        *lines: str,
        items: tuple[str, ...] = (),
        users: tuple[str, ...] = (),
        **settings: Any,
    ) -> tuple[Dataset, ImportReport]:
        return extend_dataset(
            old,
            DataSettings(**settings),
            interactions=write("more.csv", *lines) if lines else None,
            items=write("more-items.csv", *items) if items else None,
            users=write("more-users.csv", *users) if users else None,
        )

    return extend_with


def test_the_same_file_twice_changes_nothing(old: Dataset, extend: Extend) -> None:
    again, report = extend(old, *ROWS, items=ITEMS)
    assert again.fingerprint == old.fingerprint
    assert report.already_present == 4
    assert report.files[-1].rows_kept == 4
    assert "4 events were there already and were skipped" in report.summary()


def test_old_ids_stay_and_new_ones_stand_behind(old: Dataset, extend: Extend) -> None:
    new, report = extend(
        old,
        HEADER,
        "u0,a,rating,5,50,",
        "u1,b,rating,4,10,",
        "u1,b,rating,4,60,",
        items=("item_id,title,genre,mood", "a,A,x,dark"),
    )
    assert new.users.ids == ("u1", "u2", "u0")
    assert new.catalogue.ids.ids == ("b", "c", "a")
    assert new.catalogue.titles == ("B", "C", "A")
    assert new.catalogue.attributes == {
        "genre": (("x",), ("y",), ("x",)),
        "mood": ((), (), ("dark",)),
    }
    assert new.catalogue.features == ("genre", "mood")
    assert new.user_attributes == {"age": ("30", "40", "")}
    assert (report.already_present, report.events) == (1, 6)
    assert new.events.n_users == 3
    assert new.history(2).items.tolist() == [2]
    assert old.users.ids == ("u1", "u2")


def test_events_keep_their_ids_texts_and_sources(old: Dataset, extend: Extend) -> None:
    def described(dataset: Dataset, user: str) -> dict[str, tuple[str | None, str]]:
        where = dataset.events.of_user(dataset.user(user))
        positions = range(where.start, where.stop)
        events = dataset.events.describe(positions, user, dataset.catalogue.ids.ids)
        return {event.id: (event.text, event.source) for event in events}

    new, _ = extend(old, HEADER, "u2,c,view,,1,hm", "u1,,search,,40,comedies")
    assert described(old, "u2").items() <= described(new, "u2").items()
    assert described(new, "u2")["u2/c/view/1"] == ("hm", "more.csv:2")
    # Another search at the same moment is another event.
    assert {text for text, _ in described(new, "u1").values()} >= {"westerns", "comedies"}


def test_texts_can_come_later(read: Read, extend: Extend) -> None:
    old, _ = read("user_id,item_id,timestamp", "u,a,1")
    new, _ = extend(old, "user_id,item_id,timestamp,text,device", "u,b,2,nice,tv")
    assert new.events.texts == (None, "nice")
    assert new.events.contexts == (None, '{"device": "tv"}')


def test_the_scale_and_the_rule_are_kept(old: Dataset, extend: Extend) -> None:
    new, report = extend(old, HEADER, "u1,c,rating,3,70,", "u2,c,rating,4,80,")
    assert (new.scale, new.positive_from) == ((1, 5), 4)
    assert not report.scale_inferred
    assert new.history(0).items.tolist() == [0]
    with pytest.raises(BadRows, match="10 is not on the scale from 1 to 5"):
        extend(old, HEADER, "u1,c,rating,10,70,")


def test_another_bound_judges_old_events_anew(old: Dataset, extend: Extend) -> None:
    new, _ = extend(old, HEADER, "u2,c,view,,80,", positive_from=1)
    assert new.history(0).items.tolist() == [1, 0]
    assert new.positive_from == 1
    # The search stays no sign of liking.
    assert new.events.positive.tolist().count(False) == 1


def test_a_wider_scale_moves_the_bound(old: Dataset, extend: Extend) -> None:
    new, _ = extend(old, HEADER, "u2,c,rating,9,80,", scale=(1, 10))
    assert (new.scale, new.positive_from) == ((1, 10), 7.75)
    assert new.history(0).items.tolist() == []
    assert new.history(1).items.tolist() == [1]


def test_a_scale_that_leaves_out_old_values_is_refused(old: Dataset, extend: Extend) -> None:
    with pytest.raises(SettingsError, match="2 to 5 leaves out values"):
        extend(old, HEADER, "u2,c,rating,5,80,", scale=(2, 5))


def test_values_can_come_later(read: Read, extend: Extend) -> None:
    old, _ = read("user_id,item_id", "u,a")
    new, report = extend(old, "user_id,item_id,value", "u,b,1", "u,c,5")
    assert new.scale == (1, 5)
    assert report.scale_inferred
    assert sorted(new.history(0).items.tolist()) == [0, 2]


def test_a_catalogue_with_titles_refuses_unknown_items(old: Dataset, extend: Extend) -> None:
    with pytest.raises(BadRows, match="unknown item 'zz'"):
        extend(old, HEADER, "u1,zz,rating,5,70,")


def test_a_catalogue_made_of_interactions_grows(read: Read, extend: Extend) -> None:
    old, _ = read("user_id,item_id", "u,b")
    new, _ = extend(old, "user_id,item_id", "u,a", "u,c")
    assert new.catalogue.ids.ids == ("b", "a", "c")
    assert new.catalogue.titles == ("b", "a", "c")


def test_items_alone_can_be_added_and_corrected(old: Dataset, extend: Extend) -> None:
    new, report = extend(
        old, items=("item_id,title,genre,description", "c,Casablanca,z,War", "d,D,x,")
    )
    assert new.catalogue.titles == ("B", "Casablanca", "D")
    assert new.catalogue.attributes["genre"] == (("x",), ("z",), ("x",))
    assert new.catalogue.descriptions == ("", "War", "")
    assert "1 items have new titles or attributes" in report.notes
    assert len(new.events) == len(old.events)
    assert [file.role for file in report.files] == ["items"]


def test_an_items_file_without_a_column_leaves_its_values(old: Dataset, extend: Extend) -> None:
    new, _ = extend(old, items=("item_id,title", "c,C2"))
    assert new.catalogue.attributes["genre"] == (("x",), ("y",))
    assert new.catalogue.titles == ("B", "C2")


def test_what_was_a_feature_stays_one(read: Read, extend: Extend) -> None:
    old, _ = read("user_id,item_id", "u,a", items=("item_id,title,code", "a,A,1", "b,B,2"))
    assert old.catalogue.features == ("code",)
    more = [f"n{i},N,{i}.5,{i}.5" for i in range(60)]
    new, report = extend(old, items=("item_id,title,code,price", *more))
    assert new.catalogue.features == ("code",)
    assert any("'price'" in note for note in report.notes)


def test_a_users_file_adds_users_and_attributes(old: Dataset, extend: Extend) -> None:
    users = ("user_id,age,city", "u2,41,Oslo", "u3,20,Bergen")
    new, _ = extend(old, HEADER, "u3,b,rating,5,90,", users=users)
    assert new.users.ids == ("u1", "u2", "u3")
    assert new.user_attributes == {"age": ("30", "41", "20"), "city": ("", "Oslo", "Bergen")}
    with pytest.raises(BadRows, match="unknown user 'u9'"):
        extend(old, HEADER, "u9,b,rating,5,90,", users=users)


def test_settings_about_a_file_that_is_not_given_do_no_harm(old: Dataset, extend: Extend) -> None:
    new, _ = extend(old, HEADER, "u1,c,view,,90,", attributes=("genre",), map={"title": "name"})
    assert len(new.events) == 5


def test_nothing_to_add(old: Dataset) -> None:
    with pytest.raises(SettingsError, match="no interactions to read"):
        extend_dataset(old, DataSettings())


def test_a_bad_file_is_told_as_when_reading(old: Dataset, extend: Extend) -> None:
    with pytest.raises(DataError, match="there is no column 'user_id'"):
        extend(old, "who,item_id", "u,b")


def test_a_saved_data_set_can_be_extended(old: Dataset, extend: Extend, tmp_path: Path) -> None:
    old.save(tmp_path / "data")
    loaded = Dataset.load(tmp_path / "data")
    new, _ = extend(loaded, HEADER, "u1,c,view,,90,")
    direct, _ = extend(old, HEADER, "u1,c,view,,90,")
    assert new.fingerprint == direct.fingerprint
    assert new.positive_from == 4


def test_extending_gives_the_events_of_reading_all_at_once(write: Write) -> None:
    random = np.random.default_rng(5)
    rows = [
        f"{u},{i},{random.integers(1, 6)},{random.integers(0, 9)}"
        for u in range(10)
        for i in range(10)
    ]
    header, settings = "user_id,item_id,value,timestamp", DataSettings(scale=(1, 5))
    whole, _ = read_dataset(settings, interactions=write("whole.csv", header, *rows))
    part, _ = read_dataset(settings, interactions=write("part.csv", header, *rows[:40]))
    grown, report = extend_dataset(
        part, settings, interactions=write("more.csv", header, *rows[30:])
    )
    assert report.already_present == 10
    # Every user and item occurs in the order of its number, so even the ids are equal.
    assert grown.fingerprint == whole.fingerprint
