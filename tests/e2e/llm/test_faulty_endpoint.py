"""Whatever an endpoint does, every request gets a reply or one of our errors, in time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable

import pytest

from recx_agent.errors import (
    LlmError,
    LlmFaulty,
    LlmOverloaded,
    LlmPaused,
    LlmRefused,
    LlmTimeout,
    LlmUnreachable,
)
from recx_agent.protocols import ChatReply, ChatRequest, Message
from tests.e2e.chroma_server import free_port
from tests.e2e.llm.conftest import MakeModel
from tests.e2e.llm.faulty_server import FAULTS, TEXT, faulty_server, hangs, resets
from tests.promptness import LATE

REQUEST = ChatRequest(messages=(Message("user", "Why?"),))
DEADLINE = 3.0

GOOD = {"good", "slow first byte"}
EXPECTED: dict[str, tuple[type[LlmError], ...]] = {
    "hangs": (LlmTimeout,),
    "drips": (LlmTimeout,),
    "resets": (LlmUnreachable,),
    "closes": (LlmUnreachable,),
    "cut off in the body": (LlmUnreachable,),
    "cut off in the head": (LlmUnreachable,),
    "no HTTP": (LlmUnreachable,),
    "endless head": (LlmUnreachable,),
    "429": (LlmOverloaded,),
    "429, retry soon": (LlmOverloaded,),
    "429, retry late": (LlmOverloaded,),
    "429, retry nonsense": (LlmOverloaded,),
    "503": (LlmOverloaded,),
    "400": (LlmRefused,),
    "401": (LlmRefused,),
    "404": (LlmRefused,),
    "redirected to itself": (LlmRefused,),
}


async def ended(asking: Awaitable[ChatReply]) -> tuple[ChatReply | LlmError, float]:
    """How a request ended, and after how many seconds; anything but our errors is raised."""
    began = time.monotonic()
    try:
        outcome: ChatReply | LlmError = await asking
    except LlmError as error:
        outcome = error
    return outcome, time.monotonic() - began


@pytest.mark.parametrize("fault", FAULTS)
async def test_every_fault_has_its_error_in_time(fault: str, make_model: MakeModel) -> None:
    with faulty_server(FAULTS[fault]) as server:
        model = make_model(server.url, model="m", structured="off", retries=1, breaker_faults=100)
        outcomes = await asyncio.gather(
            *(
                ended(model.complete(REQUEST, deadline=time.monotonic() + DEADLINE))
                for _ in range(4)
            )
        )
    for outcome, seconds in outcomes:
        assert seconds <= DEADLINE + LATE
        if fault in GOOD:
            assert isinstance(outcome, ChatReply) and outcome.choices[0].text == TEXT
        else:
            assert isinstance(outcome, EXPECTED.get(fault, (LlmFaulty,))), repr(outcome)


@pytest.mark.parametrize("fault", FAULTS)
async def test_it_recovers_by_itself(fault: str, make_model: MakeModel) -> None:
    with faulty_server(FAULTS[fault]) as server:
        model = make_model(server.url, model="m", structured="off", breaker_seconds=0.05)
        for _ in range(3):
            await ended(model.complete(REQUEST, deadline=time.monotonic() + 0.1))
        server.fault = FAULTS["good"]
        assert await _answers(lambda: model.complete(REQUEST))


async def test_down_at_the_start(make_model: MakeModel) -> None:
    model = make_model(f"http://127.0.0.1:{free_port()}/v1", breaker_faults=100)
    outcome, seconds = await ended(model.complete(REQUEST, deadline=time.monotonic() + DEADLINE))
    assert isinstance(outcome, LlmUnreachable)
    assert "recx llm serve" in str(outcome)
    assert seconds <= DEADLINE + LATE


async def test_down_at_the_start_and_there_later(make_model: MakeModel) -> None:
    with faulty_server(FAULTS["good"]) as server:
        model = make_model(server.url, model="m", structured="off", breaker_seconds=0.05)
        server.stop()
        for _ in range(8):
            outcome, _ = await ended(model.complete(REQUEST, deadline=time.monotonic() + 30))
            assert isinstance(outcome, LlmUnreachable | LlmPaused)
        server.start()
        assert await _answers(lambda: model.complete(REQUEST))


async def test_killed_in_mid_request(make_model: MakeModel) -> None:
    with faulty_server(hangs) as server:
        model = make_model(server.url, model="m", structured="off", retries=0, breaker_faults=100)
        asking = [asyncio.create_task(ended(model.complete(REQUEST))) for _ in range(20)]
        while server.requests < 20:
            await asyncio.sleep(0.01)
        server.stop()
        outcomes = await asyncio.gather(*asking)
    assert {type(outcome) for outcome, _ in outcomes} == {LlmUnreachable}


async def test_a_hanging_endpoint_is_soon_left_alone(make_model: MakeModel) -> None:
    with faulty_server(hangs) as server:
        model = make_model(
            server.url, model="m", structured="off", retries=0, breaker_faults=3, concurrency=4
        )
        outcomes = [
            await ended(model.complete(REQUEST, deadline=time.monotonic() + 0.6)) for _ in range(6)
        ]
    kinds = [type(outcome) for outcome, _ in outcomes]
    assert kinds == [LlmTimeout] * 3 + [LlmPaused] * 3
    assert server.requests == 3


async def test_many_at_a_broken_endpoint_are_all_answered(make_model: MakeModel) -> None:
    with faulty_server(resets) as server:
        model = make_model(server.url, model="m", structured="off", concurrency=16)
        deadline = time.monotonic() + 3
        outcomes = await asyncio.gather(
            *(ended(model.complete(REQUEST, deadline=deadline)) for _ in range(300))
        )
    assert len(outcomes) == 300
    assert all(isinstance(outcome, LlmError) for outcome, _ in outcomes)
    assert max(seconds for _, seconds in outcomes) <= 3 + LATE


async def _answers(ask: object) -> bool:
    """Whether it answers within some tries, the breaker's short pauses between them."""
    assert callable(ask)
    for _ in range(40):
        outcome, _ = await ended(ask())
        if isinstance(outcome, ChatReply):
            return outcome.choices[0].text == TEXT
        await asyncio.sleep(0.05)
    return False
