"""What fails by a fault that may pass is tried again, once the endpoint answers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence

import pytest

from recx_agent.batch.asked import Group
from recx_agent.batch.lines import Key, Lines
from recx_agent.batch.patience import Patience
from recx_agent.batch.run import Summary, Wish, explain_all
from recx_agent.schemas import Explanation
from tests.unit.batch.conftest import explanation

Faults = Callable[[str], str | None]


class Endpoint:
    """A model on a clock of its own: ``fault_of`` says what becomes of a user's text now."""

    def __init__(self, fault_of: Faults) -> None:
        self.fault_of = fault_of
        self.now = 0.0
        self.asked: Counter[str] = Counter()
        self.prepared: Counter[str] = Counter()
        self.told: list[tuple[str, int, int]] = []

    def prepare(self, group: Group, is_done: Callable[[Key], bool]) -> Sequence[Wish]:
        self.prepared[group.user_id] += 1

        def wish(item: str) -> Wish:
            async def write() -> Explanation:
                self.asked[group.user_id] += 1
                return explanation(group.user_id, item, self.fault_of(group.user_id))

            return Wish((group.user_id, item), write)

        return [wish(item) for item in ("a", "b") if not is_done((group.user_id, item))]

    def run(self, users: int, lines: Lines, wait: float, concurrency: int = 1) -> Summary:
        async def sleep(seconds: float) -> None:
            self.now += seconds

        return explain_all(
            [Group(f"u{number}") for number in range(users)],
            self.prepare,
            lines,
            per_group=2,
            concurrency=concurrency,
            patience=Patience(wait, clock=lambda: self.now, sleep=sleep),
            progress=lambda *step: self.told.append(step),
        )


def told(lines: Lines) -> dict[tuple[str, str], str | None]:
    """The fault of each line; a pair with two lines fails."""
    found: dict[tuple[str, str], str | None] = {}
    for text in lines.path.read_text(encoding="utf-8").splitlines():
        line = json.loads(text)
        key = line["user_id"], line["item"]["item_id"]
        assert key not in found
        found[key] = line["fault"]
    return found


@pytest.mark.parametrize("fault", ["unreachable", "paused", "faulty", "timeout", "overloaded"])
def test_an_endpoint_that_comes_back_loses_nothing(lines: Lines, fault: str) -> None:
    world = Endpoint(lambda user: None)
    world.fault_of = lambda user: fault if world.asked.total() > 4 and world.now < 60 else None
    summary = world.run(20, lines, wait=100)
    assert Counter(told(lines).values()) == {None: 40}
    assert (summary.faults, summary.verdicts) == ({}, {"supported": 40})
    assert 60 <= world.now <= 62, "it waited no longer than it had to"


def test_it_says_that_it_waits(lines: Lines) -> None:
    world = Endpoint(lambda user: None)
    world.fault_of = lambda user: "unreachable" if world.now < 5 else None
    world.run(1, lines, wait=30)
    assert [step for step in world.told if step[0] == "wait"] == [
        ("wait", 0, 30),
        ("wait", 2, 30),
        ("wait", 4, 30),
        ("wait", 6, 30),
    ]


def test_one_that_does_not_come_back_is_waited_for_once(lines: Lines) -> None:
    world = Endpoint(lambda user: "unreachable")
    summary = world.run(30, lines, wait=50, concurrency=4)
    assert world.now == 50
    assert Counter(told(lines).values()) == {"unreachable": 60}
    assert summary.faults == {"unreachable": 60}
    assert [step for step in world.told if step[0] == "wait"][-1] == ("wait", 50, 50)


def test_without_patience_a_fault_is_written_at_once(lines: Lines) -> None:
    world = Endpoint(lambda user: "paused")
    world.run(5, lines, wait=0)
    assert world.now == 0
    assert world.asked.total() == 10
    assert Counter(told(lines).values()) == {"paused": 10}


def test_nothing_is_prepared_in_vain_while_it_is_down(lines: Lines) -> None:
    world = Endpoint(lambda user: None)
    world.fault_of = lambda user: "paused" if world.now < 10 else None
    world.run(200, lines, wait=20)
    assert Counter(told(lines).values()) == {None: 400}
    assert world.prepared.total() < 200 + 12


def test_each_outage_is_waited_for_anew(lines: Lines) -> None:
    world = Endpoint(lambda user: None)

    def slowly(user: str) -> str | None:
        world.now += 1
        return "paused" if world.now % 40 < 30 else None

    world.fault_of = slowly
    world.run(20, lines, wait=45)
    assert Counter(told(lines).values()) == {None: 40}
    assert world.now > 100


def test_what_fails_for_one_alone_is_tried_three_times(lines: Lines) -> None:
    world = Endpoint(lambda user: "faulty" if user == "u3" and world.asked["u3"] < 4 else None)
    world.run(6, lines, wait=1000)
    assert world.now == 0
    assert Counter(told(lines).values()) == {None: 12}


def test_one_pair_of_which_nothing_comes_holds_up_no_other(lines: Lines) -> None:
    world = Endpoint(lambda user: "faulty" if user == "u3" else None)
    summary = world.run(6, lines, wait=30)
    assert world.now <= 30
    assert {key for key, fault in told(lines).items() if fault} == {("u3", "a"), ("u3", "b")}
    assert summary.faults == {"faulty": 2}


def test_an_answer_that_is_empty_for_one_pair_alone_is_no_outage(lines: Lines) -> None:
    world = Endpoint(lambda user: None)
    lines.add(("u3", "a"), explanation("u3", "a").model_dump_json())
    world.fault_of = lambda user: "faulty" if user == "u3" else None
    world.run(6, lines, wait=1000)
    assert world.now == 0 and world.asked["u3"] == 3
    assert [key for key, fault in told(lines).items() if fault] == [("u3", "b")]


def test_the_others_do_not_wait_for_one_of_which_nothing_comes(lines: Lines) -> None:
    world = Endpoint(lambda user: None)
    written: list[float] = []

    def fault_of(user: str) -> str | None:
        if world.now < 20 or user == "u0":
            return "paused" if world.now < 20 else "faulty"
        written.append(world.now)
        return None

    world.fault_of = fault_of
    world.run(6, lines, wait=500)
    assert len(written) == 10 and max(written) <= 22


def test_a_refusal_is_not_waited_for(lines: Lines) -> None:
    world = Endpoint(lambda user: "refused")
    world.run(3, lines, wait=1000)
    assert world.now == 0 and world.asked.total() == 6


def test_what_was_killed_while_it_waited_goes_on(lines: Lines) -> None:
    world = Endpoint(lambda user: None)

    def dies(user: str) -> str | None:
        if world.now > 10:
            raise KeyboardInterrupt
        return "paused" if world.asked.total() > 5 else None

    world.fault_of = dies
    with pytest.raises(KeyboardInterrupt):
        world.run(10, lines, wait=100)
    assert Counter(told(lines).values()) == {None: 5}, "on disk before it waits"
    Endpoint(lambda user: None).run(10, Lines(lines.path), wait=100)
    assert Counter(told(lines).values()) == {None: 20}
