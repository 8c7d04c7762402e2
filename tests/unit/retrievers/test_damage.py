"""A damaged index is told in words, and never as missing or as an answer."""

from __future__ import annotations

import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from recx_agent.datasets import Dataset
from recx_agent.errors import IndexDamaged, IndexStale
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.retrievers import ChromaIndex, ChromaRetriever
from recx_agent.retrievers.chroma_store import ChromaStore
from recx_agent.retrievers.generations import STATE_NAME
from recx_agent.retrievers.vector_seal import seal

DatasetOf = Callable[..., Dataset]
ModelOf = Callable[..., FactorModel]


def ids_of(dataset: Dataset, user_id: str) -> list[str]:
    return [event.id for event in dataset.describe_terms(dataset.user(user_id))]


def lose(generation: Path, name: str) -> None:
    for path in generation.rglob(name):
        path.unlink()


def lose_folders(generation: Path) -> None:
    for path in generation.iterdir():
        if path.is_dir():
            shutil.rmtree(path)


def alter_vectors(number: float) -> Callable[[Path], None]:
    """Put a number into the first vector of each collection; which event has it is chance."""

    def damage(generation: Path) -> None:
        for header in generation.rglob("header.bin"):
            *_, vector = struct.unpack_from("<i6Q", header.read_bytes())
            with header.with_name("data_level0.bin").open("r+b") as file:
                file.seek(vector)
                file.write(struct.pack("<f", number))

    return damage


def alter_an_event(generation: Path) -> None:
    path = generation / "chroma.sqlite3"
    path.write_bytes(path.read_bytes().replace(b"Title of i1", b"Title of j1"))


def cut(path: Path) -> int:
    return path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize(
    "damage",
    [
        lambda g: (g / "chroma.sqlite3").write_bytes(b"no database" * 999),
        lambda g: (g / "chroma.sqlite3").write_bytes(b""),
        lambda g: (g / "chroma.sqlite3").unlink(),
        lambda g: cut(g / "chroma.sqlite3"),
        lambda g: lose(g, "index_metadata.pickle"),
        lambda g: [cut(path) for path in g.rglob("index_metadata.pickle")],
        lambda g: [path.write_bytes(b"abc") for path in g.rglob("header.bin")],
        lambda g: lose(g, "data_level0.bin"),
        lose_folders,
        lambda g: shutil.rmtree(g),
        lambda g: (g.parent / STATE_NAME).write_text("{"),
        lambda g: (g.parent / STATE_NAME).write_text("[]"),
        lambda g: (g.parent / STATE_NAME).write_text('{"format_version": 2}'),
        alter_vectors(9.0),
        alter_vectors(1e20),  # its square is more than float32 can hold
        alter_vectors(-3e38),
        alter_vectors(float("inf")),
        alter_vectors(float("nan")),
        alter_an_event,
    ],
)
def test_a_damaged_index_is_told_in_words(
    damage: Callable[[Path], object], sample: Dataset, model: FactorModel, built: ChromaIndex
) -> None:
    state = built.state()
    assert state is not None
    damage(built.folder / state.generation)
    with ChromaRetriever(built.folder, model.fingerprint) as retriever:
        with pytest.raises(IndexDamaged, match="the evidence index is damaged") as told:
            for user in sample.users:
                retriever.fetch(user, ids_of(sample, user))
        # Chroma keeps what it could not open; a second try must not fall over that.
        with pytest.raises(IndexDamaged, match="the evidence index is damaged"):
            for user in sample.users:
                retriever.fetch(user, ids_of(sample, user))
    assert f"'recx index --rebuild --workspace {built.folder.parent}'" in str(told.value)


def test_an_index_of_another_format_is_stale(
    sample: Dataset, model: FactorModel, built: ChromaIndex
) -> None:
    (built.folder / STATE_NAME).write_text('{"format_version": 1}')
    with ChromaRetriever(built.folder, model.fingerprint) as retriever:
        with pytest.raises(IndexStale, match="has format version 1, this recx-agent reads 2"):
            retriever.fetch("u1", ids_of(sample, "u1"))
    assert built.build(sample, model) == 96
    assert len(list(built.folder.glob("generation-*"))) == 1


def test_what_an_index_of_just_these_data_lacks_is_damage(
    sample: Dataset, model: FactorModel, built: ChromaIndex
) -> None:
    state = built.state()
    assert state is not None
    with ChromaStore.in_folder(built.folder / state.generation) as store:
        for part in state.parts.values():
            with store.client() as client:
                client.get_collection(part.name).delete(ids=ids_of(sample, "u1"))
    seal(built.folder / state.generation)
    with ChromaRetriever(built.folder, model.fingerprint, dataset=sample) as retriever:
        with pytest.raises(IndexDamaged, match="lacks 8 of 8 events of user 'u1'"):
            retriever.fetch("u1", ids_of(sample, "u1"))
