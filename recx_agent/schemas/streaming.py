"""An explanation that is told while it is written: what comes, in its order."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from recx_agent.schemas.explanation import Evidence, Explanation
from recx_agent.schemas.items import ItemRef, Record


class ExplanationBegun(Record):
    """First, and once: what is explained, and the evidence that sentences will cite."""

    event: Literal["begun"] = "begun"
    item: ItemRef
    evidence: tuple[Evidence, ...]


class SentenceTold(Record):
    """A sentence that was verified; none is taken back or changed.

    ``added`` is the sentence with what stands before it: the ``added`` of all sentences, one
    after the other, are the text. ``number`` counts from 0; ``evidence`` has the ids cited.
    """

    event: Literal["sentence"] = "sentence"
    number: int
    text: str
    added: str
    evidence: tuple[str, ...] = Field(min_length=1)


class ExplanationTold(Record):
    """Last, and once: the whole, with text, citations, arithmetic and verdict."""

    event: Literal["explanation"] = "explanation"
    explanation: Explanation


ExplanationEvent = Annotated[
    ExplanationBegun | SentenceTold | ExplanationTold, Field(discriminator="event")
]
