from __future__ import annotations

import subprocess
import sys

import pytest

from recx_agent.retrievers.sharding import shard_count, shard_of
from recx_agent.settings import RetrieverSettings

SETTINGS = RetrieverSettings(events_per_collection=100, max_collections=64)


@pytest.mark.parametrize(
    ("events", "shards"),
    [(0, 1), (1, 1), (100, 1), (101, 2), (200, 2), (201, 4), (5000, 64), (6400, 64), (10**9, 64)],
)
def test_a_power_of_two_that_holds_the_events(events: int, shards: int) -> None:
    assert shard_count(events, SETTINGS) == shards


def test_the_most_collections_need_not_be_a_power_of_two() -> None:
    assert shard_count(10**9, RetrieverSettings(max_collections=100)) == 64
    assert shard_count(10**9, RetrieverSettings(max_collections=1)) == 1


@pytest.mark.parametrize(
    ("events", "present", "shards"),
    [
        (150, 2, 2),
        (90, 2, 2),  # one fewer would do, but that is no reason to write everything anew
        (90, 4, 4),
        (90, 8, 1),
        (250, 2, 4),  # too small
        (150, 128, 2),  # more than the settings allow
    ],
)
def test_the_number_present_is_kept_while_it_will_do(
    events: int, present: int, shards: int
) -> None:
    assert shard_count(events, SETTINGS, present) == shards


def test_a_user_has_the_same_shard_in_every_process() -> None:
    users = ["u1", "ünï/çødé", "x" * 5000, "'; DROP TABLE", ""]
    code = (
        "import sys; from recx_agent.retrievers.sharding import shard_of; "
        f"print([shard_of(u, 64) for u in {users!r}])"
    )
    there = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert there.strip() == str([shard_of(user, 64) for user in users])


def test_users_are_spread_evenly() -> None:
    counts = [0] * 8
    for user in range(8000):
        counts[shard_of(f"user {user}", 8)] += 1
    assert min(counts) > 900
    assert max(counts) < 1100
