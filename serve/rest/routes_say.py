"""What the user says and does: in force with the next answer."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from recx_agent.schemas import EventsAdded, FeedbackGiven, FeedbackRef
from recx_agent.serve.rest import bodies
from recx_agent.serve.rest.asked import SIGNED_IN, ToFeedback
from recx_agent.serve.rest.document import NO_CONTENT, answers

router = APIRouter(prefix="/v1", dependencies=SIGNED_IN, tags=["saying"])
Id = Annotated[str, Path(min_length=1, max_length=100)]
LAST = "last"


@router.post("/feedback", responses=answers("feedback_given"))
async def give_feedback(body: bodies.FeedbackBody, asked: ToFeedback) -> FeedbackGiven:
    """Keep what the user says; acknowledged, it is on disk."""
    user_id = asked.user_id
    return await asked.ask(
        lambda recx, left: recx.feedback(user_id, body.kind, body.what, about=body.about, k=body.k)
    )


@router.get("/feedback", responses=answers("feedback_list"))
async def list_feedback(
    query: Annotated[bodies.UndoneQuery, Query()], asked: ToFeedback
) -> bodies.FeedbackList:
    """What the user said, oldest first."""
    user_id = asked.user_id
    found = await asked.ask(lambda recx, left: recx.feedback_of(user_id, undone=query.undone))
    return bodies.FeedbackList(feedback=list(found))


@router.delete("/feedback/{feedback_id}", responses=answers("feedback_undone"))
async def undo_feedback(feedback_id: Id, asked: ToFeedback) -> FeedbackRef:
    """Undo feedback by its id, or what was said last: ``last``."""
    user_id = asked.user_id
    chosen = None if feedback_id == LAST else feedback_id
    return await asked.ask(lambda recx, left: recx.undo_feedback(user_id, chosen))


@router.post("/events", responses=answers("events_added"))
async def add_events(body: bodies.EventsBody, asked: ToFeedback) -> EventsAdded:
    """Keep what the user did: all of it or nothing; acknowledged, it is on disk."""
    user_id = asked.user_id
    rows = [_row(event) for event in body.events]
    return await asked.ask(lambda recx, left: recx.add_events(rows, user_id=user_id))


@router.get("/events", responses=answers("event_list"))
async def list_events(
    query: Annotated[bodies.UndoneQuery, Query()], asked: ToFeedback
) -> bodies.EventList:
    """What the user did since the data were fitted, in the order it came."""
    user_id = asked.user_id
    found = await asked.ask(lambda recx, left: recx.added_events(user_id, undone=query.undone))
    return bodies.EventList(events=list(found))


@router.delete(
    "/events/{event_id}", status_code=204, response_class=Response, responses=answers(NO_CONTENT)
)
async def undo_event(event_id: Id, asked: ToFeedback) -> None:
    """Take an added event back."""
    user_id = asked.user_id
    await asked.ask(lambda recx, left: recx.undo_event(user_id, event_id))


def _row(event: bodies.EventBody) -> dict[str, Any]:
    fields = event.model_dump(exclude={"context"}, exclude_none=True)
    return {**event.context, **fields}
