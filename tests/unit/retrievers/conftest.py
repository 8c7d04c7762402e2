"""Small data sets and random models for the evidence index, and what an index holds."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from recx_agent.datasets import Dataset
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.retrievers import ChromaIndex
from recx_agent.retrievers.chroma_store import ChromaStore
from recx_agent.retrievers.index_records import IndexRecord
from recx_agent.settings import RetrieverSettings
from tests.unit.retrievers.small_world import (
    SAMPLE_TITLES,
    SEVERAL,
    Content,
    HashingEmbedder,
    Row,
    content_of_store,
    make_dataset,
    make_model,
    sample_rows,
)


def read_content(folder: Path) -> Content:
    """Everything an index in force holds; see :func:`content_of_store`."""
    state = ChromaIndex(folder).state()
    assert state is not None
    with ChromaStore.in_folder(folder / state.generation) as store:
        return content_of_store(store, state)


@pytest.fixture
def embedder() -> HashingEmbedder:
    return HashingEmbedder()


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

    def noting(self: ChromaStore, name: str, records: list[IndexRecord], *rest: Any) -> None:
        ids.extend(record.id for record in records)
        add(self, name, records, *rest)

    monkeypatch.setattr(ChromaStore, "add", noting)
    return ids
