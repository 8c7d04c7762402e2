"""What a reader of a text expects, and who reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from recx_agent.evals.samples import Sample

_NAMED = {"en": "this item", "zh": "这一项"}


@dataclass(frozen=True)
class Reading:
    """What somebody expects who was told this much.

    Attributes
    ----------
    acceptance : float
        How likely it is that he takes the item, 0 to 1.
    rating : float
        What he thinks he will give it, on the data's scale.
    """

    acceptance: float
    rating: float


class Reader(Protocol):
    """A simulated reader: it sees the words of a text and nothing else.

    Attributes
    ----------
    settings : mapping
        What its readings depend on, for the run log and the journal.
    """

    @property
    def settings(self) -> dict[str, str]: ...  # noqa: D102

    def read(self, text: str, user_id: str, language: str) -> Reading | None:
        """What the text makes one expect; ``None`` where the reader gave no usable answer.

        ``user_id`` only says of whom the reader must not have learnt anything.
        """
        ...

    def unread(self, user_id: str, language: str) -> Reading | None:
        """What one expects who is offered an item without a word."""
        ...


def masked(sample: Sample) -> str:
    """The text without the item's own title: what a reader knows of a title is not told by it."""
    name = _NAMED.get(sample.language, _NAMED["en"])
    marks = r"[“”\"'‘’《》「」*]*"
    title = re.escape(sample.title)
    return re.sub(rf"{marks}{title}{marks}", name, sample.text)
