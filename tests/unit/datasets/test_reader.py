from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from recx_agent.datasets import NO_ITEM, Dataset, ImportReport, read_dataset
from recx_agent.settings import DataSettings

Read = Callable[..., tuple[Dataset, ImportReport]]
Write = Callable[..., Path]

RATINGS = (
    "user_id,item_id,value,timestamp",
    "10,b,5,100",
    "9,a,1,50",
    "9,b,4,60",
    "10,a,3,90",
)
ITEMS = (
    "item_id,title,year,genre,price",
    "b,Brazil,1985,Sci-Fi|Comedy,9.99",
    "a,Alien,1979,Sci-Fi||Sci-Fi,8.50",
    "c,Casablanca,,,7.00",
)


def test_ids_follow_their_natural_order(read: Read) -> None:
    dataset, _ = read(*RATINGS)
    assert dataset.users.ids == ("9", "10")
    assert dataset.catalogue.ids.ids == ("a", "b")


def test_without_an_items_file_titles_are_ids(read: Read) -> None:
    dataset, _ = read(*RATINGS)
    assert dataset.catalogue.titles == ("a", "b")
    assert dataset.catalogue.features == ()


def test_items_users_and_attributes(read: Read) -> None:
    dataset, report = read(*RATINGS, items=ITEMS, users=("user_id,age", "9,30", "10,", "11,50"))
    catalogue = dataset.catalogue
    assert catalogue.titles == ("Alien", "Brazil", "Casablanca")
    assert catalogue.attributes["genre"] == (("Sci-Fi",), ("Sci-Fi", "Comedy"), ())
    assert catalogue.attributes["year"] == (("1979",), ("1985",), ())
    assert catalogue.features == ("year", "genre")
    assert dataset.users.ids == ("9", "10", "11")
    assert dataset.user_attributes == {"age": ("30", "", "50")}
    assert any("'price'" in note and "decimals" in note for note in report.notes)


def test_shuffled_rows_give_an_equal_fingerprint(write: Write) -> None:
    random_rows = random.Random(3)
    # Ties in time on purpose: two events of one user with one item at one time.
    rows = [f"{u},{i},{(u * i) % 5 + 1},{100 + i // 2}" for u in range(8) for i in range(12)]
    rows += [f"{u},3,{u % 5 + 1},77" for u in range(8)] + [f"{u},3,6,77" for u in range(8)]
    items = [f"{i},T{i},{i % 3}" for i in range(12)]

    def fingerprint(name: str) -> str:
        dataset, _ = read_dataset(
            DataSettings(),
            interactions=write(f"{name}.csv", "user_id,item_id,value,timestamp", *rows),
            items=write(f"{name}-items.csv", "item_id,title,kind", *items),
        )
        return dataset.fingerprint

    first = fingerprint("first")
    random_rows.shuffle(rows)
    random_rows.shuffle(items)
    assert fingerprint("second") == first
    rows[0] = rows[0].rpartition(",")[0] + ",999"
    assert fingerprint("third") != first


def test_other_attributes_give_another_fingerprint(read: Read) -> None:
    one, _ = read(*RATINGS, items=("item_id,title,genre", "a,A,x", "b,B,y"))
    two, _ = read(*RATINGS, items=("item_id,title,genre", "a,A,x", "b,B,x"))
    assert one.fingerprint != two.fingerprint


def test_other_event_types_give_another_fingerprint(read: Read) -> None:
    one, _ = read("user_id,item_id,event_type", "u,a,view")
    two, _ = read("user_id,item_id,event_type", "u,a,buy")
    assert one.fingerprint != two.fingerprint


def test_frames_parquet_and_csv_give_the_same(write: Write, tmp_path: Path) -> None:
    frame = pd.DataFrame(
        [line.split(",") for line in RATINGS[1:]], columns=RATINGS[0].split(",")
    ).astype({"user_id": int, "value": float, "timestamp": int})
    frame.to_parquet(tmp_path / "a.parquet")
    sources: list[pd.DataFrame | Path] = [frame, tmp_path / "a.parquet", write("a.csv", *RATINGS)]
    read = [read_dataset(DataSettings(), interactions=source)[0] for source in sources]
    assert len({dataset.fingerprint for dataset in read}) == 1
    assert read[0].users.ids == ("9", "10")


def test_lists_of_parquet_are_values(tmp_path: Path) -> None:
    items = pd.DataFrame({"item_id": ["a", "b"], "title": ["A", "B"], "tags": [["x|y", "z"], []]})
    items.to_parquet(tmp_path / "items.parquet")
    dataset, _ = read_dataset(
        DataSettings(),
        interactions=pd.DataFrame({"user_id": ["u"], "item_id": ["a"]}),
        items=tmp_path / "items.parquet",
    )
    assert dataset.catalogue.attributes["tags"] == (("x|y", "z"), ())


def test_the_mapping_applies_to_every_file_that_has_the_column(read: Read) -> None:
    dataset, _ = read(
        "who,movie,stars",
        "u,1,5",
        "u,2,1",
        items=("movie,name", "1,One", "2,Two"),
        users=("user_id,age", "u,1"),
        map={"user_id": "who", "item_id": "movie", "value": "stars", "title": "name"},
    )
    assert dataset.catalogue.titles == ("One", "Two")
    assert dataset.history(0).items.tolist() == [0]


