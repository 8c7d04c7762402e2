"""A user's own events straight from a data set: evidence without an index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets import NO_ITEM, Dataset, Event
from recx_agent.errors import IndexStale
from recx_agent.factory import item_text, text_events
from recx_agent.protocols import AdditiveModel, RetrievedEvents, RetrievedText, TextEmbedder


class OwnEvents:
    """An :class:`recx_agent.protocols.EvidenceRetriever` that needs no index.

    To index all events of a changed data set takes longer than all that is asked of it here.
    What comes back is the same: the conformance suite holds for both.

    Parameters
    ----------
    dataset : Dataset
    model : AdditiveModel
    embedder : TextEmbedder, optional
        Compares the user's own texts with items; without it there are none.
    all_texts : bool
        Whether every text of a user counts as near to every item, so that none is left out.
    """

    def __init__(
        self,
        dataset: Dataset,
        model: AdditiveModel,
        embedder: TextEmbedder | None = None,
        *,
        all_texts: bool = False,
    ) -> None:
        self._dataset, self._model = dataset, model
        self._embedder, self._all_texts = embedder, all_texts

    def fetch(self, user_id: str, event_ids: Sequence[str]) -> RetrievedEvents:
        """Events of one user by id, in the order asked for.

        Raises
        ------
        IndexStale
            The user has no such event.
        """
        dataset, ids = self._dataset, self._dataset.catalogue.ids
        where = dataset.events.of_user(dataset.user(user_id))
        places = [at for at in range(where.start, where.stop) if dataset.events.item[at] != NO_ITEM]
        own = {one.id: one for one in dataset.events.describe(places, user_id, ids.ids)}
        if lacking := [id for id in event_ids if id not in own]:
            raise IndexStale("the data set", f"user {user_id!r} has no event {lacking[0]!r}")
        events = [own[id] for id in event_ids]
        low = dataset.disliked[places] if self._model.uses_disliked else np.zeros(len(places), bool)
        is_low = dict(zip(own, low.tolist(), strict=True))
        vectors = self._model.event_vectors(
            np.array([event.item for event in events], dtype=np.int32),
            np.array([is_low[event.id] for event in events], dtype=bool),
        )
        return RetrievedEvents(
            events=events,
            item_ids=[ids.external(event.item) for event in events],
            titles=[dataset.catalogue.titles[event.item] for event in events],
            vectors=np.asarray(vectors, dtype=np.float32),
        )

    def similar_texts(
        self, user_id: str, item_ids: Sequence[str], limit: int
    ) -> list[list[RetrievedText]]:
        """The user's own texts, nearest to each item first; equal ones newest first."""
        own = text_events(self._dataset, self._dataset.user(user_id))[::-1]
        if not own or not item_ids or (self._embedder is None and not self._all_texts):
            return [[] for _ in item_ids]
        near: NDArray[np.floating[Any]] = np.ones((len(item_ids), len(own)))
        if not self._all_texts:
            assert self._embedder is not None
            items = [self._dataset.catalogue.find(id) for id in item_ids]
            asked = self._embedder.embed([item_text(self._dataset, item) for item in items])
            near = asked @ self._embedder.embed([event.text or "" for event in own]).T
        order = np.argsort(-near, axis=1, kind="stable")[:, :limit]
        return [
            [self._text(own[at], float(row[at])) for at in best]
            for row, best in zip(near, order.tolist(), strict=True)
        ]

    def close(self) -> None:
        """Nothing is held open."""

    def _text(self, event: Event, similarity: float) -> RetrievedText:
        title = "" if event.item == NO_ITEM else self._dataset.catalogue.titles[event.item]
        return RetrievedText(event, title, similarity)
