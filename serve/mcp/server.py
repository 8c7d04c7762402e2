"""The MCP server: which tools there are, and their answers."""

from __future__ import annotations

import logging
from typing import Any

from mcp.server import Server, ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_REQUEST,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
)

import recx_agent
from recx_agent.errors import ServingError
from recx_agent.serve.mcp.answering import Answering
from recx_agent.serve.mcp.offers import offers

INSTRUCTIONS = (
    "Recommendations for the user who is signed in, with true reasons. Name items by title or id "
    "as a tool gave them. The texts of explain_recommendation, compare_items, what_if and "
    "describe_my_taste are checked: show them word by word, and add no reason of your own."
)

Context = ServerRequestContext[Any, Any]


def make_server(answering: Answering) -> Server[Any]:
    """A server that lists the tools and answers calls.

    It has no resources and no prompts: nothing raw, rejected or of somebody else can be in one.
    """

    async def list_tools(
        context: Context, params: PaginatedRequestParams | None
    ) -> ListToolsResult:
        try:
            scopes = answering.who_asks(context).scopes
        except ServingError as refused:
            raise MCPError(INVALID_REQUEST, f"Not allowed: {refused}.") from None
        return ListToolsResult(tools=[o.tool for o in offers().values() if o.scope in scopes])

    async def call_tool(context: Context, params: CallToolRequestParams) -> CallToolResult:
        return await answering.call(params.name, params.arguments, context)

    return Server(
        "recx-agent",
        version=recx_agent.__version__,
        title="recx-agent",
        instructions=INSTRUCTIONS,
        get_tool_input_schema=lambda name: (
            offers()[name].tool.input_schema if name in offers() else None
        ),
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def quiet_sdk() -> None:
    """Keep what the SDK logs of requests, such as session ids, out of the log."""
    logging.getLogger("mcp").setLevel(logging.ERROR)
