from __future__ import annotations

from typing import Any

import pytest
from limits.errors import StorageError
from pydantic import ValidationError

from recx_agent.errors import ServerBusy, SettingsError, TooManyRequests
from recx_agent.serve.running import CallerLimits
from recx_agent.settings import ServeSettings


def limits(**settings: Any) -> CallerLimits:
    return CallerLimits(ServeSettings.model_validate(settings))


async def test_callers_are_counted_apart_and_addresses_from_callers() -> None:
    counted = limits(rate="2/hour", sign_in_rate="1/hour")
    for _ in range(2):
        await counted.check("user:1")
    with pytest.raises(TooManyRequests) as refused:
        await counted.check("user:1")
    assert 1 <= refused.value.retry_after <= 3600
    await counted.check("user:2")
    await counted.refused("user:1")
    with pytest.raises(TooManyRequests, match="credentials"):
        await counted.refused("user:1")


async def test_without_a_limit_nothing_is_counted() -> None:
    counted = limits(rate=None, sign_in_rate="none")
    for _ in range(500):
        await counted.check("user:1")
        await counted.refused("1")


async def test_a_store_that_does_not_answer_lets_nobody_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counted = limits(rate="2/hour")

    def fail(*_: object) -> bool:
        raise StorageError(OSError("no store"))

    monkeypatch.setattr(counted._limiter, "hit", fail)
    with pytest.raises(ServerBusy, match="cannot be counted"):
        await counted.check("user:1")


def test_a_store_that_cannot_be_used_is_named_without_its_password() -> None:
    for where in ("nosuch://user:password@host", "memcachedx://"):
        with pytest.raises(SettingsError, match=r"serve\.rate_store cannot be used") as caught:
            limits(rate_store=where)
        assert "password" not in str(caught.value)


@pytest.mark.parametrize("rate", ["", "many", "0/minute", "5/fortnight", "5 per minute", "-1/hour"])
def test_what_is_no_rate(rate: str) -> None:
    with pytest.raises(ValidationError, match="such as 120/minute, or none"):
        limits(rate=rate)
