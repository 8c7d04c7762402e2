"""The tools as MCP lists them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from mcp.types import Tool, ToolAnnotations

from recx_agent.factory import tool_artifact_schema, tool_parameters, tool_specs
from recx_agent.serve.identity import Scope
from recx_agent.serve.mcp.structure import given_schema

_TITLES = {
    "recommend_items": "Suggest items",
    "explain_recommendation": "Why this?",
    "compare_items": "Why this and not that?",
    "what_if": "What if?",
    "describe_my_taste": "My taste",
    "give_feedback": "Keep feedback",
}
_WRITES = frozenset({"give_feedback"})
"""Tools that change something; what they keep can be taken back."""


@dataclass(frozen=True)
class Offer:
    """A tool, and the scope that a caller needs for it."""

    tool: Tool
    scope: Scope


@cache
def offers() -> dict[str, Offer]:
    """All tools by name, in the order they are offered.

    Names, descriptions and arguments are those of every other door; no argument names a user.
    """
    return {
        spec.name: Offer(
            Tool(
                name=spec.name,
                title=_TITLES[spec.name],
                description=spec.description,
                input_schema=tool_parameters(spec),
                output_schema=given_schema(tool_artifact_schema(spec)),
                annotations=ToolAnnotations(
                    title=_TITLES[spec.name],
                    read_only_hint=spec.name not in _WRITES,
                    destructive_hint=False,
                    idempotent_hint=spec.name not in _WRITES,
                    open_world_hint=False,
                ),
            ),
            scope="feedback" if spec.name in _WRITES else "recommend",
        )
        for spec in tool_specs()
    }
