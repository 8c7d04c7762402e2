"""Explanations from texts that somebody gives, without a recommender."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from recx_agent.schemas.explanation import Sentence, Verdict, Violation, Writer
from recx_agent.schemas.items import Record

Subject = Literal["user", "item"]


class Passage(Record):
    """A text about the user (``U1``, ``U2``, …) or about the item (``I1``, …)."""

    id: str
    about: Subject
    text: str = Field(min_length=1)


class GivenExplanation(Record):
    """Why an item may suit somebody, by nothing but the passages given.

    ``text`` is the sentences joined by spaces (Chinese: without); each cites the passages that
    carry it. ``verdict`` is ``abstained`` where the passages have nothing in common that could
    be told as a reason. ``violations`` are those of drafts that are not shown, ``fault`` is why
    a language model did not answer.
    """

    item_title: str
    text: str
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]
    verdict: Verdict
    writer: Writer
    violations: tuple[Violation, ...] = ()
    fault: str | None = None
