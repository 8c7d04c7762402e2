"""The chat model behind the OpenAI protocol, against an endpoint without a socket."""

from __future__ import annotations

import asyncio
import logging
import traceback
from dataclasses import replace
from typing import Any

import pytest

from recx_agent.errors import (
    LlmError,
    LlmFaulty,
    LlmRefused,
)
from recx_agent.protocols import ChatChoice
from tests.unit.llms.conftest import (
    GRAMMAR,
    KEY,
    REQUEST,
    URL,
    FakeEndpoint,
    MakeModel,
    completion,
    forever,
    http,
    models,
)


async def test_what_is_sent(endpoint: FakeEndpoint, make_model: MakeModel) -> None:
    await make_model().complete(replace(GRAMMAR, max_tokens=99, temperature=0.5, n=3))
    assert endpoint.sent == [
        {
            "model": "served",
            "messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": "Why?"},
            ],
            "max_tokens": 99,
            "temperature": 0.5,
            "n": 3,
            "structured_outputs": {"grammar": 'root ::= "a"'},
        }
    ]
    assert endpoint.headers[-1]["authorization"] == f"Bearer {KEY}"


async def test_what_comes_back(endpoint: FakeEndpoint, make_model: MakeModel) -> None:
    endpoint.answers = [completion("One.", "Two.", finish_reason="length")]
    reply = await make_model().complete(REQUEST)
    assert reply.choices == (ChatChoice("One.", "length"), ChatChoice("Two.", "length"))
    assert (reply.model, reply.prompt_tokens, reply.completion_tokens) == ("served", 100, 7)
    assert reply.cached_tokens == 64
    assert reply.seconds > 0


async def test_no_key_is_needed(endpoint: FakeEndpoint, make_model: MakeModel) -> None:
    await make_model(api_key=None).complete(REQUEST)
    assert KEY not in str(endpoint.headers)


FAULTY = {
    "no JSON": (200, b"{not json", {"content-type": "application/json"}),
    "a page": (200, b"<html>hello</html>", {"content-type": "text/html"}),
    "nothing": (200, b"", {"content-type": "application/json"}),
    "a list": [],
    "a number": 7,
    "null": None,
    "no choices": completion(),
    "choices of another type": completion(choices="none"),
    "choices without messages": completion(choices=[{}]),
    "a null choice": completion(choices=[None]),
    "no text": completion(""),
    "blank text": completion(" \n "),
    "text that is no text": completion(7),  # type: ignore[arg-type]
    "not UTF-8": (200, b'{"choices": "\xff\xfe"}', {"content-type": "application/json"}),
}


@pytest.mark.parametrize("answer", FAULTY.values(), ids=FAULTY)
async def test_what_cannot_be_read_is_a_fault(
    endpoint: FakeEndpoint, make_model: MakeModel, answer: Any
) -> None:
    endpoint.answers = [answer, completion("Because.")]
    model = make_model(model="served", retries=0)
    with pytest.raises(LlmFaulty):
        await model.complete(REQUEST)
    assert (await model.complete(REQUEST)).choices[0].text == "Because."


