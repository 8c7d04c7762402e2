"""Conversations that call tools, behind the OpenAI protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from recx_agent.errors import LlmFaulty, LlmRefused
from recx_agent.llms.asked_once import AskedOnce
from recx_agent.llms.completion import finish_reason
from recx_agent.llms.endpoint import Endpoint, Sleep, seconds_left
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
        self._only_model = AskedOnce(self._ask_model)

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
            "model": self._settings.model or await self._only_model.get(seconds_left(deadline)),
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
            self._only_model.forget()  # another one may be served there now
            raise

    async def _ask_model(self) -> str:
        async def listed(client: Any) -> Any:
            return await client.get("/models", cast_to=object)

        page = await self._endpoint.attempt(listed, lambda found: found)
        models = page.get("data") if isinstance(page, dict) else None
        names = [str(m["id"]) for m in models or () if isinstance(m, dict) and "id" in m]
        if len(names) == 1:
            return names[0]
        raise LlmRefused(
            f"{self._endpoint.url} serves {len(names)} models; set llm.model to the one to ask"
        )


def _closed() -> LlmRefused:
    return LlmRefused("this assistant was closed; make another one")


def _choice(wanted: str) -> str | Mapping[str, Any]:
    if wanted in ("auto", "required"):
        return wanted
    return {"type": "function", "function": {"name": wanted}}


def _read(where: str) -> Callable[[Any], ToolReply]:
    """What reads completions; servers that are almost compatible leave out fields."""

    def read(completion: Any) -> ToolReply:
        entries = getattr(completion, "choices", None)
        if not isinstance(entries, list) or not entries:
            raise LlmFaulty(
                f"{where}: what came back holds no answer; is it the address of a chat endpoint, "
                "such as http://localhost:8000/v1?"
            )
        message = getattr(entries[0], "message", None)
        text = getattr(message, "content", None)
        usage = getattr(completion, "usage", None)
        model = getattr(completion, "model", None)
        return ToolReply(
            text=text if isinstance(text, str) else "",
            calls=_calls(getattr(message, "tool_calls", None)),
            finish_reason=finish_reason(getattr(entries[0], "finish_reason", None)),
            model=model if isinstance(model, str) else "",
            prompt_tokens=_count(getattr(usage, "prompt_tokens", None)),
            completion_tokens=_count(getattr(usage, "completion_tokens", None)),
        )

    return read


def _calls(entries: Any) -> tuple[ToolCall, ...]:
    found = []
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        function = getattr(entry, "function", None)
        name, arguments = getattr(function, "name", None), getattr(function, "arguments", None)
        if isinstance(name, str):
            id = getattr(entry, "id", None)
            found.append(
                ToolCall(
                    id=id if isinstance(id, str) and id else f"call-{number}",
                    name=name,
                    arguments=arguments if isinstance(arguments, str) else "",
                )
            )
    return tuple(found)


def _count(value: Any) -> int:
    return value if isinstance(value, int) and value >= 0 else 0
