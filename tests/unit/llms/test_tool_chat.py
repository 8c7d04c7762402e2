"""Tools over the OpenAI protocol: what is sent, and what is read of the answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from recx_agent.errors import LlmFaulty, LlmRefused, LlmUnreachable
from recx_agent.llms.scripted import ScriptExhausted
from recx_agent.llms.scripted_tools import ScriptedToolChat, calls
from recx_agent.llms.tool_chat import OpenAIToolChat
from recx_agent.protocols import ToolRequest
from recx_agent.settings import LlmSettings

URL = "http://model.test/v1"
HI = ToolRequest([{"role": "user", "content": "Hi"}])
TOOL = {"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}
Make = Callable[..., tuple[OpenAIToolChat, list[Any]]]


@pytest.fixture
def make() -> Iterator[Make]:
    made: list[OpenAIToolChat] = []

    def chat(message: Any, status: int = 200, **settings: Any) -> tuple[OpenAIToolChat, list[Any]]:
        sent: list[Any] = []

        def answer(request: httpx2.Request) -> httpx2.Response:
            if request.url.path.endswith("/models"):
                return httpx2.Response(200, json={"data": [{"id": "only"}]})
            sent.append(json.loads(request.content))
            if isinstance(message, Exception):
                raise message
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            usage = {"prompt_tokens": 5, "completion_tokens": 2}
            return httpx2.Response(
                status, json={"choices": [choice], "model": "only", "usage": usage}
            )

        client = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
        wanted = {"base_url": URL, "retries": 0, **settings}
        made.append(OpenAIToolChat(LlmSettings(**wanted), http_client=client))
        return made[-1], sent

    yield chat
    for one in made:
        one.close()


def test_words_come_back_with_what_they_cost(make: Make) -> None:
    chat, sent = make({"role": "assistant", "content": "Hello!"})
    reply = chat.ask(HI)
    assert (reply.text, reply.calls, reply.model) == ("Hello!", (), "only")
    assert (reply.prompt_tokens, reply.completion_tokens) == (5, 2)
    assert sent[0]["model"] == "only"
    assert "tools" not in sent[0]
    assert "response_format" not in sent[0]


@pytest.mark.parametrize(
    ("choice", "as_sent"),
    [
        ("auto", "auto"),
        ("required", "required"),
        ("look", {"type": "function", "function": {"name": "look"}}),
    ],
)
def test_how_a_tool_is_chosen_is_sent(make: Make, choice: str, as_sent: Any) -> None:
    chat, sent = make({"content": None})
    chat.ask(ToolRequest(HI.messages, [TOOL], choice))
    assert sent[0]["tools"] == [TOOL]
    assert sent[0]["tool_choice"] == as_sent


def test_a_schema_is_sent_as_the_form_of_the_answer(make: Make) -> None:
    chat, sent = make({"content": "{}"})
    chat.ask(ToolRequest(HI.messages, schema={"type": "object"}))
    assert sent[0]["response_format"]["json_schema"]["schema"] == {"type": "object"}


def test_calls_are_read_as_they_are(make: Make) -> None:
    entries = [
        {"id": "a", "type": "function", "function": {"name": "look", "arguments": "{not json"}},
        {"type": "function", "function": {"name": "see"}},
        {"type": "function", "function": {"arguments": "{}"}},
    ]
    chat, _ = make({"content": None, "tool_calls": entries})
    found = [(call.id, call.name, call.arguments) for call in chat.ask(HI).calls]
    assert found == [("a", "look", "{not json"), ("call-1", "see", "")]


@pytest.mark.parametrize(
    ("message", "status", "error"),
    [
        (httpx2.ConnectError("no"), 200, LlmUnreachable),
        ({"content": "x"}, 500, LlmFaulty),
        ({"content": "x"}, 404, LlmRefused),
    ],
)
def test_faults_are_our_own(make: Make, message: Any, status: int, error: type[Exception]) -> None:
    chat, _ = make(message, status)
    with pytest.raises(error):
        chat.ask(HI)


def test_a_closed_one_answers_nothing(make: Make) -> None:
    chat, _ = make({"content": "x"})
    chat.close()
    with pytest.raises(LlmRefused, match="closed"):
        chat.ask(HI)


def test_a_script_is_followed_to_its_end() -> None:
    chat = ScriptedToolChat(["Hello!", calls("look", at="x"), LlmFaulty("bad")])
    assert chat.ask(HI).text == "Hello!"
    assert chat.ask(HI).calls[0].arguments == '{"at": "x"}'
    with pytest.raises(LlmFaulty):
        chat.ask(HI)
    with pytest.raises(ScriptExhausted):
        chat.ask(HI)
    chat.close()
    assert chat.closed
