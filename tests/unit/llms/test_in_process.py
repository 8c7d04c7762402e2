"""The model in this process, over a vLLM that only notes how it is called.

The signatures are those of vLLM 0.32; tests/e2e/llm calls the real one.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any

import pytest

from recx_agent.errors import LlmFaulty, LlmRefused, LlmTimeout, SettingsError
from recx_agent.llms import open_chat_model
from recx_agent.llms.in_process import InProcessModel
from recx_agent.protocols import ChatChoice, Message
from recx_agent.settings import LlmSettings
from tests.unit.llms.conftest import REQUEST

SETTINGS = LlmSettings(model="some/model", in_process=True)


@dataclass
class Structured:
    grammar: str | None = None


@dataclass
class Sampling:
    n: int = 1
    temperature: float = 1.0
    max_tokens: int | None = 16
    structured_outputs: Structured | None = None


@dataclass
class Output:
    text: str
    token_ids: Sequence[int]
    finish_reason: str | None


@dataclass
class Request:
    outputs: Sequence[Output]
    prompt_token_ids: Sequence[int] | None
    num_cached_tokens: int | None


@dataclass
class Engine:
    """Stands in for ``vllm.LLM``."""

    model: str
    max_model_len: int | None = None
    enable_prefix_caching: bool | None = None
    calls: list[tuple[list[Any], list[Sampling]]] = field(default_factory=list)
    free: threading.Event = field(default_factory=threading.Event)
    begun: threading.Event = field(default_factory=threading.Event)
    fault: Callable[[list[Any]], Exception | None] = lambda messages: None
    text: str = "Because."

    def chat(
        self, messages: list[Any], sampling_params: list[Sampling], use_tqdm: bool = True
    ) -> list[Request]:
        assert use_tqdm is False
        self.calls.append((messages, sampling_params))
        self.begun.set()
        assert self.free.wait(10)
        fault = self.fault(messages)
        if fault is not None:
            raise fault
        return [
            Request([Output(self.text, (1, 2), "length")] * sampling.n, (1, 2, 3), 2)
            for sampling in sampling_params
        ]


@pytest.fixture(autouse=True)
def fake_vllm(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    vllm: Any = ModuleType("vllm")
    vllm.LLM = Engine
    vllm.SamplingParams = Sampling
    vllm.sampling_params = ModuleType("vllm.sampling_params")
    vllm.sampling_params.StructuredOutputsParams = Structured
    monkeypatch.setitem(sys.modules, "vllm", vllm)
    return vllm  # type: ignore[no-any-return]


@pytest.fixture
async def model() -> AsyncIterator[InProcessModel]:
    made = InProcessModel(SETTINGS)
    engine_of(made).free.set()
    yield made
    await made.aclose()


def engine_of(model: InProcessModel) -> Engine:
    engine = model._engine
    assert isinstance(engine, Engine)
    return engine


async def test_how_vllm_is_called(model: InProcessModel) -> None:
    request = replace(REQUEST, grammar='root ::= "a"', n=2, max_tokens=9, temperature=0.1)
    reply = await model.complete(request)
    engine = engine_of(model)
    assert (engine.model, engine.max_model_len, engine.enable_prefix_caching) == (
        "some/model",
        4096,
        True,
    )
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Why?"}]
    assert engine.calls == [([messages], [Sampling(2, 0.1, 9, Structured('root ::= "a"'))])]
    assert reply.choices == (ChatChoice("Because.", "length"),) * 2
    assert (reply.prompt_tokens, reply.completion_tokens, reply.cached_tokens) == (3, 4, 2)
    assert reply.model == "some/model"
    assert model.name == "some/model@vllm"


async def test_what_waits_is_generated_together(model: InProcessModel) -> None:
    engine = engine_of(model)
    engine.free.clear()
    tasks = [asyncio.create_task(model.complete(REQUEST))]
    await asyncio.to_thread(engine.begun.wait, 10)
    tasks += [asyncio.create_task(model.complete(REQUEST)) for _ in range(7)]
    await asyncio.sleep(0)
    engine.free.set()
    replies = await asyncio.gather(*tasks)
    assert [reply.choices[0].text for reply in replies] == ["Because."] * 8
    assert [len(messages) for messages, _ in engine.calls] == [1, 7]


class VLLMValidationError(Exception):
    """As in vLLM 0.32."""


@pytest.mark.parametrize("kind", [ValueError, VLLMValidationError])
async def test_one_that_is_refused_is_no_matter_of_the_others(
    model: InProcessModel, kind: type[Exception]
) -> None:
    engine = engine_of(model)

    def too_long(messages: list[Any]) -> Exception | None:
        long = any(len(m[-1]["content"]) > 100 for m in messages)
        return kind("prompt is longer than the model") if long else None

    engine.fault = too_long
    long = replace(REQUEST, messages=(Message("user", "x" * 101),))
    asked = (model.complete(request) for request in (REQUEST, long, REQUEST))
    first, refused, last = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(refused, LlmRefused)
    assert "longer than the model" in str(refused)
    assert not isinstance(first, BaseException) and not isinstance(last, BaseException)


async def test_an_engine_that_fails(model: InProcessModel) -> None:
    engine_of(model).fault = lambda messages: RuntimeError("CUDA out of memory")
    with pytest.raises(LlmFaulty, match="out of memory"):
        await model.complete(REQUEST)


async def test_an_empty_answer(model: InProcessModel) -> None:
    engine_of(model).text = " "
    with pytest.raises(LlmFaulty, match="empty"):
        await model.complete(REQUEST)


async def test_a_deadline_ends_the_waiting(model: InProcessModel) -> None:
    engine = engine_of(model)
    engine.free.clear()
    with pytest.raises(LlmTimeout):
        await model.complete(REQUEST, deadline=time.monotonic() + 0.05)
    with pytest.raises(LlmTimeout):
        await model.complete(REQUEST, deadline=time.monotonic() - 1)
    engine.free.set()
    assert (await model.complete(REQUEST)).choices
    assert sum(len(messages) for messages, _ in engine.calls) == 2  # the late one was not begun


async def test_without_structured_output_there_is_no_grammar() -> None:
    made = InProcessModel(SETTINGS.model_copy(update={"structured": "off"}))
    engine = engine_of(made)
    engine.free.set()
    await made.complete(replace(REQUEST, grammar='root ::= "a"'))
    assert engine.calls[0][1][0].structured_outputs is None
    await made.aclose()


async def test_closed_is_closed(model: InProcessModel) -> None:
    await model.aclose()
    assert model._engine is None
    with pytest.raises(LlmRefused, match="was closed"):
        await model.complete(REQUEST)


async def test_it_is_opened_by_the_settings() -> None:
    model = open_chat_model(SETTINGS)
    assert isinstance(model, InProcessModel)
    await model.aclose()


def test_a_model_that_cannot_be_loaded(
    fake_vllm: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(**values: Any) -> None:
        raise OSError("some/model is not a local folder")

    monkeypatch.setattr(fake_vllm, "LLM", fails)
    with pytest.raises(LlmRefused, match="vLLM cannot load some/model: .*not a local folder"):
        InProcessModel(SETTINGS)


def test_no_model_is_named() -> None:
    with pytest.raises(SettingsError, match="llm.model"):
        InProcessModel(LlmSettings(in_process=True))


def test_vllm_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vllm", None)
    with pytest.raises(SettingsError, match=r"pip install 'recx-agent\[vllm\]'"):
        InProcessModel(SETTINGS)
