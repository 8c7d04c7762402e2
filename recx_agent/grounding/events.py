"""What was done with history items: held against their events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recx_agent.schemas import Evidence

TYPES = {
    "attend": {"attend", "attended", "attendance"},
    "book": {"book", "booked", "booking"},
    "borrow": {"borrow", "borrowed", "loan"},
    "buy": {"buy", "bought", "purchase", "purchased", "transaction"},
    "comment": {"comment", "commented"},
    "complete": {"complete", "completed", "completion"},
    "download": {"download", "downloaded"},
    "enrol": {"enrol", "enroll", "enrolled", "enrolment", "enrollment"},
    "finish": {"finish", "finished", "complete", "completed", "completion"},
    "follow": {"follow", "followed"},
    "install": {"install", "installed"},
    "listen": {"listen", "listened", "listening"},
    "open": {"click", "clicked", "open", "opened"},
    "order": {"order", "ordered"},
    "play": {"play", "played"},
    "read": {"read"},
    "rent": {"rent", "rented", "rental"},
    "review": {"review", "reviewed"},
    "save": {"save", "saved", "favourite", "favorite", "bookmark", "bookmarked"},
    "share": {"share", "shared"},
    "start": {"start", "started"},
    "stream": {"stream", "streamed"},
    "subscribe": {"subscribe", "subscribed", "subscription"},
    "view": {"view", "viewed", "page_view", "pageview", "detail_view"},
    "visit": {"visit", "visited"},
    "watch": {"watch", "watched"},
}
"""What a deed's word is true of: event types, in lower case with ``_`` between words.

Templates word them by tables of their own (``prompts/templates/*/events.toml``), for this layer
knows nothing of prompts; ``tests/unit/grounding/test_events.py`` holds the two together.
"""


THUMBS = frozenset({"thumb", "thumbs", "拇指", "赞"})
"""Units of ratings that are a thumb up or down, whatever their numbers."""

SEARCHES = frozenset({"search", "searched", "query"})
"""Event types whose text was searched for."""

RATINGS = frozenset({"rating", "rate", "rated", "score", "review", "reviewed"})
"""Event types whose value is a rating; that of another may be a count or a price."""


def events_of(piece: Evidence) -> list[Mapping[str, Any]]:
    """The events of a history item, each with the ends of its scale.

    A value that is no rating is left out; one without a type is a rating.
    """
    fields = piece.fields
    ends = {end: fields.get(end) for end in ("rating_min", "rating_max")}
    told = [{**ends, **event} for event in fields.get("events") or (fields,)]
    return [
        event
        if event_key(event.get("event_type") or "rating") in RATINGS
        else {**event, "rating": None}
        for event in told
    ]


def event_key(kind: object) -> str:
    """An event type as `TYPES` has it."""
    letters = "".join(char if char.isalnum() else "_" for char in str(kind or "").lower())
    return "_".join(part for part in letters.split("_") if part)
