"""The language model's part of a turn: which tool, with what, and the words around it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from recx_agent.assistant.intents import TALK
from recx_agent.assistant.turn import Turn
from recx_agent.factory import tool_schemas
from recx_agent.protocols import ToolCall, ToolChat, ToolReply, ToolRequest

_INTENT_TOKENS = 32
_MOST_CALLS = 4
"""Calls of one message that are answered; more are not."""


def ask(chat: ToolChat, turn: Turn) -> str:
    """Let a model choose tools, and give what it says last.

    Raises
    ------
    LlmError
        What had been answered until then stands in the turn.
    """
    return _guided(chat, turn) if turn.settings.routing == "guided" else _free(chat, turn)


# --- the model chooses


def _free(chat: ToolChat, turn: Turn) -> str:
    messages = _messages(turn)
    for _ in range(turn.settings.steps):
        reply = _request(chat, turn, messages, tools=tool_schemas())
        if not reply.calls:
            return reply.text
        calls = reply.calls[:_MOST_CALLS]
        messages.append(_calling(calls, reply.text))
        asked = len(turn.results)
        for call in calls:
            content = turn.call(call.name, call.arguments)
            messages.append({"role": "tool", "tool_call_id": call.id, "content": content})
        if len(turn.results) == asked:  # it asks for what it has been told
            break
    return ""


# --- the model is led


def _guided(chat: ToolChat, turn: Turn) -> str:
    tool = _intent(chat, turn)
    call = turn.understanding.call(tool)
    if tool != TALK and call is None:
        arguments = _arguments(chat, turn, tool)
        turn.call(tool, arguments)
    elif call is not None:
        turn.call(call.tool, call.arguments)
    if not turn.settings.own_words:
        return ""
    messages = _messages(turn)
    if turn.results:
        # Of what was answered the model is told no more than the name: it has nothing to repeat.
        names = [result.name for result in turn.results]
        kind = turn.results[-1].kind
        messages[-1]["content"] = turn.words.around(turn.understanding.text, names, kind)
    return _request(chat, turn, messages).text


def _intent(chat: ToolChat, turn: Turn) -> str:
    """The tool that is meant, or talk: by the words where they say it, else by the model."""
    pattern = turn.understanding.pattern
    if turn.understanding.answers_pending:
        return "give_feedback"
    if pattern is not None:
        return pattern.tool
    return intent_of(chat, turn)


def intent_of(chat: ToolChat, turn: Turn) -> str:
    """The tool that the model takes for the one that is meant, or talk."""
    names = [schema["function"]["name"] for schema in tool_schemas()]
    messages = [
        {"role": "system", "content": turn.words.router()},
        {"role": "user", "content": turn.understanding.text},
    ]
    schema = _object({"intent": {"type": "string", "enum": [*names, TALK]}})
    chosen = _read(_request(chat, turn, messages, schema=schema, max_tokens=_INTENT_TOKENS))
    return str(chosen["intent"]) if chosen.get("intent") in names else TALK


def _arguments(chat: ToolChat, turn: Turn, tool: str) -> Mapping[str, Any]:
    """Arguments of the tool chosen; an item can only be one that was talked about."""
    function = next(s["function"] for s in tool_schemas() if s["function"]["name"] == tool)
    schema = {**deepcopy(function["parameters"]), "additionalProperties": False}
    if known := list(turn.understanding.conversation.talked_of):
        for name in ("item", "other", "what", "about"):
            if field := schema["properties"].get(name):
                field["enum"] = known
    messages = _messages(turn)
    messages[0]["content"] += f"\n{function['name']}: {function['description']}"
    return _read(_request(chat, turn, messages, schema=schema))


def _read(reply: ToolReply) -> dict[str, Any]:
    try:
        found = json.loads(reply.text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


# --- messages


def _messages(turn: Turn) -> list[dict[str, Any]]:
    """From what is the same in every conversation to what is of this turn."""
    conversation = turn.understanding.conversation
    return [
        {"role": "system", "content": turn.words.system()},
        *conversation.recent(turn.settings.memory_tokens),
        {"role": "user", "content": turn.understanding.text},
    ]


def _request(
    chat: ToolChat,
    turn: Turn,
    messages: Sequence[Mapping[str, Any]],
    tools: Sequence[Mapping[str, Any]] = (),
    schema: Mapping[str, Any] | None = None,
    max_tokens: int | None = None,
) -> ToolReply:
    request = ToolRequest(
        messages=tuple(messages),
        tools=tuple(tools),
        tool_choice="auto" if tools else "none",
        schema=schema,
        max_tokens=max_tokens or turn.settings.max_tokens,
    )
    reply = chat.ask(request, deadline=turn.deadline)
    turn.replies.append(reply)
    return reply


def _calling(calls: Sequence[ToolCall], text: str) -> dict[str, Any]:
    return {
        "role": "assistant",
        "content": text,
        "tool_calls": [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments or "{}"},
            }
            for call in calls
        ],
    }


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
