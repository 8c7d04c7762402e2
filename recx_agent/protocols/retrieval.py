"""The index of evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets import Event


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
