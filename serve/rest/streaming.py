"""An explanation as server-sent events: a sentence leaves when it is verified."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from typing import Any

import anyio
import anyio.to_thread
from fastapi import APIRouter
from pydantic import TypeAdapter
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.types import Receive, Scope, Send

from recx_agent.errors import IndexStale
from recx_agent.explainer.streaming import ExplanationStream
from recx_agent.recx import Recx
from recx_agent.schemas import ExplanationEvent
from recx_agent.serve.rest import bodies
from recx_agent.serve.rest.asked import SIGNED_IN, ToRecommend
from recx_agent.serve.rest.document import NO_CONTENT, answers, event_stream
from recx_agent.serve.running import Service
from recx_agent.watching import watched

# At this level it writes what is sent into the log.
logging.getLogger("sse_starlette").setLevel(logging.INFO)

_SEND_SECONDS = 20.0
"""Whoever does not read for so long is left."""
_EVENTS: TypeAdapter[ExplanationEvent] = TypeAdapter(ExplanationEvent)
_EXAMPLE = """event: begun
data: {"event":"begun","item":{"item_id":"100","title":"Fargo"},"evidence":[…]}

event: sentence
data: {"event":"sentence","number":0,"text":"It is here because …","added":"…","evidence":["H1"]}

event: explanation
data: {"event":"explanation","explanation":{"text":"…","verdict":"supported", …}}

"""

router = APIRouter(prefix="/v1", dependencies=SIGNED_IN, tags=["asking"])


class ExplanationEvents(EventSourceResponse):
    """The events of a stream; holds a turn and the workspace until the last has left.

    Parameters
    ----------
    stream : ExplanationStream
    held : AsyncExitStack
        What is let go of afterwards.
    grace_seconds : float
        As long a stream may go on when the server is shutting down.
    """

    def __init__(
        self, stream: ExplanationStream, held: AsyncExitStack, *, grace_seconds: float
    ) -> None:
        super().__init__(
            _told(stream),
            send_timeout=_SEND_SECONDS,
            shutdown_grace_period=grace_seconds,
        )
        self._held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send them."""
        async with self._held:
            await super().__call__(scope, receive, send)


@router.post(
    "/explanations/stream",
    response_class=EventSourceResponse,
    responses={
        **answers(NO_CONTENT),
        200: {
            "description": "Server-sent events: one `begun`, a `sentence` for each sentence, and "
            "`explanation`, which is the last. Each has an `ExplanationEvent` as its data. No "
            "sentence is taken back: their `added` make the text of the explanation.",
            "content": event_stream(example=_EXAMPLE),
        },
    },
)
async def explanation_stream(body: bodies.ExplanationBody, asked: ToRecommend) -> Any:
    """Why this item, for this user, told while it is written."""
    user_id, began = asked.user_id, time.monotonic()
    allowed = asked.service.deadline(body.deadline_ms)
    async with AsyncExitStack() as held:
        await held.enter_async_context(asked.service.turns.turn(allowed / 1000))

        def begin(recx: Recx) -> ExplanationStream:
            waited = 1000 * (time.monotonic() - began)
            with watched(asked.service.watch):
                return recx.stream_explanation(
                    user_id,
                    body.item,
                    body.k,
                    exclude=body.exclude,
                    history=body.history,
                    allow_cold=body.allow_cold,
                    context=body.context,
                    language=body.language,
                    deadline_ms=max(1.0, allowed - waited),
                )

        stream = await _begun(asked.service, begin, held)
        return ExplanationEvents(
            stream,
            held.pop_all(),
            grace_seconds=asked.service.settings.serve.shutdown_seconds,
        )


async def _begun(
    service: Service, begin: Callable[[Recx], ExplanationStream], held: AsyncExitStack
) -> ExplanationStream:
    """Begin a stream in a thread; what it reads from is let go of with ``held``.

    Where a new model was fitted and indexed meanwhile, that one answers, as in
    :meth:`recx_agent.serve.running.Service.ask`.
    """
    async with AsyncExitStack() as first:
        recx = await first.enter_async_context(_leased(service))
        try:
            stream = await service.turns.thread(lambda: begin(recx))
        except IndexStale:
            if not await service.turns.thread(lambda: service.renewed(recx)):
                raise
        else:
            held.push_async_exit(first.pop_all())
            return stream
    newer = await held.enter_async_context(_leased(service))
    return await service.turns.thread(lambda: begin(newer))


@asynccontextmanager
async def _leased(service: Service) -> AsyncIterator[Recx]:
    """The workspace that answers; to let go of it may close it, which blocks."""
    lease = service.holder.lease()
    recx = lease.__enter__()
    try:
        yield recx
    finally:
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(lease.__exit__, None, None, None)


async def _told(stream: ExplanationStream) -> AsyncIterator[ServerSentEvent]:
    async with aclosing(aiter(stream)) as events:
        async for event in events:
            data = _EVENTS.dump_json(event).decode()
            yield ServerSentEvent(data=data, event=event.event)
