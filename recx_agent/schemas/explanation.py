"""Evidence, text and verdict."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from recx_agent.schemas.attribution import Attribution
from recx_agent.schemas.items import ItemRef, Record

Verdict = Literal["supported", "repaired", "template", "abstained"]
EvidenceKind = Literal["cause", "support", "fact"]


class Evidence(Record):
    """One piece of evidence, cited by ``id`` inside one explanation.

    ``id`` starts with a letter for its sort: ``H`` a history item, ``A`` an attribute
    of the item, ``B`` how the item does with everyone, ``T`` the history as a whole,
    ``C`` a value of the context, ``O`` history items that are not to be named, ``R`` the
    recommender that chose the item, ``S`` a text of the user's own, ``F`` a fact about the
    item; of other tasks: ``I`` an item with its ranks, ``W`` a change, ``L`` the top list,
    ``E`` how two items do with everyone. ``contribution`` and ``rank_without`` are given for
    causes alone; in a comparison a contribution is what is added to the item that is ahead less
    what is added to the other, in a profile it is the leaning.

    ``fields`` of an ``H``: ``item_id, title, event_type, rating, rating_min, rating_max,
    date, source``, ``events`` (each with ``event_type, rating, date``), ``attributes`` (name
    to values) and ``disliked`` (whether it is a term for its low rating); of an ``A`` or
    ``C``: ``name, value``; of a ``B``: ``liked_by, users, share``, and what counts as liking:
    a rating from ``liked_from`` on, else an event of the type ``liked_event``, else (both
    ``None``) having it in the history; of a ``T``: ``count, share, rank, candidates``, and
    where there are witnesses ``foretold`` (how likely it is that the history foretells itself,
    0 to 1) and ``likes_judged``; of an ``O``: ``share``; of an ``R``: ``name, rank,
    candidates`` (rank of the item by our own score); of an ``S``: ``text, event_type, rating,
    rating_min, rating_max, date, title, source, similarity``; of an ``F``: ``name, values,
    as_of`` (``as_of`` a date and time in ISO form where the fact changes, else ``None``). A
    ``share`` is the part of the absolute terms of its view.

    In a comparison ``I1`` is the item that is ahead, and ``H``, ``A``, ``E`` and ``O`` have
    what they add to it and to the other, ``to_ahead`` and ``to_behind``, as well; an ``I`` has
    ``item_id, title, rank, score``; an ``E`` ``liked_by, other_liked_by, users``. In a what-if
    an ``I`` has ``item_id, title, rank_before, rank_after, score_before, score_after``; a ``W``
    ``remove, add, exclude`` (titles), ``mute, exclude_values`` (names and values) and
    ``unnamed`` (whether something is left out that is not to be named); an ``L`` ``k`` and
    ``replaced``. In a profile an ``A`` has ``leaning`` and ``items_in_history``, an ``H``
    ``weight``.
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
    """Who wrote the text: the kind, and what is needed to write it again.

    ``model`` is the language model's name and empty for templates.
    """

    kind: Literal["template", "llm"]
    style: str
    language: str
    prompt_version: str
    model: str = ""


class Violation(Record):
    """Something a draft said that its evidence does not carry."""

    kind: str
    sentence: int
    detail: str


class Explanation(Record):
    """Why this item, for this user: text, citations, arithmetic, verdict.

    ``text`` is the sentences joined by spaces (Chinese: without). ``chosen_by`` names the
    recommender that chose the item where that was not ours: the reasons are still our
    model's, and the text says so. ``violations`` are those of drafts that are not shown;
    ``fault`` is why a language model did not answer. ``audit_id`` is a digest of model,
    user, item, evidence, claims and writer: equal inputs give equal ids.
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
    fault: str | None = None
    chosen_by: str | None = None
    audit_id: str
