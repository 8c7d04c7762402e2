"""What an assistant can call in a conversation.

::

    tool_set           the tools: name, arguments, what is asked of the core
    arguments          what a model may say; never who the user is
    answers            content for the model, artifact for the program
    errors_told        which errors the model is told, and which are raised
    calls              schemas and a dispatcher for the plain ``openai`` client
    langchain_toolkit  the same as LangChain tools; loads LangChain when first used
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recx_agent.tools.answers import Answer
from recx_agent.tools.calls import dispatch, openai_schemas
from recx_agent.tools.core import Core
from recx_agent.tools.tool_set import TOOLS, Options, ToolSpec

if TYPE_CHECKING:
    from recx_agent.tools.langchain_toolkit import USER_KEY, RecxTool, RecxToolkit

__all__ = [
    "TOOLS",
    "USER_KEY",
    "Answer",
    "Core",
    "Options",
    "RecxTool",
    "RecxToolkit",
    "ToolSpec",
    "dispatch",
    "openai_schemas",
]


def __getattr__(name: str) -> Any:
    if name not in ("USER_KEY", "RecxTool", "RecxToolkit"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from recx_agent.tools import langchain_toolkit

    return getattr(langchain_toolkit, name)
