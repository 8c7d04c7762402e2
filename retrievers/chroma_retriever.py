"""Brings a user's own events and texts back from the evidence index."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets import NO_ITEM, Dataset, Event
from recx_agent.errors import IndexStale, SettingsError
from recx_agent.protocols import RetrievedEvents, RetrievedText, TextEmbedder
from recx_agent.retrievers.chroma_faults import StoreDamaged
from recx_agent.retrievers.index_plan import TextPlan
from recx_agent.retrievers.open_index import CurrentIndex, Found, OpenGeneration
from recx_agent.retrievers.places import place_of
from recx_agent.retrievers.sharding import shard_of
from recx_agent.retrievers.text_records import text_events
from recx_agent.settings import RetrieverSettings


@dataclass(frozen=True)
class OwnEvent:
    """An event of a user's own that resembles a query.

    Attributes
    ----------
    event : Event
    item_id, title : str
        Of the event's item, empty for one without, such as a search.
    similarity : float
        Cosine of the query and what is nearer to it: the event's text or its item's.
    by : str
        Which of the two.
    """

    event: Event
    item_id: str
    title: str
    similarity: float
    by: Literal["text", "item"]


class ChromaRetriever:
    """Fetches by id, exactly: nothing is searched, and no other user's data can come.

    Needs no lock and can be used by several threads. An index that is rebuilt is seen
    without a restart.

    Parameters
    ----------
    folder : str or Path
        The index's folder, inside the workspace.
    model_fingerprint : str
        The model in force; the index of another one is refused.
    settings : RetrieverSettings, optional
        Whether the index is on a server.
    dataset : Dataset, optional
        The data in force; texts cannot be had without.
    embedder : TextEmbedder, optional
        What the texts were embedded with; there are none without.
    """

    def __init__(
        self,
        folder: str | Path,
        model_fingerprint: str,
        settings: RetrieverSettings | None = None,
        dataset: Dataset | None = None,
        embedder: TextEmbedder | None = None,
    ) -> None:
        self.folder = Path(folder)
        self.model_fingerprint = model_fingerprint
        self._dataset = dataset
        self._embedder = embedder
        self._index = CurrentIndex(
            place_of(self.folder, settings or RetrieverSettings()),
            self.folder.parent,
            model_fingerprint,
            dataset,
        )

    def fetch(self, user_id: str, event_ids: Sequence[str]) -> RetrievedEvents:
        """Fetch events of one user by id, in the order asked for, with one request.

        Raises
        ------
        IndexMissing
            There is no complete index.
        IndexStale
            It is another model's, or it lacks one of the events. An event of another
            user is lacking too.
        IndexDamaged
            It cannot be read, or an event is not what was written.
        IndexUnreachable
            The server does not answer.
        """

        def ask(index: OpenGeneration) -> RetrievedEvents:
            plan = index.state.plan
            part = plan.part(shard_of(user_id, plan.shards))
            found = index.read(part, event_ids, user_id, f"events of user {user_id!r}")
            return RetrievedEvents(
                events=_events(found),
                item_ids=[_text(record.fields, "item_id") for record in found.records],
                titles=[_text(record.fields, "title") for record in found.records],
                vectors=found.vectors,
            )

        return self._index.ask(ask)

    def similar_texts(
        self, user_id: str, item_ids: Sequence[str], limit: int
    ) -> list[list[RetrievedText]]:
        """The user's own texts nearest to each item's catalogue text, nearest first.

        Exact: all texts of the user are compared. Equal ones are ordered newest first.

        Parameters
        ----------
        user_id : str
        item_ids : sequence of str
        limit : int
            How many texts an item may get.

        Raises
        ------
        UnknownUser
        IndexMissing, IndexStale, IndexDamaged, IndexUnreachable
            As in :meth:`fetch`; stale is also an index of another embedder's.
        """
        if self._embedder is None or self._dataset is None:
            return [[] for _ in item_ids]
        own = text_events(self._dataset, self._dataset.user(user_id))
        if not own or limit < 1 or not item_ids:
            return [[] for _ in item_ids]
        ids = [event.id for event in reversed(own)]

        def ask(index: OpenGeneration) -> tuple[Found, Found]:
            return self._texts(index, user_id, ids), self._items(index, item_ids)

        texts, items = self._index.ask(ask)
        events = _events(texts)
        nearness = _unit(items.vectors) @ _unit(texts.vectors).T
        return [
            [
                RetrievedText(
                    event=events[at],
                    title=_text(texts.records[at].fields, "title"),
                    similarity=float(near[at]),
                )
                for at in np.argsort(-near, kind="stable")[:limit]
            ]
            for near in nearness
        ]

    def nearest(
        self, user_id: str, query: str, limit: int, tellable: Callable[[Event], bool] | None = None
    ) -> list[OwnEvent]:
        """The user's own events nearest to a text, nearest first: terms, and what has a text.

        Exact: every event is compared, by its own text and by its item's catalogue text.
        Equal ones are ordered newest first.

        Parameters
        ----------
        user_id : str
        query : str
        limit : int
            How many events.
        tellable : callable, optional
            Whether an event may be told; all may if not given.

        Raises
        ------
        SettingsError
            No embedder is set.
        UnknownUser
        IndexMissing, IndexStale, IndexDamaged, IndexUnreachable
            As in :meth:`similar_texts`.
        """
        if self._embedder is None or self._dataset is None:
            raise SettingsError(
                "events can be searched by a text only with a text embedder: set "
                "retriever.text_embedder, such as 'minilm', and run 'recx index'"
            )
        dataset, user = self._dataset, self._dataset.user(user_id)

        def ask(index: OpenGeneration) -> tuple[list[Event], Found, Found]:
            terms = dataset.describe_terms(user, disliked=index.state.plan.disliked)
            texts = text_events(dataset, user)
            every = {event.id: event for event in [*texts, *terms]}.values()
            events = [event for event in every if tellable is None or tellable(event)]
            texts = [event for event in events if event.text]
            item_ids = [_item_id(dataset, event) for event in events if event.item != NO_ITEM]
            return (
                events,
                self._texts(index, user_id, [event.id for event in texts]),
                self._items(index, item_ids),
            )

        events, texts, items = self._index.ask(ask)
        wanted = _unit(np.asarray(self._embedder.embed([query]), dtype=np.float32))[0]
        by_text, by_item = _cosines(texts, wanted), _cosines(items, wanted)
        found = []
        for event in events:
            item_id = _item_id(dataset, event)
            text, item = by_text.get(event.id, -np.inf), by_item.get(item_id, -np.inf)
            found.append(
                OwnEvent(
                    event=event,
                    item_id=item_id,
                    title=dataset.catalogue.titles[event.item] if item_id else "",
                    similarity=float(max(text, item)),
                    by="text" if text >= item else "item",
                )
            )
        found.sort(key=lambda own: (own.event.date or "", own.event.id), reverse=True)
        found.sort(key=lambda own: -own.similarity)
        return found[: max(limit, 0)]

    def close(self) -> None:
        """Let go of files and connections; the next call opens them again."""
        self._index.close()

    def __enter__(self) -> ChromaRetriever:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _texts(self, index: OpenGeneration, user_id: str, ids: Sequence[str]) -> Found:
        plan = self._text_plan(index)
        part = plan.part(shard_of(user_id, plan.shards))
        return index.read(part, ids, user_id, f"texts of user {user_id!r}")

    def _items(self, index: OpenGeneration, item_ids: Sequence[str]) -> Found:
        return index.read(self._text_plan(index).items, item_ids, None, "items")

    def _text_plan(self, index: OpenGeneration) -> TextPlan:
        plan, wanted = index.state.plan.texts, self._embedder
        indexed = None if plan is None else plan.embedder
        if plan is None or wanted is None or indexed != wanted.name:
            raise IndexStale(
                self.folder.parent,
                f"its texts are embedded by {indexed}, not by {wanted and wanted.name}",
            )
        return plan


def _item_id(dataset: Dataset, event: Event) -> str:
    return "" if event.item == NO_ITEM else dataset.catalogue.ids.external(event.item)


def _events(found: Found) -> list[Event]:
    try:
        return [record.event() for record in found.records]
    except (KeyError, TypeError, ValueError) as error:
        raise StoreDamaged(f"a record is no event: {error!r}") from error


def _text(fields: object, name: str) -> str:
    return str(fields.get(name, "")) if isinstance(fields, dict) else ""


def _cosines(found: Found, wanted: NDArray[np.float64]) -> dict[str, float]:
    near = _unit(found.vectors) @ wanted
    return {record.id: float(cosine) for record, cosine in zip(found.records, near, strict=True)}


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    exact = vectors.astype(np.float64)
    lengths = np.linalg.norm(exact, axis=1, keepdims=True)
    return np.asarray(exact / np.where(lengths > 0, lengths, 1.0))
