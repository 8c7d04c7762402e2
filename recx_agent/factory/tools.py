"""Tools for assistants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

    from recx_agent.tools import Answer, Core, ToolSpec


def make_tools(
    core: Core,
    user_id: str | None = None,
    *,
    language: str | None = None,
    allow_cold: bool = False,
    return_direct: bool = False,
) -> list[BaseTool]:
    """The LangChain tools; see :class:`recx_agent.tools.RecxToolkit`."""
    from recx_agent.tools import RecxToolkit

    return RecxToolkit(
        core=core,
        user_id=user_id,
        language=language,
        allow_cold=allow_cold,
        return_direct=return_direct,
    ).get_tools()


def tool_schemas() -> list[dict[str, Any]]:
    """The tools as OpenAI function tools."""
    from recx_agent.tools import openai_schemas

    return openai_schemas()


def tool_specs() -> tuple[ToolSpec, ...]:
    """The tools, for a door of one's own."""
    from recx_agent.tools import TOOLS

    return TOOLS


def tool_parameters(spec: ToolSpec) -> dict[str, Any]:
    """The JSON schema of a tool's arguments."""
    from recx_agent.tools.calls import parameters

    return parameters(spec)


def tool_artifact_schema(spec: ToolSpec) -> dict[str, Any]:
    """The JSON schema of a tool's artifact."""
    from recx_agent.tools.calls import artifact_schema

    return artifact_schema(spec)


def answer_tool_call(
    name: str,
    arguments: str | Mapping[str, Any],
    *,
    core: Core,
    user_id: str,
    language: str | None = None,
    allow_cold: bool = False,
) -> Answer:
    """Answer a tool call of a model; see :func:`recx_agent.tools.dispatch`."""
    from recx_agent.tools import dispatch

    return dispatch(
        name, arguments, core=core, user_id=user_id, language=language, allow_cold=allow_cold
    )
