"""Tools for assistants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

    from recx_agent.tools import Core


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
