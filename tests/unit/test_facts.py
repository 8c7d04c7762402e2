"""The hook for facts that change: an answer never fails for it, and tells nothing stale."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from recx_agent.errors import SettingsError
from recx_agent.facts import IN_FLIGHT, FactsReader, load_hook
from recx_agent.protocols import CurrentFact
from recx_agent.settings import FactsSettings

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)


def price(seconds_ago: float = 0.0, **more: Any) -> CurrentFact:
    return CurrentFact(
        **{
            "name": "price",
            "values": ("9 €",),
            "as_of": NOW - timedelta(seconds=seconds_ago),
            **more,
        }
    )


def reader(hook: Callable[..., Any], **settings: float) -> FactsReader:
    return FactsReader(hook, FactsSettings(**{"timeout_seconds": 30, **settings}), lambda: NOW)


def test_fresh_facts_come_through_for_the_items_asked_for() -> None:
    asked: list[Sequence[str]] = []

    def hook(ids: Sequence[str]) -> dict[str, list[CurrentFact]]:
        asked.append(ids)
        return {"a": [price()], "b": [], "stranger": [price()]}

    assert reader(hook)(["a", "b", "c"]) == {"a": (price(),)}
    assert asked == [("a", "b", "c")]
    assert reader(hook)([]) == {}
    assert len(asked) == 1, "nothing is asked for nothing"


@pytest.mark.parametrize(
    ("fact", "told"),
    [
        (price(0), True),
        (price(60), True),
        (price(60.001), False),
        (price(-0.001), False),  # of the future
        (price(as_of=NOW.astimezone(timezone(timedelta(hours=8)))), True),
        (price(as_of=NOW.replace(tzinfo=None)), False),
        (price(as_of="2024-05-01"), False),
        (price(values=("in", "stock")), True),
        (price(values=()), False),
        (price(values=["9 €"]), False),
        (price(values=(9,)), False),
        (price(values=(" ",)), False),
        (price(name=""), False),
        (price(name=None), False),
        ({"name": "price"}, False),
        (None, False),
    ],
)
def test_what_is_stale_or_malformed_is_left_out(fact: Any, told: bool) -> None:
    found = reader(lambda _: {"a": [fact, price()]}, max_age_seconds=60)(["a"])
    assert found["a"] == ((fact, price()) if told else (price(),))


@pytest.mark.parametrize("nonsense", [None, [], "text", 3, {"a": "text"}, {"a": 5}, {"a": None}])
def test_nonsense_is_left_out(nonsense: Any, caplog: pytest.LogCaptureFixture) -> None:
    assert reader(lambda _: nonsense)(["a"]) == {}
    assert caplog.records


def test_an_error_is_logged_without_what_it_says(caplog: pytest.LogCaptureFixture) -> None:
    def hook(ids: Sequence[str]) -> Any:
        raise KeyError(f"no row for {ids}")

    assert reader(hook)(["secret-item"]) == {}
    assert "KeyError" in caplog.text
    assert "secret-item" not in caplog.text


def test_a_late_answer_is_not_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    held = threading.Event()

    def hook(_: Sequence[str]) -> dict[str, list[CurrentFact]]:
        held.wait(30)
        return {"a": [price()]}

    late = reader(hook, timeout_seconds=0.01)
    assert late(["a"]) == {}
    assert "longer than 0.01 s" in caplog.text
    held.set()


def test_hanging_calls_do_not_pile_up(caplog: pytest.LogCaptureFixture) -> None:
    held, begun = threading.Event(), threading.Semaphore(0)

    def hook(_: Sequence[str]) -> dict[str, list[CurrentFact]]:
        begun.release()
        held.wait(30)
        return {}

    hanging = reader(hook, timeout_seconds=0.01)
    for _ in range(IN_FLIGHT + 3):
        assert hanging(["a"]) == {}
    assert all(begun.acquire(timeout=30) for _ in range(IN_FLIGHT))
    assert not begun.acquire(blocking=False)
    held.set()
    assert f"{IN_FLIGHT} calls hang" in caplog.text


def test_it_works_again_afterwards() -> None:
    answers = iter([RuntimeError, {"a": [price()]}])

    def hook(_: Sequence[str]) -> Any:
        answer = next(answers)
        if answer is RuntimeError:
            raise RuntimeError
        return answer

    again = reader(hook)
    assert again(["a"]) == {}
    assert again(["a"]) == {"a": (price(),)}


def test_the_hook_is_loaded_by_name() -> None:
    assert load_hook("builtins:dict")([]) == {}  # any function will do


@pytest.mark.parametrize("name", ["json", "json:", "no_such_module:f", "json:nothing", ":f", ""])
def test_a_hook_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(SettingsError, match=r"facts\.hook"):
        load_hook(name)


def test_a_hook_that_is_no_function_is_named() -> None:
    with pytest.raises(SettingsError, match="no function"):
        load_hook("json:__name__")


def test_the_log_has_the_module_s_name(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="recx_agent.facts"):
        reader(lambda _: None)(["a"])
    assert {record.name for record in caplog.records} == {"recx_agent.facts"}
