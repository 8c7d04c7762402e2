"""What a text costs of a model that several texts share."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from recx_agent.evals.writers.metered import NO_MODEL, Cost, Metered, metered
from recx_agent.llms import ScriptedChatModel
from recx_agent.protocols import ChatReply, ChatRequest, Message

REQUEST = ChatRequest((Message("user", "Why?"),))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr("recx_agent.evals.writers.metered.time.perf_counter", lambda: now[0])
    return now


def test_what_is_waited_for_at_once_counts_once(clock: list[float]) -> None:
    cost = Cost()
    with cost.waiting():
        clock[0] = 1.0
        with cost.waiting():
            clock[0] = 3.0
        clock[0] = 4.0
    clock[0] = 10.0
    with cost.waiting():
        clock[0] = 10.5
    assert cost.as_took()["model_seconds"] == pytest.approx(4.5)


def test_a_wait_that_ends_in_an_error_counts_too(clock: list[float]) -> None:
    cost = Cost()

    def fails() -> None:
        with cost.waiting():
            clock[0] = 2.0
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        fails()
    assert cost.model_seconds == 2.0


async def test_each_text_is_charged_what_it_asked() -> None:
    def answers() -> Iterator[ChatReply]:
        base = ScriptedChatModel(["x"])
        reply = asyncio.run(base.complete(REQUEST))
        for tokens in (3, 5, 7):
            yield ChatReply(reply.choices, "m", tokens, tokens * 10)

    model = Metered(ScriptedChatModel(await asyncio.to_thread(lambda: list(answers()))))
    with metered() as one:
        await model.complete(REQUEST)
        await model.complete(REQUEST)
    with metered() as other:
        await model.complete(REQUEST)
    assert (one.requests, one.prompt_tokens, one.completion_tokens) == (2, 8, 80)
    assert (other.requests, other.prompt_tokens, other.completion_tokens) == (1, 7, 70)
    assert set(NO_MODEL) == set(one.as_took())
    assert set(NO_MODEL.values()) == {0.0}
