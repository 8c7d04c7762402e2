"""The routes of the chat protocol."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sse_starlette.sse import EventSourceResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from recx_agent.errors import RecxError, UnfitRequest
from recx_agent.serve.chat.answers import Chunks, Completion, Model, Models, completion_of
from recx_agent.serve.chat.bodies import MODEL, CompletionBody
from recx_agent.serve.chat.faults import documented, fault_body, fault_response, no_model
from recx_agent.serve.chat.talks import Talks
from recx_agent.serve.identity import Caller
from recx_agent.serve.rest.answers import request_id_of, unfit
from recx_agent.serve.rest.asked import SIGNED_IN, ToRecommend
from recx_agent.serve.rest.document import event_stream
from recx_agent.serve.rest.problems import kind_of
from recx_agent.serve.running import Service, logs

_PING_SECONDS = 10
"""So long a client waits for something before a comment tells that the answer is coming."""

_STREAMED: dict[str, Any] = {
    "description": "The answer; with `stream` as server-sent events",
    "content": event_stream(),
}


class ChatRoute(APIRoute):
    """Tells errors in the protocol's shape."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with its errors told."""
        handle = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                return fault_response(unfit(error.errors()), request_id_of(request))
            except HTTPException:  # FastAPI's, of a body that it cannot decode
                unread = UnfitRequest((("body", "this is no JSON in UTF-8"),))
                return fault_response(unread, request_id_of(request))
            except RecxError as error:
                return fault_response(error, request_id_of(request))

        return told


def make_chat_router(service: Service) -> APIRouter:
    """The chat endpoint of a service.

    Parameters
    ----------
    service : Service
        Its gate says who asks; its settings name the language model.

    Raises
    ------
    SettingsError
        The language model of the settings cannot be asked.
    """
    talks = Talks(service)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.talks = talks
        yield
        await anyio.to_thread.run_sync(talks.close)

    router = APIRouter(
        prefix="/v1",
        dependencies=SIGNED_IN,
        tags=["chat"],
        route_class=ChatRoute,
        lifespan=lifespan,
    )

    @router.get("/models", responses=documented())
    async def models(asked: ToRecommend) -> Models:
        """The one model: this assistant."""
        return Models(data=[Model()])

    @router.get("/models/{name}", response_model=Model, responses=documented())
    async def model(name: str, asked: ToRecommend) -> Any:
        """The one model."""
        return Model() if name == MODEL else no_model()

    @router.post("/chat/completions", response_model=Completion, responses=documented(**_STREAMED))
    async def completions(body: CompletionBody, asked: ToRecommend, request: Request) -> Any:
        """Answer the last message; every statement of the answer is checked.

        Of ``messages`` only the last one is read: what was said before is remembered by the
        server, for each user, and no client can change it. ``user``, ``metadata``, ``tools`` and
        settings of sampling are not looked at.
        """
        if body.model != MODEL:
            return no_model()
        said, caller = body.said, asked.caller
        caller.user()  # before the stream begins: then there is a status to tell it by
        if not body.stream:
            return completion_of(await talks.reply(caller, said))
        usage = bool(body.stream_options and body.stream_options.include_usage)
        events = _streamed(talks, caller, said, Chunks(usage), request_id_of(request))
        return EventSourceResponse(events, ping=_PING_SECONDS)

    return router


async def _streamed(
    talks: Talks, caller: Caller, said: str, chunks: Chunks, request_id: str
) -> AsyncIterator[dict[str, str]]:
    """The events of one answer; text is sent when all of it is checked."""
    yield _event(chunks.begin())
    try:
        reply = await talks.reply(caller, said)
    except RecxError as error:
        if kind_of(error).words is None:
            logs.fault("fault", error, request_id=request_id)
        yield _event(fault_body(error, request_id))
        return
    for chunk in chunks.of(reply):
        yield _event(chunk)
    yield {"data": "[DONE]"}


def _event(content: dict[str, Any]) -> dict[str, str]:
    return {"data": json.dumps(content, ensure_ascii=False)}
