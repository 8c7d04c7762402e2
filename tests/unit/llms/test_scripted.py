"""The scripted chat model: answers, faults, delays, what it remembers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recx_agent.errors import LlmFaulty, LlmTimeout
from recx_agent.llms import Delayed, ScriptedChatModel, ScriptExhausted
from recx_agent.protocols import ChatChoice, ChatReply, ChatRequest
from tests.unit.llms.conftest import REQUEST


class Clock:
    """Time that passes when somebody sleeps."""

    now = 100.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


async def test_answers_come_in_turn() -> None:
    reply = ChatReply(choices=(ChatChoice("Whole.", "stop"),), model="m", prompt_tokens=5)
    model = ScriptedChatModel(["One.", ChatChoice("Two", "length"), reply])
    first, second, third = [await model.complete(REQUEST) for _ in range(3)]
    assert first.choices == (ChatChoice("One.", "stop"),)
    assert second.choices == (ChatChoice("Two", "length"),)
    assert third == reply
    with pytest.raises(ScriptExhausted, match="no answer left in the script for 'Why\\?'"):
        await model.complete(REQUEST)


async def test_as_many_choices_as_are_asked_for() -> None:
    reply = await ScriptedChatModel(["One."]).complete(replace(REQUEST, n=3))
    assert len(reply.choices) == 3


async def test_a_function_sees_the_request() -> None:
    def script(request: ChatRequest) -> str:
        return request.messages[-1].content.upper()

    model = ScriptedChatModel(script, name="loud")
    reply = await model.complete(REQUEST, deadline=1e12)
    assert (reply.choices[0].text, reply.model, model.name) == ("WHY?", "loud", "loud")
    assert model.requests == [REQUEST]
    assert model.asked[0].deadline == 1e12


async def test_faults_are_raised() -> None:
    fault = LlmFaulty("broken")
    model = ScriptedChatModel([fault, "Fine."])
    with pytest.raises(LlmFaulty) as raised:
        await model.complete(REQUEST)
    assert raised.value is fault
    assert (await model.complete(REQUEST)).choices[0].text == "Fine."


async def test_delays_take_the_time_of_the_clock() -> None:
    clock = Clock()
    model = ScriptedChatModel([Delayed("Late.", 3)], clock=clock, sleep=clock.sleep)
    reply = await model.complete(REQUEST, deadline=103)
    assert (clock.now, reply.seconds) == (103, 3)


@pytest.mark.parametrize(("deadline", "then"), [(102.0, 102.0), (100.0, 100.0), (99.0, 100.0)])
async def test_a_delay_ends_at_the_deadline(deadline: float, then: float) -> None:
    clock = Clock()
    model = ScriptedChatModel([Delayed(LlmFaulty("x"), 3)], clock=clock, sleep=clock.sleep)
    with pytest.raises(LlmTimeout):
        await model.complete(REQUEST, deadline=deadline)
    assert clock.now == then


async def test_it_notes_that_it_was_closed() -> None:
    model = ScriptedChatModel([])
    assert not model.closed
    await model.aclose()
    assert model.closed
