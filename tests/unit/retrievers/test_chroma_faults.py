"""Whatever Chroma and the way to its server raise comes out as one of two faults."""

from __future__ import annotations

import inspect
import json
from typing import Any

import chromadb.errors
import httpx
import orjson
import pytest
from chromadb.api.base_http_client import BaseHTTPClient

from recx_agent.errors import IndexUnreachable
from recx_agent.retrievers.chroma_faults import CollectionGone, StoreDamaged, fault_of, told

URL = "http://chroma.example:8000"
REQUEST = httpx.Request("GET", URL)

REFUSALS = {
    "AuthorizationError",
    "ChromaAuthError",
    "InvalidHTTPVersion",
    "QuotaError",
    "RateLimitError",
    "VersionMismatchError",
}


def errors_in(module: Any) -> list[type[Exception]]:
    """Every error class that a module hands out."""
    classes = [found for _, found in inspect.getmembers(module, inspect.isclass)]
    return [found for found in classes if issubclass(found, Exception)]


def made(kind: Any) -> Exception:
    """An error of a class, whatever its constructor asks for."""
    if issubclass(kind, httpx.HTTPStatusError):
        response = httpx.Response(503, request=REQUEST)
        return httpx.HTTPStatusError("said so", request=REQUEST, response=response)
    words_itself = issubclass(kind, httpx.StreamError) and kind is not httpx.StreamError
    error: Exception = kind() if words_itself else kind("said so")
    return error


@pytest.mark.parametrize("kind", errors_in(chromadb.errors), ids=lambda kind: str(kind.__name__))
def test_every_error_of_chroma_is_mapped(kind: type[Exception]) -> None:
    wanted = IndexUnreachable if kind.__name__ in REFUSALS else StoreDamaged
    assert type(fault_of(made(kind), URL)) is (
        CollectionGone if kind.__name__ == "NotFoundError" else wanted
    )
    # Embedded there is no server to blame; when it is first spoken to, only the server.
    assert isinstance(fault_of(made(kind)), StoreDamaged)
    assert isinstance(fault_of(made(kind), URL, opening=True), IndexUnreachable)


def test_every_error_that_a_server_can_name_is_among_them() -> None:
    assert set(chromadb.errors.error_types.values()) <= set(errors_in(chromadb.errors))


@pytest.mark.parametrize("kind", errors_in(httpx), ids=lambda kind: str(kind.__name__))
def test_every_error_of_the_way_to_the_server_is_mapped(kind: type[Exception]) -> None:
    fault = fault_of(made(kind), URL)
    assert isinstance(fault, IndexUnreachable)
    assert fault.url == URL
    assert fault.problem
    assert "'chroma run'" in str(fault) and "retriever.url" in str(fault)


@pytest.mark.parametrize("kind", errors_in(httpx), ids=lambda kind: str(kind.__name__))
def test_also_when_chroma_hides_it_in_an_error_of_its_own(kind: type[Exception]) -> None:
    try:
        try:
            raise made(kind)
        except kind:
            raise ValueError("Could not connect to a Chroma server")  # noqa: B904
    except ValueError as error:
        assert isinstance(fault_of(error, URL), IndexUnreachable)


def answered(status: int, body: bytes) -> Exception:
    """What Chroma's client raises when a server answers this."""
    response = httpx.Response(status, content=body, request=REQUEST)
    with pytest.raises(Exception) as raised:  # noqa: B017, PT011
        BaseHTTPClient._raise_chroma_error(response)
    return raised.value


@pytest.mark.parametrize(
    ("status", "body", "problem"),
    [
        (401, b"who are you", "it wants another token; status 401: who are you"),
        (403, b"", "it wants another token; status 403"),
        (404, b'{"detail":"Not Found"}', "no Chroma server of version 1; status 404"),
        (407, b"", "the proxy wants a login; status 407"),
        (413, b"too large", "lower retriever.batch_size; status 413"),
        (429, b"", "it has too much to do; status 429"),
        (418, b"a teapot", "it refuses; status 418: a teapot"),
        (503, b"<html>" + b"x" * 999, "it failed; status 503: <html>xxx"),
        (403, b'{"error":"AuthError","message":"no"}', "it refuses: no"),
    ],
)
def test_an_answer_that_is_not_chromas_tells_its_status(
    status: int, body: bytes, problem: str
) -> None:
    fault = fault_of(answered(status, body), URL)
    assert isinstance(fault, IndexUnreachable)
    assert problem in fault.problem
    assert len(fault.problem) < 300


@pytest.mark.parametrize("name", ["InternalError", "InvalidArgumentError", "ChromaError"])
def test_what_chroma_itself_says_is_wrong_is_damage(name: str) -> None:
    body = json.dumps({"error": name, "message": "nothing found on disk"}).encode()
    fault = fault_of(answered(500, body), URL)
    assert isinstance(fault, StoreDamaged)
    assert str(fault) == "nothing found on disk"


def test_an_answer_that_is_no_json() -> None:
    with pytest.raises(IndexUnreachable, match="what answers there is no Chroma server"):
        with told(URL):
            orjson.loads("<html>")


@pytest.mark.parametrize("error", [KeyError("user_id"), TypeError("no"), OSError("disk")])
def test_any_other_error(error: Exception) -> None:
    assert isinstance(fault_of(error), StoreDamaged)
    assert isinstance(fault_of(error, URL), StoreDamaged)
    assert isinstance(fault_of(error, URL, opening=True), IndexUnreachable)


def test_a_fault_is_not_told_twice() -> None:
    for fault in (CollectionGone("gone"), IndexUnreachable(URL, "silent")):
        with pytest.raises(type(fault)) as raised, told(URL):
            raise fault
        assert raised.value is fault


def test_a_panic_in_chromas_library_is_damage() -> None:
    class PanicException(BaseException):
        pass

    with pytest.raises(StoreDamaged, match="index out of bounds"), told():
        raise PanicException("index out of bounds")


def test_an_interrupt_stays_one() -> None:
    with pytest.raises(KeyboardInterrupt), told(URL):
        raise KeyboardInterrupt
