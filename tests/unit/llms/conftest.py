"""An endpoint that answers from a function, without a socket."""

from __future__ import annotations

import asyncio
import importlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

import openai
import pytest

from recx_agent.llms.openai_chat import OpenAIChatModel
from recx_agent.protocols import ChatRequest, Message
from recx_agent.settings import LlmSettings

# The HTTP library that the installed client uses.
http: Any = importlib.import_module(
    openai.DefaultAsyncHttpxClient.__base__.__module__.split(".")[0]
)

Handler = Callable[[dict[str, Any]], Any]
KEY = "sk-very-secret-0123456789"
URL = "http://model.test/v1"
REQUEST = ChatRequest(messages=(Message("system", "Be brief."), Message("user", "Why?")))
GRAMMAR = replace(REQUEST, grammar='root ::= "a"')


def completion(*texts: str, finish_reason: str = "stop", **more: Any) -> dict[str, Any]:
    """A body as vLLM sends it."""
    choices = [
        {
            "index": number,
            "message": {"role": "assistant", "content": text},
            "finish_reason": finish_reason,
        }
        for number, text in enumerate(texts)
    ]
    usage = {
        "prompt_tokens": 100,
        "completion_tokens": 7,
        "total_tokens": 107,
        "prompt_tokens_details": {"cached_tokens": 64},
    }
    return {
        "id": "1",
        "object": "chat.completion",
        "created": 0,
        "model": "served",
        "choices": choices,
        "usage": usage,
        **more,
    }


def models(*names: str) -> dict[str, Any]:
    entries = [{"id": n, "object": "model", "created": 0, "owned_by": "vllm"} for n in names]
    return {"object": "list", "data": entries}


@dataclass
class FakeEndpoint:
    """Answers are bodies (dict), ``(status, body, headers)``, responses, or exceptions; in turn.

    The last one is given for ever; a coroutine function is awaited, and may hang.
    """

    answers: list[Any] = field(default_factory=lambda: [completion("Because.")])
    served: list[Any] = field(default_factory=lambda: [models("served")])
    sent: list[dict[str, Any]] = field(default_factory=list)
    listed: int = 0
    headers: list[Any] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0

    async def handle(self, request: Any) -> Any:
        self.headers.append(request.headers)
        if request.url.path.endswith("/models"):
            self.listed += 1
            answer = self.served.pop(0) if len(self.served) > 1 else self.served[0]
        else:
            self.sent.append(json.loads(request.content))
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await asyncio.sleep(0)
            if callable(answer):
                answer = await answer(request)
        finally:
            self.in_flight -= 1
        if isinstance(answer, BaseException):
            raise answer
        if isinstance(answer, http.Response):
            return answer
        status, body, headers = answer if isinstance(answer, tuple) else (200, answer, {})
        if isinstance(body, bytes):
            return http.Response(status, content=body, headers=headers)
        return http.Response(status, json=body, headers=headers)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def client(self) -> Any:
        return openai.DefaultAsyncHttpxClient(transport=http.MockTransport(self.handle))


@pytest.fixture
def endpoint() -> FakeEndpoint:
    return FakeEndpoint()


MakeModel = Callable[..., OpenAIChatModel]


@pytest.fixture
async def make_model(endpoint: FakeEndpoint) -> AsyncIterator[MakeModel]:
    """Makes chat models that ask the endpoint; they are closed at the end."""
    made: list[OpenAIChatModel] = []

    def make(**settings: Any) -> OpenAIChatModel:
        values = {"base_url": URL, "api_key": KEY, "structured": "on", **settings}
        model = OpenAIChatModel(
            LlmSettings(**values), http_client=endpoint.client(), sleep=endpoint.sleep
        )
        made.append(model)
        return model

    yield make
    for model in made:
        await model.aclose()


async def forever(request: Any) -> Awaitable[Any]:
    """An answer that never comes."""
    await asyncio.Event().wait()
    raise AssertionError
