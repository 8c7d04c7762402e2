"""What recx-agent hands out: recommendations, attributions, evidence, explanations.

Everything here is a frozen pydantic model; its JSON is the public contract of the
command line and of every service built on top.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Verdict = Literal["supported", "repaired", "template", "abstained"]
EvidenceKind = Literal["cause", "support", "fact"]
SourceKind = Literal[
    "history",
    "disliked",
    "context",
    "other_history",
    "attribute",
    "other_attributes",
    "item_itself",
    "item_bias",
    "pair",
    "baseline",
]
View = Literal["history", "attribute", "pair"]
WhatIfKind = Literal["remove", "add", "mute", "exclude"]


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

    ``id`` is the item id of a history item (``disliked``: one with a low rating),
    ``name=value`` of an attribute or a context, ``history_item|name=value`` of a pair;
    ``label`` is for reading. ``other_history`` is the sum of history items that are not
    to be named, ``other_attributes`` that of attributes.
    """

    kind: SourceKind
    id: str
    label: str


class Contribution(Record):
    """One term of the score, in the score's own unit."""

    source: Source
    value: float


class Views(Record):
    """The same score taken apart in three ways; each adds up to ``score - baseline``.

    A view that the model does not offer is ``None``.
    """

    history: tuple[Contribution, ...]
    attribute: tuple[Contribution, ...] | None
    pair: tuple[Contribution, ...] | None


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
    ``C`` a value of the context, ``O`` history items that are not to be named, ``R`` the
    recommender that chose the item, ``S`` a text of the user's own, ``F`` a fact about the
    item. ``contribution`` and ``rank_without`` are given for causes alone.

    ``fields`` of an ``H``: ``item_id, title, event_type, rating, rating_min, rating_max,
    date, source``, ``events`` (each with ``event_type, rating, date``), ``attributes`` (name
    to values) and ``disliked`` (whether it is a term for its low rating); of an ``A`` or
    ``C``: ``name, value``; of a ``B``: ``liked_by, users, share``, and what counts as liking:
    a rating from ``liked_from`` on, else an event of the type ``liked_event``, else (both
    ``None``) having it in the history; of a ``T``: ``count, share, rank, candidates``; of an
    ``O``: ``share``; of an ``R``: ``name, rank, candidates`` (rank of the item by our own
    score); of an ``S``: ``text, event_type, rating, rating_min, rating_max, date, title,
    source, similarity``; of an ``F``: ``name, values, as_of`` (``as_of`` a date and time in
    ISO form where the fact changes, else ``None``). A ``share`` is the part of the absolute
    terms of its view.
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

    ``text`` is the sentences joined by spaces (Chinese: without). ``chosen_by`` names the
    recommender that chose the item where that was not ours: the reasons are still our
    model's, and the text says so. ``audit_id`` is a digest of model, user, item, evidence
    and writer: equal inputs give equal ids.
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
    chosen_by: str | None = None
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


class Counterfactual(Record):
    """The smallest set of history found whose removal takes an item out of the top ``k``.

    Found greedily and checked by exact ranking: ``rank_after`` is the rank without
    ``removed``, and putting any one of them back brings the item into the top ``k`` again.
    Where ``found`` is false no set of at most ``budget`` was found; ``removed`` is then
    empty and ``rank_after`` the lowest rank that was reached.
    """

    user_id: str
    item: ItemRef
    k: int
    budget: int
    found: bool
    removed: tuple[ItemRef, ...]
    rank_before: int
    rank_after: int
    sentence: Sentence | None = None
    evidence: tuple[Evidence, ...] = ()


class HistoryEntry(Record):
    """One item of a user's history with its serving weight and its events in words.

    ``disliked``: whether it counts for its low rating.
    """

    item_id: str
    title: str
    weight: float
    events: tuple[str, ...]
    disliked: bool = False


class AttributeLeaning(Record):
    """How far a user's history leans to an attribute: ``⟨p_u, q_f⟩``, biases left out."""

    name: str
    value: str
    leaning: float
    items_in_history: int


class Profile(Record):
    """What the recommender knows of a user.

    ``other_items`` counts the items that are part of the history but not to be named.
    """

    user_id: str
    history: tuple[HistoryEntry, ...]
    leanings: tuple[AttributeLeaning, ...]
    events_total: int
    events_used: int
    other_items: int = 0


class ErasedFrom(Record):
    """How many records of a user a place held; 0 too where an erasure was taken up again."""

    place: str
    records: int


class Remains(Record):
    """Something that an erasure does not reach, and why.

    ``kind``: ``factors`` of a model that learned from the user, a ``source`` file that still
    holds (or may hold) his rows, the freed pages of a Chroma ``server``, a ``backup``.
    """

    kind: Literal["factors", "source", "server", "backup"]
    what: str


class Forgotten(Record):
    """What the erasure of a user did and did not do.

    ``since`` is when he was erased (ISO, UTC); ``refitted_as`` the version that was fitted
    without him, if that was asked for.
    """

    user_id: str
    already_erased: bool
    since: str
    erased: tuple[ErasedFrom, ...]
    refitted_as: str | None
    remains: tuple[Remains, ...]


class ExportedEvent(Record):
    """One event, told once however many versions hold it.

    ``time`` is ISO in UTC, ``None`` if there is none; ``context`` what else the source's row
    said, by column; ``source`` file and row.
    """

    id: str
    event_type: str
    item_id: str | None
    title: str | None
    value: float | None
    time: str | None
    text: str | None
    context: dict[str, Any]
    source: str
    positive: bool
    versions: tuple[str, ...]


class ExportedAttributes(Record):
    """Attributes of the user as one version holds them, by name."""

    version: str
    attributes: dict[str, str]


class HiddenRef(ItemRef):
    """An item a user has hidden, since when (ISO, UTC); the title is empty if unknown."""

    since: str


class ExportedIndexRecord(Record):
    """One record of the evidence index; ``vector`` only if asked for."""

    collection: str
    id: str
    metadata: dict[str, Any]
    document: str | None
    vector: tuple[float, ...] | None = None


class UserExport(Record):
    """Everything a workspace knows of one user.

    ``searched`` lists every store that was looked into, those that held nothing too.
    ``profile`` is what the version in force makes of the user; ``None`` if it does not know
    him.
    """

    format_version: Literal[1] = 1
    user_id: str
    made: str
    searched: tuple[str, ...]
    events: tuple[ExportedEvent, ...]
    attributes: tuple[ExportedAttributes, ...]
    hidden: tuple[HiddenRef, ...]
    profile: Profile | None
    evidence_index: tuple[ExportedIndexRecord, ...]
