"""A build that ends half-way goes on where it stood, and nobody takes it for complete."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from recx_agent.datasets import Dataset
from recx_agent.errors import IndexMissing, WriteLocked
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.retrievers import ChromaIndex, ChromaRetriever
from recx_agent.retrievers.chroma_store import ChromaStore
from recx_agent.settings import RetrieverSettings
from tests.unit.retrievers.killed_build import killed_half_way

ContentOf = Callable[[Path], dict[str, Any]]


def test_a_killed_build_goes_on_where_it_stood(
    sample: Dataset,
    model: FactorModel,
    built: ChromaIndex,
    tmp_path: Path,
    several: RetrieverSettings,
    content_of: ContentOf,
    written: list[str],
) -> None:
    folder = tmp_path / "evidence"
    with killed_half_way(ChromaIndex(folder, several), sample, model, 45) as pid:
        with pytest.raises(WriteLocked, match=f"process {pid} is writing"):
            ChromaIndex(folder, several).build(sample, model)
        with pytest.raises(IndexMissing), ChromaRetriever(folder, model.fingerprint) as retriever:
            retriever.fetch("u1", ["any"])
    assert ChromaIndex(folder).state() is None
    assert ChromaIndex(folder, several).build(sample, model) == 96
    assert 0 < len(written) <= 96 - 45
    assert content_of(tmp_path / "evidence") == content_of(built.folder)


def test_an_update_that_is_killed_leaves_the_index_in_force(
    model: FactorModel,
    rows: list[Any],
    titles: dict[str, str],
    dataset_of: Callable[..., Dataset],
    row: Callable[..., Any],
    built: ChromaIndex,
    folder: Path,
    several: RetrieverSettings,
    content_of: ContentOf,
    written: list[str],
) -> None:
    before, state = content_of(folder), built.state()
    new = [row(f"u{n}", f"i{n}", 5.0, 3_000_000 + n) for n in range(12)]
    more = dataset_of([*rows, *new], titles)
    with killed_half_way(ChromaIndex(folder, several), more, model, 60):
        assert content_of(folder) == before
    assert content_of(folder) == before
    assert ChromaIndex(folder).state() == state
    built.build(more, model)
    assert 0 < len(written) < len(new)  # some were written before the kill
    assert len(content_of(folder)) == len(before) + len(new)
    assert len(list(folder.glob("*generation-*"))) == 1


@pytest.mark.parametrize("until", [1, 40, 96])
def test_an_interrupted_build_goes_on_where_it_stood(
    until: int,
    sample: Dataset,
    model: FactorModel,
    built: ChromaIndex,
    tmp_path: Path,
    several: RetrieverSettings,
    content_of: ContentOf,
    written: list[str],
) -> None:
    def interrupt(stage: str, done: int, total: int) -> None:
        if done >= until:
            raise KeyboardInterrupt

    index = ChromaIndex(tmp_path / "evidence", several)
    with pytest.raises(KeyboardInterrupt):
        index.build(sample, model, interrupt)
    assert index.state() is None
    assert until <= len(written) <= 96
    index.build(sample, model)
    assert len(written) == len(set(written)) == 96
    assert content_of(tmp_path / "evidence") == content_of(built.folder)


def test_half_a_batch_is_completed(
    sample: Dataset,
    model: FactorModel,
    built: ChromaIndex,
    tmp_path: Path,
    several: RetrieverSettings,
    content_of: ContentOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    add = ChromaStore.add

    def half(self: ChromaStore, name: str, records: list[Any], vectors: Any, *rest: Any) -> None:
        add(self, name, records[:3], vectors[:3], *rest)
        raise KeyboardInterrupt

    index = ChromaIndex(tmp_path / "evidence", several)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(ChromaStore, "add", half)
        index.build(sample, model)
    index.build(sample, model)
    assert content_of(tmp_path / "evidence") == content_of(built.folder)


def test_what_was_begun_for_another_model_is_thrown_away(
    sample: Dataset,
    model: FactorModel,
    model_of: Callable[..., FactorModel],
    folder: Path,
    several: RetrieverSettings,
    written: list[str],
) -> None:
    def interrupt(stage: str, done: int, total: int) -> None:
        if done >= 40:
            raise KeyboardInterrupt

    index = ChromaIndex(folder, several)
    with pytest.raises(KeyboardInterrupt):
        index.build(sample, model, interrupt)
    (begun,) = folder.glob("generation-*")
    (folder / ".generation-half.x").mkdir()
    (folder / ".index.json.half").write_text("{")
    written.clear()
    index.build(sample, model_of(sample, seed=1))
    assert len(written) == 96
    assert not begun.exists()
    assert not list(folder.glob(".*"))
