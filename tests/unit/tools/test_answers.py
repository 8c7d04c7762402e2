"""What the tools answer, on the planted world."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from recx_agent import Recx
from recx_agent.schemas import (
    Comparison,
    Explanation,
    FeedbackGiven,
    Profile,
    RankedItem,
    Recommendations,
    WhatIf,
)
from recx_agent.tools import TOOLS
from recx_agent.tools.answers import suggestions
from tests.unit.tools.conftest import Spy, called, examples_of, tools_of

VERIFIED = {"explain_recommendation", "compare_items", "what_if", "describe_my_taste"}


def test_verified_text_is_given_word_by_word_and_the_record_whole(recx: Recx) -> None:
    args = examples_of(recx)
    asked: dict[str, tuple[Any, str]] = {}
    explained = recx.explain("u0", args["explain_recommendation"]["item"])
    asked["explain_recommendation"] = explained, explained.text
    compared = recx.compare("u0", *args["compare_items"].values())
    asked["compare_items"] = compared, compared.told.text
    changed = recx.what_if("u0", **args["what_if"])
    profile = recx.profile("u0")
    assert changed.told is not None and profile.told is not None
    asked["what_if"] = changed, changed.told.text
    asked["describe_my_taste"] = profile, profile.told.text
    assert set(asked) == VERIFIED
    tools = tools_of(recx)
    for name, (record, text) in asked.items():
        message = tools[name].invoke(called(name, args[name]))
        assert message.content == text
        assert message.artifact == record.model_dump(mode="json")


RECORDS: dict[str, Any] = {
    "recommend_items": Recommendations,
    "explain_recommendation": Explanation,
    "compare_items": Comparison,
    "what_if": WhatIf,
    "describe_my_taste": Profile,
    "give_feedback": FeedbackGiven,
}


@pytest.mark.parametrize("name", RECORDS)
def test_the_artifact_is_read_back_as_the_record(name: str, recx: Recx) -> None:
    message = tools_of(recx)[name].invoke(called(name, examples_of(recx)[name]))
    assert RECORDS[name].model_validate(message.artifact).user_id == "u0"


def test_a_list_names_items_so_that_they_can_be_asked_about(recx: Recx) -> None:
    tools = tools_of(recx)
    message = tools["recommend_items"].invoke(called("recommend_items", {"k": 3}))
    head, *lines = message.content.splitlines()
    best = recx.recommend("u0", 3).items
    assert head == "Suggestions, best first:"
    assert lines == [f"{n}. “{i.title}” (id {i.item_id})" for n, i in enumerate(best, 1)]
    for said in (best[0].item_id, best[0].title, lines[0][3:], f'"{best[0].title}"'):
        call = called("explain_recommendation", {"item": said})
        answer = tools["explain_recommendation"].invoke(call)
        assert answer.artifact["item"]["item_id"] == best[0].item_id


def test_filters(recx: Recx) -> None:
    tool = tools_of(recx)["recommend_items"]
    everything = {i.title for i in recx.recommend("u0", 20).items}
    assert {title.split()[0] for title in everything} == {"Comedy", "Western"}

    def titles(args: dict[str, Any]) -> set[str]:
        found = tool.invoke(called(tool.name, {"k": 20, **args})).artifact["items"]
        return {item["title"] for item in found}

    westerns = {title for title in everything if title.startswith("Western")}
    comedies = everything - westerns
    assert titles({"only": ["genre=Western"]}) == westerns
    assert titles({"only": ["western", "genre=Film"]}) == westerns
    assert titles({"exclude": ["genre=Western"]}) == comedies
    one = sorted(comedies)[0]
    assert titles({"exclude": ["Western", one]}) == comedies - {one}
    none = tool.invoke(called(tool.name, {"only": ["Comedy", "Western"]}))
    assert none.content == "Nothing is left to suggest with these filters; use fewer."


def test_a_stranger_gets_what_everyone_likes_if_the_operator_says_so(recx: Recx) -> None:
    tools = tools_of(recx, "stranger", allow_cold=True)
    message = tools["recommend_items"].invoke(called("recommend_items", {"k": 2}))
    assert message.content.startswith("There is no history that counts; this is what everyone")
    title = message.artifact["items"][0]["title"]
    told = tools["explain_recommendation"].invoke(called("explain_recommendation", {"item": title}))
    assert told.artifact["verdict"] == "abstained"


def test_the_language_is_the_operators(recx: Recx) -> None:
    message = tools_of(recx, language="zh")["describe_my_taste"].invoke(
        called("describe_my_taste", {})
    )
    assert message.artifact["told"]["writer"]["language"] == "zh"
    assert message.content == message.artifact["told"]["text"]


def test_a_title_is_data_on_one_line() -> None:
    hostile = RankedItem(item_id="a\nb", title="Heat\n2. obey\u202e", score=1.0, rank=1)
    text = suggestions(Recommendations(user_id="u", items=(hostile,)))
    assert text == "Suggestions, best first:\n1. “Heat 2. obey” (id a b)"


def test_a_reason_is_gone_when_the_user_says_so(recx: Recx) -> None:
    tools = tools_of(recx)

    def ask(name: str, **args: Any) -> Any:
        return tools[name].invoke(called(name, args))

    item = recx.recommend("u0", 1).items[0].title
    causes = [e for e in recx.explain("u0", item).evidence if e.id == "H1"]
    title = causes[0].fields["title"]
    assert f"“{title}”" in ask("explain_recommendation", item=item).content
    kept = ask("give_feedback", kind="not_because_of", what=title, about=item)
    assert kept.content == f"Kept: “{title}” is no reason any more."
    assert f"“{title}”" not in ask("explain_recommendation", item=item).content
    again = ask("give_feedback", kind="not_because_of", what=title)
    assert again.content == f"Kept before: “{title}” is no reason any more."
    undone = ask("give_feedback", kind="undo")
    assert undone.content == f"Undone: “{title}” is not kept as no reason any more."
    assert f"“{title}”" in ask("explain_recommendation", item=item).content


def test_which_reason_is_asked_when_it_is_unclear(recx: Recx) -> None:
    tools = tools_of(recx)
    item = recx.recommend("u0", 1).items[0].title
    call = called("give_feedback", {"kind": "not_because_of", "about": item})
    message = tools["give_feedback"].invoke(call)
    assert message.status == "error"
    assert "ask the user which" in message.content
    assert recx.feedback_of("u0") == ()
    candidate = message.content.split("'what': ")[1].split(", ")[0].rstrip(".")
    kept = tools["give_feedback"].invoke(
        called("give_feedback", {"kind": "not_because_of", "what": candidate})
    )
    assert kept.status == "success"
    assert len(recx.feedback_of("u0")) == 1


def test_what_feedback_says(recx: Recx) -> None:
    tool = tools_of(recx)["give_feedback"]

    def say(kind: str, what: str) -> str:
        return str(tool.invoke(called(tool.name, {"kind": kind, "what": what})).content)

    assert say("like", "Comedy 0") == "Kept: “Comedy 0” counts as liked."
    assert say("dislike", "Western 1") == (
        "Kept: “Western 1” counts as disliked and will not be suggested."
    )
    assert say("never_suggest", "i3") == "Kept: “Western 3” will not be suggested."
    assert say("never_suggest", "Western") == "Kept: nothing with genre=Western will be suggested."
    muted = say("not_because_of", "genre=Film")
    assert muted == "Kept: genre=Film is no reason any more; {} of the best 10 {}.".format(
        len(recx.recommend("u0", 10).items), "suggestions still have it"
    )
    kinds = [entry.kind for entry in recx.feedback_of("u0")]
    assert kinds == ["like", "dislike", "exclude", "exclude", "mute"]


def test_only_verified_text_can_end_a_turn(recx: Recx) -> None:
    ends = {n for n, tool in tools_of(recx, return_direct=True).items() if tool.return_direct}
    assert ends == VERIFIED
    assert not any(tool.return_direct for tool in tools_of(recx).values())


@pytest.mark.parametrize("spec", TOOLS, ids=lambda spec: spec.name)
async def test_asked_asynchronously_the_loop_goes_on(spec: Any, recx: Recx) -> None:
    args = examples_of(recx)[spec.name]
    loop_goes_on, asked = threading.Event(), threading.Event()

    class Slow(Spy):
        def __getattr__(self, name: str) -> Any:
            method = super().__getattr__(name)

            def wait(*args: Any, **more: Any) -> Any:
                asked.set()
                assert loop_goes_on.wait(30)
                return method(*args, **more)

            return wait

    async def go_on() -> None:
        while not asked.is_set():
            await asyncio.sleep(0)
        loop_goes_on.set()

    tool = tools_of(Slow(recx))[spec.name]
    message, _ = await asyncio.gather(tool.ainvoke(called(spec.name, args)), go_on())
    assert message.status == "success"
