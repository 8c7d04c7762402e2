"""How often a caller may ask."""

from __future__ import annotations

import time
from typing import Any

import limits
from limits.aio import strategies as asynchronous
from limits.errors import ConfigurationError, StorageError
from limits.storage import storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter

from recx_agent.errors import ServerBusy, SettingsError, TooManyRequests
from recx_agent.settings import ServeSettings

_HERE = "memory://"


class CallerLimits:
    """Counts requests by caller and refused credentials by address, over a sliding window.

    Parameters
    ----------
    settings : ServeSettings
        ``rate``, ``sign_in_rate`` and ``rate_store``, which several servers may share.

    Raises
    ------
    SettingsError
        The store cannot be used.
    """

    def __init__(self, settings: ServeSettings) -> None:
        self._rate = None if settings.rate is None else limits.parse(settings.rate)
        self._sign_in = (
            None if settings.sign_in_rate is None else limits.parse(settings.sign_in_rate)
        )
        where = settings.rate_store.get_secret_value()
        self._here = where.startswith(_HERE)
        self._limiter: Any
        try:
            if self._here:
                self._limiter = SlidingWindowCounterRateLimiter(storage_from_string(where))
            else:
                storage: Any = storage_from_string(f"async+{where}", wrap_exceptions=True)
                self._limiter = asynchronous.SlidingWindowCounterRateLimiter(storage)
        except ConfigurationError as error:
            raise SettingsError(
                "serve.rate_store cannot be used; write it as redis://host:port and install the "
                "package 'redis', or leave it out"
            ) from error

    async def check(self, key_id: str) -> None:
        """Count a request of a caller.

        Raises
        ------
        TooManyRequests
            He has asked as often as he may.
        ServerBusy
            The store does not answer.
        """
        await self._count(self._rate, "caller", key_id, "too many requests; slow down")

    async def refused(self, address: str) -> None:
        """Count a credential that was refused.

        Raises
        ------
        TooManyRequests
            There were too many from this address.
        ServerBusy
            The store does not answer.
        """
        await self._count(self._sign_in, "address", address, "too many refused credentials")

    async def _count(
        self, rate: limits.RateLimitItem | None, kind: str, who: str, words: str
    ) -> None:
        if rate is None:
            return
        try:
            if self._here:
                allowed = self._limiter.hit(rate, kind, who)
                end = 0.0 if allowed else self._limiter.get_window_stats(rate, kind, who)[0]
            else:
                allowed = await self._limiter.hit(rate, kind, who)
                end = 0.0 if allowed else (await self._limiter.get_window_stats(rate, kind, who))[0]
        except StorageError as error:
            raise ServerBusy("requests cannot be counted now; try again in a moment") from error
        if not allowed:
            raise TooManyRequests(words, end - time.time())
