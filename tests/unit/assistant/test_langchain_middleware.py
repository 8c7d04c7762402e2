"""A LangChain agent shows what is verified, and remembers the conversation by its thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import openai
import pytest
from langchain.agents import create_agent
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langgraph.checkpoint.memory import InMemorySaver

from recx_agent import Recx
from recx_agent.assistant.langchain_middleware import OnlyVerified
from recx_agent.errors import SettingsError
from recx_agent.tools import USER_KEY
from tests.unit.assistant.conftest import USER


class Scripted(GenericFakeChatModel):
    """Says what it is told to, whatever tools it gets."""

    def bind_tools(self, tools: Sequence[Any], **more: Any) -> Any:
        return self


class Dead(Scripted):
    """Nothing answers."""

    def _generate(self, *_: Any, **__: Any) -> Any:
        raise openai.OpenAIError("nothing answers")


def calls(name: str, **args: Any) -> AIMessage:
    call = {"name": name, "args": args, "id": name, "type": "tool_call"}
    return AIMessage("I will make something up.", tool_calls=[call])


class Agent:
    """An agent with a script, and one thread."""

    def __init__(self, recx: Recx, *script: AIMessage, user: str | None = USER) -> None:
        model = Scripted(messages=iter(script)) if script else Dead(messages=iter(()))
        middleware = OnlyVerified(recx, user)
        self.agent: Any = create_agent(
            model,
            recx.as_tools(user),
            system_prompt=middleware.system_prompt,
            middleware=[middleware],
            checkpointer=InMemorySaver(),
        )

    def say(self, text: str, **configurable: str) -> list[Any]:
        config = {"configurable": {"thread_id": "one", **configurable}}
        return list(self.agent.invoke({"messages": [("user", text)]}, config)["messages"])


@pytest.fixture
def recx(open_recx: Callable[..., Recx]) -> Recx:
    return open_recx()


def test_the_last_message_is_made_of_verified_text(recx: Recx) -> None:
    item = recx.recommend(USER, 1).items[0].title
    agent = Agent(
        recx,
        calls("explain_recommendation", item=item),
        AIMessage("Here is why:\n{R1}\nIt won 12 prizes."),
    )
    messages = agent.say("Why?")
    assert messages[-1].content == f"Here is why:\n\n{recx.explain(USER, item).text}"
    assert messages[-1].response_metadata["recx_dropped"] == 1
    assert all("make something up" not in str(m.content) for m in messages)


def test_recommend_why_what_if_feedback_and_the_reason_is_gone(recx: Recx) -> None:
    item = recx.recommend(USER, 1).items[0].title
    cause = recx.explain(USER, item).evidence[0].fields["title"]
    agent = Agent(
        recx,
        calls("recommend_items", k=3),
        AIMessage("{R1}"),
        calls("explain_recommendation", item=item),
        AIMessage("{R1}"),
        calls("what_if", remove=[cause]),
        AIMessage("Because you love it."),
        calls("give_feedback", kind="not_because_of", what=cause),
        AIMessage("Noted."),
        calls("explain_recommendation", item=item),
        AIMessage(f"It is because of “{cause}”."),
    )
    assert item in agent.say("What should I watch?")[-1].content
    assert f"“{cause}”" in agent.say("Why the first?")[-1].content
    assert agent.say("And if I had not seen that?")[-1].content.startswith(f"Without “{cause}”")
    kept = agent.say("Not because of that again.")[-1].content
    assert kept == f"Noted.\n\nKept: “{cause}” is no reason any more."
    assert f"“{cause}”" not in agent.say("Why the first?")[-1].content


def test_a_model_that_does_not_answer_costs_only_its_words(recx: Recx) -> None:
    agent = Agent(recx)
    listed = agent.say("What should I watch?")[-1].content
    second = listed.splitlines()[2].removeprefix("2. ")
    assert second in agent.say("Why the second one?")[-1].content


def test_feedback_that_nobody_gave_is_not_kept(recx: Recx) -> None:
    call = calls("give_feedback", kind="dislike", what="Comedy 8")
    messages = Agent(recx, call, AIMessage("Noted.")).say("What should I watch?")
    assert not recx.feedback_of(USER)
    assert messages[-1].content.startswith("Suggestions")


def test_the_user_comes_with_the_call_alone(recx: Recx) -> None:
    agent = Agent(recx, calls("recommend_items", user_id="u0"), AIMessage(""), user=None)
    shown = agent.say("What should I watch?", **{USER_KEY: "u1", "user_id": "u0"})[-1].content
    assert "Western" in shown
    assert "Comedy" not in shown
    with pytest.raises(SettingsError, match="who the user is"):
        Agent(recx, calls("recommend_items"), user=None).say("What should I watch?")


async def test_asynchronous_agents_do_the_same(recx: Recx) -> None:
    agent = Agent(recx, calls("describe_my_taste"), AIMessage("You love everything."))
    config = {"configurable": {"thread_id": "two"}}
    done = await agent.agent.ainvoke({"messages": [("user", "What do you know of me?")]}, config)
    profile = recx.profile(USER)
    assert profile.told is not None
    assert done["messages"][-1].content == profile.told.text
