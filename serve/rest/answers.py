"""Problem details as responses, with FastAPI's own errors among them."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from recx_agent.errors import RecxError, UnfitRequest
from recx_agent.serve.rest.problems import MEDIA_TYPE, Problem, headers_of, kind_of, problem_of
from recx_agent.serve.running import logs

USER_FIELDS = frozenset({"user", "user_id", "userid", "uid", "account", "account_id", "subject"})
"""What a client may not say: the credential does."""
_SAID = "who it is about is told by the credential alone; leave it out"


def problem_response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """A problem as a response."""
    content = problem.model_dump_json(exclude_none=True)
    return Response(content, problem.status, dict(headers or {}), MEDIA_TYPE)


def error_response(error: BaseException, request_id: str, *, to_operator: bool = False) -> Response:
    """The response to an error; what is the operator's is logged."""
    kind = kind_of(error)
    if kind.words is None:
        logs.fault("fault", error, request_id=request_id)
    problem = problem_of(error, request_id, to_operator=to_operator)
    return problem_response(problem, headers_of(error))


def request_id_of(request: Request) -> str:
    """The number of a request, which the door gave it."""
    return str(request.scope.setdefault("state", {}).setdefault("request_id", str(uuid.uuid4())))


def add_handlers(app: FastAPI) -> None:
    """Have the application answer with problem details."""
    app.add_exception_handler(RecxError, _recx_error)
    app.add_exception_handler(RequestValidationError, _unfit)
    app.add_exception_handler(HTTPException, _http)


def unfit(found: Sequence[Mapping[str, Any]]) -> UnfitRequest:
    """What pydantic found wrong with a request, without what was sent."""
    problems = []
    for one in found:
        place = one["loc"]
        named = str(place[-1]).lower() if place else ""
        where = ".".join(_word(part) for part in place) or "body"
        words = _SAID if named in USER_FIELDS else str(one["msg"])
        problems.append((where, words))
    return UnfitRequest(tuple(problems[:50]))


def _word(part: Any) -> str:
    """A field's name, shortened: a client may send any."""
    text = str(part).encode("ascii", "backslashreplace").decode()
    return text if len(text) <= 60 else text[:60] + "…"


async def _recx_error(request: Request, error: Exception) -> Response:
    caller = request.scope.get("state", {}).get("caller")
    to_operator = caller is not None and "operate" in caller.scopes
    return error_response(error, request_id_of(request), to_operator=to_operator)


async def _unfit(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    problem = unfit(error.errors())
    if any(words == _SAID for _, words in problem.problems):
        logs.event(
            "user_named", level=logging.WARNING, request_id=request_id_of(request), what="field"
        )
    return error_response(problem, request_id_of(request))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    problem = Problem(
        type="about:blank",
        title=status.phrase,
        status=status.value,
        detail=_HTTP_WORDS.get(status.value, status.description or status.phrase),
        instance=f"urn:uuid:{request_id_of(request)}",
    )
    headers = dict(error.headers or {})
    if status is HTTPStatus.METHOD_NOT_ALLOWED and (methods := _methods_at(request)):
        headers["Allow"] = ", ".join(methods)
    return problem_response(problem, headers)


def _methods_at(request: Request) -> list[str]:
    """What the document has at an address; Starlette names one of several routes alone."""
    for template, operations in request.app.openapi()["paths"].items():
        pattern = re.sub(r"\\{\w+\\}", ".+", re.escape(template))
        if re.fullmatch(pattern, request.scope["path"]):
            return [method.upper() for method in operations]
    return []


_HTTP_WORDS = {
    404: "there is nothing at this address; /openapi.json lists what there is",
    405: "this address does not take the method; the header Allow has those it takes",
}
