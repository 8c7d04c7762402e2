"""A chat model that answers from a script, for tests of whatever asks one."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from recx_agent.errors import LlmFaulty, LlmTimeout
from recx_agent.protocols import ChatChoice, ChatReply, ChatRequest, FinishReason


@dataclass(frozen=True)
class Pieces:
    """An answer piece by piece: a text, a wait of so many seconds, or what is raised there.

    Without a finish reason the stream ends as where a connection breaks.
    """

    pieces: Sequence[str | float | BaseException]
    finish_reason: FinishReason | None = "stop"


Answer = str | ChatChoice | ChatReply | Pieces | BaseException
"""A text, one choice, a whole reply, one in pieces, or what is raised instead."""


@dataclass(frozen=True)
class Delayed:
    """An answer that comes after so many seconds of the model's clock."""

    answer: Answer
    seconds: float


@dataclass(frozen=True)
class Asked:
    """A request as it came, and by when it was to be answered."""

    request: ChatRequest
    deadline: float | None


Script = Callable[[ChatRequest], Answer | Delayed]


class ScriptExhausted(AssertionError):
    """The model was asked more often than its script has answers."""


class ScriptedChatModel:
    """Answers in the order of a list, or by a function of the request.

    A reply holds as many choices as were asked for: a text is repeated. A delay that goes past
    the deadline ends at it with :class:`LlmTimeout`, as with any chat model; it is waited for
    by ``sleep``, so that a test with a clock of its own waits for nothing.

    Parameters
    ----------
    script : iterable or callable
        Texts, choices, replies, exceptions, or :class:`Delayed` ones of these.
    name : str
    clock : callable
        What deadlines are times of.
    sleep : coroutine function
        Waits for so many seconds of that clock.

    Streamed, a text comes word by word.

    Attributes
    ----------
    asked : list of Asked
        Every request, in the order in which they came.
    open_streams : int
        As many are being read.
    closed : bool

    Examples
    --------
    >>> import asyncio
    >>> from recx_agent.protocols import ChatRequest, Message
    >>> model = ScriptedChatModel(["Because you rated {H1.rating}."])
    >>> request = ChatRequest(messages=(Message("user", "Why?"),))
    >>> asyncio.run(model.complete(request)).choices[0].text
    'Because you rated {H1.rating}.'
    """

    def __init__(
        self,
        script: Iterable[Answer | Delayed] | Script,
        *,
        name: str = "scripted",
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._answer = script if callable(script) else _in_turn(iter(script))
        self._name = name
        self._clock = clock
        self._sleep = sleep
        self.asked: list[Asked] = []
        self.open_streams = 0
        self.closed = False

    @property
    def name(self) -> str:
        """As given."""
        return self._name

    @property
    def requests(self) -> list[ChatRequest]:
        """Every request, in the order in which they came."""
        return [asked.request for asked in self.asked]

    async def complete(self, request: ChatRequest, *, deadline: float | None = None) -> ChatReply:
        """Give the next answer, or raise it.

        Raises
        ------
        ScriptExhausted
            There is none left.
        """
        self.asked.append(Asked(request, deadline))
        answer, seconds = _timed(self._answer(request))
        await self._wait(seconds, deadline)
        if isinstance(answer, Pieces):
            text = "".join([piece async for piece in self._said(answer, deadline)])
            answer = ChatChoice(text, answer.finish_reason or "other")
        if isinstance(answer, BaseException):
            raise answer
        return self._reply(answer, request, seconds)

    async def stream(
        self, request: ChatRequest, *, deadline: float | None = None
    ) -> AsyncGenerator[str | ChatReply]:
        """Give the next answer piece by piece; see :meth:`complete`."""
        self.asked.append(Asked(request, deadline))
        answer, seconds = _timed(self._answer(request))
        self.open_streams += 1
        try:
            await self._wait(seconds, deadline)
            if isinstance(answer, BaseException):
                raise answer
            if not isinstance(answer, Pieces):
                reply = self._reply(answer, request, seconds)
                async for piece in self._said(_words(reply), deadline):
                    yield piece
                yield reply
                return
            said = ""
            async for piece in self._said(answer, deadline):
                said += piece
                yield piece
            if answer.finish_reason is None:
                raise LlmFaulty(f"{self._name}: the stream ended before the answer did")
            yield self._reply(ChatChoice(said, answer.finish_reason), request, seconds)
        finally:
            self.open_streams -= 1

    async def aclose(self) -> None:
        """Note that it was closed."""
        self.closed = True

    async def _said(self, answer: Pieces, deadline: float | None) -> AsyncGenerator[str]:
        for piece in answer.pieces:
            if isinstance(piece, BaseException):
                raise piece
            if isinstance(piece, str):
                yield piece
            else:
                await self._wait(piece, deadline)

    async def _wait(self, seconds: float, deadline: float | None) -> None:
        left = float("inf") if deadline is None else deadline - self._clock()
        if left <= 0 or seconds > left:
            await self._sleep(max(left, 0.0))
            raise LlmTimeout(f"{self._name}: no answer in time, as scripted")
        await self._sleep(seconds)

    def _reply(
        self, answer: str | ChatChoice | ChatReply, request: ChatRequest, seconds: float
    ) -> ChatReply:
        if isinstance(answer, ChatReply):
            return replace(answer, seconds=seconds)
        choice = ChatChoice(answer, "stop") if isinstance(answer, str) else answer
        return ChatReply(choices=(choice,) * request.n, model=self._name, seconds=seconds)


def _timed(answer: Answer | Delayed) -> tuple[Answer, float]:
    return (answer.answer, answer.seconds) if isinstance(answer, Delayed) else (answer, 0.0)


def _words(reply: ChatReply) -> Pieces:
    """Each word with the space before it."""
    return Pieces(re.findall(r"\s*\S+|\s+", reply.choices[0].text))


def _in_turn(answers: Iterator[Answer | Delayed]) -> Script:
    def next_one(request: ChatRequest) -> Answer | Delayed:
        for answer in answers:
            return answer
        raise ScriptExhausted(f"no answer left in the script for {request.messages[-1].content!r}")

    return next_one
