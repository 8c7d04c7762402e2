"""Users' own texts and the items' texts, kept up to date."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recx_agent.errors import IndexStale
from recx_agent.retrievers import ChromaIndex, ChromaRetriever
from recx_agent.retrievers.chroma_store import ChromaStore
from recx_agent.settings import RetrieverSettings
from tests.unit.retrievers.small_world import HashingEmbedder, Row, make_model
from tests.unit.retrievers.text_world import (
    ABOUT,
    DATA,
    MODEL,
    ROWS,
    TITLES,
    retriever_of,
    world,
)


@pytest.fixture
def index(folder: Path, embedder: HashingEmbedder) -> ChromaIndex:
    index = ChromaIndex(folder, embedder=embedder)
    assert index.build(DATA, MODEL) == 4
    return index


def collections_of(index: ChromaIndex) -> dict[str, str]:
    """Distance by name of collection."""
    state = index.state()
    assert state is not None
    with ChromaStore.in_folder(index.folder / state.generation) as store, store.client() as client:
        return {
            name: client.get_collection(name, embedding_function=None).configuration_json["hnsw"][
                "space"
            ]
            for name in store.names()
        }


def test_texts_are_in_collections_of_their_own_named_by_embedder(index: ChromaIndex) -> None:
    state = index.state()
    assert state is not None and state.plan.texts is not None
    assert (state.texts, state.plan.texts.embedder) == (5, "hashing")
    owner = state.plan.texts.owner
    assert collections_of(index) == {
        f"events-{MODEL.fingerprint}-0000": "ip",
        f"texts-{owner}-0000": "cosine",
        f"items-{owner}-0000": "cosine",
    }


def test_another_model_embeds_no_text_again(
    index: ChromaIndex, embedder: HashingEmbedder, written: list[str]
) -> None:
    embedder.embedded.clear()
    other = make_model(DATA, seed=1)
    index.build(DATA, other)
    assert embedder.embedded == []
    assert len(written) == 4
    with retriever_of(index, model=other) as retriever:
        assert retriever.similar_texts("ann", ["up"], 1)[0]


def test_another_embedder_writes_only_the_texts_again(
    index: ChromaIndex, written: list[str]
) -> None:
    other = HashingEmbedder("other", 32)
    stale = ChromaRetriever(index.folder, MODEL.fingerprint, None, DATA, other)
    with stale, pytest.raises(IndexStale, match="embedded by hashing, not by other"):
        stale.similar_texts("ann", ["up"], 1)
    replaced = ChromaIndex(index.folder, embedder=other)
    with pytest.raises(IndexStale, match="embedded by hashing, not by other"):
        replaced.check(DATA, MODEL)
    replaced.build(DATA, MODEL)
    assert len(written) == 5 + len(TITLES)
    assert len(collections_of(replaced)) == 3
    with retriever_of(replaced) as retriever:
        assert retriever.similar_texts("ann", ["up"], 1)[0][0].event.text == (
            "balloons are for children"
        )
    assert replaced.check(DATA, MODEL).texts == 5


def test_only_new_and_altered_texts_are_embedded(
    index: ChromaIndex, embedder: HashingEmbedder
) -> None:
    embedder.embedded.clear()
    more = world([*ROWS, Row("cid", "heat", 4.0, 80, text="a heist")])
    index.build(more, MODEL)
    assert embedder.embedded == ["a heist"]
    embedder.embedded.clear()
    told = world([*ROWS, Row("cid", "heat", 4.0, 80, text="a heist")], {**ABOUT, "up": "a house"})
    with pytest.raises(IndexStale, match="its texts are of another state of the data"):
        index.check(told, MODEL)
    index.build(told, MODEL)
    assert "Up\ngenre: Drama, Family\na house" in embedder.embedded
    assert not any(row.text in embedder.embedded for row in ROWS)
    assert index.check(told, MODEL).texts == 6


def test_without_the_setting_texts_are_removed(index: ChromaIndex, written: list[str]) -> None:
    plain = ChromaIndex(index.folder)
    plain.build(DATA, MODEL)
    assert collections_of(plain) == {f"events-{MODEL.fingerprint}-0000": "ip"}
    assert written == []


def files_with(folder: Path, what: bytes) -> list[str]:
    found = [p.name for p in folder.rglob("*") if p.is_file() and what in p.read_bytes()]
    return sorted(set(found))


def vector_files_with(folder: Path, value: float) -> int:
    """In how many vector files a number is, whatever its last bits."""
    found = 0
    for path in folder.rglob("data_level0.bin"):
        content = path.read_bytes()
        content = content[: len(content) // 4 * 4]
        numbers = [np.frombuffer(content[at:] + b"\0" * at, np.float32) for at in range(4)]
        found += any(bool(np.isclose(n, value, rtol=0, atol=1e-6).any()) for n in numbers)
    return found


def test_an_erased_text_is_gone_with_its_words_and_its_vector(
    folder: Path, embedder: HashingEmbedder
) -> None:
    text = "zanzibar " * 7 + "ζξψ moonlight"
    value = float(embedder.embed([text]).max())
    index = ChromaIndex(folder, embedder=embedder)
    index.build(world([*ROWS, Row("leaver", None, None, 5, "search", text=text)]), MODEL)
    assert vector_files_with(folder, value) == 1
    for words in ("zanzibar", "ζξψ"):
        assert files_with(folder, words.encode()) == ["chroma.sqlite3"]
    index.build(DATA, MODEL)
    assert vector_files_with(folder, value) == 0
    for words in ("zanzibar", "ζξψ", "leaver"):
        assert files_with(folder, words.encode()) == []
    assert files_with(folder, b"balloons are for children") == ["chroma.sqlite3"]


def test_texts_are_spread_like_events(folder: Path, embedder: HashingEmbedder) -> None:
    rows = [Row(f"u{n}", "heat", 5.0, n, text=f"text number {n}") for n in range(60)]
    settings = RetrieverSettings(batch_size=7, events_per_collection=10, max_collections=8)
    data = world(rows)
    index = ChromaIndex(folder, settings, embedder)
    index.build(data, MODEL)
    assert sum(name.startswith("texts-") for name in collections_of(index)) == 8
    with retriever_of(index, data) as retriever:
        for n in (0, 31, 59):
            ((found,),) = retriever.similar_texts(f"u{n}", ["up"], 3)
            assert found.event.text == f"text number {n}"


def test_progress_is_told_of_texts_too(folder: Path, embedder: HashingEmbedder) -> None:
    told: list[tuple[str, int, int]] = []
    ChromaIndex(folder, embedder=embedder).build(DATA, MODEL, lambda *a: told.append(a))
    assert told[-1] == ("evidence texts", 5 + len(TITLES), 5 + len(TITLES))
    assert ("evidence index", 4, 4) in told
