"""One tool call: who asks, what may be told, in a thread."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mcp.server import ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp.types import INTERNAL_ERROR, INVALID_PARAMS, CallToolResult, TextContent

from recx_agent.errors import ServingError
from recx_agent.factory import answer_tool_call
from recx_agent.serve.identity import Caller
from recx_agent.serve.mcp.offers import offers
from recx_agent.serve.mcp.structure import given
from recx_agent.serve.running import Service, logs

WhoAsks = Callable[[ServerRequestContext[Any, Any]], Caller]
"""The caller behind a message: nothing that the message says counts for it."""


@dataclass(frozen=True)
class Answering:
    """Answers calls of the tools.

    Parameters
    ----------
    service : Service
        Its turns bound how many calls are answered at once, and how many wait.
    who_asks : callable
    language, allow_cold
        As for :meth:`recx_agent.Recx.as_tools`.
    """

    service: Service
    who_asks: WhoAsks
    language: str | None = None
    allow_cold: bool = False

    async def call(
        self,
        name: str,
        arguments: dict[str, Any] | None,
        context: ServerRequestContext[Any, Any],
    ) -> CallToolResult:
        """The verified text as content, the record as structured content.

        What a model or its user can mend is told in a result with ``isError``, as through every
        other door. A call that is cancelled while it waits is not answered; one that has begun
        ends by itself, by the deadline at the latest, and what feedback it kept is kept.

        Raises
        ------
        MCPError
            There is no such tool, or the fault is the operator's to mend: it is in the log,
            under the number that the message gives.
        """
        offer = offers().get(name)
        if offer is None:
            there = ", ".join(offers())
            raise MCPError(INVALID_PARAMS, f"there is no such tool; there are {there}")
        began, key_id = time.perf_counter(), None
        await context.session.report_progress(0, 1)
        try:
            caller = self.who_asks(context)
            key_id = caller.key_id
            caller.require(offer.scope)
            user_id = caller.user()
            answer = await self.service.ask(
                lambda recx, _: answer_tool_call(
                    name,
                    arguments or {},
                    core=recx,
                    user_id=user_id,
                    language=self.language,
                    allow_cold=self.allow_cold,
                )
            )
        except ServingError as refused:
            _note(name, type(refused).__name__, began, key_id)
            return _told(f"This is not answered: {refused}.")
        except Exception as error:  # noqa: BLE001  whatever it is, the client is not told
            raise _incident(name, error) from None
        await context.session.report_progress(1, 1)
        if answer.error is not None or answer.artifact is None:
            _note(name, type(answer.error).__name__, began, key_id)
            return _told(answer.content)
        _note(name, "answered", began, key_id)
        return CallToolResult(
            content=[TextContent(text=answer.content)],
            structured_content=given(answer.artifact),
        )


def _told(sentence: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=sentence)], is_error=True)


def _note(tool: str, outcome: str, began: float, key_id: str | None) -> None:
    """A line without arguments, titles or ids of users."""
    milliseconds = round(1000 * (time.perf_counter() - began), 1)
    logs.event("tool_call", tool=tool, outcome=outcome, caller=key_id, ms=milliseconds)


def _incident(tool: str, error: Exception) -> MCPError:
    """What the client is told of a fault; the log says more, but not what was asked."""
    request_id = str(uuid.uuid4())
    logs.fault("fault", error, tool=tool, request_id=request_id)
    return MCPError(
        INTERNAL_ERROR,
        f"this cannot be answered now; the operator finds why in the log, as request {request_id}",
    )
