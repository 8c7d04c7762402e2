"""The names in a JSON schema, and which of them would let somebody say who he is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

IDENTITY = re.compile(r"user|account|uid|customer|subject|tenant|owner|token|session", re.I)
"""A property of such a name has no place in a schema that a client or a model fills in."""


def property_names(schema: Any) -> Iterator[str]:
    """Names of all properties, at any depth."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for value in schema.values():
            yield from property_names(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from property_names(value)
