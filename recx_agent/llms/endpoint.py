"""One way to send a request: a turn, a limit of time, our errors, retries, the breaker."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import tenacity

from recx_agent.errors import LlmError, LlmOverloaded, LlmPaused, LlmTimeout, SettingsError
from recx_agent.llms.breaker import CircuitBreaker
from recx_agent.llms.faults import as_llm_error
from recx_agent.settings import LlmSettings

if TYPE_CHECKING:
    from openai import AsyncOpenAI

Result = TypeVar("Result")
Sleep = Callable[[float], Awaitable[None]]

NO_KEY = "none"
"""The client will not be without a key; servers that ask for none pass over it."""

_FIRST_WAIT, _LONGEST_WAIT = 0.5, 8.0  # seconds


class Endpoint:
    """An address that speaks the OpenAI protocol, asked from one event loop.

    Parameters and errors are those of :class:`recx_agent.llms.openai_chat.OpenAIChatModel`.
    """

    def __init__(
        self, settings: LlmSettings, *, http_client: Any = None, sleep: Sleep = asyncio.sleep
    ) -> None:
        if settings.base_url is None:
            raise SettingsError("llm.base_url is not set: give it the address of a chat endpoint")
        self.url = settings.base_url
        self._settings = settings
        self._secret = settings.api_key.get_secret_value() if settings.api_key else ""
        self._client = _make_client(settings, self._secret, http_client)
        self._breaker = CircuitBreaker(settings.breaker_faults, settings.breaker_seconds, self.url)
        self._turns = asyncio.Semaphore(settings.concurrency)
        self._sleep = sleep

    @property
    def paused(self) -> bool:
        """Whether it is being left alone."""
        return self._breaker.paused

    async def retried(
        self, attempt: Callable[[], Awaitable[Result]], deadline: float | None = None
    ) -> Result:
        """Make attempts until one succeeds, ``settings.retries + 1`` at most, by the deadline.

        Parameters
        ----------
        attempt : coroutine function
            Raises :class:`LlmError`; is made again where that may pass.
        deadline : float, optional
            Time of :func:`time.monotonic`.

        Raises
        ------
        LlmError
            That of the last attempt; but where it was only held back, or cut off by the
            deadline, that of the one before, which tells more.
        """
        faults: list[LlmError] = []

        async def telling() -> Result:
            try:
                return await attempt()
            except LlmError as fault:
                cut_off = isinstance(fault, LlmTimeout) and (seconds_left(deadline) or 1) <= 0
                if faults and (cut_off or isinstance(fault, LlmPaused)):
                    raise faults[-1] from None
                faults.append(fault)
                raise

        return await self._attempts(deadline)(telling)

    async def attempt(
        self,
        send: Callable[[AsyncOpenAI], Awaitable[Any]],
        read: Callable[[Any], Result],
        deadline: float | None = None,
    ) -> Result:
        """Send once, and read the answer.

        Parameters
        ----------
        send : callable
            Makes the request with the client.
        read : callable
            Reads what came back; what it raises is a fault of the endpoint.
        deadline : float, optional
            Time of :func:`time.monotonic`.

        Raises
        ------
        LlmError
        """
        self._breaker.check()  # before the turn, so that nobody queues for a dead endpoint
        async with self._turn(deadline):
            left = seconds_left(deadline)
            seconds = min(self._settings.timeout_seconds, math.inf if left is None else left)
            with self._breaker.watch(seconds=seconds):
                try:
                    async with asyncio.timeout(seconds):
                        return read(await send(self._client))
                except TimeoutError:
                    raise LlmTimeout(
                        f"{self.url}: no answer within {seconds:.3g} s; the server may be busy, "
                        "or the time too short (llm.timeout_seconds, llm.deadline_ms)"
                    ) from None
                except Exception as error:  # noqa: BLE001 - raised again, as one of ours
                    # Not "from error": its words may hold the key, and tracebacks show them.
                    raise as_llm_error(error, self.url, self._secret) from None

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._client.close()

    def _attempts(self, deadline: float | None) -> tenacity.AsyncRetrying:
        stop: Any = tenacity.stop_after_attempt(self._settings.retries + 1)
        left = seconds_left(deadline)
        if left is not None:
            stop |= tenacity.stop_before_delay(max(left, 0.0))
        return tenacity.AsyncRetrying(
            stop=stop,
            wait=_wait,
            retry=tenacity.retry_if_exception(_may_pass),
            sleep=self._sleep,
            reraise=True,
        )

    @asynccontextmanager
    async def _turn(self, deadline: float | None) -> AsyncIterator[None]:
        """Wait for one of the ``settings.concurrency`` places."""
        try:
            async with asyncio.timeout(seconds_left(deadline)):
                await self._turns.acquire()
        except TimeoutError:
            raise LlmTimeout(
                f"{self.url}: {self._settings.concurrency} requests are in flight, and there was "
                "no turn in time; raise llm.concurrency if the endpoint can take more"
            ) from None
        try:
            yield
        finally:
            self._turns.release()


def seconds_left(deadline: float | None) -> float | None:
    """Until a time of :func:`time.monotonic`; negative when it has passed."""
    return None if deadline is None else deadline - time.monotonic()


def _make_client(settings: LlmSettings, secret: str, http_client: Any) -> AsyncOpenAI:
    try:
        import openai
    except ImportError as error:
        raise SettingsError(
            "llm.base_url is set, and the package 'openai' is missing: "
            "pip install 'recx-agent[llm]'"
        ) from error
    # No limit of its own but for connecting: ours are of the whole request.
    timeout = openai.Timeout(None, connect=settings.connect_seconds)
    return openai.AsyncOpenAI(
        base_url=settings.base_url,
        api_key=secret or NO_KEY,
        timeout=timeout,
        max_retries=0,
        http_client=http_client,
    )


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, LlmError) and error.passing


def _wait(state: tenacity.RetryCallState) -> float:
    """Seconds before the next attempt: what the endpoint asks for, else a random part of more.

    Source: M. Brooker, *Exponential Backoff And Jitter*, AWS Architecture Blog, 2015, "full
    jitter".
    """
    jitter = tenacity.wait_random_exponential(multiplier=_FIRST_WAIT, max=_LONGEST_WAIT)(state)
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, LlmOverloaded) else None
    # All who were turned away together should not come back together.
    return jitter if asked is None else asked + min(jitter, _FIRST_WAIT)
