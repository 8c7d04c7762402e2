"""From claims to text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

from recx_agent.schemas import Evidence, Sentence, Verdict, Violation, Writer


@dataclass(frozen=True)
class Claim:
    """One thing the text may say: what sort of statement, carried by which evidence.

    Kinds and what they assert are listed in :mod:`recx_agent.explainer.claims`.
    """

    kind: str
    evidence: tuple[str, ...]
    values: Mapping[str, Any] = field(default_factory=dict)


Task = Literal["explain", "compare", "what_if", "profile"]
"""What a text is for: to explain an item, or to tell a comparison, a what-if or a profile."""


@dataclass(frozen=True)
class Plan:
    """Everything a writer needs: the claims in order, and the evidence they cite.

    Attributes
    ----------
    item_title : str
        The item explained; empty where another task than that is told.
    claims : sequence of Claim
        In the order they are to be told.
    evidence : mapping of str to Evidence
        By id.
    wording : mapping
        What things are called, and the language: see
        :class:`recx_agent.settings.WordingSettings`.
    variant : int
        Chooses the style; equal variants give equal styles.
    totals : mapping of str to float
        Σ|terms| of the views ``history`` and ``attribute``: what shares refer to. Empty
        where nothing may be told as a share.
    min_share : float
        Part of ``totals`` that causes told as the reason must reach together.
    user_id : str
        Whose explanation it is, for what is kept of it; never handed to a model.
    key : str
        Digest of recommender, user, item, evidence and claims: equal inputs give equal keys.
    task : str
        What is told; each task has claims, prompts and rules of its own.
    """

    item_title: str
    claims: Sequence[Claim]
    evidence: Mapping[str, Evidence]
    wording: Mapping[str, Any]
    variant: int = 0
    totals: Mapping[str, float] = field(default_factory=dict)
    min_share: float = 0.0
    user_id: str = ""
    key: str = ""
    task: Task = "explain"


@dataclass(frozen=True)
class Draft:
    """What a writer made of a plan; ``joint`` stands between two sentences of the language.

    Attributes
    ----------
    sentences : tuple of Sentence
    writer : Writer
        Who wrote what is shown.
    joint : str
    verdict : str
        ``template`` where no sentence is a language model's own; whether it abstained is
        the plan's.
    violations : tuple of Violation
        What was found in drafts that are not shown.
    fault : str or None
        Why the language model did not answer, such as ``"unreachable"``.
    """

    sentences: tuple[Sentence, ...]
    writer: Writer
    joint: str = " "
    verdict: Verdict = "template"
    violations: tuple[Violation, ...] = ()
    fault: str | None = None

    @property
    def text(self) -> str:
        """The sentences as one text."""
        return self.joint.join(sentence.text for sentence in self.sentences)


def audit_id(key: str, writer: Writer) -> str:
    """Digest of a plan's key and of who wrote: under it the audit record is kept."""
    content = json.dumps([key, writer.model_dump()], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:24]


class ExplanationWriter(Protocol):
    """Turns plans into sentences that cite their evidence."""

    def write(self, plan: Plan) -> Draft:
        """Write one explanation."""
        ...

    def write_all(
        self, plans: Sequence[Plan], *, deadline_ms: float | None = None
    ) -> Sequence[Draft]:
        """Write several at once, in the order given; all of them by the deadline."""
        ...

    def evidence_text(
        self, evidence_id: str, fields: Mapping[str, Any], wording: Mapping[str, Any]
    ) -> str:
        """One piece of evidence in words, with nothing but its fields."""
        ...

    def close(self) -> None:
        """Let go of what it holds open; nothing may be written afterwards."""
        ...


class DraftStream(Protocol):
    """One explanation as it is written: its sentences one by one, and its draft as the last.

    Each iteration writes it; an iterator that is closed early ends the writing. A sentence
    that has come is one of the draft, in its place.

    Attributes
    ----------
    joint : str
        What stands between two sentences.
    """

    joint: str

    def __iter__(self) -> Generator[Sentence | Draft]:
        """For a thread without an event loop."""
        ...

    def __aiter__(self) -> AsyncGenerator[Sentence | Draft]:
        """For any event loop."""
        ...


