"""What recx-agent hands out: recommendations, attributions, evidence, explanations.

Everything here is a frozen pydantic model; its JSON is the public contract of the
command line and of every service built on top.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Verdict = Literal["supported", "repaired", "template", "abstained"]
EvidenceKind = Literal["cause", "support", "fact"]
SourceKind = Literal["history", "attribute", "item_itself", "item_bias", "pair", "baseline"]
View = Literal["history", "attribute", "pair"]


class Record(BaseModel):
    """Base of the public records: immutable, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class ItemRef(Record):
    """An item by id and title."""

    item_id: str
    title: str


class RankedItem(ItemRef):
    """An item with its score and its 1-based rank among the candidates."""

    score: float
    rank: int


class Recommendations(Record):
    """The best ``k`` items for one user.

    ``fallback`` is ``"popularity"`` when nothing of the user's own history was used.
    """

    user_id: str
    items: tuple[RankedItem, ...]
    fallback: Literal["popularity"] | None = None


class Source(Record):
    """What one term of the score comes from.

    ``id`` is the item id of a history item, ``name=value`` of an attribute,
    ``history_item|name=value`` of a pair; ``label`` is for reading.
    """

    kind: SourceKind
    id: str
    label: str


class Contribution(Record):
    """One term of the score, in the score's own unit."""

    source: Source
    value: float


class Views(Record):
    """The same score taken apart in three ways; each adds up to ``score - baseline``."""

    history: tuple[Contribution, ...]
    attribute: tuple[Contribution, ...]
    pair: tuple[Contribution, ...]


class Attribution(Record):
    """A score and the terms it is the sum of: ``baseline + Σ contributions = score``.

    ``rank`` is the item's 1-based rank among the user's candidates, ``None`` when the
    item is no candidate (already in the history).
    """

    score: float
    baseline: float
    view: View
    rank: int | None
    contributions: tuple[Contribution, ...]
    views: Views


class Evidence(Record):
    """One piece of evidence, cited by ``id`` inside one explanation.

    ``id`` starts with a letter for its sort: ``H`` a history item, ``A`` an attribute
    of the item, ``B`` how the item does with everyone, ``T`` the history as a whole,
    ``S`` supporting material, ``F`` a catalogue fact. ``contribution`` and
    ``rank_without`` are given for causes alone.

    ``fields`` of an ``H``: ``item_id, title, event_type, rating, rating_max, date, source``,
    ``events`` (each with ``event_type, rating, date``) and ``attributes`` (name to values);
    of an ``A``: ``name, value``; of a ``B``: ``liked_by, users, liked_by_text, share``;
    of a ``T``: ``count, share, rank, candidates``; of an ``F``: ``name, values``. A
    ``share`` is the part of the absolute terms of its view.
    """

    id: str
    kind: EvidenceKind
    text: str
    fields: dict[str, Any] = Field(default_factory=dict)
    contribution: float | None = None
    rank_without: int | None = None


class Sentence(Record):
    """One sentence and the ids of the evidence that carries it."""

    text: str
    evidence: tuple[str, ...] = Field(min_length=1)


class Writer(Record):
    """Who wrote the text: the kind, and what is needed to write it again."""

    kind: Literal["template", "llm"]
    style: str
    language: str
    prompt_version: str


class Violation(Record):
    """Something a draft said that its evidence does not carry."""

    kind: str
    sentence: int
    detail: str


class Explanation(Record):
    """Why this item, for this user: text, citations, arithmetic, verdict.

    ``text`` is the sentences joined by spaces. ``audit_id`` is a digest of model,
    user, item, evidence and writer: equal inputs give equal ids.
    """

    user_id: str
    item: ItemRef
    text: str
    sentences: tuple[Sentence, ...]
    evidence: tuple[Evidence, ...]
    attribution: Attribution
    verdict: Verdict
    writer: Writer
    violations: tuple[Violation, ...] = ()
    audit_id: str


class Change(Record):
    """What a what-if changed: each field lists ids, or ``name=value`` for attributes."""

    remove: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    mute: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


class Moved(ItemRef):
    """One item before and after a what-if; a rank is ``None`` where it is no candidate."""

    score_before: float
    score_after: float
    rank_before: int | None
    rank_after: int | None


class WhatIf(Record):
    """The top ``k`` before and after a change, and every item that was in either."""

    user_id: str
    change: Change
    before: tuple[RankedItem, ...]
    after: tuple[RankedItem, ...]
    moved: tuple[Moved, ...]


class HistoryEntry(Record):
    """One item of a user's history with its serving weight and its events in words."""

    item_id: str
    title: str
    weight: float
    events: tuple[str, ...]


class AttributeLeaning(Record):
    """How far a user's history leans to an attribute: ``⟨p_u, q_f⟩``, biases left out."""

    name: str
    value: str
    leaning: float
    items_in_history: int


class Profile(Record):
    """What the recommender knows of a user."""

    user_id: str
    history: tuple[HistoryEntry, ...]
    leanings: tuple[AttributeLeaning, ...]
    events_total: int
    events_used: int
