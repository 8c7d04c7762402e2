"""What is sent. What comes back is :mod:`recx_agent.schemas`, and the lists at the end."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic.config import JsonDict

from recx_agent.schemas import AddedEventRef, Explanation, FeedbackRef
from recx_agent.settings import Language

Name = Annotated[str, StringConstraints(min_length=1, max_length=300), AfterValidator(str.strip)]
"""An item by id or title, an attribute as ``name=value``, a name or a value."""
Passage = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
Names = Annotated[list[Name], Field(max_length=100)]
Count = Annotated[
    int,
    Field(ge=1, le=100, strict=True, description="length of the list"),
    BeforeValidator(
        lambda sent: int(sent) if isinstance(sent, float) and sent.is_integer() else sent
    ),
]
"""For JSON 10.0 is an integer too; a text is none."""
Cold = Annotated[bool, Field(strict=True, description="give a stranger what everyone likes")]
Deadline = Annotated[
    float,
    Field(gt=0, le=600_000, description="as long a language model may take; bounded by the server"),
]
MAX_HISTORY, MAX_ITEMS, MAX_EVENTS, MAX_PASSAGES = 500, 100, 1000, 50


class Sent(BaseModel):
    """Base of what is sent: unknown fields are refused, above all one that names a user."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Told(Sent):
    """How a text is asked for."""

    language: Language | None = Field(None, description="of the text; that of the settings")
    deadline_ms: Deadline | None = None


class Around(Sent):
    """What an answer may be made to look at besides the user."""

    exclude: Names = Field([], description="items or attributes that may not come")
    history: Annotated[list[Name], Field(max_length=MAX_HISTORY)] | None = Field(
        None, description="items to use instead of the stored history, newest first"
    )
    context: Annotated[dict[Name, Name], Field(max_length=20)] = Field(
        {}, description="what is known of the moment, such as device: tv"
    )


def _example(**content: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [content]})


class RecommendationsBody(Around):
    """What to suggest."""

    model_config = _example(k=3, only=["genre=Drama"])

    k: Count = 10
    only: Names = Field([], description="attributes that each item must have")
    allow_cold: Cold = False
    deadline_ms: Deadline | None = Field(None, description="as long it may wait for its turn")


class ExplanationBody(Around, Told):
    """Why this item."""

    model_config = _example(item="Fargo", language="en", deadline_ms=1500)

    item: Name
    k: Count = 10
    allow_cold: Cold = False


class TopBody(Around, Told):
    """Why the best items; a cause that several share is told once."""

    model_config = _example(k=2)

    k: Count = 10
    allow_cold: Cold = False


class CandidatesBody(Told):
    """What speaks for and against items that another recommender chose."""

    model_config = _example(items=["Fargo", "Alien"], chosen_by="our shop's ranker")

    items: Annotated[list[Name], Field(min_length=1, max_length=MAX_ITEMS)]
    chosen_by: Name = Field(description="name of the other recommender, as the texts call it")
    k: Count = 10
    history: Annotated[list[Name], Field(max_length=MAX_HISTORY)] | None = None
    allow_cold: Cold = False
    context: Annotated[dict[Name, Name], Field(max_length=20)] = {}


class GivenBody(Told):
    """Texts about a user and about an item, in the place of a recommender."""

    model_config = _example(
        item_title="A Song Unheard",
        about_user=["Enjoys historical fiction with strong heroines."],
        about_item=["A piece of historical fiction set in Wales."],
    )

    item_title: Name
    about_user: Annotated[list[Passage], Field(min_length=1, max_length=MAX_PASSAGES)]
    about_item: Annotated[list[Passage], Field(min_length=1, max_length=MAX_PASSAGES)]


class ComparisonBody(Around, Told):
    """Why this and not that."""

    model_config = _example(item="Fargo", other="Alien")

    item: Name
    other: Name
    view: Literal["history", "attribute"] | None = Field(
        None, description="the only view whose terms the text tells"
    )


class WhatIfBody(Told):
    """What would be: each field lists items, or attributes."""

    model_config = _example(remove=["Heat"], k=3)

    remove: Names = Field([], description="items of the history left out")
    add: Names = Field([], description="items taken into the history as newest")
    mute: Names = Field([], description="attributes whose terms leave every score")
    exclude: Names = Field([], description="items or attributes that may not come")
    k: Count = 10
    context: Annotated[dict[Name, Name], Field(max_length=20)] = {}


class ProfileQuery(Told):
    """How the profile is told."""


def _given(one: str, other: str) -> JsonDict:
    """Schema: the one is there, the other is not."""
    return {"required": [one], "properties": {one: {"type": "string"}, other: {"type": "null"}}}


class FeedbackBody(Sent):
    """What the user says of an item or an attribute; ``what`` or ``about``, not both."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "mute", "what": "genre=Drama", "k": 5}],
            "oneOf": [_given("what", "about"), _given("about", "what")],
        }
    )

    kind: Literal["mute", "like", "dislike", "exclude"]
    what: Name | None = Field(None, description="an item, or an attribute as name=value")
    about: Name | None = Field(
        None, description="a recommended item; what is told as its reason is meant"
    )
    k: Count = 10

    @model_validator(mode="after")
    def _one_of_both(self) -> FeedbackBody:
        if (self.what is None) == (self.about is None):
            raise ValueError("give what or about: one of them")
        return self


class EventBody(Sent):
    """Something the user did: the columns of an interactions file."""

    item_id: Annotated[str, StringConstraints(min_length=1, max_length=300)] | None = None
    event_type: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None
    value: float | None = Field(None, description="such as a rating, on the scale of the data")
    timestamp: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = Field(
        None, description="ISO 8601, UTC if no zone is given; now if left out"
    )
    text: Annotated[str, StringConstraints(max_length=20_000)] | None = None
    context: Annotated[dict[Name, Name], Field(max_length=20)] = Field(
        {}, description="columns of the context, such as device"
    )


class EventsBody(Sent):
    """What the user did: all of it is kept, or nothing."""

    model_config = _example(
        events=[{"item_id": "m7", "value": 5, "timestamp": "2024-05-01", "text": "what a ride"}]
    )

    events: Annotated[list[EventBody], Field(min_length=1, max_length=MAX_EVENTS)]


class UndoneQuery(Sent):
    """Whether what was undone is listed too."""

    undone: bool = False


class ErasureQuery(Sent):
    """How a user is erased."""

    refit: bool = Field(
        False, description="train anew at once, and remove versions that learned from him"
    )


class Answer(BaseModel):
    """Base of what is answered."""

    model_config = ConfigDict(extra="forbid")


class Explanations(Answer):
    """Explanations, best item first or in the order asked."""

    explanations: list[Explanation]


class FeedbackList(Answer):
    """What a user said, oldest first."""

    feedback: list[FeedbackRef]


class EventList(Answer):
    """A user's added events, in the order they came."""

    events: list[AddedEventRef]


class Health(Answer):
    """Whether the process lives."""

    status: Literal["ok"]


class Readiness(Health):
    """Whether requests should be sent here, and whether all is kept that stands beside answers."""

    keeping: Literal["ok", "behind", "failing"] = Field(
        description="texts and audit records: 'behind' a disk that does not take them as fast as "
        "they come, or 'failing' to be written; answers go on"
    )
    not_kept: int = Field(ge=0, description="how many are lost, since the workspace was opened")


class ReloadAnswer(Answer):
    """The versions that answered before a reload, and now."""

    before: str
    now: str
