"""What the parts ask of one another.

A recommender, a retriever or a writer of your own fits in when it has these methods;
nothing needs to be inherited. :mod:`recx_agent.factory` names the concrete ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets import Event, History
from recx_agent.schemas import Evidence, Sentence, View, WhatIfKind, Writer

Progress = Callable[[str, int, int], None]
"""Called as ``progress(stage, done, total)`` by everything that takes long."""


def no_progress(stage: str, done: int, total: int) -> None:
    """Show nothing."""


class Feature(NamedTuple):
    """One feature of items: the identity of an item, or one value of an attribute."""

    kind: str
    name: str
    value: str

    @property
    def id(self) -> str:
        """``name=value`` of an attribute, the item's id of an identity."""
        return f"{self.name}={self.value}" if self.kind == "attribute" else self.value


class AdditiveModel(Protocol):
    """A model whose score is a sum over the history, the context and the item's features.

    ``score(u, i) = baseline + Σ_h ⟨t_h, q_i⟩ + Σ_c ⟨t_c, q_i⟩ + b_i``. The *term vector*
    ``t_h`` of a history item is what it adds to the user's representation, ``t_c`` that of
    a value of the context. A model that has features has ``q_i = Σ_f x_if q_f`` and
    ``b_i = Σ_f x_if b_f``; one that has none offers the history view alone.

    What a model offers is declared in ``views`` and ``what_ifs``; asked for anything else
    it raises :class:`~recx_agent.errors.NotOffered`. ``recx_agent.testing`` has the tests
    that every model must pass.
    """

    @property
    def kind(self) -> str:
        """Name of the kind of model."""
        ...

    @property
    def fingerprint(self) -> str:
        """Digest of the factors: equal factors give equal fingerprints."""
        ...

    @property
    def views(self) -> frozenset[View]:
        """The views this model can be taken apart in."""
        ...

    @property
    def what_ifs(self) -> frozenset[WhatIfKind]:
        """The changes this model can answer for exactly."""
        ...

    @property
    def removal_is_contribution(self) -> bool:
        """Whether the score falls by exactly ``⟨t_h, q_i⟩`` when a history item is removed.

        Else its removal changes the other terms too; ``represent_without`` is exact.
        """
        ...

    @property
    def uses_disliked(self) -> bool:
        """Whether items with a low rating are terms of the score as well."""
        ...

    @property
    def contexts(self) -> Sequence[tuple[str, str]]:
        """Name and value of each context the model has a term for."""
        ...

    @property
    def baseline(self) -> float:
        """Constant of the score that belongs to no term."""
        ...

    @property
    def history_factors(self) -> NDArray[np.float32]:
        """``p_h``, shape (n_items, d): one row per item that can be in a history."""
        ...

    @property
    def item_factors(self) -> NDArray[np.float64]:
        """``q_i``, shape (n_items, d), summed in double precision."""
        ...

    @property
    def item_biases(self) -> NDArray[np.float64]:
        """``b_i``, shape (n_items,), summed in double precision."""
        ...

    @property
    def item_lengths(self) -> NDArray[np.float64]:
        """Euclidean length of each ``q_i``, shape (n_items,)."""
        ...

    @property
    def feature_factors(self) -> NDArray[np.float32]:
        """``q_f``, shape (n_features, d)."""
        ...

    @property
    def feature_biases(self) -> NDArray[np.float32]:
        """``b_f``, shape (n_features,)."""
        ...

    @property
    def features(self) -> Sequence[Feature]:
        """What each feature is, length n_features."""
        ...

    def features_of(self, item: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Features of one item and their weights ``x_if``."""
        ...

    def items_with(self, feature: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Items that have a feature and their weights ``x_if``."""
        ...

    def weights(self, ages: NDArray[np.float64]) -> NDArray[np.float64]:
        """Weight of history items of the given ages; it depends on nothing else."""
        ...

    def event_vectors(
        self, items: NDArray[np.int32], disliked: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        """``p_h`` of history items, shape (n, d): what the evidence index holds of events."""
        ...

    def term_vectors(
        self, history: History, vectors: NDArray[np.float32] | None = None
    ) -> NDArray[np.float64]:
        """``t_h`` of each history item, shape (n_h, d).

        ``vectors``, shape (n_h, d), are used in the place of ``event_vectors``: so what an
        index gave back can be compared with the model.
        """
        ...

    def context_vectors(self, history: History) -> NDArray[np.float64]:
        """``t_c`` of each value of ``history.context``, shape (n_c, d); zero if unknown."""
        ...

    def represent(self, history: History) -> NDArray[np.float64]:
        """``p_u = Σ_h t_h + Σ_c t_c``, shape (d,)."""
        ...

    def represent_without(
        self, history: History, sets: Sequence[Sequence[int]]
    ) -> NDArray[np.float64]:
        """``p_u`` after each set of history positions is removed, shape (n_sets, d).

        Exact: equal to ``represent`` of the shorter history, whose other items keep
        their ages.
        """
        ...

    def muted(self, features: Sequence[int]) -> AdditiveModel:
        """The same model with these features' terms left out of every score."""
        ...

    def top_k(
        self,
        history: History,
        k: int,
        exclude: NDArray[np.int32],
    ) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """The best ``k`` items outside ``exclude`` and their scores, best first.

        Equal scores are ordered by item.
        """
        ...


@dataclass(frozen=True)
class RetrievedEvents:
    """A user's events as the evidence index holds them.

    Attributes
    ----------
    events : sequence of Event
        The events found, in the order asked for.
    item_ids : sequence of str
        External id of each event's item.
    titles : sequence of str
        Title of each event's item when it was indexed.
    vectors : float32 array, shape (n_events, d)
        ``p_h`` of each event's item.
    """

    events: Sequence[Event]
    item_ids: Sequence[str]
    titles: Sequence[str]
    vectors: NDArray[np.float32]


@dataclass(frozen=True)
class RetrievedText:
    """A text of a user's own (a review, a note, a search) that resembles an item.

    Attributes
    ----------
    event : Event
        The event it was written with; ``event.text`` is the text.
    title : str
        Title of the event's item, empty for a search.
    similarity : float
        Cosine of the two embeddings, -1 to 1.
    """

    event: Event
    title: str
    similarity: float


class TextEmbedder(Protocol):
    """Turns texts into vectors of length 1."""

    @property
    def name(self) -> str:
        """What is stored with an index; vectors of different names are never compared."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts, shape (n, d)."""
        ...


@dataclass(frozen=True)
class CurrentFact:
    """A fact about an item that changes, such as its price or whether it is in stock.

    Attributes
    ----------
    name : str
        As a column would be called, such as ``"price"``.
    values : tuple of str
    as_of : datetime
        When it was so, with a time zone.
    """

    name: str
    values: tuple[str, ...]
    as_of: datetime


class CurrentFacts(Protocol):
    """The hook that is asked for changing facts when an answer is made."""

    def __call__(self, item_ids: Sequence[str], /) -> Mapping[str, Sequence[CurrentFact]]:
        """Facts of now by external item id; items may be missing."""
        ...


class EvidenceRetriever(Protocol):
    """Brings a user's own events back from the evidence index."""

    def fetch(self, user_id: str, event_ids: Sequence[str]) -> RetrievedEvents:
        """Fetch events by id.

        Raises
        ------
        IndexMissing, IndexStale
            There is no index, it is another model's, or it lacks one of the events.
        """
        ...

    def similar_texts(
        self, user_id: str, item_ids: Sequence[str], limit: int
    ) -> Sequence[Sequence[RetrievedText]]:
        """The user's own texts nearest to each item, nearest first; none without an embedder."""
        ...

    def close(self) -> None:
        """Let go of files and memory; nothing may be fetched afterwards."""
        ...


@dataclass(frozen=True)
class Claim:
    """One thing the text may say: what sort of statement, carried by which evidence.

    Kinds and what they assert are listed in :mod:`recx_agent.explainer.claims`.
    """

    kind: str
    evidence: tuple[str, ...]
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """Everything a writer needs: the claims in order, and the evidence they cite.

    Attributes
    ----------
    item_title : str
        The item explained.
    claims : sequence of Claim
        In the order they are to be told.
    evidence : mapping of str to Evidence
        By id.
    wording : mapping
        What things are called, and the language: see
        :class:`recx_agent.settings.WordingSettings`.
    variant : int
        Chooses the style; equal variants give equal styles.
    """

    item_title: str
    claims: Sequence[Claim]
    evidence: Mapping[str, Evidence]
    wording: Mapping[str, Any]
    variant: int = 0


@dataclass(frozen=True)
class Draft:
    """What a writer made of a plan; ``joint`` stands between two sentences of the language."""

    sentences: tuple[Sentence, ...]
    writer: Writer
    joint: str = " "

    @property
    def text(self) -> str:
        """The sentences as one text."""
        return self.joint.join(sentence.text for sentence in self.sentences)


class ExplanationWriter(Protocol):
    """Turns a plan into sentences that cite their evidence."""

    def write(self, plan: Plan) -> Draft:
        """Write one explanation."""
        ...

    def evidence_text(
        self, evidence_id: str, fields: Mapping[str, Any], wording: Mapping[str, Any]
    ) -> str:
        """One piece of evidence in words, with nothing but its fields."""
        ...


@dataclass(frozen=True)
class HiddenItem:
    """An item that a user wants out of his recommendations' reasons, and since when (UTC)."""

    item_id: str
    since: datetime


@dataclass(frozen=True)
class Tombstone:
    """What stays of an erased user: that he was erased, under a keyed hash of his id.

    Attributes
    ----------
    state : str
        ``"pending"`` while stores are being cleaned, ``"done"`` afterwards.
    since : datetime
        When the state was reached, UTC.
    """

    state: Literal["pending", "done"]
    since: datetime


class Tombstones(Protocol):
    """Who was erased, so that he does not come back; ids are not kept, only keyed hashes."""

    def covers(self, user_id: str) -> bool:
        """Whether the user is erased, or is being erased: he is unknown then."""
        ...

    def covered(self, user_ids: Iterable[str]) -> frozenset[str]:
        """Those of the users who are erased or are being erased."""
        ...

    def find(self, user_id: str) -> Tombstone | None:
        """The tombstone of one user."""
        ...

    def hash_of(self, user_id: str) -> str:
        """The keyed hash that stands for a user."""
        ...

    def pending(self) -> frozenset[str]:
        """Hashes of the users whose erasure was begun and is not finished."""
        ...

    def put(self, user_id: str) -> None:
        """Begin an erasure: the user is unknown from now on."""
        ...

    def finish(self, hash: str) -> None:
        """Note that nothing of the user with this hash is left."""
        ...

    def lift(self, user_id: str) -> bool:
        """Let a user come back; ``False`` if he was not erased."""
        ...


class Erasable(Protocol):
    """A place that keeps something of users, and from which a user can be erased."""

    @property
    def name(self) -> str:
        """What it is, for the report."""
        ...

    def erase(self, user_id: str) -> int:
        """Remove everything of one user, freed bytes too; returns how many records went.

        May be called again after it was cut short anywhere, and for a user of whom it
        holds nothing.
        """
        ...


class UserStore(Protocol):
    """What users decided, by external ids. Any thread and any process may use it.

    Raises
    ------
    UserStoreError
        By every method: it is damaged, in use for too long, or cannot be written.
    """

    @property
    def tombstones(self) -> Tombstones:
        """Who was erased."""
        ...

    def hide(self, user_id: str, item_id: str) -> bool:
        """Hide an item; ``False`` if it was hidden already.

        Raises
        ------
        UnknownUser
            The user is erased.
        """
        ...

    def unhide(self, user_id: str, item_id: str) -> bool:
        """Undo it; ``False`` if the item was not hidden."""
        ...

    def hidden(self, user_id: str) -> tuple[str, ...]:
        """Ids of the items a user has hidden, in the order in which he did."""
        ...

    def hidden_items(self, user_id: str) -> tuple[HiddenItem, ...]:
        """The same, with the times."""
        ...

    def users(self) -> frozenset[str]:
        """Every user of whom anything is kept here, tombstones aside."""
        ...

    def erase(self, user_id: str) -> int:
        """Remove everything of one user but the tombstone; see :class:`Erasable`."""
        ...

    def close(self) -> None:
        """Let go of the file; the next call opens it again."""
        ...
