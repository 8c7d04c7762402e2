"""The context of events: read off columns and times of use, refused for times of record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from recx_agent.datasets import Dataset, ImportReport, extend_dataset
from recx_agent.datasets.contexts import context_of_time, event_contexts, zone_of
from recx_agent.datasets.reader import read_dataset
from recx_agent.errors import SettingsError
from recx_agent.settings import DataSettings

Read = Callable[..., tuple[Dataset, ImportReport]]
Write = Callable[..., Path]

HEADER = "user_id,item_id,timestamp,device,place"
ROWS = (HEADER, "u,a,1710000000,tv,home", "u,b,1710030000,,home", "v,a,,phone,")


def told(dataset: Dataset) -> list[dict[str, str]]:
    return [dataset.contexts.at(position) for position in range(len(dataset.events))]


def test_named_columns_are_context_and_others_are_not(read: Read) -> None:
    dataset, _ = read(*ROWS, context=("device",))
    assert told(dataset) == [{"device": "tv"}, {}, {"device": "phone"}]
    assert dataset.contexts.values == (("phone", "tv"),)
    plain, _ = read(*ROWS)
    assert plain.contexts.codes.shape == (3, 0)


def test_numbers_of_a_frame_are_texts() -> None:
    frame = pd.DataFrame(
        {"user_id": ["u", "u"], "item_id": ["a", "b"], "timestamp": [1, 2], "rooms": [2.0, None]}
    )
    dataset, _ = read_dataset(DataSettings(context=("rooms",)), interactions=frame)
    assert told(dataset) == [{"rooms": "2"}, {}]


def test_times_of_use_tell_hour_and_day_in_the_time_zone(read: Read) -> None:
    # 1710000000 is Saturday 9 March 2024, 16:00 UTC; the second one 8 hours 20 minutes later.
    use: dict[str, Any] = {"context": ("time_of_day", "weekday"), "time_meaning": "use"}
    first, second, timeless = told(read(*ROWS, **use)[0])
    assert first == {"time_of_day": "afternoon", "weekday": "Saturday"}
    assert second == {"time_of_day": "night", "weekday": "Sunday"}
    assert timeless == {}
    tokyo = told(read(*ROWS, **use, time_zone="Asia/Tokyo")[0])
    assert tokyo[0] == {"time_of_day": "night", "weekday": "Sunday"}
    assert tokyo[1] == {"time_of_day": "morning", "weekday": "Sunday"}


def test_clocks_that_are_put_forward_are_followed(read: Read) -> None:
    # Berlin, 31 March 2024: 04:30 UTC is 06:30 in summer time, the day before 05:30.
    summer, winter = (
        int(datetime(2024, 3, day, 4, 30, tzinfo=UTC).timestamp()) for day in (31, 30)
    )
    dataset, _ = read(
        "user_id,item_id,timestamp",
        f"u,a,{winter}",
        f"u,b,{summer}",
        context=("time_of_day",),
        time_meaning="use",
        time_zone="Europe/Berlin",
    )
    assert [one["time_of_day"] for one in told(dataset)] == ["night", "morning"]


def test_hours_and_days_are_those_of_the_standard_library(read: Read) -> None:
    zone = "America/St_Johns"  # half an hour off, with summer time
    seconds = np.random.default_rng(0).integers(0, 2_000_000_000, 300)
    lines = [f"u{n},a,{second}" for n, second in enumerate(seconds)]
    dataset, _ = read(
        "user_id,item_id,timestamp",
        *lines,
        context=("weekday", "time_of_day"),
        time_meaning="use",
        time_zone=zone,
    )
    for position, known in enumerate(told(dataset)):
        moment = datetime.fromtimestamp(int(dataset.events.time[position]), zone_of(zone))
        assert known["weekday"] == f"{moment:%A}"
        parts = ("night", "morning", "afternoon", "evening")
        assert known["time_of_day"] == parts[moment.hour // 6]
        assert context_of_time(moment, zone) == known


@pytest.mark.parametrize("name", ["time_of_day", "weekday"])
def test_the_time_of_a_record_is_no_context(read: Read, name: str) -> None:
    with pytest.raises(SettingsError, match=r"when an event was recorded.*time_meaning = 'use'"):
        read(*ROWS, context=(name,))


def test_a_column_called_weekday_is_what_the_events_say(read: Read) -> None:
    dataset, _ = read("user_id,item_id,timestamp,weekday", "u,a,1,Friday", context=("weekday",))
    assert told(dataset) == [{"weekday": "Friday"}]


def test_a_column_that_is_not_there_is_named_with_those_that_are(read: Read) -> None:
    with pytest.raises(SettingsError, match=r"no further column 'devise'.*device, place"):
        read(*ROWS, context=("devise",))
    with pytest.raises(SettingsError, match="no further column 'timestamp'"):
        read(*ROWS, context=("timestamp",))


def test_an_unknown_time_zone_is_refused(read: Read) -> None:
    with pytest.raises(SettingsError, match="'Mars/Base' is no time zone"):
        read(*ROWS, time_zone="Mars/Base")
    with pytest.raises(SettingsError, match="no time zone"):
        read(*ROWS, time_zone="../../etc/passwd")


def test_contexts_survive_saving(read: Read, tmp_path: Path) -> None:
    settings: dict[str, Any] = {
        "context": ("device", "weekday"),
        "time_meaning": "use",
        "time_zone": "Asia/Tokyo",
    }
    dataset, _ = read(*ROWS, **settings)
    dataset.save(tmp_path / "d")
    loaded = Dataset.load(tmp_path / "d")
    assert loaded.context_names == ("device", "weekday")
    assert told(loaded) == told(dataset)
    assert loaded.fingerprint == dataset.fingerprint


def test_a_model_can_rest_on_a_context_so_it_is_in_the_fingerprint(read: Read) -> None:
    def fingerprint(*rows: str, **settings: Any) -> str:
        return read(*rows, **settings)[0].fingerprint

    changed = (HEADER, "u,a,1710000000,phone,away", *ROWS[2:])
    assert fingerprint(*ROWS) == fingerprint(*changed)
    assert fingerprint(*ROWS, context=("place",)) != fingerprint(*ROWS)
    assert fingerprint(*ROWS, context=("place",)) != fingerprint(*changed, context=("place",))
    use: dict[str, Any] = {"context": ("time_of_day",), "time_meaning": "use"}
    assert fingerprint(*ROWS, **use) != fingerprint(*ROWS, **use, time_zone="Asia/Tokyo")


def test_new_rows_keep_the_contexts_and_may_bring_others(read: Read, write: Write) -> None:
    old, _ = read(*ROWS, context=("device",))
    more = write("more.csv", "user_id,item_id,timestamp,device,mood", "v,b,5,radio,calm")
    same, _ = extend_dataset(old, DataSettings(), interactions=more)
    assert {"device": "radio"} in told(same)
    wider, _ = extend_dataset(old, DataSettings(context=("mood",)), interactions=more)
    assert wider.context_names == ("device", "mood")
    assert {"device": "radio", "mood": "calm"} in told(wider)
    with pytest.raises(SettingsError, match="when an event was recorded"):
        extend_dataset(old, DataSettings(context=("weekday",)), interactions=more)


def test_part_of_the_events_has_the_contexts_of_those(read: Read) -> None:
    dataset, _ = read(*ROWS, context=("device",))
    part = event_contexts(
        dataset.events.take(np.array([False, True, True])), ("device",), dataset.time_zone
    )
    assert [part.at(0), part.at(1)] == [{}, {"device": "phone"}]
