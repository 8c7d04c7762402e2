"""A LangChain agent whose model is scripted: the loop, the user, the end of a turn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from unittest.mock import MagicMock

import pytest
from langchain.agents import create_agent
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, ToolMessage
from langchain_core.runnables import RunnableConfig
from langchain_core.tracers import LangChainTracer

from recx_agent import Recx
from recx_agent.errors import IndexMissing
from recx_agent.tools import USER_KEY
from tests.unit.tools.conftest import Spy, tools_of


class Scripted(GenericFakeChatModel):
    """Says what it is told to, whatever tools it gets."""

    def bind_tools(self, tools: Sequence[Any], **more: Any) -> Any:
        return self


def calls(name: str, **args: Any) -> AIMessage:
    return AIMessage("", tool_calls=[{"name": name, "args": args, "id": name, "type": "tool_call"}])


def run(tools: Any, *script: AIMessage, config: RunnableConfig | None = None) -> list[Any]:
    agent: Any = create_agent(Scripted(messages=iter(script)), list(tools.values()))
    return list(agent.invoke({"messages": [("user", "…")]}, config)["messages"])


def test_recommend_why_what_if_feedback_and_the_reason_is_gone(recx: Recx) -> None:
    item = recx.recommend("u0", 1).items[0].title
    cause = recx.explain("u0", item).evidence[0].fields["title"]
    messages = run(
        tools_of(recx),
        calls("recommend_items", k=1),
        calls("explain_recommendation", item=item),
        calls("what_if", remove=[cause]),
        calls("give_feedback", kind="not_because_of", what=cause),
        calls("explain_recommendation", item=item),
        AIMessage("Done."),
    )
    told = [str(m.content) for m in messages if isinstance(m, ToolMessage)]
    assert item in told[0]
    assert f"“{cause}”" in told[1]
    assert told[2].startswith(f"Without “{cause}” in your history")
    assert told[3] == f"Kept: “{cause}” is no reason any more."
    assert f"“{cause}”" not in told[4]
    assert messages[-1].content == "Done."


def test_the_user_comes_with_the_call(spy: Spy) -> None:
    tools = tools_of(spy, None)
    config: RunnableConfig = {"configurable": {USER_KEY: "u3", "user_id": "u1"}}
    messages = run(tools, calls("describe_my_taste", user_id="u1"), AIMessage("."), config=config)
    assert messages[2].status == "success"
    assert spy.users == {"u3"}


def test_a_verified_text_ends_the_turn(recx: Recx) -> None:
    tools = tools_of(recx, return_direct=True)
    messages = run(tools, calls("describe_my_taste"), AIMessage("my own words"))
    profile = recx.profile("u0")
    assert profile.told is not None
    assert messages[-1].content == profile.told.text


def test_the_model_may_try_again(recx: Recx) -> None:
    item = recx.recommend("u0", 1).items[0].title
    messages = run(
        tools_of(recx),
        calls("explain_recommendation", item=item + "z"),
        calls("explain_recommendation", item=item),
        AIMessage("."),
    )
    first, second = (m for m in messages if isinstance(m, ToolMessage))
    assert (first.status, second.status) == ("error", "success")
    assert repr(item) in first.content


def test_a_fault_of_the_set_up_ends_the_run(spy: Spy) -> None:
    spy.fault = IndexMissing("/srv/workspace")
    with pytest.raises(IndexMissing):
        run(tools_of(spy), calls("describe_my_taste"), AIMessage("."))


def test_langsmith_is_not_told_whose_call_it_is(spy: Spy) -> None:
    client = MagicMock()
    config: RunnableConfig = {
        "callbacks": [LangChainTracer(client=client)],
        "configurable": {USER_KEY: "u3", "another": "copied into traces"},
    }
    run(tools_of(spy, None), calls("describe_my_taste"), AIMessage("."), config=config)
    assert spy.users == {"u3"}
    sent = [call.kwargs for call in client.create_run.call_args_list]
    beside = repr([(run["name"], run["extra"], run["tags"]) for run in sent])
    assert "copied into traces" in beside
    assert "'u3'" not in beside
