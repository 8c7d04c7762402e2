"""A model loaded by vLLM in this process, for batches where no server is wanted."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from typing import Any

from recx_agent.errors import LlmError, LlmFaulty, LlmRefused, LlmTimeout, SettingsError
from recx_agent.llms.completion import finish_reason
from recx_agent.protocols import ChatChoice, ChatReply, ChatRequest
from recx_agent.settings import LlmSettings

MAX_LENGTH = 4096
"""Tokens of prompt and answer together."""

_GATHERING = 0.01
"""Seconds after which nothing more is on its way to a batch."""


@dataclass(frozen=True)
class _Waiting:
    request: ChatRequest
    deadline: float | None
    answer: Future[ChatReply]
    since: float


class InProcessModel:
    """Answers with ``vllm.LLM``: whatever is waiting is generated together.

    vLLM's engine is not to be called from two threads, so one thread calls it. What a batch
    has begun it finishes: a deadline ends the waiting, not the work.

    Parameters
    ----------
    settings : LlmSettings
        ``model`` names the model: a hub id or a folder.
    **more
        Further arguments of ``vllm.LLM``.

    Raises
    ------
    SettingsError
        No model is named, or ``vllm`` is not installed.
    LlmRefused
        The model cannot be loaded.
    """

    def __init__(self, settings: LlmSettings, **more: Any) -> None:
        if settings.model is None:
            raise SettingsError("llm.in_process needs llm.model: a hub id, or a model's folder")
        try:
            import vllm
        except ImportError as error:
            raise SettingsError(
                "llm.in_process is set, and the package 'vllm' is missing: "
                "pip install 'recx-agent[vllm]'"
            ) from error
        self._settings = settings
        self._vllm: Any = vllm
        values: dict[str, Any] = {"max_model_len": MAX_LENGTH, "enable_prefix_caching": True}
        try:
            self._engine: Any = vllm.LLM(model=settings.model, **{**values, **more})
        except Exception as error:
            raise LlmRefused(f"vLLM cannot load {settings.model}: {error}") from error
        self._waiting: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="recx-vllm", daemon=True)
        self._thread.start()

    @property
    def name(self) -> str:
        """``model@vllm``."""
        return f"{self._settings.model}@vllm"

    async def complete(self, request: ChatRequest, *, deadline: float | None = None) -> ChatReply:
        """Answer one request; see :class:`recx_agent.protocols.ChatModel`."""
        if self._closed:
            raise LlmRefused("this chat model was closed; make another one")
        if self._settings.structured == "off":
            request = replace(request, grammar=None)
        answer: Future[ChatReply] = Future()
        self._waiting.put(_Waiting(request, deadline, answer, time.monotonic()))
        left = None if deadline is None else deadline - time.monotonic()
        try:
            async with asyncio.timeout(left):
                return await asyncio.wrap_future(answer)
        except TimeoutError:
            raise _late() from None

    async def aclose(self) -> None:
        """Finish what is being generated, and let go of the model and its memory."""
        if not self._closed:
            self._closed = True
            self._waiting.put(None)
        await asyncio.to_thread(self._thread.join)

    # What follows runs in the thread.

    def _work(self) -> None:
        while True:
            batch, goes_on = self._gather()
            if batch:
                self._answer(batch)
            if not goes_on:
                break
        self._refuse_the_rest()
        self._engine = None

    def _gather(self) -> tuple[list[_Waiting], bool]:
        """Everything that waits, once nothing more is on its way; and whether to go on."""
        batch: list[_Waiting] = []
        entry = self._waiting.get()
        while entry is not None:
            late = entry.deadline is not None and entry.deadline <= time.monotonic()
            if late and not entry.answer.done():
                entry.answer.set_exception(_late())
            elif entry.answer.set_running_or_notify_cancel():
                batch.append(entry)
            try:
                entry = self._waiting.get(timeout=_GATHERING)
            except Empty:
                return batch, True
        return batch, False

    def _answer(self, batch: Sequence[_Waiting]) -> None:
        try:
            outputs = self._generate([entry.request for entry in batch])
        except Exception as error:  # noqa: BLE001 - whatever it is, somebody waits for an answer
            if len(batch) > 1:  # one that is refused is no matter of the others
                for entry in batch:
                    self._answer([entry])
            else:
                batch[0].answer.set_exception(_fault(error))
            return
        for entry, output in zip(batch, outputs, strict=True):
            self._settle(entry, output)

    def _generate(self, requests: Sequence[ChatRequest]) -> list[Any]:
        messages = [[{"role": m.role, "content": m.content} for m in r.messages] for r in requests]
        outputs: list[Any] = self._engine.chat(
            messages, sampling_params=[self._sampling(r) for r in requests], use_tqdm=False
        )
        return outputs

    def _sampling(self, request: ChatRequest) -> Any:
        structured = None
        if request.grammar is not None:
            parameters = self._vllm.sampling_params.StructuredOutputsParams
            structured = parameters(grammar=request.grammar)
        return self._vllm.SamplingParams(
            n=request.n,
            max_tokens=request.max_tokens,
            temperature=request.temperature,
            structured_outputs=structured,
        )

    def _settle(self, entry: _Waiting, output: Any) -> None:
        choices = tuple(ChatChoice(o.text, finish_reason(o.finish_reason)) for o in output.outputs)
        if not any(choice.text.strip() for choice in choices):
            entry.answer.set_exception(LlmFaulty(f"{self.name}: the answer is empty"))
            return
        reply = ChatReply(
            choices=choices,
            model=str(self._settings.model),
            prompt_tokens=len(output.prompt_token_ids or ()),
            completion_tokens=sum(len(o.token_ids) for o in output.outputs),
            cached_tokens=output.num_cached_tokens or 0,
            seconds=time.monotonic() - entry.since,
        )
        entry.answer.set_result(reply)

    def _refuse_the_rest(self) -> None:
        while not self._waiting.empty():
            entry = self._waiting.get()
            if entry is not None and entry.answer.set_running_or_notify_cancel():
                entry.answer.set_exception(LlmRefused("this chat model was closed"))


def _late() -> LlmTimeout:
    return LlmTimeout("the model in this process has not answered in time")


_REFUSALS = frozenset({"ValueError", "TypeError", "VLLMValidationError"})
"""How vLLM tells of a request that it cannot take; the last in newer versions."""


def _fault(error: Exception) -> LlmError:
    if any(base.__name__ in _REFUSALS for base in type(error).__mro__):
        return LlmRefused(f"vLLM does not take the request: {error}")
    return LlmFaulty(f"vLLM failed: {type(error).__name__}: {error}")
