from __future__ import annotations

from typing import Any

import pytest
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from recx_agent.serve.rest import bodies, routes_ask, routes_operate, routes_people, routes_say
from recx_agent.serve.rest.app import make_app
from recx_agent.serve.rest.problems import TABLE, Problem
from recx_agent.serve.running import Service
from recx_agent.settings import Settings

ROUTES = [
    route
    for module in (routes_ask, routes_say, routes_people, routes_operate)
    for route in module.router.routes
    if isinstance(route, APIRoute)
]
OPEN = {"/healthz", "/readyz"}


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    settings = Settings(workspace=tmp_path_factory.mktemp("nothing"))
    return make_app(Service.of(settings)).openapi()


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_route_of_the_promise_is_there(document: dict[str, Any]) -> None:
    assert {name for name, _ in operations(document)} >= {
        "post /v1/recommendations",
        "post /v1/explanations",
        "post /v1/explanations/top",
        "post /v1/explanations/candidates",
        "post /v1/explanations/given",
        "post /v1/comparisons",
        "post /v1/what-if",
        "get /v1/profile",
        "post /v1/events",
        "post /v1/feedback",
        "get /v1/feedback",
        "delete /v1/feedback/{feedback_id}",
        "delete /v1/users/{user_id}",
        "get /v1/users/{user_id}/export",
        "get /healthz",
        "get /readyz",
        "get /metrics",
        "post /v1/admin/reload",
    }


def test_every_status_is_told_with_an_example(document: dict[str, Any]) -> None:
    statuses = {str(kind.status) for kind in TABLE.values()}
    for name, operation in operations(document):
        assert statuses <= set(operation["responses"]), name
        for status in statuses:
            told = operation["responses"][status]["content"]["application/problem+json"]
            assert told["schema"] == {"$ref": "#/components/schemas/Problem"}
            assert Problem.model_validate(told["example"]).status == int(status)
        for status in ("429", "503"):
            assert "Retry-After" in operation["responses"][status]["headers"]


def test_whoever_must_sign_in_is_told_so(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        asked = {scheme for one in operation.get("security", []) for scheme in one}
        assert asked == (set() if name.split()[1] in OPEN else {"user token", "API key"}), name


def test_no_operation_takes_a_user_but_export_and_erasure(document: dict[str, Any]) -> None:
    def names(schema: Any) -> set[str]:
        if isinstance(schema, list):
            return {name for one in schema for name in names(one)}
        if not isinstance(schema, dict):
            return set()
        own = set(schema.get("properties", {})) | {schema.get("name", "")}
        return own | {name for one in schema.values() for name in names(one)}

    sent = {name: document["components"]["schemas"][name] for name in SENT}
    assert {n for n in names(sent) if "user" in n.lower()} == {"about_user"}
    for name, operation in operations(document):
        named = {one["name"] for one in operation.get("parameters", [])}
        assert ("user_id" in named) == ("/v1/users/" in name)


@pytest.mark.parametrize("route", ROUTES, ids=lambda r: r.name)
def test_the_example_of_an_answer_is_one(route: APIRoute, document: dict[str, Any]) -> None:
    if route.response_model is None:
        assert route.name in {"metrics", "undo_event"}
        return
    path, method = route.path.replace(":path", ""), min(route.methods or ()).lower()
    content = document["paths"][path][method]["responses"]["200"]["content"]["application/json"]
    answer = TypeAdapter(route.response_model).validate_python(content["example"])
    assert "$ref" in content["schema"] and answer is not None


SENT = {
    name: kind
    for name, kind in vars(bodies).items()
    if isinstance(kind, type) and issubclass(kind, bodies.Sent) and name.endswith("Body")
}


@pytest.mark.parametrize("name", sorted(set(SENT) - {"EventBody"}))
def test_the_example_of_a_request_is_one(name: str) -> None:
    kind = SENT[name]
    (example,) = kind.model_json_schema()["examples"]
    kind.model_validate(example)
    assert kind.model_json_schema()["additionalProperties"] is False
