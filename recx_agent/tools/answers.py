"""What a tool gives back, and the words for what is no verified text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from recx_agent.errors import RecxError
from recx_agent.schemas import FeedbackGiven, FeedbackRef, Recommendations

_SHOWN = 120
_JOINERS = "\u200c\u200d"  # part of the spelling in Persian, Indic scripts and emoji


@dataclass(frozen=True)
class Answer:
    """The answer to one call.

    Attributes
    ----------
    content : str
        For the model: complete in itself. Of an explanation, the verified text word by word.
    artifact : dict or None
        For the program: the whole record in JSON types; ``None`` with an error.
    error : RecxError or None
        What kept the call from being answered; ``content`` tells it.
    """

    content: str
    artifact: dict[str, Any] | None = None
    error: RecxError | None = None

    @classmethod
    def of(cls, content: str, record: BaseModel) -> Answer:
        """The content, with a record behind it."""
        return cls(content, record.model_dump(mode="json"))


def shown(text: str) -> str:
    """What somebody else wrote, in one line and not all of it if it is long."""
    line = one_line(text)
    return line if len(line) <= _SHOWN else line[:_SHOWN] + "…"


def one_line(text: str) -> str:
    """A text without line breaks, control characters and marks that turn its direction."""
    return " ".join("".join(c if c.isprintable() or c in _JOINERS else " " for c in text).split())


def named(title: str, item_id: str) -> str:
    """An item so that it can be named again: two may share a title."""
    return f"“{shown(title)}” (id {one_line(item_id)})"


def suggestions(result: Recommendations) -> str:
    """A numbered list."""
    if not result.items:
        return "Nothing is left to suggest with these filters; use fewer."
    head = "Suggestions, best first:"
    if result.fallback == "popularity":
        head = "There is no history that counts; this is what everyone likes, best first:"
    return "\n".join([head, *(f"{i.rank}. {named(i.title, i.item_id)}" for i in result.items)])


def feedback_kept(given: FeedbackGiven) -> str:
    """What is different from now on."""
    said = given.feedback
    what = _said_of(said)
    words = {
        "like": f"{what} counts as liked",
        "dislike": f"{what} counts as disliked and will not be suggested",
        "exclude": f"{what} will not be suggested",
        "mute": f"{what} is no reason any more",
    }[said.kind]
    if (said.kind, said.target) == ("exclude", "attribute"):
        words = f"nothing with {what} will be suggested"
    if given.remaining is not None:
        words += f"; {given.remaining} of the best {given.k} suggestions still have it"
    return f"{'Kept' if given.is_new else 'Kept before'}: {words}."


def feedback_undone(undone: FeedbackRef) -> str:
    """What was taken back."""
    words = {
        "like": "liked",
        "dislike": "disliked",
        "exclude": "never to be suggested",
        "mute": "no reason",
    }[undone.kind]
    return f"Undone: {_said_of(undone)} is not kept as {words} any more."


def _said_of(said: FeedbackRef) -> str:
    return f"“{shown(said.label)}”" if said.target == "item" and said.label else shown(said.what)
