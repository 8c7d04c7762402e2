"""Answers of tools as a conversation holds them: for the model, and for the person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recx_agent import errors
from recx_agent.errors import RecxError

if TYPE_CHECKING:
    from recx_agent.factory import AssistantWords

KINDS: Mapping[str, str] = {
    "recommend_items": "list",
    "explain_recommendation": "why",
    "compare_items": "compare",
    "what_if": "what_if",
    "describe_my_taste": "taste",
    "give_feedback": "kept",
}
"""What the answer of each tool is; an announcement of the model's has to name it."""

PROBLEM = "problem"


@dataclass(frozen=True)
class Result:
    """The answer to one call of a tool.

    Attributes
    ----------
    name : str
        ``R1``, ``R2`` …: inside one turn.
    tool : str
    kind : str
        One of :data:`KINDS`, or ``problem``.
    text : str
        What the person is shown, word by word: verified text, or code's own words about a record.
    record : dict or None
        The record of the Python API in JSON types; ``None`` with a problem.
    error : RecxError or None
        Why there is none.
    """

    name: str
    tool: str
    kind: str
    text: str
    record: Mapping[str, Any] | None = None
    error: RecxError | None = None

    @property
    def ok(self) -> bool:
        """Whether it answers the question."""
        return self.kind != PROBLEM

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of a list, best first."""
        if self.kind != "list" or self.record is None:
            return ()
        return tuple(item["title"] for item in self.record["items"])

    @property
    def item(self) -> str | None:
        """The item that an explanation, or the first of a comparison, is about."""
        if self.kind not in ("why", "compare") or self.record is None:
            return None
        return str(self.record["item"]["title"])

    @property
    def causes(self) -> tuple[str, ...]:
        """Titles of the history that an explanation tells as its reason."""
        if self.kind != "why" or self.record is None:
            return ()
        told = {id for sentence in self.record["sentences"] for id in sentence["evidence"]}
        return tuple(
            piece["fields"]["title"]
            for piece in self.record["evidence"]
            if piece["id"] in told and piece["id"].startswith("H") and piece["kind"] == "cause"
        )

    @property
    def removed(self) -> tuple[str, ...]:
        """Titles of the history that a what-if takes away."""
        if self.kind != "what_if" or self.record is None:
            return ()
        changes = [piece for piece in self.record["told"]["evidence"] if piece["id"][0] == "W"]
        return tuple(title for piece in changes for title in piece["fields"].get("remove", ()))


def shown_text(tool: str, content: str, record: Mapping[str, Any], words: AssistantWords) -> str:
    """What the person is shown: verified text as it is, lists and feedback in code's words."""
    if tool == "recommend_items":
        titles = [item["title"] for item in record["items"]]
        return words.suggestions(titles, popular=record["fallback"] is not None)
    if tool != "give_feedback":
        return content
    said = record["feedback"] if "feedback" in record else record
    what = _named(said, words)
    if "feedback" not in record:
        return words.line("undone", kind=said["kind"], what=what)
    return words.line(
        "kept",
        kind=said["kind"],
        target=said["target"],
        what=what,
        is_new=record["is_new"],
        remaining=record["remaining"],
        k=record["k"],
    )


def _named(said: Mapping[str, Any], words: AssistantWords) -> str:
    if said["target"] == "item":
        return words.title(said["label"] or said["what"])
    return words.attribute(said["what"])


_PROBLEMS: Mapping[type[RecxError], tuple[str, Callable[[Any], tuple[list[str], list[str]]]]] = {
    errors.UnknownItem: ("unknown_item", lambda e: (list(e.closest), [])),
    errors.UnknownAttribute: ("unknown_attribute", lambda e: ([], list(e.closest))),
    errors.UnclearReason: (
        "unclear_reason",
        lambda e: (
            [c.label for c in e.candidates if c.what != c.label],
            [c.what for c in e.candidates if c.what == c.label],
        ),
    ),
    errors.UnknownFeedback: ("nothing_to_undo", lambda e: ([], [])),
    errors.UnknownUser: ("unknown_user", lambda e: ([], [])),
    errors.NoHistory: ("no_history", lambda e: ([], [])),
    errors.NotInHistory: ("not_in_history", lambda e: ([e.title], [])),
    errors.TurnedDown: ("turned_down", lambda e: ([], [])),
    errors.NotOffered: ("not_offered", lambda e: ([], [])),
    errors.Withheld: ("withheld", lambda e: ([], [])),
    errors.UserStoreBusy: ("busy", lambda e: ([], [])),
}


def problem_text(error: RecxError, words: AssistantWords) -> str:
    """Why there is no answer, in words that repeat nothing of what a model wrote."""
    kind, meant = _PROBLEMS.get(type(error), ("misfit", lambda e: ([], [])))
    titles, values = meant(error)
    return words.problem(kind, titles, values)
