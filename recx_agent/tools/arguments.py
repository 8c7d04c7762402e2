"""The arguments of each tool, as a small model can fill them in.

There is no field for a user, and what is not a field is dropped unread.
"""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

_LISTED = re.compile(r".* \(id (.+)\)$", re.DOTALL)
_QUOTES = ('""', "''", "“”", "‘’", "«»", "《》", "「」")
MOST_NAMES = 20


def as_meant(text: str) -> str:
    """A name without the quotation marks around it, or the id of ``Title (id …)``."""
    text = text.strip()
    if listed := _LISTED.match(text):
        return listed[1].strip()
    if len(text) > 2 and text[0] + text[-1] in _QUOTES:
        return text[1:-1].strip()
    return text


Name = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(as_meant)]
Names = Annotated[list[Name], Field(max_length=MOST_NAMES)]


class Arguments(BaseModel):
    """Base of all: unknown fields are dropped, ``null`` means not given.

    A single name is taken for a list of one, and a list written as text is read.
    """

    model_config = ConfigDict(extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _as_models_write(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        lists = {name for name, field in cls.model_fields.items() if field.default_factory is list}
        return {
            name: _listed(value) if name in lists else value
            for name, value in given.items()
            if value is not None
        }


def _listed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        try:
            return json.loads(value)
        except ValueError:
            return [value]
    return [value] if value.strip() else []


class RecommendItems(Arguments):
    """Arguments of ``recommend_items``."""

    k: int = Field(5, ge=1, le=20, description="How many items.")
    only: Names = Field(
        default_factory=list,
        description="Attributes that every item must have, such as genre=Comedy.",
    )
    exclude: Names = Field(
        default_factory=list,
        description="Titles, or attributes such as genre=Horror, that may not come.",
    )


class ExplainRecommendation(Arguments):
    """Arguments of ``explain_recommendation``."""

    item: Name = Field(description="Title or id of the item.")


class CompareItems(Arguments):
    """Arguments of ``compare_items``."""

    item: Name = Field(description="Title or id of one item.")
    other: Name = Field(description="Title or id of the other item.")


class WhatIfChange(Arguments):
    """Arguments of ``what_if``: at least one of them."""

    remove: Names = Field(
        default_factory=list, description="Titles in the history, as if they were not."
    )
    add: Names = Field(default_factory=list, description="Titles, as if just liked.")
    mute: Names = Field(
        default_factory=list, description="Attributes that count no more, such as genre=Drama."
    )
    exclude: Names = Field(
        default_factory=list, description="Titles or attributes that may not come."
    )

    @model_validator(mode="after")
    def _something_changes(self) -> Self:
        if not (self.remove or self.add or self.mute or self.exclude):
            raise ValueError("name at least one change: remove, add, mute or exclude")
        return self


class DescribeMyTaste(Arguments):
    """``describe_my_taste`` has no arguments."""


Said = Literal["like", "dislike", "not_because_of", "never_suggest", "undo"]


class GiveFeedback(Arguments):
    """Arguments of ``give_feedback``."""

    kind: Said = Field(
        description=(
            "like or dislike: an item. not_because_of: it is no reason again. "
            "never_suggest: it may not come. undo: take back what was said last."
        )
    )
    what: str = Field(
        "",
        max_length=300,
        description="Title or id of an item, or an attribute such as genre=Drama.",
    )
    about: str = Field(
        "",
        max_length=300,
        description="Only for not_because_of without what: the suggested item.",
    )

    @model_validator(mode="after")
    def _something_is_meant(self) -> Self:
        if self.kind != "undo" and not self.what.strip():
            if self.kind != "not_because_of":
                raise ValueError(f"name in 'what' what is meant by {self.kind}")
            if not self.about.strip():
                raise ValueError("name the reason in 'what', or the suggested item in 'about'")
        return self
