"""A model that calls tools as a script says, for tests of whatever asks one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from recx_agent.llms.scripted import ScriptExhausted
from recx_agent.protocols import ToolCall, ToolReply, ToolRequest

Answer = str | ToolReply | BaseException


class ScriptedToolChat:
    """Answers in the order of a list, or by a function of the request.

    Parameters
    ----------
    script : iterable or callable
        Texts, replies such as those of :func:`calls`, or exceptions, which are raised.

    Attributes
    ----------
    requests : list of ToolRequest
        Every request, in the order in which they came.
    """

    def __init__(self, script: Iterable[Answer] | Callable[[ToolRequest], Answer]) -> None:
        self._answer = script if callable(script) else _in_turn(iter(script))
        self.requests: list[ToolRequest] = []
        self.closed = False

    def ask(self, request: ToolRequest, *, deadline: float | None = None) -> ToolReply:
        """Give the next answer, or raise it.

        Raises
        ------
        ScriptExhausted
            There is none left.
        """
        self.requests.append(request)
        answer = self._answer(request)
        if isinstance(answer, BaseException):
            raise answer
        return ToolReply(text=answer) if isinstance(answer, str) else answer

    def close(self) -> None:
        """Note that it was closed."""
        self.closed = True


def calls(name: str, arguments: str | None = None, **given: Any) -> ToolReply:
    """A reply that calls one tool; ``arguments`` as text, well-formed or not, or by name."""
    text = json.dumps(given, ensure_ascii=False) if arguments is None else arguments
    return ToolReply(calls=(ToolCall(f"call-{name}", name, text),), finish_reason="tool_calls")


def _in_turn(answers: Iterator[Answer]) -> Callable[[ToolRequest], Answer]:
    def next_one(request: ToolRequest) -> Answer:
        for answer in answers:
            return answer
        raise ScriptExhausted(f"no answer left in the script for {request.messages[-1]!r}")

    return next_one
