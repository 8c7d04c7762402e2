"""Who the user is: the operator says it, nobody else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from langchain_core.runnables import RunnableConfig
from langchain_core.tracers.base import BaseTracer
from langchain_core.tracers.schemas import Run

from recx_agent.errors import SettingsError
from recx_agent.tools import TOOLS, USER_KEY, dispatch
from tests.unit.tools.conftest import Spy, called, examples_of, tools_of

OTHER = "u1"
SMUGGLED: dict[str, Any] = {
    "user_id": OTHER,
    "user": OTHER,
    "userId": OTHER,
    "account": {"id": OTHER},
    USER_KEY: OTHER,
    "config": {"configurable": {USER_KEY: OTHER}},
    "configurable": {USER_KEY: OTHER},
    "runtime": {"context": {"user_id": OTHER}},
    "run_manager": OTHER,
    "core": OTHER,
    "self": OTHER,
    "spec": OTHER,
    "options": {"allow_cold": True},
    "history": [OTHER],
    "allow_cold": True,
}
NAMES = [spec.name for spec in TOOLS]


@pytest.mark.parametrize("name", NAMES)
async def test_a_smuggled_id_changes_nothing(name: str, spy: Spy) -> None:
    args = examples_of(spy.core)[name]
    if name == "give_feedback":  # the second time would be told as kept before
        spy.core.feedback("u0", "mute", args["what"])
    tool = tools_of(spy)[name]
    plain = tool.invoke(called(name, args))
    mixed = {**SMUGGLED, **args}
    answers = [
        tool.invoke(called(name, mixed)),
        await tool.ainvoke(called(name, mixed)),
    ]
    for answer in answers:
        assert (answer.content, answer.artifact) == (plain.content, plain.artifact)
    direct = dispatch(name, json.dumps(mixed), core=spy, user_id="u0")
    assert (direct.content, direct.artifact) == (plain.content, plain.artifact)
    assert spy.users == {"u0"}
    first = spy.asked[0]
    assert all(asked == first for asked in spy.asked)


@pytest.mark.parametrize("name", NAMES)
def test_a_smuggled_id_does_not_stand_in_for_one_that_is_missing(name: str, spy: Spy) -> None:
    tool = tools_of(spy, None)[name]
    with pytest.raises(SettingsError, match="nobody said who the user is"):
        tool.invoke(called(name, {**SMUGGLED, **examples_of(spy.core)[name]}))
    assert spy.asked == []


def test_what_a_config_says_elsewhere_is_not_looked_at(spy: Spy) -> None:
    tool = tools_of(spy, None)["describe_my_taste"]
    config: RunnableConfig = {
        "configurable": {"user_id": OTHER, "thread_id": OTHER, "user": OTHER},
        "metadata": {USER_KEY: OTHER, "user_id": OTHER},
        "tags": [OTHER],
    }
    with pytest.raises(SettingsError, match="nobody said who the user is"):
        tool.invoke(called(tool.name, {}), config)


@pytest.mark.parametrize("name", NAMES)
async def test_the_config_says_it_where_the_tools_are_of_nobody(name: str, spy: Spy) -> None:
    tool = tools_of(spy, None)[name]
    args = examples_of(spy.core)[name]
    config: RunnableConfig = {"configurable": {USER_KEY: "u0"}}
    assert tool.invoke(called(name, args), config).status == "success"
    assert (await tool.ainvoke(called(name, args), config)).status == "success"
    assert spy.users == {"u0"}


def test_a_binding_wins_over_a_config(spy: Spy) -> None:
    tool = tools_of(spy)["describe_my_taste"]
    tool.invoke(called(tool.name, {}), {"configurable": {USER_KEY: OTHER}})
    assert spy.users == {"u0"}


@pytest.mark.parametrize("wrong", ["", None, 1, ["u0"]])
def test_what_is_no_id_is_refused(wrong: Any, spy: Spy) -> None:
    tool = tools_of(spy, None)["describe_my_taste"]
    with pytest.raises(SettingsError, match="nobody said who the user is"):
        tool.invoke(called(tool.name, {}), {"configurable": {USER_KEY: wrong}})


def test_an_empty_binding_is_refused(spy: Spy) -> None:
    with pytest.raises(ValueError, match="at least 1 character"):
        tools_of(spy, "")


class Kept(BaseTracer):
    """Keeps what a tracer is handed."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[Run] = []

    def _persist_run(self, run: Run) -> None:
        self.runs.append(run)


@pytest.mark.parametrize("bound", [True, False])
def test_a_trace_names_the_user_neither_in_its_inputs_nor_beside_them(
    bound: bool, spy: Spy
) -> None:
    user = "u0"
    tool = tools_of(spy, user if bound else None)["explain_recommendation"]
    tracer = Kept()
    args = examples_of(spy.core)[tool.name]
    config: RunnableConfig = {
        "callbacks": [tracer],
        "configurable": {USER_KEY: user},
    }
    tool.invoke(called(tool.name, args), config)
    (run,) = tracer.runs
    told = json.dumps([run.inputs, run.extra, run.tags, run.serialized], default=str)
    assert f'"{user}"' not in told
    assert "Comedy" in told  # the trace is there
