"""What of a record a client is given, and the schema of that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LEFT_OUT = frozenset({"user_id", "violations", "fault", "views"})
"""Fields of records that no client is given.

The token says who the user is; what drafts said and why a language model did not answer is the
operator's; of the three views the one that is told is there as ``contributions``.
"""
_WORDS = ("title", "description")


def given(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record in JSON types without the fields that are left out.

    What evidence is filled with is data, whatever it is called, and stays.
    """
    return {name: _given(name, value) for name, value in record.items() if name not in LEFT_OUT}


def _given(name: str, value: Any) -> Any:
    if name == "fields":
        return value
    if isinstance(value, dict):
        return given(value)
    if isinstance(value, list):
        return [_given(name, one) for one in value]
    return value


def given_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of :func:`given`, without words and without what nothing refers to."""
    whole = _pruned(schema)
    shared = whole.pop("$defs", {})
    needed: dict[str, Any] = {}
    waiting = _references(whole)
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = shared[name]
            waiting |= _references(needed[name])
    return {**whole, "$defs": needed} if needed else whole


def _pruned(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_pruned(one) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    kept = {key: value for key, value in schema.items() if key not in _WORDS}
    for key, value in kept.items():
        if key in ("properties", "$defs"):
            kept[key] = {n: _pruned(one) for n, one in value.items() if n not in LEFT_OUT}
        elif key == "required":
            kept[key] = [name for name in value if name not in LEFT_OUT]
        else:
            kept[key] = _pruned(value)
    return kept


def _references(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return set().union(*map(_references, schema))
    if not isinstance(schema, Mapping):
        return set()
    own = {schema["$ref"].rpartition("/")[2]} if "$ref" in schema else set()
    return own.union(*map(_references, schema.values()))
