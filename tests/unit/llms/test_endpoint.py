"""Retries, limits of time and number, and the breaker: what one request goes through."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from recx_agent.errors import (
    LlmFaulty,
    LlmOverloaded,
    LlmPaused,
    LlmRefused,
    LlmTimeout,
    LlmUnreachable,
)
from tests.promptness import LATE
from tests.unit.llms.conftest import (
    REQUEST,
    FakeEndpoint,
    MakeModel,
    completion,
    forever,
    http,
)

BUSY: Any = (503, {"error": {"message": "busy"}}, {})


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
        assert time.monotonic() - began < 0.05 + LATE
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
