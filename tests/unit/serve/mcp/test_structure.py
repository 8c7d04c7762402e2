from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from recx_agent import Recx
from recx_agent.serve.mcp.offers import offers
from recx_agent.serve.mcp.structure import LEFT_OUT, given, given_schema
from recx_agent.tools import dispatch
from tests.unit.schema_names import IDENTITY, property_names
from tests.unit.tools.conftest import examples_of

RAW = re.compile(r"violation|fault|raw|draft|reject|prompt$", re.I)


def keys(content: Any) -> Iterator[str]:
    if isinstance(content, dict):
        yield from content
        for value in content.values():
            yield from keys(value)
    elif isinstance(content, list):
        for value in content:
            yield from keys(value)


@pytest.mark.parametrize("name", offers())
def test_no_schema_has_a_place_for_a_user_or_for_what_is_not_shown(name: str) -> None:
    tool = offers()[name].tool
    names = [*property_names(tool.input_schema), *property_names(tool.output_schema)]
    # "users" counts those who know an item, in the text of evidence: it is nobody's id.
    assert [n for n in names if IDENTITY.search(n) or RAW.search(n)] == []
    assert name in ("describe_my_taste",) or list(property_names(tool.input_schema))
    assert list(property_names(tool.output_schema))


@pytest.mark.parametrize("name", offers())
def test_what_is_given_fits_the_schema_and_nothing_else_is_left_out(name: str, recx: Recx) -> None:
    artifact = dispatch(name, examples_of(recx)[name], core=recx, user_id="u0").artifact
    assert artifact is not None
    schema = offers()[name].tool.output_schema
    assert schema is not None
    shown = given(artifact)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(shown, schema)
    assert LEFT_OUT & set(keys(shown)) == set()
    assert set(keys(artifact)) - set(keys(shown)) <= LEFT_OUT | {"history", "attribute", "pair"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**shown, "user_id": "u0"}, schema)
    assert len(json.dumps(schema)) < 4000  # some assistants hand it to the model


def test_taking_feedback_back_fits_the_schema_too(recx: Recx) -> None:
    schema = offers()["give_feedback"].tool.output_schema
    assert schema is not None
    assert schema["type"] == "object"  # clients before 2026-07-28 take no other root
    recx.feedback("u0", "mute", "genre=Comedy")
    undone = dispatch("give_feedback", {"kind": "undo"}, core=recx, user_id="u0").artifact
    assert undone is not None
    jsonschema.validate(given(undone), schema)


def test_fields_of_evidence_are_data_whatever_they_are_called() -> None:
    evidence = {"id": "F1", "fields": {"user_id": "a film's name", "views": [1]}}
    assert given({"user_id": "u0", "evidence": [evidence]}) == {"evidence": [evidence]}


def test_a_property_called_title_is_no_word_about_the_schema() -> None:
    schema = {
        "title": "Item",
        "type": "object",
        "properties": {
            "title": {"title": "Title", "type": "string"},
            "fault": {"$ref": "#/$defs/A"},
        },
        "required": ["title", "fault"],
        "$defs": {"A": {"type": "object"}},
    }
    assert given_schema(schema) == {
        "type": "object",
        "properties": {"title": {"type": "string"}},
        "required": ["title"],
    }
