"""Damaged vector files are noticed before Chroma's library reads them: it would not survive."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from recx_agent.datasets import Dataset
from recx_agent.errors import IndexDamaged
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.retrievers import ChromaIndex, ChromaRetriever
from recx_agent.retrievers.chroma_faults import StoreDamaged
from recx_agent.retrievers.vector_files import are_of_known_form
from recx_agent.retrievers.vector_seal import SEAL_NAME, check_seal, seal

ContentOf = Callable[[Path], dict[str, object]]


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 0x40
    path.write_bytes(bytes(content))


@pytest.fixture
def generation(tmp_path: Path) -> Path:
    """A folder with files like those of a collection, sealed."""
    segment = tmp_path / "generation" / "segment"
    segment.mkdir(parents=True)
    for name in ("header.bin", "data_level0.bin", "link_lists.bin", "index_metadata.pickle"):
        (segment / name).write_bytes(name.encode() * 100)
    (segment.parent / "chroma.sqlite3").write_bytes(b"is written to by readers")
    seal(segment.parent)
    return segment.parent


def test_what_was_sealed_is_sound(generation: Path) -> None:
    (generation / "chroma.sqlite3").write_bytes(b"was written to")
    (generation / "other").mkdir()
    check_seal(generation, wholly=True)


@pytest.mark.parametrize(
    "name", ["header.bin", "data_level0.bin", "link_lists.bin", "index_metadata.pickle"]
)
def test_every_altered_file_is_noticed(name: str, generation: Path) -> None:
    flip(generation / "segment" / name, 37)
    with pytest.raises(StoreDamaged, match=f"segment/{name} is not what was written"):
        check_seal(generation, wholly=True)
    if name == "data_level0.bin":  # left to the records' own seals
        check_seal(generation, wholly=False)
    else:
        with pytest.raises(StoreDamaged):
            check_seal(generation, wholly=False)


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda g: (g / "segment" / "link_lists.bin").write_bytes(b""), "another size"),
        (lambda g: (g / "segment" / "data_level0.bin").write_bytes(b"x"), "another size"),
        (lambda g: (g / "segment" / "data_level0.bin").unlink(), "1 vector files are missing"),
        (lambda g: (g / "segment" / "header.bin").unlink(), "4 vector files are missing"),
        (lambda g: (g / SEAL_NAME).unlink(), "cannot be read"),
        (lambda g: (g / SEAL_NAME).write_text("["), "cannot be read"),
        (lambda g: (g / SEAL_NAME).write_text('{"a": 1}'), "1 vector files are missing"),
        (lambda g: (g / SEAL_NAME).write_text('{"segment/header.bin": 1}'), "cannot be read"),
    ],
)
def test_files_that_are_cut_or_gone(
    damage: Callable[[Path], object], problem: str, generation: Path
) -> None:
    damage(generation)
    with pytest.raises(StoreDamaged, match=problem):
        check_seal(generation, wholly=False)


@pytest.mark.parametrize("at", [4, 14, 22, 30, 40, 56])  # each field of the header
def test_a_damaged_header_is_told_and_repaired(
    at: int,
    sample: Dataset,
    model: FactorModel,
    built: ChromaIndex,
    content_of: ContentOf,
) -> None:
    before = content_of(built.folder)
    for header in built.folder.rglob("header.bin"):
        flip(header, at)
    ids = [event.id for event in sample.describe_terms(1)]
    with ChromaRetriever(built.folder, model.fingerprint) as retriever:
        with pytest.raises(IndexDamaged, match="header.bin is not what was written"):
            retriever.fetch("u1", ids)
    with pytest.raises(IndexDamaged):
        built.check(sample, model)
    built.build(sample, model)
    assert content_of(built.folder) == before


def test_what_a_killed_build_left_torn_is_not_gone_on_with(
    sample: Dataset,
    model: FactorModel,
    built: ChromaIndex,
    folder: Path,
    content_of: ContentOf,
    written: list[str],
) -> None:
    before = content_of(folder)
    (folder / "index.json").unlink()  # now it looks like what a killed build left
    for header in folder.rglob("header.bin"):
        flip(header, 12)
        assert not are_of_known_form(folder)
    built.build(sample, model)
    assert len(written) == 96
    assert content_of(folder) == before
