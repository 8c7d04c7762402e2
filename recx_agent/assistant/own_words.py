"""A model's own words around verified texts: what may be shown of them.

Sentence by sentence: what asserts nothing passes by :class:`recx_agent.grounding.Talk`; all else
has to pass the verifier of the explanations, against the plans of what this conversation has
explained, made anew; what remains is dropped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from recx_agent.assistant.core import Core
from recx_agent.errors import UsageError
from recx_agent.factory import make_talk, slots_of, speech_of
from recx_agent.grounding import PLACEHOLDER, fill, unfill
from recx_agent.writing import is_worded

if TYPE_CHECKING:
    from recx_agent.factory import AssistantWords
    from recx_agent.grounding import Talk
    from recx_agent.protocols import Plan

MOST = 12
"""Sentences of one message that are read; more are dropped."""

_MARKDOWN = re.compile(r"^[\s>#*_`~-]+|[*_`~]{1,3}")


@dataclass(frozen=True)
class OwnSentence:
    """A sentence of the model's own that may be shown.

    Attributes
    ----------
    text : str
    announces : frozenset of str
        What has to follow; see :class:`recx_agent.grounding.Utterance`.
    asks : bool
    evidence : tuple of str
        Of a sentence that says something: what carries it, as ``item: id``.
    """

    text: str
    announces: frozenset[str] = frozenset()
    asks: bool = False
    evidence: tuple[str, ...] = ()


@dataclass
class OwnWords:
    """Reads the words of one turn.

    Parameters
    ----------
    core : Core
    user_id : str
    words : AssistantWords
        Of the turn's language.
    now : sequence of str
        Items explained in this turn.
    before : sequence of str
        Items explained earlier in the conversation.
    kept : bool
        Whether feedback was kept in this turn: "noted" is true then.
    """

    core: Core
    user_id: str
    words: AssistantWords
    now: Sequence[str] = ()
    before: Sequence[str] = ()
    kept: bool = False
    dropped: list[str] = field(default_factory=list)

    def read(self, text: str) -> list[OwnSentence]:
        """What may be shown of some words; the rest goes to ``dropped``."""
        found: list[OwnSentence] = []
        for line in text.splitlines():
            for raw in self._talk.sentences(plain_line(line)):
                sentence = self._sentence(raw) if len(found) < MOST else None
                if sentence is None:
                    self.dropped.append(raw)
                elif all(one.text != sentence.text for one in found):
                    found.append(sentence)
        return found

    def _sentence(self, raw: str) -> OwnSentence | None:
        said = self._talk.read(raw)
        if said is not None:
            if said.kept and not self.kept:
                return None
            return OwnSentence(said.text, said.announces, said.asks)
        return self._verified(raw)

    def _verified(self, raw: str) -> OwnSentence | None:
        """A sentence that says something, if the verifier has it true.

        One that names an item explained is held against what is so of that one; "it" could be
        any of them, so a sentence without a name has to be true of each that this turn explains.
        """
        for title, plan in self._plans(self.before).items():
            if _names_item(raw, plan) and (found := self._under(raw, title, plan)):
                return found
        own = self._plans(self.now)
        first: OwnSentence | None = None
        for title, plan in own.items():
            found = self._under(raw, title, plan)
            if found is not None and _names_item(raw, plan):
                return found
            if found is None:
                return None
            first = first or found
        return first

    def _under(self, raw: str, title: str, plan: Plan) -> OwnSentence | None:
        slots = slots_of(plan)
        draft = unfill(raw, slots)  # what is shown are the words of the evidence, not the model's
        reading = speech_of(plan.wording).judge.read(draft, plan, slots)
        if not reading.ok:
            return None
        text = fill(draft, slots)
        if PLACEHOLDER.search(text):
            return None
        cited = [f"{title}: {id}" for sentence in reading.sentences for id in sentence.evidence]
        return OwnSentence(text, evidence=tuple(dict.fromkeys(cited)))

    def _plans(self, titles: Sequence[str]) -> dict[str, Plan]:
        return {title: self._all_plans[title] for title in titles if title in self._all_plans}

    @cached_property
    def _all_plans(self) -> dict[str, Plan]:
        """Made when the first sentence needs them: what holds now, after all feedback."""
        found: dict[str, Plan] = {}
        for title in dict.fromkeys((*self.before, *self.now)):
            try:
                plan = self.core.plan(self.user_id, title, language=self.words.language)
            except UsageError:  # it is withheld or turned down by now: nothing is said of it
                continue
            if is_worded(plan):
                found[title] = plan
        return found

    @cached_property
    def _talk(self) -> Talk:
        return make_talk(self.words)


def plain_line(line: str) -> str:
    """A line without markdown, pictures and control characters."""
    kept = "".join(c for c in line if unicodedata.category(c) not in ("So", "Sk", "Cf", "Cc", "Co"))
    return _MARKDOWN.sub("", kept).strip()


def _names_item(raw: str, plan: Plan) -> bool:
    return "{ITEM}" in unfill(raw, slots_of(plan))
