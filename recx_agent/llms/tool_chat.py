"""Conversations that call tools, behind the OpenAI protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from recx_agent.errors import LlmRefused
from recx_agent.llms.completion import choices_of, count_of, finish_reason, text_of
from recx_agent.llms.endpoint import Endpoint, Sleep
from recx_agent.llms.only_model import OnlyModel
from recx_agent.loop_thread import LoopThread
from recx_agent.protocols import ToolCall, ToolReply, ToolRequest
from recx_agent.settings import LlmSettings


class OpenAIToolChat:
    """Asks an endpoint, with the deadlines, retries, breaker and limit of all other requests.

    For parameters and errors see :class:`recx_agent.llms.openai_chat.OpenAIChatModel`.
    """

    def __init__(
        self, settings: LlmSettings, *, http_client: Any = None, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._settings = settings
        endpoint = self._endpoint = Endpoint(settings, http_client=http_client, sleep=sleep)
        self._thread = LoopThread("recx-assistant", endpoint.aclose, _closed)
        self._only_model = OnlyModel(settings, endpoint)

    def __repr__(self) -> str:
        model = self._settings.model or "its only model"
        return f"{type(self).__name__}({model} at {self._endpoint.url})"

    def ask(self, request: ToolRequest, *, deadline: float | None = None) -> ToolReply:
        """Answer one request; see :class:`recx_agent.protocols.ToolChat`."""
        attempt = self._endpoint.retried(lambda: self._once(request, deadline), deadline)
        return self._thread.submit(attempt).result()

    def close(self) -> None:
        """Let go of the connections; what is under way is cancelled, and nothing follows."""
        self._thread.stop()

    # What follows runs in the loop of the thread.

    async def _once(self, request: ToolRequest, deadline: float | None) -> ToolReply:
        body: dict[str, Any] = {
            "model": await self._only_model.name(deadline),
            "messages": [dict(message) for message in request.messages],
            "max_tokens": request.max_tokens,
            "temperature": request.temperature,
        }
        if request.tools and request.tool_choice != "none":
            body["tools"] = [dict(tool) for tool in request.tools]
            body["tool_choice"] = _choice(request.tool_choice)
        if request.schema is not None:
            form = {"name": "answer", "schema": dict(request.schema), "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": form}
        try:
            return await self._endpoint.attempt(
                lambda client: client.chat.completions.create(**body),
                _read(self._endpoint.url),
                deadline,
            )
        except LlmRefused:
            self._only_model.forget()
            raise


def _closed() -> LlmRefused:
    return LlmRefused("this assistant was closed; make another one")


def _choice(wanted: str) -> str | Mapping[str, Any]:
    if wanted in ("auto", "required"):
        return wanted
    return {"type": "function", "function": {"name": wanted}}


def _read(where: str) -> Callable[[Any], ToolReply]:
    """What reads completions; servers that are almost compatible leave out fields."""

    def read(completion: Any) -> ToolReply:
        first = choices_of(where, completion)[0]
        message = getattr(first, "message", None)
        usage = getattr(completion, "usage", None)
        return ToolReply(
            text=text_of(getattr(message, "content", None)),
            calls=_calls(getattr(message, "tool_calls", None)),
            finish_reason=finish_reason(getattr(first, "finish_reason", None)),
            model=text_of(getattr(completion, "model", None)),
            prompt_tokens=count_of(getattr(usage, "prompt_tokens", None)),
            completion_tokens=count_of(getattr(usage, "completion_tokens", None)),
        )

    return read


def _calls(entries: Any) -> tuple[ToolCall, ...]:
    found = []
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        function = getattr(entry, "function", None)
        name = getattr(function, "name", None)
        if isinstance(name, str):
            found.append(
                ToolCall(
                    id=text_of(getattr(entry, "id", None)) or f"call-{number}",
                    name=name,
                    arguments=text_of(getattr(function, "arguments", None)),
                )
            )
    return tuple(found)
