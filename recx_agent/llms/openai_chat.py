"""A chat model behind the OpenAI protocol: vLLM in earnest, any compatible endpoint."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from recx_agent.channel import Channel
from recx_agent.errors import LlmError, LlmRefused
from recx_agent.llms.asked_once import AskedOnce
from recx_agent.llms.completion import read_completion
from recx_agent.llms.completion_stream import read_stream
from recx_agent.llms.endpoint import Endpoint, Sleep, seconds_left
from recx_agent.llms.only_model import OnlyModel
from recx_agent.loop_thread import LoopThread
from recx_agent.protocols import ChatReply, ChatRequest, Message
from recx_agent.settings import LlmSettings

if TYPE_CHECKING:
    from openai import AsyncOpenAI

Say = Callable[[str], None]

GRAMMAR_PROBE = ChatRequest(
    messages=(Message("user", "Say hello."),),
    grammar='root ::= "grammar " [0-9] [0-9] [0-9]',
    max_tokens=16,
    temperature=0.0,
)
"""What no model answers by itself."""


class OpenAIChatModel:
    """Asks an endpoint, with deadlines, retries, a circuit breaker and a limit of requests.

    All requests, from whichever thread and event loop, share one loop, its connections, the
    limit and the breaker.

    Parameters
    ----------
    settings : LlmSettings
        ``base_url`` must be set.
    http_client : httpx.AsyncClient, optional
        Sends the requests; of the HTTP library that the installed ``openai`` uses.
    sleep : coroutine function
        Waits between attempts.

    Raises
    ------
    SettingsError
        There is no address, or ``openai`` is not installed.
    """

    def __init__(
        self, settings: LlmSettings, *, http_client: Any = None, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._settings = settings
        endpoint = self._endpoint = Endpoint(settings, http_client=http_client, sleep=sleep)
        self._thread = LoopThread("recx-llm", endpoint.aclose, _closed)
        self._only_model = OnlyModel(settings, endpoint)
        self._takes_grammar = AskedOnce(self._ask_grammar)

    def __repr__(self) -> str:
        model = self._settings.model or "its only model"
        return f"{type(self).__name__}({model} at {self._endpoint.url})"

    @property
    def name(self) -> str:
        """``model@endpoint``; where none is set the endpoint is asked, and waited for.

        Where it does not say the model's part is ``?``.
        """
        model: str | None = None
        with suppress(LlmError):
            deadline = time.monotonic() + self._settings.connect_seconds
            model = (
                self._settings.model
                or self._thread.submit(self._only_model.name(deadline)).result()
            )
        return f"{model or '?'}@{self._endpoint.url}"

    @property
    def paused(self) -> bool:
        """Whether the endpoint is left alone for a while, after too many faults in a row."""
        return self._endpoint.paused

    async def complete(self, request: ChatRequest, *, deadline: float | None = None) -> ChatReply:
        """Answer one request; see :class:`recx_agent.protocols.ChatModel`.

        Faults that may pass are followed by up to ``settings.retries`` further attempts, as
        long as there is time.
        """
        return await self._thread.call(self._complete(request, deadline))

    async def stream(
        self, request: ChatRequest, *, deadline: float | None = None
    ) -> AsyncGenerator[str | ChatReply]:
        """Answer piece by piece; see :class:`recx_agent.protocols.StreamingChatModel`."""
        heard: Channel[str | ChatReply] = Channel()
        asked = self._thread.start(lambda: self._stream(request, deadline, heard))
        asked.future.add_done_callback(lambda done: heard.end(_error_of(done)))
        try:
            async for piece in heard:
                yield piece
        finally:
            await asked.cancel()

    async def takes_grammar(self, *, deadline: float | None = None) -> bool:
        """Whether the endpoint follows a grammar: by the settings, or it is asked, once."""
        ask = self._endpoint.retried(lambda: self._grammar_is_taken(deadline), deadline)
        return await self._thread.call(ask)

    async def models(self, *, deadline: float | None = None) -> list[str]:
        """The names of the endpoint's models."""
        return await self._thread.call(self._only_model.served(deadline))

    async def aclose(self) -> None:
        """Let go of the connections; what is under way is cancelled, and nothing follows."""
        await asyncio.to_thread(self._thread.stop)

    # What follows runs in the loop of the thread.

    async def _complete(self, request: ChatRequest, deadline: float | None) -> ChatReply:
        began = time.monotonic()
        reply = await self._endpoint.retried(lambda: self._once(request, deadline), deadline)
        return replace(reply, seconds=time.monotonic() - began)

    async def _once(self, request: ChatRequest, deadline: float | None) -> ChatReply:
        return await self._chat(await self._taken(request, deadline), deadline)

    async def _stream(
        self, request: ChatRequest, deadline: float | None, heard: Channel[str | ChatReply]
    ) -> None:
        began = time.monotonic()
        said = False

        def say(piece: str) -> None:
            nonlocal said
            said = True
            heard.put(piece)

        async def once() -> ChatReply | LlmError:
            try:
                taken = await self._taken(request, deadline)
                return await self._chat(taken, deadline, say)
            except LlmError as fault:
                if said:
                    return fault  # what was said cannot be said anew
                raise

        reply = await self._endpoint.retried(once, deadline)
        if isinstance(reply, LlmError):
            raise reply
        heard.put(replace(reply, seconds=time.monotonic() - began))

    async def _taken(self, request: ChatRequest, deadline: float | None) -> ChatRequest:
        """The request as the endpoint takes it."""
        if request.grammar is not None and not await self._grammar_is_taken(deadline):
            return replace(request, grammar=None)
        return request

    async def _chat(
        self, request: ChatRequest, deadline: float | None, say: Say | None = None
    ) -> ChatReply:
        """Ask once; piece by piece where somebody listens."""
        body: dict[str, Any] = {
            "model": await self._only_model.name(deadline),
            "messages": [{"role": m.role, "content": m.content} for m in request.messages],
            "max_tokens": request.max_tokens,
            "temperature": request.temperature,
            "n": request.n,
        }
        extra: dict[str, Any] = {}
        if request.grammar is not None:
            extra["structured_outputs"] = {"grammar": request.grammar}
        if request.cache_salt is not None:
            extra["cache_salt"] = request.cache_salt
        if extra:
            body["extra_body"] = extra
        url = self._endpoint.url
        try:
            if say is not None:
                return await self._endpoint.attempt(_streaming(body, url, say), _whole, deadline)
            return await self._endpoint.attempt(
                lambda client: client.chat.completions.create(**body),
                read_completion(url),
                deadline,
            )
        except LlmRefused:
            self._only_model.forget()
            raise

    async def _grammar_is_taken(self, deadline: float | None) -> bool:
        if self._settings.structured != "auto":
            return self._settings.structured == "on"
        return await self._takes_grammar.get(seconds_left(deadline))

    async def _ask_grammar(self) -> bool:
        """Some endpoints refuse a grammar, others pass over it in silence."""
        try:
            reply = await self._chat(GRAMMAR_PROBE, self._limit())
        except LlmRefused:
            # Refused for the grammar, or for something else: then it is refused without too.
            await self._chat(replace(GRAMMAR_PROBE, grammar=None), self._limit())
            return False
        return follows_probe(reply)

    def _limit(self) -> float:
        return time.monotonic() + self._settings.timeout_seconds


def _streaming(
    body: dict[str, Any], url: str, say: Say
) -> Callable[[AsyncOpenAI], Awaitable[ChatReply]]:
    async def send(client: AsyncOpenAI) -> ChatReply:
        more: dict[str, Any] = {"stream": True, "stream_options": {"include_usage": True}}
        stream: Any = await client.chat.completions.create(**body, **more)
        async with stream:
            return await read_stream(url, stream, say)

    return send


def _whole(reply: ChatReply) -> ChatReply:
    return reply


def _error_of(done: Future[None]) -> BaseException | None:
    """What the reader of a stream is told at its end."""
    return _closed() if done.cancelled() else done.exception()


def _closed() -> LlmRefused:
    return LlmRefused("this chat model was closed; make another one")


def follows_probe(reply: ChatReply) -> bool:
    """Whether an answer to :data:`GRAMMAR_PROBE` kept to its grammar."""
    word, _, digits = reply.choices[0].text.partition(" ")
    return word == "grammar" and len(digits) == 3 and digits.isdigit()
