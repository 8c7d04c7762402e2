"""The chat model behind the OpenAI protocol, against an endpoint without a socket."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr

from recx_agent.errors import (
    LlmError,
    LlmFaulty,
    LlmOverloaded,
    LlmPaused,
    LlmRefused,
    LlmTimeout,
    LlmUnreachable,
    SettingsError,
)
from recx_agent.llms import open_chat_model
from recx_agent.llms.openai_chat import OpenAIChatModel
from recx_agent.protocols import ChatChoice
from recx_agent.settings import LlmSettings
from tests.unit.llms.conftest import (
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

BUSY: Any = (503, {"error": {"message": "busy"}}, {})
GRAMMAR = replace(REQUEST, grammar='root ::= "a"')


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


class TestRetries:
    async def test_what_may_pass_is_asked_again(
        self, endpoint: FakeEndpoint, make_model: MakeModel
    ) -> None:
        endpoint.answers = [BUSY, http.ConnectError("refused"), completion("Because.")]
        reply = await make_model(retries=2).complete(REQUEST)
        assert reply.choices[0].text == "Because."
        assert len(endpoint.slept) == 2
        assert all(0 <= seconds <= 8 for seconds in endpoint.slept)

    async def test_they_are_bounded(self, endpoint: FakeEndpoint, make_model: MakeModel) -> None:
        endpoint.answers = [(500, {"error": {"message": "broken"}}, {})]
        with pytest.raises(LlmFaulty, match="HTTP 500: broken"):
            await make_model(retries=3).complete(REQUEST)
        assert len(endpoint.sent) == 4

    async def test_what_is_refused_is_not_asked_again(
        self, endpoint: FakeEndpoint, make_model: MakeModel
    ) -> None:
        endpoint.answers = [(400, {"error": {"message": "too long"}}, {})]
        with pytest.raises(LlmRefused, match="too long"):
            await make_model().complete(REQUEST)
        assert len(endpoint.sent) == 1

    async def test_retry_after_is_honoured(
        self, endpoint: FakeEndpoint, make_model: MakeModel
    ) -> None:
        endpoint.answers = [(429, {}, {"retry-after": "7"}), completion("Because.")]
        await make_model().complete(REQUEST)
        (slept,) = endpoint.slept
        assert 7 <= slept <= 7.5

    async def test_no_longer_than_there_is_time(
        self, endpoint: FakeEndpoint, make_model: MakeModel
    ) -> None:
        endpoint.answers = [(429, {"error": {"message": "later"}}, {"retry-after": "7"})]
        with pytest.raises(LlmOverloaded, match="later") as raised:
            await make_model().complete(REQUEST, deadline=time.monotonic() + 5)
        assert raised.value.retry_after == 7
        assert len(endpoint.sent) == 1
        assert endpoint.slept == []

    async def test_waits_differ(self, endpoint: FakeEndpoint, make_model: MakeModel) -> None:
        endpoint.answers = [BUSY]
        model = make_model(retries=10, breaker_faults=1000)
        with pytest.raises(LlmOverloaded):
            await model.complete(REQUEST)
        assert len(set(endpoint.slept)) == 10


class TestTime:
    async def test_a_deadline_ends_a_hanging_request(
        self, endpoint: FakeEndpoint, make_model: MakeModel
    ) -> None:
        endpoint.answers = [forever]
        began = time.monotonic()
        with pytest.raises(LlmTimeout, match="no answer within"):
            await make_model(model="served").complete(REQUEST, deadline=began + 0.05)
        assert time.monotonic() - began < 1
        assert endpoint.in_flight == 0

    async def test_a_deadline_that_has_passed(self, make_model: MakeModel) -> None:
        with pytest.raises(LlmTimeout):
            await make_model().complete(REQUEST, deadline=time.monotonic() - 1)

    async def test_each_attempt_has_its_own_limit(
        self, endpoint: FakeEndpoint, make_model: MakeModel
    ) -> None:
        endpoint.answers = [forever, completion("Because.")]
        model = make_model(timeout_seconds=0.05)
        assert (await model.complete(REQUEST)).choices[0].text == "Because."

    async def test_who_waits_for_a_turn_leaves_at_the_deadline(
        self, endpoint: FakeEndpoint, make_model: MakeModel
    ) -> None:
        endpoint.answers = [forever]
        model = make_model(concurrency=1, model="served")
        first = asyncio.create_task(model.complete(REQUEST))
        while not endpoint.in_flight:
            await asyncio.sleep(0)
        with pytest.raises(LlmTimeout, match="there was no turn"):
            await model.complete(REQUEST, deadline=time.monotonic() + 0.05)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first

    async def test_a_cancelled_request_gives_up_its_turn(
        self, endpoint: FakeEndpoint, make_model: MakeModel
    ) -> None:
        endpoint.answers = [forever, completion("Because.")]
        model = make_model(concurrency=1, model="served")
        first = asyncio.create_task(model.complete(REQUEST))
        while not endpoint.in_flight:
            await asyncio.sleep(0)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        assert (await model.complete(REQUEST)).choices[0].text == "Because."


async def test_no_more_in_flight_than_set(endpoint: FakeEndpoint, make_model: MakeModel) -> None:
    model = make_model(concurrency=3, model="served")
    await asyncio.gather(*(model.complete(REQUEST) for _ in range(20)))
    assert endpoint.most_in_flight == 3
    assert len(endpoint.sent) == 20


class TestBreaker:
    async def test_a_dead_endpoint_is_left_alone(
        self, endpoint: FakeEndpoint, make_model: MakeModel
    ) -> None:
        endpoint.answers = [http.ConnectError("refused")]
        model = make_model(model="served", retries=0, breaker_faults=2)
        for _ in range(2):
            with pytest.raises(LlmUnreachable):
                await model.complete(REQUEST)
        with pytest.raises(LlmPaused):
            await model.complete(REQUEST)
        assert len(endpoint.sent) == 2

    async def test_what_led_to_the_pause_is_told(
        self, endpoint: FakeEndpoint, make_model: MakeModel
    ) -> None:
        endpoint.answers = [http.ConnectError("refused")]
        with pytest.raises(LlmUnreachable, match="refused"):
            await make_model(model="served", retries=5, breaker_faults=2).complete(REQUEST)
        assert len(endpoint.sent) == 2

    async def test_it_is_asked_again_later(
        self, endpoint: FakeEndpoint, make_model: MakeModel
    ) -> None:
        endpoint.answers = [http.ConnectError("refused"), completion("Because.")]
        model = make_model(model="served", retries=0, breaker_faults=1, breaker_seconds=1e-9)
        with pytest.raises(LlmUnreachable):
            await model.complete(REQUEST)
        assert (await model.complete(REQUEST)).choices[0].text == "Because."


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


class TestGrammar:
    async def test_auto_asks_once(self, endpoint: FakeEndpoint, make_model: MakeModel) -> None:
        endpoint.answers = [completion("grammar 123"), completion("Because.")]
        model = make_model(structured="auto")
        await model.complete(GRAMMAR)
        await model.complete(GRAMMAR)
        assert ["structured_outputs" in body for body in endpoint.sent] == [True, True, True]

    async def test_many_at_once_wait_for_one_answer(
        self, endpoint: FakeEndpoint, make_model: MakeModel
    ) -> None:
        endpoint.answers = [completion("grammar 123"), completion("Because.")]
        model = make_model(structured="auto")
        await asyncio.gather(*(model.complete(GRAMMAR) for _ in range(5)))
        assert len(endpoint.sent) == 6

    @pytest.mark.parametrize("answer", ["Hello!", "grammar 12", "grammar 1234", "a grammar 123"])
    async def test_one_that_passes_over_it(
        self, endpoint: FakeEndpoint, make_model: MakeModel, answer: str
    ) -> None:
        endpoint.answers = [completion(answer), completion("Because.")]
        model = make_model(structured="auto")
        await model.complete(GRAMMAR)
        assert await model.takes_grammar() is False
        assert "structured_outputs" not in endpoint.sent[-1]

    async def test_one_that_refuses_it(self, endpoint: FakeEndpoint, make_model: MakeModel) -> None:
        refused: Any = (400, {"error": {"message": "unknown field structured_outputs"}}, {})
        endpoint.answers = [refused, completion("Hello!"), completion("Because.")]
        model = make_model(structured="auto")
        assert (await model.complete(GRAMMAR)).choices[0].text == "Because."

    async def test_one_that_refuses_everything_has_not_said(
        self, endpoint: FakeEndpoint, make_model: MakeModel
    ) -> None:
        refused: Any = (401, {"error": {"message": "no such key"}}, {})
        endpoint.answers = [refused, refused, completion("grammar 123"), completion("Because.")]
        model = make_model(structured="auto")
        with pytest.raises(LlmRefused, match="no such key"):
            await model.complete(GRAMMAR)
        assert await model.takes_grammar() is True

    async def test_who_has_no_time_leaves_and_the_question_stands(
        self, endpoint: FakeEndpoint, make_model: MakeModel
    ) -> None:
        answered = asyncio.Event()
        loops: list[asyncio.AbstractEventLoop] = []

        async def later(request: Any) -> Any:
            loops.append(asyncio.get_running_loop())
            await answered.wait()
            return completion("grammar 123")

        endpoint.answers = [later, completion("Because.")]
        model = make_model(structured="auto", model="served")
        with pytest.raises(LlmTimeout, match="has not said in time"):
            await model.complete(GRAMMAR, deadline=time.monotonic() + 0.05)
        loops[0].call_soon_threadsafe(answered.set)
        assert await model.takes_grammar() is True
        assert len(endpoint.sent) == 1

    @pytest.mark.parametrize(("structured", "is_sent"), [("on", True), ("off", False)])
    async def test_the_settings_may_say(
        self, endpoint: FakeEndpoint, make_model: MakeModel, structured: str, is_sent: bool
    ) -> None:
        await make_model(structured=structured).complete(GRAMMAR)
        assert [("structured_outputs" in body) for body in endpoint.sent] == [is_sent]


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


class TestOpening:
    def test_nothing_is_set(self) -> None:
        assert open_chat_model(LlmSettings()) is None

    def test_an_address_is_set(self) -> None:
        settings = LlmSettings(base_url=URL, api_key=SecretStr(KEY))
        model = open_chat_model(settings)
        assert isinstance(model, OpenAIChatModel)
        assert repr(model) == f"OpenAIChatModel(its only model at {URL})"
        asyncio.run(model.aclose())

    def test_two_are_set(self) -> None:
        with pytest.raises(SettingsError, match="leave one of them out"):
            open_chat_model(LlmSettings(base_url=URL, in_process=True, model="m"))

    def test_without_the_package(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(__import__("sys").modules, "openai", None)
        with pytest.raises(SettingsError, match=r"pip install 'recx-agent\[llm\]'"):
            open_chat_model(LlmSettings(base_url=URL))
