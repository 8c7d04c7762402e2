"""A LangChain agent held to what :class:`recx_agent.assistant.Assistant` holds itself to.

The tools are answered here, so that a model's call of ``give_feedback`` is believed only where the
person said so, and the agent's last message is made of verified texts by reference and of words
that assert nothing or are verified. What a model writes beside its calls is not kept.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import httpx
import openai
from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain.agents.middleware.types import ToolCallRequest
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langchain_core.runnables import RunnableConfig
from langchain_core.runnables.config import ensure_config, run_in_executor
from langgraph.config import get_config
from langgraph.types import Command

from recx_agent.assistant.assistant import Assistant
from recx_agent.assistant.core import Core
from recx_agent.assistant.results import KINDS, Result
from recx_agent.assistant.turn import Reply, Turn
from recx_agent.errors import SettingsError, UnclearReason
from recx_agent.errors.asking import ReasonCandidate
from recx_agent.factory import user_key

_KEY = "recx_result"
"""Where a tool's message holds what is shown of it."""

NO_ANSWER = (openai.OpenAIError, httpx.HTTPError)
"""What the client of an endpoint raises that does not answer."""

Answered = ToolMessage | Command[Any]


class OnlyVerified(AgentMiddleware[Any, Any, Any]):
    """Middleware for ``langchain.agents.create_agent``; the tools are those of ``Recx.as_tools``.

    Take what is shown from the agent's last message (``invoke``, or ``stream_mode="values"``),
    never from the model's tokens.

    Parameters
    ----------
    core : Core
        A :class:`recx_agent.Recx`.
    user_id : str, optional
        Whom all conversations are with; else each call's config says it, as for the tools.
    language : str, optional
        Of all answers; else that of each message.
    """

    def __init__(
        self, core: Core, user_id: str | None = None, *, language: str | None = None
    ) -> None:
        super().__init__()
        self._assistant = Assistant.without_model(core, language=language)
        self._user_id = user_id

    @property
    def system_prompt(self) -> str:
        """What the model has to be told, for ``create_agent``."""
        return self._assistant.words("en").system()

    # --- calls of tools

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Answered]
    ) -> Answered:
        """Answer a call of a recx-agent tool; others go their way."""
        if request.tool_call["name"] not in KINDS:
            return handler(request)
        return self._answer(request, request.runtime.config)

    async def awrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Awaitable[Answered]]
    ) -> Answered:
        """The same, in a thread."""
        if request.tool_call["name"] not in KINDS:
            return await handler(request)
        return await run_in_executor(None, self._answer, request, request.runtime.config)

    def _answer(self, request: ToolCallRequest, config: RunnableConfig) -> ToolMessage:
        messages: Sequence[AnyMessage] = request.state["messages"]
        turn = self._turn(messages, config)
        before, call = len(turn.results), request.tool_call
        content = turn.call(call["name"], call["args"])
        result = turn.results[-1] if len(turn.results) > before else None
        return ToolMessage(
            content,
            tool_call_id=call["id"],
            name=call["name"],
            artifact=None if result is None else result.record,
            status="success" if result is not None and result.ok else "error",
            additional_kwargs={} if result is None else {_KEY: _packed(result)},
        )

    # --- messages of the model

    def wrap_model_call(
        self,
        request: ModelRequest[Any],
        handler: Callable[[ModelRequest[Any]], ModelResponse[Any]],
    ) -> ModelResponse[Any]:
        """Ask the model; where it does not answer, code does what the words ask for."""
        try:
            return handler(request)
        except NO_ANSWER:
            return ModelResponse(result=[AIMessage("")])

    async def awrap_model_call(
        self,
        request: ModelRequest[Any],
        handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]],
    ) -> ModelResponse[Any]:
        """The same, asynchronously."""
        try:
            return await handler(request)
        except NO_ANSWER:
            return ModelResponse(result=[AIMessage("")])

    def after_model(self, state: Any, runtime: Any) -> dict[str, Any] | None:
        """Put what may be shown in the place of what the model wrote."""
        return self._checked(state["messages"], get_config())

    async def aafter_model(self, state: Any, runtime: Any) -> dict[str, Any] | None:
        """The same, in a thread."""
        return await run_in_executor(None, self._checked, state["messages"], get_config())

    def _checked(
        self, messages: Sequence[AnyMessage], config: RunnableConfig
    ) -> dict[str, Any] | None:
        last = messages[-1]
        if not isinstance(last, AIMessage):
            return None
        if last.tool_calls:
            return {"messages": [last.model_copy(update={"content": ""})]}
        reply = self._assistant.finish(self._turn(messages, config), str(last.text))
        shown = AIMessage(
            reply.text,
            id=last.id,
            usage_metadata=last.usage_metadata,
            response_metadata={**last.response_metadata, "recx_dropped": len(reply.dropped)},
            # What code has answered itself is remembered, too.
            additional_kwargs={_KEY: [_packed(result) for result in _new(reply, messages)]},
        )
        return {"messages": [shown]}

    # --- a turn, from what the agent remembers

    def _turn(self, messages: Sequence[AnyMessage], config: RunnableConfig) -> Turn:
        start = max(
            (n for n, message in enumerate(messages) if isinstance(message, HumanMessage)),
            default=None,
        )
        if start is None:
            raise SettingsError("the agent has no message of a person to answer")
        conversation = self._assistant.conversation(self._user_of(config))
        for result in _results(messages[:start]):
            conversation.note(result)
        turn = self._assistant.begin(conversation, str(messages[start].text))
        turn.results.extend(_results(messages[start:]))
        return turn

    def _user_of(self, config: RunnableConfig) -> str:
        key = user_key()
        named = self._user_id or ensure_config(config).get("configurable", {}).get(key)
        if not (isinstance(named, str) and named):
            raise SettingsError(
                "nobody said who the user is; give the middleware user_id=…, or call the agent "
                f"with config={{'configurable': {{{key!r}: …}}}}"
            )
        return named


def _results(messages: Sequence[AnyMessage]) -> list[Result]:
    found: list[Result] = []
    for message in messages:
        kept = message.additional_kwargs.get(_KEY)
        for packed in kept if isinstance(kept, list) else [kept] if kept else []:
            record = message.artifact if isinstance(message, ToolMessage) else packed["record"]
            found.append(_unpacked(packed, record))
    return found


def _new(reply: Reply, messages: Sequence[AnyMessage]) -> list[Result]:
    """Results of code's own, which no message holds yet."""
    known = [result.name for result in _results(messages[_last_person(messages) :])]
    return [result for result in reply.results if result.name not in known]


def _last_person(messages: Sequence[AnyMessage]) -> int:
    return max(n for n, message in enumerate(messages) if isinstance(message, HumanMessage))


def _packed(result: Result) -> dict[str, Any]:
    """A result in plain values, as checkpoints keep them."""
    error = result.error
    meant = [c.label for c in error.candidates] if isinstance(error, UnclearReason) else []
    return {
        "name": result.name,
        "tool": result.tool,
        "kind": result.kind,
        "text": result.text,
        "meant": meant,
        "record": result.record,
    }


def _unpacked(packed: dict[str, Any], record: Any) -> Result:
    meant = [ReasonCandidate(label, label) for label in packed["meant"]]
    return Result(
        name=packed["name"],
        tool=packed["tool"],
        kind=packed["kind"],
        text=packed["text"],
        record=record,
        error=UnclearReason("", meant) if meant else None,
    )
