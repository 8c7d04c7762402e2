"""Answers piece by piece, over the OpenAI protocol, and a break at every position of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

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
from recx_agent.llms.openai_chat import OpenAIChatModel
from recx_agent.protocols import ChatChoice, ChatReply, ChatRequest, StreamingChatModel
from tests.unit.llms.conftest import GRAMMAR, REQUEST, FakeEndpoint, MakeModel, http

WORDS = ("It ", "is ", "here.")


def chunk(text: str | None = None, finish_reason: str | None = None, **more: Any) -> dict[str, Any]:
    delta = {} if text is None else {"content": text}
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    return {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "served",
            "choices": [choice], **more}  # fmt: skip


USAGE = chunk(choices=[], usage={
    "prompt_tokens": 100, "completion_tokens": 3, "total_tokens": 103,
    "prompt_tokens_details": {"cached_tokens": 64},
})  # fmt: skip
WHOLE = [chunk(""), *map(chunk, WORDS), chunk(finish_reason="stop"), USAGE]


def events(*chunks: Any, done: bool = True) -> bytes:
    lines = [c if isinstance(c, str) else json.dumps(c) for c in chunks]
    return "".join(f"data: {line}\n\n" for line in [*lines, *(["[DONE]"] if done else [])]).encode()


class Body(http.AsyncByteStream):  # type: ignore[misc]
    """The bytes of an answer, part by part; an exception is raised, ``None`` never comes."""

    def __init__(self, *parts: bytes | BaseException | None) -> None:
        self.parts = parts
        self.waits = asyncio.Event()
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            if part is None:
                self.waits.set()
                await asyncio.Event().wait()
            elif isinstance(part, BaseException):
                raise part
            else:
                yield part

    async def aclose(self) -> None:
        self.closed = True


def answers(endpoint: FakeEndpoint, *bodies: Body | int) -> None:
    """Have requests answered by these streams, or by a status; the last one for ever."""

    def answer(body: Body | int) -> Any:
        async def respond(request: Any) -> Any:
            if isinstance(body, int):
                return http.Response(body, json={"error": {"message": "no"}})
            return http.Response(200, stream=body, headers={"content-type": "text/event-stream"})

        return respond

    endpoint.answers[:] = [answer(body) for body in bodies]


async def read(
    model: OpenAIChatModel, request: ChatRequest = REQUEST, deadline: float | None = None
) -> tuple[list[str], ChatReply | LlmError]:
    """The pieces, and how it ended."""
    pieces: list[str] = []
    try:
        async for piece in model.stream(request, deadline=deadline):
            if isinstance(piece, ChatReply):
                return pieces, piece
            pieces.append(piece)
    except LlmError as error:
        return pieces, error
    raise AssertionError("it ended without a reply")


async def test_pieces_and_the_whole(endpoint: FakeEndpoint, make_model: MakeModel) -> None:
    answers(endpoint, Body(events(*WHOLE)))
    model = make_model()
    assert isinstance(model, StreamingChatModel)
    pieces, reply = await read(model, GRAMMAR)
    assert tuple(pieces) == WORDS
    assert isinstance(reply, ChatReply)
    assert reply.choices == (ChatChoice("It is here.", "stop"),)
    assert (reply.prompt_tokens, reply.completion_tokens, reply.cached_tokens) == (100, 3, 64)
    assert (reply.model, reply.seconds > 0) == ("served", True)
    sent = endpoint.sent[0]
    assert (sent["stream"], sent["stream_options"]) == (True, {"include_usage": True})
    assert sent["structured_outputs"] == {"grammar": GRAMMAR.grammar}


@pytest.mark.parametrize("size", [1, 7, 64])
async def test_however_the_bytes_are_cut(
    size: int, endpoint: FakeEndpoint, make_model: MakeModel
) -> None:
    whole = events(chunk("你好，"), chunk("世界。"), chunk(finish_reason="length"))
    answers(endpoint, Body(*(whole[at : at + size] for at in range(0, len(whole), size))))
    pieces, reply = await read(make_model())
    assert pieces == ["你好，", "世界。"]
    assert isinstance(reply, ChatReply)
    assert reply.choices[0] == ChatChoice("你好，世界。", "length")
    assert reply.prompt_tokens == 0, "it does not say"


BREAKS: dict[str, tuple[Any, type[LlmError]]] = {
    "connection": (http.ReadError("reset"), LlmUnreachable),
    "protocol": (http.RemoteProtocolError("incomplete chunked read"), LlmUnreachable),
    "silent end": (b"", LlmFaulty),
    "no JSON": (b"data: {oops\n\n", LlmFaulty),
    "no UTF-8": (b"data: {\"choices\": \"\xff\xfe\"}\n\n", LlmFaulty),
    "an error told": (events({"error": {"message": "EngineDeadError", "code": 500}}), LlmFaulty),
    "DONE too soon": (events(), LlmFaulty),
    "another shape": (events({"choices": "none"}, ["a"], "null"), LlmFaulty),
}  # fmt: skip


@pytest.mark.parametrize("kind", BREAKS)
async def test_a_break_after_every_piece(
    kind: str, endpoint: FakeEndpoint, make_model: MakeModel
) -> None:
    broken, expected = BREAKS[kind]
    model = make_model(retries=0, breaker_faults=1000)
    for position in range(len(WORDS) + 1):
        body = Body(*(events(chunk(word), done=False) for word in WORDS[:position]), broken)
        answers(endpoint, body)
        pieces, error = await read(model)
        assert tuple(pieces) == WORDS[:position], "what came is not lost"
        assert isinstance(error, expected), repr(error)
        assert body.closed


async def test_it_is_tried_again_only_before_the_first_piece(
    endpoint: FakeEndpoint, make_model: MakeModel
) -> None:
    broken = http.ReadError("reset")
    model = make_model(retries=2, breaker_faults=1000)
    answers(endpoint, 503, Body(broken), Body(events(*WHOLE)))
    pieces, reply = await read(model)
    assert (tuple(pieces), isinstance(reply, ChatReply)) == (WORDS, True)
    assert len(endpoint.sent) == 3
    answers(endpoint, Body(events(chunk("It "), done=False), broken), Body(events(*WHOLE)))
    pieces, error = await read(model)
    assert pieces == ["It "]
    assert isinstance(error, LlmUnreachable)
    assert len(endpoint.sent) == 4


@pytest.mark.parametrize(("status", "expected"), [(400, LlmRefused), (429, LlmOverloaded)])
async def test_what_is_turned_away(
    status: int, expected: type[LlmError], endpoint: FakeEndpoint, make_model: MakeModel
) -> None:
    answers(endpoint, status)
    pieces, error = await read(make_model(retries=0))
    assert (pieces, type(error)) == ([], expected)


async def test_an_answer_without_text_is_none(
    endpoint: FakeEndpoint, make_model: MakeModel
) -> None:
    answers(endpoint, Body(events(chunk(finish_reason="stop"))))
    _, error = await read(make_model(retries=0))
    assert isinstance(error, LlmFaulty)
    assert "empty" in str(error)


async def test_a_stall_ends_at_the_deadline(endpoint: FakeEndpoint, make_model: MakeModel) -> None:
    body = Body(events(chunk("It "), done=False), None)
    answers(endpoint, body)
    pieces, error = await read(make_model(timeout_seconds=0.05))
    assert (pieces, type(error)) == (["It "], LlmTimeout)
    assert body.closed


async def test_faults_in_a_row_pause_it(endpoint: FakeEndpoint, make_model: MakeModel) -> None:
    answers(endpoint, Body(events(chunk("It "), done=False)))
    model = make_model(retries=0, breaker_faults=2)
    kinds = [type((await read(model))[1]) for _ in range(3)]
    assert kinds == [LlmFaulty, LlmFaulty, LlmPaused]


@pytest.mark.parametrize("read_first", [0, 1])
async def test_whoever_leaves_ends_the_request(
    read_first: int, endpoint: FakeEndpoint, make_model: MakeModel
) -> None:
    body = Body(*[events(chunk("It "), done=False)] * read_first, None)
    answers(endpoint, body)
    model = make_model(concurrency=1)

    async def listen() -> None:
        async with aclosing(model.stream(REQUEST)) as pieces:
            async for _ in pieces:
                pass

    listening = asyncio.create_task(listen())
    while not body.waits.is_set():
        await asyncio.sleep(0)
    listening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await listening
    assert body.closed
    answers(endpoint, Body(events(*WHOLE)))
    assert isinstance((await read(model))[1], ChatReply), "its turn is free again"


async def test_a_model_that_is_closed_meanwhile(
    endpoint: FakeEndpoint, make_model: MakeModel
) -> None:
    body = Body(events(chunk("It "), done=False), None)
    answers(endpoint, body)
    model = make_model()
    pieces = model.stream(REQUEST)
    assert await anext(pieces) == "It "
    await model.aclose()
    with pytest.raises(LlmRefused, match="closed"):
        await anext(pieces)
    assert body.closed
