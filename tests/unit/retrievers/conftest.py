"""Small data sets and random models for the evidence index, and what an index holds."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import scipy.sparse as sp

from recx_agent.datasets import NO_ITEM, NO_TIME, Catalogue, Dataset, Events, IdMap
from recx_agent.protocols import Feature
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.retrievers import ChromaIndex
from recx_agent.retrievers.chroma_store import ChromaStore
from recx_agent.retrievers.event_records import EventRecord
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


def read_content(folder: Path) -> Content:
    """Everything an index in force holds: id to metadata, document and vector."""
    state = ChromaIndex(folder).state()
    assert state is not None
    content: Content = {}
    with ChromaStore(folder / state.generation, state.dimensions) as store:
        for name in store.names():
            found = store.read(name)
            for id, metadata, document, vector in zip(
                found.ids, found.metadatas, found.documents, found.vectors, strict=True
            ):
                assert id not in content
                content[id] = (dict(metadata), document, vector.tobytes())
    return content


@pytest.fixture
def dataset_of() -> Callable[..., Dataset]:
    return make_dataset


@pytest.fixture
def model_of() -> Callable[..., FactorModel]:
    return make_model


@pytest.fixture
def content_of() -> Callable[[Path], Content]:
    return read_content


@pytest.fixture
def row() -> type[Row]:
    return Row


@pytest.fixture
def rows() -> list[Row]:
    return sample_rows()


@pytest.fixture
def titles() -> dict[str, str]:
    return dict(SAMPLE_TITLES)


@pytest.fixture
def sample(rows: list[Row], titles: dict[str, str]) -> Dataset:
    return make_dataset(rows, titles)


@pytest.fixture
def model(sample: Dataset) -> FactorModel:
    return make_model(sample)


@pytest.fixture
def several() -> RetrieverSettings:
    """Settings that spread even the sample over four collections."""
    return SEVERAL


@pytest.fixture(scope="session")
def _once_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    dataset = make_dataset(sample_rows(), SAMPLE_TITLES)
    folder = tmp_path_factory.mktemp("sample") / "evidence"
    ChromaIndex(folder, SEVERAL).build(dataset, make_model(dataset))
    return folder


@pytest.fixture
def built(_once_built: Path, folder: Path) -> ChromaIndex:
    """An index of ``sample`` and ``model`` of one's own."""
    shutil.copytree(_once_built, folder)
    return ChromaIndex(folder, SEVERAL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "workspace" / "evidence"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the records written to Chroma, as they are written."""
    ids: list[str] = []
    add = ChromaStore.add

    def noting(self: ChromaStore, name: str, records: list[EventRecord], vectors: Any) -> None:
        ids.extend(record.id for record in records)
        add(self, name, records, vectors)

    monkeypatch.setattr(ChromaStore, "add", noting)
    return ids