ODD = {
    "no usage": completion("Because.", usage=None),
    "usage of another type": completion("Because.", usage=[1]),
    "no model": completion("Because.", model=None),
    "one choice empty": completion("", "Because."),
    "unknown finish reason": completion("Because.", finish_reason="abort"),
    "no finish reason": completion("Because.", finish_reason=None),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("answer", ODD.values(), ids=ODD)
async def test_what_is_odd_is_read_all_the_same(
    endpoint: FakeEndpoint, make_model: MakeModel, answer: Any
) -> None:
    endpoint.answers = [answer]
    reply = await make_model().complete(REQUEST)
    assert reply.choices[-1].text == "Because."


@pytest.mark.parametrize(
    ("told", "ours"),
    [
        ("stop", "stop"),
        ("length", "length"),
        ("content_filter", "content_filter"),
        ("tool_calls", "tool_calls"),
        ("function_call", "tool_calls"),
        ("abort", "other"),
        (None, "other"),
    ],
)
async def test_finish_reasons(
    endpoint: FakeEndpoint, make_model: MakeModel, told: Any, ours: str
) -> None:
    endpoint.answers = [completion("Because.", finish_reason=told)]
    reply = await make_model().complete(REQUEST)
    assert reply.choices[0].finish_reason == ours


class TestModelName:
    async def test_the_only_one_is_taken_and_asked_for_once(
        self, endpoint: FakeEndpoint, make_model: MakeModel
    ) -> None:
        model = make_model()
        await asyncio.gather(*(model.complete(REQUEST) for _ in range(5)))
        assert endpoint.listed == 1
        assert await asyncio.to_thread(lambda: model.name) == f"served@{URL}"

    async def test_one_that_is_set_is_not_asked_for(
        self, endpoint: FakeEndpoint, make_model: MakeModel
    ) -> None:
        model = make_model(model="mine")
        await model.complete(REQUEST)
        assert endpoint.listed == 0
        assert endpoint.sent[0]["model"] == "mine"
        assert model.name == f"mine@{URL}"

    @pytest.mark.parametrize("served", [(), ("one", "two")])
    async def test_several_or_none_must_be_chosen(
        self, endpoint: FakeEndpoint, make_model: MakeModel, served: tuple[str, ...]
    ) -> None:
        endpoint.served = [models(*served)]
        with pytest.raises(LlmRefused, match=f"serves {len(served)} models .*set llm.model"):
            await make_model().complete(REQUEST)

    async def test_no_list_of_models(self, endpoint: FakeEndpoint, make_model: MakeModel) -> None:
        endpoint.served = [(200, b"<html>", {"content-type": "text/html"})]
        with pytest.raises(LlmFaulty, match="no list of models"):
            await make_model(retries=0).complete(REQUEST)

    async def test_a_fault_is_not_kept(self, endpoint: FakeEndpoint, make_model: MakeModel) -> None:
        endpoint.served = [http.ConnectError("refused"), models("served")]
        model = make_model(retries=0)
        assert await asyncio.to_thread(lambda: model.name) == f"?@{URL}"
        await model.complete(REQUEST)
        assert endpoint.sent[0]["model"] == "served"

    async def test_another_one_that_is_served_later_is_found(
        self, endpoint: FakeEndpoint, make_model: MakeModel
    ) -> None:
        endpoint.served = [models("old"), models("new")]
        gone: Any = (404, {"error": {"message": "The model `old` does not exist."}}, {})
        endpoint.answers = [gone, completion("Because.")]
        model = make_model()
        with pytest.raises(LlmRefused, match="does not exist"):
            await model.complete(REQUEST)
        await model.complete(REQUEST)
        assert endpoint.sent[-1]["model"] == "new"


class TestSecrecy:
    FAULTS: tuple[Any, ...] = (
        (401, {"error": {"message": f"Incorrect API key provided: {KEY}"}}, {}),
        (500, f"Traceback: Bearer {KEY}".encode(), {"content-type": "text/plain"}),
        http.LocalProtocolError(f"Illegal header value b'Bearer {KEY}'"),
        (200, KEY.encode(), {"content-type": "application/json"}),
    )

    @pytest.mark.parametrize("answer", FAULTS)
    async def test_the_key_is_in_no_error(
        self,
        endpoint: FakeEndpoint,
        make_model: MakeModel,
        answer: Any,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        caplog.set_level(logging.DEBUG)
        endpoint.answers = [answer]
        model = make_model(retries=1)
        with pytest.raises(LlmError) as raised:
            await model.complete(REQUEST)
        assert KEY not in "".join(traceback.format_exception(raised.value))
        assert KEY not in repr(raised.value.__dict__)
        assert KEY not in caplog.text
        assert KEY not in repr(model) + model.name
        assert KEY not in repr(vars(model))


async def test_one_model_serves_many_loops(endpoint: FakeEndpoint, make_model: MakeModel) -> None:
    model = make_model()

    def one() -> str:
        return asyncio.run(model.complete(REQUEST)).choices[0].text

    answers = await asyncio.gather(*(asyncio.to_thread(one) for _ in range(10)))
    assert answers == ["Because."] * 10
    assert endpoint.listed == 1


async def test_closed_is_closed(endpoint: FakeEndpoint, make_model: MakeModel) -> None:
    endpoint.answers = [forever]
    model = make_model(model="served")
    running = asyncio.create_task(model.complete(REQUEST))
    while not endpoint.in_flight:
        await asyncio.sleep(0)
    await model.aclose()
    with pytest.raises(asyncio.CancelledError):
        await running
    with pytest.raises(LlmRefused, match="was closed"):
        await model.complete(REQUEST)
    await model.aclose()
