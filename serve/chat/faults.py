"""Errors as clients of the chat protocol expect them."""

from __future__ import annotations

from typing import Any

from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.responses import Response

from recx_agent.serve.chat.bodies import MODEL
from recx_agent.serve.rest.problems import headers_of, kind_of, problem_of
from recx_agent.serve.running import logs

_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "invalid_request_error",
    409: "invalid_request_error",
    413: "invalid_request_error",
    415: "invalid_request_error",
    421: "invalid_request_error",
    422: "invalid_request_error",
    429: "rate_limit_error",
}


class Fault(BaseModel):
    """What is wrong."""

    message: str
    type: str
    param: str | None
    code: str


class FaultBody(BaseModel):
    """An error of the protocol."""

    error: Fault


_STATUSES = {
    400: ("The request does not fit", "unfit-request", "messages.0.role"),
    401: ("No credential, or one that does not hold", "not-signed-in", None),
    403: ("The credential does not allow it", "forbidden", None),
    404: ("There is no such model", "model_not_found", "model"),
    409: ("It cannot be, as things stand", "no-history", None),
    413: ("The body is too long", "too-large", None),
    415: ("The body is not sent as JSON", "no-json", None),
    421: ("Another host's name", "wrong-host", None),
    429: ("Asked too often, or beside another message of the same user", "too-many-requests", None),
    500: ("A fault of the service", "internal", None),
    503: ("Not now", "busy", None),
}


def documented(**answer: Any) -> dict[int | str, dict[str, Any]]:
    """What a route may answer: ``answer`` of the status 200, and all errors with examples."""
    found: dict[int | str, dict[str, Any]] = {200: answer} if answer else {}
    for status, (words, code, param) in _STATUSES.items():
        kind = _TYPES.get(status, "server_error")
        error = {"message": words, "type": kind, "param": param, "code": code}
        content = {"application/json": {"example": {"error": error}}}
        found[status] = {"model": FaultBody, "description": words, "content": content}
        if status in (429, 503):
            schema = {"type": "integer", "minimum": 1}
            found[status]["headers"] = {"Retry-After": {"description": "seconds", "schema": schema}}
    return found


def is_chat(path: str) -> bool:
    """Whether an address is one of the chat protocol."""
    return path == "/v1/models" or path.startswith(("/v1/chat/", "/v1/models/"))


def fault_body(error: BaseException, request_id: str) -> dict[str, Any]:
    """An error as the protocol words it; what is the operator's is not told."""
    problem = problem_of(error, request_id)
    place = problem.errors[0].where.removeprefix("body.") if problem.errors else None
    words = problem.detail if not problem.errors else problem.errors[0].problem
    return {
        "error": {
            "message": words,
            "type": _TYPES.get(problem.status, "server_error"),
            "param": place,
            "code": problem.type.rpartition(":")[2],
        }
    }


def no_model() -> Response:
    """There is no model of this name."""
    words = f"there is no such model; the one there is is called {MODEL}"
    error = {
        "message": words,
        "type": "invalid_request_error",
        "param": "model",
        "code": "model_not_found",
    }
    return JSONResponse({"error": error}, 404)


def fault_response(error: BaseException, request_id: str) -> Response:
    """The response to an error; a request that does not fit is 400, as clients expect."""
    kind = kind_of(error)
    if kind.words is None:
        logs.fault("fault", error, request_id=request_id)
    status = 400 if kind.status == 422 else kind.status
    return JSONResponse(fault_body(error, request_id), status, headers_of(error))
