"""Every error of the OpenAI client and its HTTP library has one of ours."""

from __future__ import annotations

import importlib
import pkgutil
import traceback
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import openai
import pytest

from recx_agent.errors import (
    LlmError,
    LlmFaulty,
    LlmOverloaded,
    LlmRefused,
    LlmTimeout,
    LlmUnreachable,
)
from recx_agent.llms.faults import as_llm_error, kind_of, kind_of_status, retry_after
from tests.unit.llms.conftest import KEY, http

REQUEST = http.Request("POST", "http://model.test/v1/chat/completions")


def subclasses(base: type[BaseException]) -> Iterator[type[BaseException]]:
    for below in base.__subclasses__():
        yield below
        yield from subclasses(below)


LEFT_OUT = {"types", "resources", "__main__", "cli", "websockets"}


def parts(package: Any) -> Iterator[str]:
    """Names of a package's modules, private ones too.

    Left out are those that only hold data types, and what needs another extra.
    """
    for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        if module.name.rpartition(".")[2] in LEFT_OUT:
            continue
        yield module.name
        if module.ispkg:
            with suppress(ImportError):
                yield from parts(importlib.import_module(module.name))


def errors_of(package: Any) -> set[type[BaseException]]:
    """Every exception class that a package defines."""
    for name in parts(package):
        with suppress(ImportError):  # a part whose extra is not installed
            importlib.import_module(name)
    top = package.__name__
    found = {kind for kind in subclasses(Exception) if kind.__module__.partition(".")[0] == top}
    return {kind for kind in found if not issubclass(kind, Warning)}


CLIENT = sorted(errors_of(openai), key=lambda kind: kind.__qualname__)
TRANSPORT = sorted(errors_of(http) | errors_of(httpx), key=lambda kind: kind.__qualname__)


def test_the_walk_finds_what_is_known_to_be_there() -> None:
    assert {openai.APITimeoutError, openai.RateLimitError, openai.OpenAIError} <= set(CLIENT)
    assert {http.ConnectTimeout, http.RemoteProtocolError, http.InvalidURL} <= set(TRANSPORT)


def bare(kind: type[BaseException]) -> BaseException:
    """An instance without what its constructor asks for."""
    error = kind.__new__(kind)
    error.args = (f"Bearer {KEY}",)
    return error


@pytest.mark.parametrize("kind", [*CLIENT, *TRANSPORT], ids=lambda kind: kind.__qualname__)
def test_every_error_becomes_one_of_ours(kind: type[BaseException]) -> None:
    ours = as_llm_error(bare(kind), "http://model.test/v1", KEY)
    assert isinstance(ours, LlmError)
    assert type(ours) is not LlmError
    assert KEY not in str(ours)
    assert str(ours).startswith("http://model.test/v1: ")


REQUESTS_RAISE = [kind for kind in CLIENT if issubclass(kind, openai.OpenAIError)]


@pytest.mark.parametrize("kind", [*REQUESTS_RAISE, *TRANSPORT], ids=lambda kind: kind.__qualname__)
def test_what_a_request_can_raise_is_named_or_below_a_named_one(kind: type[BaseException]) -> None:
    assert kind_of(bare(kind)) is not None, f"{kind.__module__}.{kind.__qualname__} has no place"


class Unknown(Exception):
    pass


def test_a_class_that_is_not_named_is_found_missing() -> None:
    Unknown.__module__ = "openai.novelties"
    assert kind_of(Unknown()) is None
    assert type(as_llm_error(Unknown(), "here")) is LlmFaulty


def status_error(status: int, body: Any = None, **headers: str) -> openai.APIStatusError:
    response = http.Response(status, request=REQUEST, headers=headers)
    client = openai.OpenAI(api_key="none", base_url="http://model.test/v1")
    with client:
        return client._make_status_error("no", body=body, response=response)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, LlmRefused),
        (401, LlmRefused),
        (403, LlmRefused),
        (404, LlmRefused),
        (408, LlmTimeout),
        (409, LlmFaulty),
        (413, LlmRefused),
        (422, LlmRefused),
        (429, LlmOverloaded),
        (500, LlmFaulty),
        (502, LlmFaulty),
        (503, LlmOverloaded),
        (504, LlmTimeout),
        (529, LlmOverloaded),
    ],
)
def test_every_status_has_its_kind(status: int, kind: type[LlmError]) -> None:
    ours = as_llm_error(status_error(status, {"message": "it says why"}), "here")
    assert type(ours) is kind
    assert f"HTTP {status}: it says why" in str(ours)


def test_a_quota_that_is_used_up_is_refused() -> None:
    body = {"message": "You exceeded your quota", "code": "insufficient_quota"}
    assert type(as_llm_error(status_error(429, body), "here")) is LlmRefused
    assert kind_of_status(429) is LlmOverloaded


def wrapped(cause: BaseException) -> openai.APIConnectionError:
    """What the client makes of an error in sending."""
    late = isinstance(cause, http.TimeoutException)
    error = (openai.APITimeoutError if late else openai.APIConnectionError)(request=REQUEST)
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (http.ConnectError("refused"), LlmUnreachable),
        (http.ConnectTimeout("slow"), LlmUnreachable),
        (http.ReadTimeout("slow"), LlmTimeout),
        (http.PoolTimeout("slow"), LlmTimeout),
        (http.RemoteProtocolError("cut off"), LlmUnreachable),
        (http.LocalProtocolError(f"Illegal header value b'Bearer {KEY}\\n'"), LlmRefused),
        (http.UnsupportedProtocol("ftp"), LlmRefused),
        (http.TooManyRedirects("round and round"), LlmRefused),
        (http.DecodingError("not gzip"), LlmFaulty),
        (ValueError("whatever"), LlmUnreachable),
    ],
)
def test_what_the_client_wraps_is_looked_at(cause: Exception, kind: type[LlmError]) -> None:
    ours = as_llm_error(wrapped(cause), "here", KEY)
    assert type(ours) is kind
    assert str(cause).replace(KEY, "…")[:20] in str(ours)
    assert KEY not in "".join(traceback.format_exception(ours))


def test_what_python_raises_is_mapped_too() -> None:
    assert type(as_llm_error(TimeoutError(), "here")) is LlmTimeout
    assert type(as_llm_error(ConnectionResetError(), "here")) is LlmUnreachable
    assert type(as_llm_error(UnicodeDecodeError("utf-8", b"", 0, 1, "no"), "here")) is LlmFaulty


def test_an_error_of_ours_stays_what_it_is() -> None:
    ours = LlmPausedLike("left alone")
    assert as_llm_error(ours, "here") is ours


class LlmPausedLike(LlmError):
    pass


def test_what_an_endpoint_says_is_one_line_of_bounded_length() -> None:
    body = {"message": "a\x1b[31m\nb " + "long " * 500}
    told = str(as_llm_error(status_error(400, body), "here"))
    assert "\n" not in told and "\x1b" not in told
    assert len(told) < 450


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "3"}, 3.0),
        ({"retry-after-ms": "250", "retry-after": "3"}, 0.25),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({"retry-after": "-4"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "nan"}, None),
        ({}, None),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    response = http.Response(429, request=REQUEST, headers=headers)
    assert retry_after(response) == seconds
    ours = as_llm_error(openai.RateLimitError("no", response=response, body=None), "here")
    assert isinstance(ours, LlmOverloaded)
    assert ours.retry_after == seconds


def test_retry_after_of_nothing() -> None:
    assert retry_after(None) is None
