"""Every pair gets its line; what is wrong with one stops no other."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Sequence

import pytest

from recx_agent.batch.asked import Group
from recx_agent.batch.lines import Key, Lines
from recx_agent.batch.run import Summary, Wish, explain_all
from recx_agent.errors import IndexMissing, PromptError, UnknownUser
from recx_agent.schemas import Explanation
from tests.unit.batch.conftest import explanation


def wishes_of(group: Group, is_done: Callable[[Key], bool]) -> Sequence[Wish]:
    if group.user_id == "zed":
        raise UnknownUser("zed")

    def wish(item: str) -> Wish:
        async def write() -> Explanation:
            if item == "unwordable":
                raise PromptError("no words for it")
            return explanation(group.user_id, item, "timeout" if item == "slow" else None)

        return Wish((group.user_id, item), write)

    return [wish(item) for item in group.items or ("a", "b") if not is_done((group.user_id, item))]


def run(groups: Sequence[Group], lines: Lines) -> Summary:
    return explain_all(groups, wishes_of, lines, per_group=2, concurrency=3)


def test_every_pair_has_a_line(lines: Lines) -> None:
    groups = [Group(f"u{n}") for n in range(20)]
    summary = run(groups, lines)
    assert len(lines.path.read_text().splitlines()) == 40
    assert summary.verdicts == {"supported": 40}
    again = run([*groups, Group("v")], lines)
    assert (again.there_before, again.verdicts.total()) == (40, 2)


def test_what_is_wrong_with_one_pair_is_its_line(lines: Lines) -> None:
    groups = [Group("zed"), Group("ann"), Group("bob", ("unwordable",)), Group("cy", ("slow",))]
    summary = run(groups, lines)
    told = [json.loads(line) for line in lines.path.read_text().splitlines()]
    errors = {(t["user_id"], t["item_id"]): t["error"]["kind"] for t in told if "error" in t}
    assert errors == {("zed", None): "UnknownUser", ("bob", "unwordable"): "PromptError"}
    assert len(told) == 5
    assert summary.errors == {"UnknownUser": 1, "PromptError": 1}
    assert summary.faults == {"timeout": 1}
    assert run(groups, lines).errors == {}, "what nothing comes of is not asked again"
    assert len(lines.path.read_text().splitlines()) == 5


def test_what_concerns_all_ends_it_and_keeps_what_is_written(lines: Lines) -> None:
    def breaks(group: Group, is_done: Callable[[Key], bool]) -> Sequence[Wish]:
        if group.user_id == "u3":
            raise IndexMissing("w")
        return wishes_of(group, is_done)

    with pytest.raises(IndexMissing):
        explain_all([Group(f"u{n}") for n in range(9)], breaks, lines, per_group=2, concurrency=1)
    lines.flush()
    assert len(lines.path.read_text().splitlines()) >= 2


def test_a_bounded_number_is_under_way_and_it_is_kept_full(lines: Lines) -> None:
    under_way: set[str] = set()
    most = 0
    prepared = 0
    written = 0
    ahead = 0
    lock = threading.Lock()

    def prepare(group: Group, is_done: Callable[[Key], bool]) -> Sequence[Wish]:
        nonlocal prepared, ahead
        with lock:
            prepared += 1
            ahead = max(ahead, prepared - written)

        async def write() -> Explanation:
            nonlocal most, written
            under_way.add(group.user_id)
            most = max(most, len(under_way))
            for _ in range(20):
                await asyncio.sleep(0)
            under_way.discard(group.user_id)
            with lock:
                written += 1
            return explanation(group.user_id, "a")

        return [Wish((group.user_id, "a"), write)]

    explain_all([Group(f"u{n}") for n in range(100)], prepare, lines, per_group=1, concurrency=4)
    assert most <= 4
    assert ahead <= 4 + 2 * 4 + 2
    assert len(lines.done) == 100


def test_progress_ends_at_what_there_is(lines: Lines) -> None:
    told: list[tuple[str, int, int]] = []
    explain_all(
        [Group("ann"), Group("zed")],
        wishes_of,
        lines,
        per_group=2,
        concurrency=2,
        progress=lambda *step: told.append(step),
    )
    assert told[0] == ("explain", 0, 4)
    assert told[-1] == ("explain", 3, 3)
