"""The chat model, the check and LangChain against a real vLLM."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, ClassVar

import openai
import pytest
from langchain_core.language_models import BaseChatModel
from langchain_openai import ChatOpenAI
from langchain_tests.integration_tests import ChatModelIntegrationTests

from recx_agent.errors import LlmError, LlmRefused, LlmTimeout
from recx_agent.llms.langchain_chat import as_langchain
from recx_agent.protocols import ChatReply, ChatRequest, Message
from recx_agent.settings import LlmSettings
from tests.e2e.llm.conftest import SERVED, MakeModel, recx
from tests.promptness import LATE

SYSTEM = Message("system", "You explain recommendations in one sentence. " * 20)
REQUEST = ChatRequest(
    messages=(SYSTEM, Message("user", "Why is Fargo recommended?")), max_tokens=24
)
GRAMMAR = 'root ::= "Because you " ("rated" | "watched") " {H" [1-3] "}."'
SHAPE = re.compile(r"Because you (rated|watched) \{H[1-3]\}\.")


async def test_an_answer_and_what_it_cost(vllm_url: str, make_model: MakeModel) -> None:
    model = make_model(vllm_url)
    first = await model.complete(REQUEST)
    assert first.choices[0].text.strip()
    assert first.choices[0].finish_reason in {"stop", "length"}
    assert first.model == SERVED
    assert 0 < first.completion_tokens <= 24
    again = await model.complete(replace(REQUEST, messages=(SYSTEM, Message("user", "And?"))))
    assert again.cached_tokens > again.prompt_tokens / 2


async def test_a_grammar_is_followed(vllm_url: str, make_model: MakeModel) -> None:
    model = make_model(vllm_url)
    assert await model.takes_grammar()
    reply = await model.complete(replace(REQUEST, grammar=GRAMMAR, n=3))
    assert len(reply.choices) == 3
    assert all(SHAPE.fullmatch(choice.text) for choice in reply.choices), reply.choices


async def test_what_it_cannot_take_is_refused(vllm_url: str, make_model: MakeModel) -> None:
    model = make_model(vllm_url)
    endless = replace(REQUEST, messages=(Message("user", "word " * 6000),))
    for wrong in (
        endless,
        replace(REQUEST, grammar="root ::= missing"),
        replace(REQUEST, temperature=9),
    ):
        with pytest.raises(LlmRefused):
            await model.complete(wrong)
    with pytest.raises(LlmRefused, match="does not exist"):
        await make_model(vllm_url, model="another").complete(REQUEST)
    assert (await model.complete(REQUEST)).choices


async def test_many_at_once_keep_their_deadline(vllm_url: str, make_model: MakeModel) -> None:
    """More than it can do in the time: every one is answered or ended in time."""
    model = make_model(vllm_url, breaker_faults=1000)
    await model.complete(REQUEST)
    long = replace(REQUEST, max_tokens=400)
    deadline = time.monotonic() + 2

    async def one() -> tuple[bool, float]:
        try:
            return bool(await model.complete(long, deadline=deadline)), time.monotonic()
        except LlmTimeout:
            return False, time.monotonic()

    ended = await asyncio.gather(*(one() for _ in range(60)))
    assert len(ended) == 60
    assert max(moment for _, moment in ended) <= deadline + LATE


def test_the_check_finds_all_it_needs(vllm_url: str) -> None:
    done = recx("llm", "check", "--url", vllm_url)
    assert done.returncode == 0, done.stdout + done.stderr
    found = [line.split()[0:2] for line in done.stdout.splitlines()]
    assert all(mark == "ok" for mark, _ in found), done.stdout
    assert "structured_outputs is followed" in done.stdout
    assert "prompt tokens came from the cache" in done.stdout


class TestLangChain(ChatModelIntegrationTests):
    """LangChain's own tests of a chat model; the model is a very small one."""

    @pytest.fixture(autouse=True)
    async def _address(self, vllm_url: str) -> AsyncIterator[None]:
        # Connections of its own: LangChain's would outlive the loop of the test.
        async with openai.DefaultAsyncHttpxClient() as client:
            OurChatModel.settings = LlmSettings(base_url=vllm_url, temperature=0.0)
            OurChatModel.client_of_test = client
            yield

    @property
    def chat_model_class(self) -> type[BaseChatModel]:
        return OurChatModel

    @property
    def chat_model_params(self) -> dict[str, Any]:
        return {"model": SERVED, "max_tokens": 16}

    @property
    def has_tool_calling(self) -> bool:
        return False  # "auto" depends on the model; this one writes no calls that are parsed

    @property
    def has_structured_output(self) -> bool:
        return False  # by tools; vLLM's own is tested above


class OurChatModel(ChatOpenAI):
    """Made from our settings, as the standard tests make their models from a class."""

    settings: ClassVar[LlmSettings]
    client_of_test: ClassVar[Any]

    def __new__(cls, **arguments: Any) -> Any:
        return as_langchain(cls.settings, http_async_client=cls.client_of_test, **arguments)


async def test_cancelled_requests_free_the_server(vllm_url: str, make_model: MakeModel) -> None:
    model = make_model(vllm_url, concurrency=8)
    tasks = [
        asyncio.create_task(model.complete(replace(REQUEST, max_tokens=1000))) for _ in range(8)
    ]
    await asyncio.sleep(0.5)
    for task in tasks:
        task.cancel()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(end, asyncio.CancelledError | ChatReply) for end in ended)
    assert not any(isinstance(end, LlmError) for end in ended)
    assert (await model.complete(REQUEST)).choices
