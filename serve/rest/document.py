"""The OpenAPI document: what every route may answer, with examples."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from recx_agent.serve.rest.problems import MEDIA_TYPE, Problem

NO_CONTENT, METRICS = "no_content", "metrics"
_REF = "#/components/schemas/"
_EXAMPLE = "example of"
_PROBLEMS = {
    400: ("The request cannot be read", "refused", "the body did not come in time"),
    401: ("No credential, or one that does not hold", "not-signed-in", "the token has expired"),
    403: ("The credential does not allow it", "forbidden", "it does not have the scope 'users'"),
    404: ("Nothing such", "unknown-item", "item 'Alein' is not in the catalogue"),
    409: ("It cannot be, as things stand", "no-history", "the user has no history that counts"),
    413: ("The body is too long", "too-large", "the body is longer than 262,144 bytes"),
    415: ("The body is not sent as JSON", "no-json", "send it as application/json"),
    421: ("Another host's name", "wrong-host", "this server is not called so"),
    422: ("Not what the route takes", "unfit-request", "body.k: Input should be at least 1"),
    429: ("Asked too often; Retry-After says when", "too-many-requests", "slow down"),
    500: ("A fault of the service", "internal", "the operator finds what is wrong in the log"),
    503: ("Not now; Retry-After says when", "busy", "too much is being asked at once"),
}
_DESCRIPTION = """Recommendations that can say, truthfully, why.

Who it is about is told by the credential alone: a user's token, or the user an API key was made
for. A field, query or header that names a user is refused or not looked at. Every error is a
problem detail (RFC 9457)."""


@cache
def examples() -> dict[str, Any]:
    """An example of every answer, by name."""
    place = resources.files("recx_agent.serve.rest") / "examples.json"
    content: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
    return content


def event_stream(**more: Any) -> dict[str, Any]:
    """The content of server-sent events: the schema is that of each event (OpenAPI 3.2)."""
    data = {"type": "string", "contentMediaType": "application/json"}
    event = {
        "type": "object",
        "properties": {"event": {"type": "string"}, "data": data},
        "required": ["data"],
    }
    return {"text/event-stream": {"itemSchema": event, **more}}


def answers(name: str) -> dict[int | str, dict[str, Any]]:
    """What a route may answer: an example of the answer by its name, and all problems."""
    found: dict[int | str, dict[str, Any]] = {
        status: _problem(status, *words) for status, words in _PROBLEMS.items()
    }
    if name == METRICS:
        found[200] = {"description": "Prometheus' text format", "content": {"text/plain": {}}}
    elif name != NO_CONTENT:
        found[200] = {"content": {"application/json": {"example": {_EXAMPLE: name}}}}
    return found


def _problem(status: int, words: str, kind: str, detail: str) -> dict[str, Any]:
    example = {
        "type": f"urn:recx-agent:problem:{kind}",
        "title": words,
        "status": status,
        "detail": detail,
        "instance": "urn:uuid:6a1f0d5e-6c0b-4c5e-9d57-0f6f3f3d4f10",
    }
    answer: dict[str, Any] = {
        "description": words,
        "content": {MEDIA_TYPE: {"schema": {"$ref": _REF + "Problem"}, "example": example}},
    }
    if status in (429, 503):
        answer["headers"] = {
            "Retry-After": {"description": "seconds", "schema": {"type": "integer", "minimum": 1}}
        }
    return answer


def add_document(app: FastAPI) -> None:
    """Have the application tell its document, with the schema of problems in it."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            told = get_openapi(
                title=app.title,
                version=app.version,
                description=_DESCRIPTION,
                routes=app.routes,
                license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
            )
            schema = Problem.model_json_schema(ref_template=_REF + "{model}", mode="serialization")
            schemas = told.setdefault("components", {}).setdefault("schemas", {})
            schemas |= schema.pop("$defs", {})
            schemas["Problem"] = schema
            for operations in told["paths"].values():
                for operation in operations.values():
                    _give_example(operation["responses"])
            app.openapi_schema = told
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _give_example(responses: dict[str, Any]) -> None:
    """Put the example where its name stands: FastAPI would take what is null out of it."""
    content = responses.get("200", {}).get("content", {}).get("application/json", {})
    name = content.get("example", {}).get(_EXAMPLE)
    if name is not None:
        content["example"] = examples()[name]
