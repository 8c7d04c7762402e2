"""Arguments as models write them, and calls without LangChain."""

from __future__ import annotations

import json
from typing import Any

import pytest

from recx_agent import Recx
from recx_agent.errors import UsageError
from recx_agent.tools import TOOLS, dispatch
from recx_agent.tools.arguments import as_meant
from tests.unit.tools.conftest import Spy, called, examples_of, tools_of

NAMES = [spec.name for spec in TOOLS]


@pytest.mark.parametrize("name", NAMES)
def test_a_call_is_answered_as_by_the_langchain_tool(name: str, recx: Recx) -> None:
    args = examples_of(recx)[name]
    if name == "give_feedback":
        recx.feedback("u0", "mute", args["what"])
    message = tools_of(recx)[name].invoke(called(name, args))
    for given in (args, json.dumps(args)):
        answer = dispatch(name, given, core=recx, user_id="u0")
        assert (answer.content, answer.artifact) == (message.content, message.artifact)
        assert answer.error is None


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"exclude": "Western"}, {"exclude": ["Western"]}),
        ({"exclude": '["Western", "Comedy 0"]'}, {"exclude": ["Western", "Comedy 0"]}),
        ({"exclude": "[Western"}, {"exclude": ["[Western"]}),
        ({"exclude": ["“Comedy 0” (id i0)"]}, {"exclude": ["i0"]}),
        ({"exclude": "", "only": None, "k": None}, {}),
        ({"k": "3"}, {"k": 3}),
        ({"only": ["'genre=Comedy'"]}, {"only": ["genre=Comedy"]}),
    ],
)
def test_what_models_write_is_understood(given: dict[str, Any], wanted: dict[str, Any]) -> None:
    recommend = TOOLS[0].arguments
    whole = {"k": 5, "only": [], "exclude": []} | wanted
    assert recommend.model_validate(given).model_dump() == whole


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Heat", "Heat"),
        (" “Heat” ", "Heat"),
        ("《Heat》", "Heat"),
        ("“Heat” (id m(1))", "m(1)"),
        ("Heat (1995)", "Heat (1995)"),
        ("'Til There Was You", "'Til There Was You"),
        ('""', '""'),
    ],
)
def test_a_name_is_taken_out_of_its_marks(text: str, meant: str) -> None:
    assert as_meant(text) == meant


MISFITS: list[tuple[str, str, str]] = [
    ("recommend_items", '{"k": 50}', "k: Input should be less than or equal to 20"),
    ("recommend_items", '{"k": "many"}', "k: Input should be a valid integer"),
    ("explain_recommendation", "{}", "item: Field required"),
    ("explain_recommendation", '{"item": ""}', "item: String should have at least 1 character"),
    ("what_if", "{}", "name at least one change: remove, add, mute or exclude"),
    ("give_feedback", '{"kind": "hate", "what": "Comedy 0"}', "kind: Input should be 'like'"),
    ("give_feedback", '{"kind": "like"}', "name in 'what' what is meant by like"),
    ("give_feedback", '{"kind": "like", "about": "Comedy 0"}', "name in 'what' what is meant"),
    ("give_feedback", '{"kind": "not_because_of"}', "the suggested item in 'about'"),
]


@pytest.mark.parametrize(("name", "arguments", "words"), MISFITS)
async def test_arguments_that_do_not_fit_are_told(
    name: str, arguments: str, words: str, spy: Spy
) -> None:
    answer = dispatch(name, arguments, core=spy, user_id="u0")
    assert words in answer.content
    assert isinstance(answer.error, UsageError)
    tool = tools_of(spy)[name]
    call = called(name, json.loads(arguments))
    for message in (tool.invoke(call), await tool.ainvoke(call)):
        assert (message.content, message.status) == (answer.content, "error")
    assert spy.asked == []


@pytest.mark.parametrize("arguments", ["{", "[1]", "null", "nothing", "[" * 100_000])
def test_what_is_no_json_object_is_told(arguments: str, spy: Spy) -> None:
    answer = dispatch("describe_my_taste", arguments, core=spy, user_id="u0")
    assert "the arguments are no JSON" in answer.content
    assert isinstance(answer.error, UsageError)


def test_no_arguments_at_all_are_none(recx: Recx) -> None:
    assert dispatch("describe_my_taste", "", core=recx, user_id="u0").error is None


def test_an_unknown_tool_is_told(spy: Spy) -> None:
    answer = dispatch("drop\ntables", "{}", core=spy, user_id="u0")
    assert answer.content == (
        "That is not possible: no tool is called 'drop tables'; there are " + ", ".join(NAMES) + "."
    )


def test_a_string_alone_is_the_first_argument(recx: Recx) -> None:
    title = recx.recommend("u0", 1).items[0].title
    tools = tools_of(recx)
    assert tools["explain_recommendation"].invoke(title) == recx.explain("u0", title).text
    assert len(tools["recommend_items"].invoke("2").splitlines()) == 3
