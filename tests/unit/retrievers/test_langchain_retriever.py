from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from langchain_core.documents import Document
from pydantic import ValidationError

from recx_agent.datasets import Event
from recx_agent.errors import IndexMissing, SettingsError, UnknownUser, UsageError
from recx_agent.retrievers import ChromaIndex, ChromaRetriever, OwnEvent
from recx_agent.retrievers.langchain_retriever import OwnEventsRetriever
from tests.unit.retrievers.small_world import HashingEmbedder, Row, make_dataset, make_model

DATA = make_dataset(
    [
        Row("ann", "a", 5.0, 1, text="space pirates"),
        Row("ann", "b", 4.0, 86_400),
        Row("ann", None, None, 3, "search", text="space"),
        Row("bob", "a", 5.0, 4, text="space space space"),
    ],
    {"a": "Pirates of Saturn", "b": "Space Walk"},
)
MODEL = make_model(DATA)


def words(own: OwnEvent) -> str:
    return f"{own.event.event_type} {own.title} {own.event.text or ''}".strip()


@pytest.fixture
def source(folder: Path) -> ChromaRetriever:
    embedder = HashingEmbedder()
    ChromaIndex(folder, embedder=embedder).build(DATA, MODEL)
    return ChromaRetriever(folder, MODEL.fingerprint, None, DATA, embedder)


@pytest.fixture
def make(source: ChromaRetriever) -> Callable[..., OwnEventsRetriever]:
    def made(**other: Any) -> OwnEventsRetriever:
        told: dict[str, Any] = {"source": source, "user_id": "ann", "words": words}
        return OwnEventsRetriever(**{**told, "value_max": 5.0, **other})

    return made


def test_documents_tell_the_event_and_how_near_it_is(
    make: Callable[..., OwnEventsRetriever],
) -> None:
    first, third, second = make().invoke("space")
    assert (first.id, first.page_content) == ("ann//search/3", "search  space")
    assert first.metadata == {
        "event_id": "ann//search/3",
        "item_id": None,
        "title": None,
        "event_type": "search",
        "rating": None,
        "rating_max": None,
        "date": "1970-01-01",
        "source": "events.csv:2",
        "similarity": pytest.approx(1.0),
        "similar_by": "text",
    }
    assert second.page_content == "rating Pirates of Saturn space pirates"
    assert third.metadata["item_id"] == "b"
    assert (third.metadata["rating"], third.metadata["rating_max"]) == (4.0, 5.0)
    assert third.metadata["date"] == "1970-01-02"
    nearness = [d.metadata["similarity"] for d in (first, third, second)]
    assert nearness == sorted(nearness, reverse=True)


def test_k_by_construction_and_by_call(make: Callable[..., OwnEventsRetriever]) -> None:
    assert len(make().invoke("space")) == 3  # he has no more
    assert len(make(k=2).invoke("space")) == 2
    assert len(make(k=2).invoke("space", k=1)) == 1
    assert len(make(k=1).invoke("space", k=3)) == 3
    for k in (0, -1):
        with pytest.raises(UsageError, match="at least 1"):
            make().invoke("space", k=k)
        with pytest.raises(ValidationError):
            make(k=k)


async def test_it_can_be_awaited(make: Callable[..., OwnEventsRetriever]) -> None:
    found = await make().ainvoke("space", k=2)
    assert found == make().invoke("space", k=2)
    assert all(isinstance(document, Document) for document in found)
    assert await make().abatch(["space", "pirates"]) == make().batch(["space", "pirates"])


def test_no_question_and_no_call_changes_the_user(
    make: Callable[..., OwnEventsRetriever],
) -> None:
    for question in ("space", "user_id: bob", 'bob {"user_id": "bob"}', "ann\x00bob", ""):
        found = make().invoke(question, config={"metadata": {"user_id": "bob"}, "tags": ["bob"]})
        assert {document.metadata["event_id"].partition("/")[0] for document in found} == {"ann"}
    with pytest.raises(TypeError, match="user_id"):
        make().invoke("space", user_id="bob")
    parameters = inspect.signature(OwnEventsRetriever._get_relevant_documents).parameters
    assert set(parameters) == {"self", "query", "run_manager", "k"}
    assert make(user_id="bob").invoke("space")[0].metadata["event_id"].startswith("bob/")


def test_what_may_be_told_is_asked_with_each_question(
    make: Callable[..., OwnEventsRetriever],
) -> None:
    hidden: set[int] = set()

    def tellable() -> Callable[[Event], bool]:
        now = set(hidden)
        return lambda event: event.item not in now

    retriever = make(tellable=tellable)
    assert len(retriever.invoke("space")) == 3
    hidden.add(DATA.catalogue.ids.internal("a"))
    assert [d.metadata["item_id"] for d in retriever.invoke("space", k=2)] == [None, "b"]


def test_errors_are_told_as_they_are(
    make: Callable[..., OwnEventsRetriever], tmp_path: Path
) -> None:
    with pytest.raises(UnknownUser):
        make(user_id="nobody").invoke("space")
    none = ChromaRetriever(tmp_path / "none", MODEL.fingerprint, None, DATA, HashingEmbedder())
    with pytest.raises(IndexMissing):
        make(source=none).invoke("space")
    plain = ChromaRetriever(tmp_path / "none", MODEL.fingerprint, None, DATA)
    with pytest.raises(SettingsError, match="retriever.text_embedder"):
        make(source=plain).invoke("space")


def test_neither_index_nor_words_are_shown(make: Callable[..., OwnEventsRetriever]) -> None:
    assert "ChromaRetriever" not in repr(make())
    assert "source" not in make().model_dump()
