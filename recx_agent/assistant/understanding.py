"""From a person's words to a call of a tool, by code alone.

It fills in the arguments of the tool that was chosen, and chooses one where no model does: the
titles and attributes that are named, places in the list shown last, "this" and "that".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from recx_agent.assistant.intents import TALK, Intents, Pattern
from recx_agent.assistant.memory import Conversation
from recx_agent.assistant.names import Named, Names
from recx_agent.settings import AssistantSettings

FIRST = "recommend_items"
"""What is done where nothing else can be."""


@dataclass(frozen=True)
class Call:
    """A call of a tool."""

    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Understanding:
    """What one message of a person means, given what was talked about.

    Parameters
    ----------
    text : str
    conversation : Conversation
    intents : Intents
        Of the text's language.
    names : Names
    settings : AssistantSettings
    """

    text: str
    conversation: Conversation
    intents: Intents
    names: Names
    settings: AssistantSettings

    @cached_property
    def pattern(self) -> Pattern | None:
        """What the words ask for."""
        return self.intents.of(self.text)

    @cached_property
    def named(self) -> list[Named]:
        """Everything that is named, in order."""
        return self.names.named(self.text, self.conversation.talked_of)

    @cached_property
    def items(self) -> list[str]:
        """Titles that are named, a place in the list last shown among them."""
        found = [one.what for one in self.named if one.kind != "attribute"]
        place = self.intents.place(self.text)
        if not found and place is not None and place < len(self.conversation.listed):
            return [self.conversation.listed[place]]
        return found

    @cached_property
    def attributes(self) -> list[str]:
        """Attributes that are named, as ``name=value``."""
        return [one.what for one in self.named if one.kind == "attribute"]

    @property
    def answers_pending(self) -> bool:
        """Whether it only says which reason was meant."""
        return bool(
            self.conversation.pending
            and any(item in self.conversation.pending for item in self.items)
            and (self.pattern is None or self.pattern.tool in (TALK, "give_feedback"))
        )

    def call(self, tool: str | None = None) -> Call | None:
        """The call that answers, by ``tool`` if one was chosen; ``None`` for talk."""
        if self.answers_pending:
            return Call("give_feedback", {"kind": "not_because_of", "what": self._pending_item})
        if tool is None:
            tool = self.pattern.tool if self.pattern else None
            if tool is None and (self.named and not self.intents.points(self.text)):
                tool = "explain_recommendation" if self.items else FIRST
        if tool is None or tool == TALK:
            return None
        fill = {
            "recommend_items": self._recommend,
            "explain_recommendation": self._explain,
            "compare_items": self._compare,
            "what_if": self._what_if,
            "describe_my_taste": lambda: Call("describe_my_taste"),
            "give_feedback": self._feedback,
        }.get(tool)
        return fill() if fill else None

    def allows_feedback(self, arguments: Mapping[str, Any]) -> bool:
        """Whether the person said what a call of ``give_feedback`` would keep.

        The kind has to be one that the words give, and what is meant has to be named, or
        pointed at after it was talked about: a title that tells a model to dislike something
        changes nothing.
        """
        if self.answers_pending:
            return arguments.get("kind") == "not_because_of"
        kind = arguments.get("kind")
        if not isinstance(kind, str) or kind not in self.intents.feedback_kinds(self.text):
            return False
        if kind == "undo":
            return True
        said = {*self.items, *self.attributes}
        if not said and self.intents.points(self.text):
            said = set(self.conversation.talked_of)
        meant = [arguments.get("what"), arguments.get("about")]
        given = [one for one in meant if isinstance(one, str) and one.strip()]
        return bool(given) and all(_same(one, said) for one in given)

    # --- the arguments of each tool

    def _recommend(self) -> Call:
        only: list[str] = []
        exclude: list[str] = []
        for one in self.named:
            if self.intents.is_left_out(self.text[: one.start]):
                exclude.append(one.what)
            elif one.kind == "attribute":
                only.append(one.what)
        k = self.intents.count(self.text) or self.settings.suggestions
        return Call(FIRST, {"k": k, "only": only, "exclude": exclude})

    def _explain(self) -> Call:
        item = self._focus()
        return Call("explain_recommendation", {"item": item}) if item else self._recommend()

    def _compare(self) -> Call:
        others = [title for title in self.conversation.listed if title not in self.items]
        pair = list(dict.fromkeys(self.items))[:2]
        if len(pair) < 2 and self.conversation.focus and self.conversation.focus not in pair:
            pair.insert(0, self.conversation.focus)
        pair += others[: 2 - len(pair)]
        if len(pair) < 2:
            return self._explain()
        return Call("compare_items", {"item": pair[0], "other": pair[1]})

    def _what_if(self) -> Call:
        removed = self.items or list(self.conversation.causes[:1])
        if self.attributes and not self.items:
            return Call("what_if", {"mute": self.attributes})
        return Call("what_if", {"remove": removed}) if removed else self._recommend()

    def _feedback(self) -> Call | None:
        kind = self.pattern.kind if self.pattern and self.pattern.kind else "undo"
        if self.pattern is None or self.pattern.tool != "give_feedback":
            return None
        if kind == "undo":
            return Call("give_feedback", {"kind": "undo"})
        named = [*self.items, *self.attributes]
        if named:
            return Call("give_feedback", {"kind": kind, "what": named[0]})
        if kind == "not_because_of":
            if len(self.conversation.causes) == 1:
                return Call("give_feedback", {"kind": kind, "what": self.conversation.causes[0]})
            about = self.conversation.focus
            return Call("give_feedback", {"kind": kind, "about": about}) if about else None
        item = self._focus()
        return Call("give_feedback", {"kind": kind, "what": item}) if item else None

    def _focus(self) -> str | None:
        """The item that is meant: named, pointed at, or the best of the list."""
        if self.items:
            return self.items[0]
        if self.conversation.focus:
            return self.conversation.focus
        return self.conversation.listed[0] if self.conversation.listed else None

    @property
    def _pending_item(self) -> str:
        return next(item for item in self.items if item in self.conversation.pending)


def _same(given: str, said: Sequence[str] | set[str]) -> bool:
    """Whether what a call names is one of what was said; a value may stand for its attribute."""
    wanted = given.strip(" “”\"'《》").casefold()
    known = {one.casefold() for one in said} | {one.partition("=")[2].casefold() for one in said}
    return wanted in known - {""}