@runtime_checkable
class StreamingWriter(ExplanationWriter, Protocol):
    """A writer whose text can be shown while it is written."""

    def stream(self, plan: Plan, *, deadline_ms: float | None = None) -> DraftStream:
        """Write one explanation; all of it has come by the deadline."""
        ...


class Chooser(Protocol):
    """Says which of several texts reads best; all of them have been verified before."""

    @property
    def name(self) -> str:
        """What identifies it, for caches and records."""
        ...

    def scores(self, texts: Sequence[str]) -> Sequence[float]:
        """One figure a text, placeholders filled in; the largest is taken."""
        ...


SlotRole = Literal[
    "item",
    "title",
    "deed",
    "rating",
    "date",
    "name",
    "value",
    "count",
    "context",
    "quote",
    "liked",
    "rank",
    "entry",
    "standing",
    "change",
    "list",
]
"""What a placeholder stands for.

``item``: the title of the item explained; ``title``: that of a history item; ``deed``: what
the user did with it, rating included, as a predicate after "you" ("rated it 4 out of 5" is
``rated … 4 out of 5`` with the title in its place); ``rating``: the rating in words ("4 out of
5"); ``date``; ``name``, ``value``: of an attribute, a fact; ``count``: "501 of 943 users";
``context``: "it is evening"; ``quote``: a text of the user's own, in quotation marks;
``liked``: what those users did, after the count ("rated it 4 or higher"); ``rank``: an ordinal.
Of other tasks, ``entry``: the title of an item compared or moved; ``standing``: "how the two do
with everyone"; ``change``: what a what-if changes ("without “Heat” in your history"); ``list``:
"your top 10".
"""


@dataclass(frozen=True)
class Slot:
    """One placeholder that a language model may name, and the words that take its place.

    Attributes
    ----------
    name : str
        Without braces: ``ITEM``, ``H1``, ``H1.rating``, ``F2``, ``F2.name``.
    evidence : str or None
        Id of the evidence that it shows; ``None`` for ``ITEM``.
    role : str
    text : str
        Clean, in the language of the plan, with its quotation marks.
    """

    name: str
    evidence: str | None
    role: SlotRole
    text: str


@dataclass(frozen=True)
class Message:
    """One message of a conversation with a chat model."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True)
class Prompt:
    """What a chat model is asked.

    Attributes
    ----------
    messages : tuple of Message
        From what is the same in every prompt to what is of this one alone.
    style : str
        Name of the style whose example is shown.
    version : str
        Version and digest of the templates.
    examples : tuple of str
        The examples shown, with placeholders: a text that repeats one is no text of its own.
    """

    messages: tuple[Message, ...]
    style: str
    version: str
    examples: tuple[str, ...]


class PromptMaker(Protocol):
    """Words the request to a chat model."""

    def slots(self, plan: Plan) -> Mapping[str, Slot]:
        """The placeholders of a plan, by name."""
        ...

    def caution(self, wording: Mapping[str, Any]) -> str:
        """The sentence that ends every text of the wording's domain; empty for most."""
        ...

    def explain(self, plan: Plan, slots: Mapping[str, Slot]) -> Prompt:
        """Ask for an explanation of one item, or for the text of another task."""
        ...

    def judge(self, statement: str, evidence: Sequence[str], language: str) -> tuple[Message, ...]:
        """Ask whether evidence carries a statement: yes or no."""
        ...

    def repair(
        self,
        prompt: Prompt,
        draft: str,
        failed: Sequence[str],
        violations: Sequence[Violation],
        language: str,
    ) -> Prompt:
        """Ask for other sentences in the place of the failed ones, naming what was wrong."""
        ...
