"""The circuit breaker: when it opens, what it lets through, when it closes."""

from __future__ import annotations

import asyncio

import pytest

from recx_agent.errors import LlmError, LlmFaulty, LlmPaused, LlmRefused, LlmTimeout
from recx_agent.llms.breaker import CircuitBreaker


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> CircuitBreaker:
    return CircuitBreaker(3, 15.0, "http://model.test/v1", clock)


def goes(breaker: CircuitBreaker, error: BaseException | None = None, seconds: float = 60) -> None:
    """One request, that ends so."""
    try:
        with breaker.watch(seconds=seconds):
            if error is not None:
                raise error
    except LlmPaused:
        raise
    except (LlmError, asyncio.CancelledError) as raised:
        assert raised is error


def test_it_opens_after_so_many_faults_in_a_row(breaker: CircuitBreaker) -> None:
    goes(breaker, LlmFaulty("1"))
    goes(breaker, LlmFaulty("2"))
    breaker.check()
    goes(breaker, LlmTimeout("3"))
    with pytest.raises(LlmPaused, match="3 faults in a row; it is tried again in 15 s"):
        breaker.check()


@pytest.mark.parametrize("between", [None, LlmRefused("no")])
def test_an_answer_breaks_the_row(breaker: CircuitBreaker, between: LlmError | None) -> None:
    for _ in range(5):
        goes(breaker, LlmFaulty("1"))
        goes(breaker, LlmFaulty("2"))
        goes(breaker, between)
    breaker.check()


def test_a_timeout_after_a_moment_says_nothing(breaker: CircuitBreaker) -> None:
    for _ in range(10):
        goes(breaker, LlmTimeout("no time"), seconds=0.05)
    breaker.check()


def test_after_the_pause_one_is_let_through(breaker: CircuitBreaker, clock: Clock) -> None:
    for _ in range(3):
        goes(breaker, LlmFaulty("down"))
    clock.now += 15
    with breaker.watch(seconds=60):
        with pytest.raises(LlmPaused, match="it is being tried"):
            breaker.check()
    breaker.check()
    goes(breaker, LlmFaulty("1"))
    breaker.check()


def test_a_failed_trial_pauses_again(breaker: CircuitBreaker, clock: Clock) -> None:
    for _ in range(3):
        goes(breaker, LlmFaulty("down"))
    clock.now += 15
    goes(breaker, LlmTimeout("still"), seconds=0.1)
    with pytest.raises(LlmPaused):
        breaker.check()
    clock.now += 15
    goes(breaker)
    breaker.check()


def test_a_cancelled_trial_leaves_the_place_to_the_next(
    breaker: CircuitBreaker, clock: Clock
) -> None:
    for _ in range(3):
        goes(breaker, LlmFaulty("down"))
    clock.now += 15
    goes(breaker, asyncio.CancelledError())
    goes(breaker)
    breaker.check()
