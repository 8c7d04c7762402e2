"""The real server dies with requests under way, and comes back.

Where its engine alone dies, in a batch: ``test_explanations.py``.
"""

from __future__ import annotations

import asyncio
import time

import httpx
import pytest

from recx_agent.errors import LlmError, LlmPaused, LlmUnreachable
from recx_agent.llms.openai_chat import OpenAIChatModel
from recx_agent.protocols import ChatReply, ChatRequest, Message
from tests.e2e.llm.conftest import SERVED, MakeModel
from tests.e2e.llm.serving import Serving, group_members
from tests.promptness import LATE

MANY = 60
PATIENCE = 30.0
"""Seconds that a batch is given here, so that none waits for the end of its time."""


def until_gone(leader: int) -> None:
    """What was killed may take a moment to give its memory back."""
    until = time.monotonic() + 20
    while (left := group_members(leader)) and time.monotonic() < until:
        time.sleep(0.1)
    assert left == []


@pytest.mark.timeout(900)
async def test_every_request_of_a_batch_is_answered(
    own_server: Serving, make_model: MakeModel
) -> None:
    model = make_model(own_server.url, retries=1, breaker_seconds=0.2)
    await _one(model)  # what is asked once is known
    leader = own_server.leader()
    batch = [asyncio.create_task(_outcome(model, number)) for number in range(MANY)]
    while sum(task.done() for task in batch) < 2:
        await asyncio.sleep(0.05)
    dying = asyncio.create_task(asyncio.to_thread(own_server.kill_all))
    outcomes = await asyncio.gather(*batch)
    await dying

    assert len(outcomes) == MANY
    answered = [end for end, _ in outcomes if isinstance(end, ChatReply)]
    faults = [end for end, _ in outcomes if isinstance(end, LlmError)]
    assert len(answered) >= 2 and faults
    assert max(late for _, late in outcomes) <= LATE

    # The command tells that its server has ended, and leaves nothing behind.
    assert await asyncio.to_thread(own_server.ended, 60) == 1
    assert "the model's server" in own_server.output.read_text().rpartition("stops it")[2]
    await asyncio.to_thread(until_gone, leader)
    with pytest.raises((LlmUnreachable, LlmPaused)):
        await _one(model)

    # The same client answers again once the server does.
    own_server.stop()
    await asyncio.to_thread(own_server.start)
    assert (await _one(model)).choices


@pytest.mark.timeout(900)
async def test_seeds_of_others_do_no_harm_to_ours(
    own_server: Serving, make_model: MakeModel
) -> None:
    """Concurrent seeds have ended the engine of some versions on a processor; ours send none."""
    model = make_model(own_server.url, retries=1, breaker_seconds=0.2)
    await _one(model)
    body = {
        "model": SERVED,
        "messages": [{"role": "user", "content": "Tell a story."}],
        "max_tokens": 16,
        "seed": 7,
    }
    async with httpx.AsyncClient(base_url=own_server.url, timeout=60) as client:
        theirs = (client.post("chat/completions", json=body) for _ in range(8))
        ours = (_outcome(model, number) for number in range(8))
        outcomes, _ = await asyncio.gather(
            asyncio.gather(*ours), asyncio.gather(*theirs, return_exceptions=True)
        )
    assert len(outcomes) == 8
    assert max(late for _, late in outcomes) <= LATE
    if own_server.answers():
        assert (await _one(model)).choices


async def _outcome(model: OpenAIChatModel, number: int) -> tuple[ChatReply | LlmError, float]:
    """How one request ended, and by how many seconds after its deadline."""
    deadline = time.monotonic() + PATIENCE
    end: ChatReply | LlmError
    try:
        end = await model.complete(_request(number), deadline=deadline)
    except LlmError as error:
        end = error
    return end, time.monotonic() - deadline


async def _one(model: OpenAIChatModel) -> ChatReply:
    await asyncio.sleep(0.3)  # longer than the breaker's pause
    return await model.complete(_request(0))


def _request(number: int) -> ChatRequest:
    question = f"What is {number} times {number}? Explain."
    return ChatRequest(messages=(Message("user", question),), max_tokens=48)
