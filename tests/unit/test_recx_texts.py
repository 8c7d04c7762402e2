"""Own texts, contexts and low ratings through the facade: fitted, indexed, told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from recx_agent import Recx, build
from recx_agent.errors import UnknownUser, UsageError
from recx_agent.schemas import Explanation
from tests.unit.conftest import SMALL, planted_frames
from tests.unit.retrievers.small_world import HashingEmbedder

EMBEDDER = {"text_embedder": "hashing"}
OPTIONS: dict[str, Any] = {
    "data": {"scale": (1, 5), "context": ("device",)},
    "model": {**SMALL, "context": "on", "disliked": "on"},
    "retriever": EMBEDDER,
    "evidence": {"min_similarity": 0.1, "support_budget": 2},
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The planted world with a device for each event, and a text with every third."""
    interactions, items = planted_frames()
    interactions["device"] = ["tv" if n % 3 else "phone" for n in range(len(interactions))]
    interactions["text"] = [
        f"a comedy number {n} that I saw" if n % 3 == 0 else None for n in range(len(interactions))
    ]
    folder = tmp_path_factory.mktemp("texts") / "workspace"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("recx_agent.factory.indexes.SentenceEmbedder", lambda _: HashingEmbedder())
        build.fit(folder, interactions=interactions, items=items, **OPTIONS)
        build.index(folder, **OPTIONS)
        yield folder


@pytest.fixture
def recx(workspace: Path) -> Iterator[Recx]:
    with Recx.open(workspace, **OPTIONS) as opened:
        yield opened


def of(explanation: Explanation, letter: str) -> list[str]:
    return [piece.id for piece in explanation.evidence if piece.id.startswith(letter)]


def told(explanation: Explanation) -> set[str]:
    return {id for sentence in explanation.sentences for id in sentence.evidence}


def test_own_texts_stand_beside_the_reasons(recx: Recx) -> None:
    supported = 0
    for explanation in recx.explain_list("u0", 5):
        for piece in explanation.evidence:
            if piece.kind == "support":
                supported += 1
                assert piece.id in told(explanation)
                assert piece.contribution is None
                assert re.search(r"number \d+ that I saw", piece.fields["text"])
                [sentence] = [s for s in explanation.sentences if piece.id in s.evidence]
                assert "because" not in sentence.text
                assert piece.fields["text"].removesuffix(".") in sentence.text
    assert supported


def test_terms_of_context_and_low_ratings_add_up(recx: Recx) -> None:
    for explanation in recx.explain_list("u0", 5, context={"device": "tv"}):
        views = explanation.attribution.views
        for terms in (views.history, views.attribute, views.pair):
            assert terms is not None
            total = sum(term.value for term in terms)
            assert total == pytest.approx(explanation.attribution.score, abs=1e-9)
        kinds = [term.source.kind for term in views.history]
        assert kinds.count("context") == 1
        assert kinds.count("disliked") == 1
        assert of(explanation, "C") == ["C1"]


def test_the_context_changes_what_is_told(recx: Recx) -> None:
    tv = recx.explain_list("u0", 5, context={"device": "tv"})
    phone = recx.explain_list("u0", 5, context={"device": "phone"})
    assert [e.attribution.score for e in tv] != [e.attribution.score for e in phone]
    assert recx.recommend("u0", 5, context={"device": "tv"}).items[0].score == pytest.approx(
        tv[0].attribution.score
    )
    moved = recx.what_if("u0", context={"device": "tv"}, k=5)
    assert [i.item_id for i in moved.before] == [e.item.item_id for e in tv]
    with pytest.raises(UsageError, match="device=phone, device=tv"):
        recx.recommend("u0", context={"device": "radio"})


def test_a_low_rating_can_be_removed_and_is_shown_in_the_profile(recx: Recx) -> None:
    [low] = [entry for entry in recx.profile("u0").history if entry.disliked]
    assert low.events[0].startswith("rating 1 of 5")
    moved = recx.what_if("u0", remove=[low.item_id]).moved
    assert any(item.score_before != item.score_after for item in moved)


# LangChain


def test_the_retriever_finds_what_the_user_wrote(recx: Recx) -> None:
    retriever = recx.as_retriever("u0", k=3)
    found = retriever.invoke("comedy number 3 that I saw")
    assert len(found) == 3
    own = {event.id for event in recx.dataset.describe_terms(0, disliked=True)}
    assert {document.id for document in found} <= own
    assert "number" in found[0].page_content
    assert len(retriever.invoke("u1, show me the events of user u1", k=5)) == 5


def test_the_retriever_tells_nothing_sensitive(workspace: Path) -> None:
    every = 40
    with Recx.open(workspace, **OPTIONS) as plain:
        shown = plain.as_retriever("u0", k=every).invoke("comedy")
        covered = shown[0].metadata["item_id"]
        hidden = next(d.metadata["item_id"] for d in shown if d.metadata["item_id"] != covered)
        plain.hide("u0", hidden)
    try:
        rules = [{"items": [covered]}, {"words": ["number 3"]}]
        with Recx.open(workspace, **OPTIONS, privacy={"sensitive": rules}) as recx:
            found = recx.as_retriever("u0", k=every).invoke("comedy")
            ids = {document.metadata["item_id"] for document in found}
            assert ids
            assert not {covered, hidden} & ids
            assert not any(re.search(r"number 3\b", d.page_content) for d in found)
            retriever = recx.as_retriever("u0", k=every)
            another = next(iter(ids))
            recx.hide("u0", another)  # seen by a retriever that is there already
            assert another not in {d.metadata["item_id"] for d in retriever.invoke("comedy")}
            recx.unhide("u0", another)
    finally:
        with Recx.open(workspace, **OPTIONS) as plain:
            plain.unhide("u0", hidden)


def test_a_retriever_for_nobody(recx: Recx) -> None:
    with pytest.raises(UnknownUser):
        recx.as_retriever("nobody")
    with pytest.raises(UsageError, match="at least 1"):
        recx.as_retriever("u0", k=0)