def test_the_mapped_column_wins_over_our_own_name(read: Read) -> None:
    dataset, report = read(
        "user_id,item_id,value,stars", "u,1,9,5", "u,2,9,1", map={"value": "stars"}
    )
    assert dataset.events.value.tolist() == [5, 1]
    assert dataset.events.contexts == ('{"value": "9"}', '{"value": "9"}')
    assert "kept beside each event as context: value" in report.notes


def test_a_search_needs_no_item(read: Read) -> None:
    dataset, _ = read(
        "user_id,item_id,event_type,text,timestamp",
        "u,,search,space films,1",
        "u,,search,westerns,1",
        "u,i,view,,2",
        ignore_event_types=(),
    )
    assert dataset.events.item.tolist() == [NO_ITEM, NO_ITEM, 0]
    assert set(dataset.events.texts) == {"space films", "westerns", None}
    assert not dataset.events.positive[:2].any()
    assert dataset.positives.sum() == 1


def test_other_columns_become_context(read: Read) -> None:
    dataset, _ = read("user_id,item_id,device,mood", "u,1,tv,", "u,2,,", 'u,3,tv,"so ""so"""')
    assert dataset.events.contexts == (
        '{"device": "tv"}',
        None,
        '{"device": "tv", "mood": "so \\"so\\""}',
    )


def test_texts_are_put_on_one_line_and_cut(read: Read) -> None:
    dataset, report = read(
        "user_id,item_id,text",
        'u,1,"two',
        'lines \x07\u202e"',
        f"u,2,{'x' * 10_001}",
        items=("item_id,title,description", '1,"A', 'title",short', f"2,{'y' * 1001},"),
    )
    assert dataset.events.texts[0] == "two lines"
    assert len(dataset.events.texts[1] or "") == 10_000
    assert dataset.catalogue.titles == ("A title", "y" * 1000)
    assert dataset.catalogue.descriptions == ("short", "")
    assert any("interactions.csv" in n and "first in row 4" in n for n in report.notes)
    assert any("items.csv" in n and "'title'" in n for n in report.notes)


def test_bad_rows_within_the_limit_are_dropped_and_listed(read: Read) -> None:
    dataset, report = read(*RATINGS, "9,a,x,1", "9,zz,3,2", items=ITEMS, max_bad_rows=2)
    assert len(dataset.events) == 4
    (items, interactions) = report.files
    assert (items.rows_read, items.rows_kept, items.dropped) == (3, 3, ())
    assert (interactions.rows_read, interactions.rows_kept) == (6, 4)
    assert [(bad.row, bad.field) for bad in interactions.dropped] == [(6, "value"), (7, "item_id")]
    assert report.dropped[interactions.source] == interactions.dropped


def test_the_summary_tells_what_was_read_and_dropped(read: Read) -> None:
    _, report = read(*RATINGS, "9,a,x,1", max_bad_rows=1)
    lines = "\n".join(report.summary())
    assert "5 rows read, 1 dropped" in lines
    assert "row 6, field 'value': 'x' is not a number" in lines
    assert "2 users, 2 items, 4 events, 2 of them positive" in lines
    assert "scale 1 to 5, found in the data; positive from 4" in lines


def test_nothing_positive_is_noted(read: Read) -> None:
    _, report = read("user_id,item_id,event_type", "u,1,search")
    assert any("no event is positive" in note for note in report.notes)


def test_progress_is_reported(write: Write) -> None:
    told: list[tuple[str, int, int]] = []
    read_dataset(
        DataSettings(),
        interactions=write("a.csv", *RATINGS),
        items=write("b.csv", *ITEMS),
        progress=lambda *step: told.append(step),
    )
    assert told == [("reading", 1, 2), ("reading", 2, 2)]


def test_the_settings_name_files_too(write: Write) -> None:
    settings = DataSettings(interactions=write("a.csv", *RATINGS), items=write("b.csv", *ITEMS))
    assert read_dataset(settings)[0].catalogue.titles[0] == "Alien"
    other = write("c.csv", "user_id,item_id", "u,c")
    assert len(read_dataset(settings, interactions=other)[0].events) == 1


def test_events_name_their_source_row(read: Read) -> None:
    dataset, _ = read(*RATINGS)
    events = dataset.events.describe([0, 1], "9", dataset.catalogue.ids.ids)
    assert [event.source for event in events] == ["interactions.csv:3", "interactions.csv:4"]
    assert np.isclose(events[0].value or 0, 1)


def test_only_the_wanted_attributes_are_kept(read: Read) -> None:
    dataset, _ = read(*RATINGS, items=ITEMS, attributes=("genre",))
    assert list(dataset.catalogue.attributes) == ["genre"]


def test_an_attribute_without_values_is_noted(read: Read) -> None:
    dataset, report = read("user_id,item_id", "u,a", items=("item_id,title,mood", "a,A,"))
    assert dataset.catalogue.features == ()
    assert any("'mood'" in note and "it has no value" in note for note in report.notes)


def test_the_summary_shows_five_dropped_rows_and_counts_the_rest(read: Read) -> None:
    _, report = read(*RATINGS, *[f"9,i{n},x,1" for n in range(7)], max_bad_rows=7)
    lines = report.summary()
    assert sum("is not a number" in line for line in lines) == 5
    assert "  … and 2 more" in lines
