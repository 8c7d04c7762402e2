"""What the parts ask of one another.

A recommender, a retriever or a writer of your own fits in when it has these methods;
nothing needs to be inherited. :mod:`recx_agent.factory` names the concrete ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets import Event, History
from recx_agent.schemas import Evidence, Sentence, View, Writer

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
    """A model whose score is a sum over the history and the item's features.

    ``score(u, i) = baseline + Σ_h w_h ⟨p_h, q_i⟩ + b_i`` with
    ``q_i = Σ_f x_if q_f`` and ``b_i = Σ_f x_if b_f``. The weight of a history item
    depends on its own age alone.
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
        """Serving weight ``w_h`` of history items of the given ages."""
        ...

    def represent(self, history: History) -> NDArray[np.float64]:
        """``p_u = Σ_h w_h p_h``, shape (d,)."""
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
        What things are called: see :class:`recx_agent.settings.WordingSettings`.
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
    """What a writer made of a plan."""

    sentences: tuple[Sentence, ...]
    writer: Writer


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
