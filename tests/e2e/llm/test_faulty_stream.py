"""A real stream that breaks at every position: what came is not lost, and it ends in time."""

from __future__ import annotations

import asyncio
import socket
import threading
import time

import pytest

from recx_agent.errors import LlmError, LlmFaulty, LlmTimeout, LlmUnreachable
from recx_agent.protocols import ChatReply, ChatRequest, Message
from tests.e2e.llm.conftest import MakeModel
from tests.e2e.llm.faulty_server import (
    STREAM,
    WORDS,
    Fault,
    breaks_stream,
    closes,
    faulty_server,
    hangs,
    resets,
    sends,
)
from tests.promptness import LATE

REQUEST = ChatRequest(messages=(Message("user", "Why?"),))
WAITS = 0.4
"""Seconds, for what never comes; the others have time enough on any machine."""
WHOLE = len(WORDS) + 1
"""Parts after which the answer is whole, with or without its last mark."""

BREAKS: dict[str, tuple[Fault, type[LlmError]]] = {
    "closes": (closes, LlmFaulty),
    "resets": (resets, LlmUnreachable),
    "hangs": (hangs, LlmTimeout),
    "half a part": (sends(b'data: {"choices": [{"ind'), LlmFaulty),
    "no JSON": (sends(b"data: {oops}\n\n"), LlmFaulty),
    "an error": (sends(b'data: {"error": {"message": "EngineDeadError"}}\n\n'), LlmFaulty),
    "not UTF-8": (sends(b'data: {"choices": "\xff\xfe"}\n\n'), LlmFaulty),
}


@pytest.mark.parametrize("kind", BREAKS)
@pytest.mark.parametrize("position", range(WHOLE))
async def test_at_every_position(kind: str, position: int, make_model: MakeModel) -> None:
    fault, expected = BREAKS[kind]
    pieces: list[str] = []
    with faulty_server(breaks_stream(position, fault)) as server:
        model = make_model(server.url, model="m", structured="off", retries=0)
        deadline = time.monotonic() + (WAITS if fault is hangs else 60)
        with pytest.raises(LlmError) as raised:
            async for piece in model.stream(REQUEST, deadline=deadline):
                assert isinstance(piece, str)
                pieces.append(piece)
    assert time.monotonic() <= deadline + LATE
    assert isinstance(raised.value, expected | LlmUnreachable)
    if kind != "resets":  # what the kernel had not handed on yet is lost with the connection
        assert tuple(pieces) == WORDS[:position]


@pytest.mark.parametrize("position", [WHOLE, WHOLE + 1])
async def test_a_whole_answer_is_one_however_it_ends(position: int, make_model: MakeModel) -> None:
    with faulty_server(breaks_stream(position, closes)) as server:
        model = make_model(server.url, model="m", structured="off", retries=0)
        items = [piece async for piece in model.stream(REQUEST)]
    reply = items[-1]
    assert tuple(items[:-1]) == WORDS
    assert isinstance(reply, ChatReply)
    assert reply.choices[0].text == "".join(WORDS)
    assert len(STREAM) == WHOLE + 1


@pytest.mark.parametrize("position", range(len(WORDS) + 1))
async def test_whoever_leaves_closes_the_connection(position: int, make_model: MakeModel) -> None:
    gone = threading.Event()

    def waits(connection: socket.socket, ended: threading.Event) -> None:
        if connection.recv(1) == b"":
            gone.set()

    with faulty_server(breaks_stream(position, waits)) as server:
        model = make_model(server.url, model="m", structured="off", retries=0)
        stream = model.stream(REQUEST)
        for _ in range(position):
            await anext(stream)
        waiting = asyncio.create_task(anext(stream))
        while not server.requests:
            await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.wait({waiting})
        await stream.aclose()
        assert await asyncio.to_thread(gone.wait, 10)
