"""Tools without LangChain: their schemas, and a dispatcher of a model's calls."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import models_json_schema

from recx_agent.errors import RecxError, UsageError
from recx_agent.tools.answers import Answer, shown
from recx_agent.tools.core import Core
from recx_agent.tools.errors_told import told
from recx_agent.tools.tool_set import TOOLS, Options, ToolSpec

_BY_NAME = {spec.name: spec for spec in TOOLS}


def openai_schemas() -> list[dict[str, Any]]:
    """The tools as OpenAI function tools, for ``tools=`` of a chat completion."""
    return [
        {
            "type": "function",
            "function": {
                "name": spec.name,
                "description": spec.description,
                "parameters": parameters(spec),
            },
        }
        for spec in TOOLS
    ]


def parameters(spec: ToolSpec) -> dict[str, Any]:
    """The JSON schema of a tool's arguments, without pydantic's titles."""
    schema = spec.arguments.model_json_schema()
    schema.pop("title")
    schema.pop("description")
    for field in schema["properties"].values():
        field.pop("title")
    return schema


def artifact_schema(spec: ToolSpec) -> dict[str, Any]:
    """The JSON schema of a tool's artifact: an object, of one sort or another."""
    if len(spec.records) == 1:
        return spec.records[0].model_json_schema(mode="serialization")
    places, shared = models_json_schema([(record, "serialization") for record in spec.records])
    return {"type": "object", "anyOf": list(places.values()), "$defs": shared["$defs"]}


def dispatch(
    name: str,
    arguments: str | Mapping[str, Any],
    *,
    core: Core,
    user_id: str,
    language: str | None = None,
    allow_cold: bool = False,
) -> Answer:
    """Answer one tool call of a model.

    Its ``content`` is what goes back with the role ``tool``. What a model can mend, an unknown
    tool or malformed arguments too, is told there; ``error`` is set then.

    Parameters
    ----------
    name : str
        As the model called it.
    arguments : str or mapping
        JSON text, as the ``openai`` client has it, or what it says.
    core : Core
        A :class:`recx_agent.Recx`.
    user_id : str
        Whom the conversation is with, from a session or a token: never from the model.
    language, allow_cold
        See :class:`Options`.

    Raises
    ------
    RecxError
        What is the operator's to mend: see ``docs/tools.md``.
    """
    try:
        spec = _named(name)
        return spec.answer(core, user_id, _read(arguments), Options(language, allow_cold))
    except RecxError as error:
        sentence = told(error)
        if sentence is None:
            raise
        return Answer(sentence, error=error)


def _named(name: str) -> ToolSpec:
    if name not in _BY_NAME:
        raise UsageError(f"no tool is called {shown(name)!r}; there are {', '.join(_BY_NAME)}")
    return _BY_NAME[name]


def _read(arguments: str | Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(arguments, Mapping):
        return arguments
    try:
        read = json.loads(arguments or "{}")
    except (ValueError, RecursionError):
        raise UsageError("the arguments are no JSON; write one object") from None
    if not isinstance(read, dict):
        raise UsageError("the arguments are no JSON object")
    return read
