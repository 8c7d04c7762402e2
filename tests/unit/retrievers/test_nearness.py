"""A user's own texts and events, ranked exactly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from recx_agent.datasets import NO_ITEM
from recx_agent.errors import SettingsError, UnknownUser
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.retrievers import ChromaIndex
from recx_agent.retrievers.chroma_store import ChromaStore
from tests.unit.retrievers.small_world import HashingEmbedder, Row
from tests.unit.retrievers.text_world import (
    DATA,
    MODEL,
    ROWS,
    TITLES,
    cosine,
    item_text,
    retriever_of,
    world,
)


@pytest.fixture
def index(folder: Path, embedder: HashingEmbedder) -> ChromaIndex:
    index = ChromaIndex(folder, embedder=embedder)
    assert index.build(DATA, MODEL) == 4
    return index


def test_the_nearest_own_texts_of_each_item_by_cosine(index: ChromaIndex) -> None:
    own = [row.text for row in ROWS if row.user == "ann" and row.text]
    with retriever_of(index) as retriever:
        found = retriever.similar_texts("ann", ["solaris", "up"], 3)
    assert [len(texts) for texts in found] == [3, 3]
    for item, texts in zip(("solaris", "up"), found, strict=True):
        wanted = sorted((-cosine(item_text(item), text), text) for text in own)[:3]
        got = [(-found.similarity, found.event.text) for found in texts]
        assert [g[0] for g in got] == pytest.approx([w[0] for w in wanted], abs=1e-6)
        assert set(got[0][1:]) <= {text for near, text in wanted if near == wanted[0][0]}
    best, *_ = found[0]
    assert best.event.text == "space station"
    assert (best.event.event_type, best.event.item, best.title) == ("search", NO_ITEM, "")
    assert found[1][0].title == "Up"
    assert found[1][0].event.value == 1.0


def test_equal_ones_are_ordered_newest_first(folder: Path, embedder: HashingEmbedder) -> None:
    rows = [Row("ann", None, None, time, "search", text="space") for time in (3, 1, 2)]
    data = world([*ROWS[:1], *rows])
    index = ChromaIndex(folder, embedder=embedder)
    index.build(data, MODEL)
    with retriever_of(index, data) as retriever:
        (found,) = retriever.similar_texts("ann", ["alien"], 3)
    assert [text.event.id for text in found] == [f"ann//search/{n}" for n in (3, 2, 1)]


@pytest.mark.parametrize(
    ("user", "items", "limit", "wanted"),
    [
        ("cid", ["up", "heat"], 5, [[], []]),  # he wrote nothing
        ("ann", [], 5, []),
        ("ann", ["up"], 0, [[]]),
    ],
)
def test_nothing_to_find(
    user: str, items: list[str], limit: int, wanted: list[Any], index: ChromaIndex
) -> None:
    with retriever_of(index) as retriever:
        assert retriever.similar_texts(user, items, limit) == wanted


def test_another_users_text_never_comes(index: ChromaIndex) -> None:
    with retriever_of(index) as retriever:
        (found,) = retriever.similar_texts("ann", ["solaris"], 100)
    assert len(found) == 4  # bob's is nearer than all of them
    assert {text.event.id.partition("/")[0] for text in found} == {"ann"}


def test_without_an_embedder_there_are_no_texts(folder: Path) -> None:
    index = ChromaIndex(folder)
    index.build(DATA, MODEL)
    state = index.state()
    assert state is not None and (state.texts, state.plan.texts) == (0, None)
    with retriever_of(index) as retriever:
        assert retriever.similar_texts("ann", ["up"], 3) == [[]]
        with pytest.raises(SettingsError, match="set retriever.text_embedder"):
            retriever.nearest("ann", "space", 3)


def test_who_is_unknown(index: ChromaIndex) -> None:
    with retriever_of(index) as retriever:
        with pytest.raises(UnknownUser):
            retriever.similar_texts("nobody", ["up"], 3)
        with pytest.raises(UnknownUser):
            retriever.nearest("nobody", "space", 3)


def test_nearest_events_by_their_own_text_or_their_items(index: ChromaIndex) -> None:
    with retriever_of(index) as retriever:
        found = retriever.nearest("ann", "space", 10)
    assert [(own.event.event_type, own.item_id, own.by) for own in found[:3]] == [
        ("search", "", "text"),
        ("search", "", "text"),
        ("rating", "alien", "item"),
    ]
    assert found[0].event.text == "space monster"  # the newer of two that are as near
    assert found[2].title == "Alien"
    assert found[2].similarity == pytest.approx(cosine("space", item_text("alien")), abs=1e-6)
    assert len(found) == 5
    with retriever_of(index) as retriever:
        (by_text,) = retriever.nearest("ann", "great police film in the big city", 1)
    assert by_text.by == "text"
    assert by_text.similarity == pytest.approx(1.0)


def test_nearest_gives_as_many_as_there_are_and_may_be_told(index: ChromaIndex) -> None:
    def rated(event: Any) -> bool:
        return bool(event.event_type == "rating")

    with retriever_of(index) as retriever:
        for limit in (0, 1, 3, 5, 100):
            assert len(retriever.nearest("ann", "space", limit)) == min(limit, 5)
        told = retriever.nearest("ann", "space", 3, tellable=rated)
        assert [own.event.event_type for own in told] == ["rating"] * 3
        assert [own.item_id for own in retriever.nearest("cid", "anything", 4)] == ["up"]


def test_low_ratings_are_found_if_they_are_terms(folder: Path, embedder: HashingEmbedder) -> None:
    rows = [Row("ann", "heat", 5.0, 1), Row("ann", "up", 1.0, 2)]
    data = world(rows)

    class WithDisliked(FactorModel):
        @property
        def uses_disliked(self) -> bool:
            return True

    kept = {name: getattr(MODEL, name) for name in MODEL.__dataclass_fields__}
    model = WithDisliked(**kept)
    index = ChromaIndex(folder, embedder=embedder)
    assert index.build(data, model) == 2
    with retriever_of(index, data, model) as retriever:
        assert {own.item_id for own in retriever.nearest("ann", "balloons", 9)} == {"heat", "up"}
        (low,) = retriever.fetch("ann", ["ann/up/rating/2"]).events
        assert low.positive is False
    assert index.build(data, MODEL) == 1
    with retriever_of(index, data) as retriever:
        assert [own.item_id for own in retriever.nearest("ann", "balloons", 9)] == ["heat"]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many records each request to Chroma asked for."""
    asked: list[int] = []
    read = ChromaStore.read

    def noting(self: ChromaStore, name: str, dimensions: int, ids: Any) -> Any:
        asked.append(len(ids))
        return read(self, name, dimensions, ids)

    monkeypatch.setattr(ChromaStore, "read", noting)
    return asked


def test_two_requests_whatever_the_number_of_items(index: ChromaIndex, calls: list[int]) -> None:
    with retriever_of(index) as retriever:
        retriever.similar_texts("ann", list(TITLES), 2)
    assert calls == [4, 4]
