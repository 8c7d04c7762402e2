"""Small data sets, random models and an embedder that hashes words, for the evidence index."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recx_agent.datasets import NO_ITEM, NO_TIME, Catalogue, Dataset, Events, IdMap
from recx_agent.protocols import Feature
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.retrievers.chroma_store import ChromaStore
from recx_agent.retrievers.index_state import IndexState
from recx_agent.settings import RetrieverSettings

DIMENSIONS = 6
SEVERAL = RetrieverSettings(batch_size=20, events_per_collection=25, max_collections=4)


class Row(NamedTuple):
    """One event; positive from 4 on."""

    user: str
    item: str | None
    value: float | None = 5.0
    time: int | None = 1_000_000
    kind: str = "rating"
    text: str | None = None
    context: str | None = None


def make_dataset(rows: Iterable[Row], titles: Mapping[str, str] | None = None) -> Dataset:
    """A data set of ``rows``; ``titles`` also fixes which items there are."""
    rows = list(rows)
    items = list(titles or dict.fromkeys(r.item for r in rows if r.item is not None))
    users = IdMap(list(dict.fromkeys(r.user for r in rows)))
    ids = IdMap(items)
    kinds = tuple(sorted({r.kind for r in rows} | {"rating"}))
    events = Events.sorted(
        user=np.array([users.internal(r.user) for r in rows], dtype=np.int32),
        item=np.array(
            [NO_ITEM if r.item is None else ids.internal(r.item) for r in rows], dtype=np.int32
        ),
        kind=np.array([kinds.index(r.kind) for r in rows], dtype=np.int16),
        value=np.array([np.nan if r.value is None else r.value for r in rows], dtype=np.float32),
        time=np.array([NO_TIME if r.time is None else r.time for r in rows], dtype=np.int64),
        positive=np.array(
            [r.item is not None and (r.value is None or r.value >= 4) for r in rows], dtype=bool
        ),
        row=np.arange(len(rows), dtype=np.int64),
        source=np.zeros(len(rows), dtype=np.int16),
        kinds=kinds,
        sources=("events.csv",),
        n_users=len(users),
        texts=tuple(r.text for r in rows) if any(r.text for r in rows) else (),
        contexts=tuple(r.context for r in rows) if any(r.context for r in rows) else (),
    )
    named = titles or {item: f"Title of {item}" for item in items}
    catalogue = Catalogue(ids, tuple(named[item] for item in items))
    return Dataset(users, catalogue, events, (1.0, 5.0))


def make_model(dataset: Dataset, seed: int = 0) -> FactorModel:
    """A model of random factors; equal seeds and catalogues give equal models."""
    n = len(dataset.catalogue)
    random = np.random.default_rng(seed)
    return FactorModel.of(
        history_factors=random.normal(size=(n, DIMENSIONS)).astype(np.float32),
        feature_factors=random.normal(size=(n, DIMENSIONS)).astype(np.float32),
        feature_biases=random.normal(size=n).astype(np.float32),
        item_features=sp.csr_matrix(sp.eye_array(n, dtype=np.float32)),
        features=tuple(Feature("identity", "item", item) for item in dataset.catalogue.ids),
        half_life=4.0,
    )


def sample_rows(users: int = 12, items: int = 30, each: int = 8) -> list[Row]:
    """Events of several users, a few of them low ratings; one item is met twice."""
    random = np.random.default_rng(3)
    rows = []
    for user in range(users):
        for time, item in enumerate(random.permutation(items)[:each]):
            value = 2.0 if time == 3 else 4.0 + time % 2
            rows.append(Row(f"u{user}", f"i{item}", value, 1_000_000 + 100 * user + time))
        again = rows[-each]
        rows.append(again._replace(time=1_500_000 + user, kind="view", value=None))
    return rows


SAMPLE_TITLES = {f"i{i}": f"Title of i{i}" for i in range(30)}

Content = dict[str, tuple[dict[str, Any], str | None, bytes]]


def content_of_store(store: ChromaStore, state: IndexState) -> Content:
    """Everything a generation holds: id to metadata, document and vector."""
    content: Content = {}
    for key, part in state.parts.items():
        dimensions = state.plan.dimensions
        if not key.startswith("events-"):
            assert state.plan.texts is not None
            dimensions = state.plan.texts.dimensions
        found = store.read_some(part.name, dimensions, 100_000)
        assert len(found.ids) == part.count
        for id, metadata, document, vector in zip(
            found.ids, found.metadatas, found.documents, found.vectors, strict=True
        ):
            unique = id if key.startswith("events-") else f"{part.name}: {id}"
            assert unique not in content
            content[unique] = (dict(metadata), document, vector.tobytes())
    return content


class HashingEmbedder:
    """Each word is a place in the vector: texts that share words are near.

    Attributes
    ----------
    embedded : list of str
        Every text that was embedded.
    """

    def __init__(self, name: str = "hashing", dimensions: int = 512) -> None:
        self.name = name
        self.dimensions = dimensions
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += texts
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float64)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                vectors[row, zlib.crc32((self.name + word).encode()) % self.dimensions] += 1.0
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)
