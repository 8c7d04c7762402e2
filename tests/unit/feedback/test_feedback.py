"""What a user says counts with the next answer, is listed, and can be undone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from recx_agent import Recx, build
from recx_agent.erasure import forget
from recx_agent.errors import (
    UnclearReason,
    UnknownAttribute,
    UnknownFeedback,
    UnknownItem,
    UnknownUser,
    UsageError,
    Withheld,
)
from recx_agent.export import export_user
from recx_agent.factory import writers
from recx_agent.llms import ScriptedChatModel
from recx_agent.protocols import ChatRequest
from recx_agent.writing import GroundedWriter

USER = "u0"


def everything_told(recx: Recx) -> str:
    """All that the user can be told, as one text."""
    answers: list[Any] = [*recx.explain_list(USER, 10), recx.profile(USER)]
    answers.append(recx.recommend(USER, 10))
    return "\n".join(answer.model_dump_json() for answer in answers)


def titles(recx: Recx, k: int = 10) -> list[str]:
    return [item.title for item in recx.recommend(USER, k).items]


def test_a_muted_item_is_evidence_nowhere(recx: Recx, again: Callable[[], Recx]) -> None:
    other = again()
    item = recx.profile(USER).history[0]
    pattern = re.compile(rf"\b{item.title}\b|\b{item.item_id}\b")
    assert pattern.search(everything_told(recx)), "the control"
    given = recx.feedback(USER, "mute", item.title)
    assert (given.feedback.what, given.feedback.label) == (item.item_id, item.title)
    for reader in (recx, other):
        assert not pattern.search(everything_told(reader))
        assert reader.hidden(USER)[0].item_id == item.item_id, "hiding is muting"
    with pytest.raises(Withheld):
        recx.explain(USER, item.title)
    recx.undo_feedback(USER, given.feedback.id)
    assert recx.hidden(USER) == ()
    assert pattern.search(everything_told(other))


def test_a_muted_attribute_is_told_nowhere_and_no_filter(recx: Recx) -> None:
    assert "genre: Comedy" in everything_told(recx) and "Comedy" in titles(recx)[0]
    given = recx.feedback(USER, "mute", "Comedy", k=5)
    assert given.feedback.what == "genre=Comedy"
    told = everything_told(recx)
    assert '"Comedy"' not in told and "genre: Comedy" not in told and "genre=Comedy" not in told
    assert given.remaining == sum("Comedy" in title for title in titles(recx, 5))
    assert given.remaining > 0, "its items may come: they score by other terms"
    assert [
        leaning.value for leaning in recx.profile(USER).leanings if leaning.value == "Comedy"
    ] == []
    recx.undo_feedback(USER)
    assert "genre: Comedy" in everything_told(recx)


def test_a_muted_attribute_is_another_user_s_matter(recx: Recx) -> None:
    before = recx.recommend("u2", 5)
    recx.feedback(USER, "mute", "Comedy")
    assert recx.recommend("u2", 5) == before


def test_an_excluded_attribute_is_a_filter(recx: Recx) -> None:
    recx.feedback(USER, "exclude", "genre=Comedy")
    assert all("Western" in title for title in titles(recx))
    assert recx.profile(USER).history, "what was seen goes on counting"
    (entry,) = recx.feedback_of(USER)
    assert (entry.kind, entry.target, entry.label) == ("exclude", "attribute", "genre=Comedy")
    recx.undo_feedback(USER, entry.id)
    assert "Comedy" in titles(recx)[0]


def test_a_disliked_item_leaves(recx: Recx) -> None:
    best = titles(recx)[0]
    recx.feedback(USER, "dislike", best)
    assert best not in titles(recx)
    with pytest.raises(UsageError, match="recx feedback undo"):
        recx.explain(USER, best)
    recx.undo_feedback(USER)
    assert titles(recx)[0] == best


def test_a_disliked_item_of_the_history_is_no_reason_any_more(recx: Recx) -> None:
    item = recx.profile(USER).history[0]
    recx.feedback(USER, "dislike", item.item_id)
    assert item.item_id not in [entry.item_id for entry in recx.profile(USER).history]
    assert item.title not in titles(recx, 30)
    for explanation in recx.explain_list(USER, 10):
        assert item.title not in {e.fields.get("title") for e in explanation.evidence}


def test_a_liked_item_enters_the_history_and_is_evidence(recx: Recx) -> None:
    best = recx.recommend(USER, 1).items[0]
    recx.feedback(USER, "like", best.item_id)
    profile = recx.profile(USER)
    assert profile.history[0].title == best.title
    assert profile.history[0].weight == max(entry.weight for entry in profile.history)
    assert best.title not in titles(recx, 30)
    cited = [
        piece
        for explanation in recx.explain_list(USER, 10)
        for piece in explanation.evidence
        if piece.fields.get("item_id") == best.item_id and piece.kind == "cause"
    ]
    assert cited
    assert {piece.fields["event_type"] for piece in cited} == {"like"}
    assert any("liked" in e.text for e in recx.explain_list(USER, 10))
    recx.feedback(USER, "dislike", best.item_id)
    assert [entry.kind for entry in recx.feedback_of(USER)] == ["dislike"], "it undoes the liking"
    assert recx.profile(USER).history[0].title != best.title


def test_feedback_is_listed_and_undone_by_its_user_alone(recx: Recx) -> None:
    first = recx.feedback(USER, "mute", "Comedy 4")
    assert not recx.feedback(USER, "mute", "i4").is_new
    second = recx.feedback(USER, "exclude", "Western 3")
    listed = recx.feedback_of(USER)
    assert [entry.id for entry in listed] == [first.feedback.id, second.feedback.id]
    assert recx.feedback_of("u1") == ()
    with pytest.raises(UnknownFeedback):
        recx.undo_feedback("u1", first.feedback.id)
    with pytest.raises(UnknownFeedback, match="anything that could be undone"):
        recx.undo_feedback("u1")
    assert recx.undo_feedback(USER).id == second.feedback.id, "the last"
    assert recx.undo_feedback(USER, first.feedback.id).undone is not None
    assert recx.feedback_of(USER) == ()
    undone = recx.feedback_of(USER, undone=True)
    assert [entry.undone is not None for entry in undone] == [True, True]
    with pytest.raises(UnknownFeedback):
        recx.undo_feedback(USER, first.feedback.id)


def test_not_because_of_that_asks_which(recx: Recx) -> None:
    asked = muted = 0
    for item in recx.recommend(USER, 10).items:
        causes = {
            e.fields["title"]
            for e in recx.explain(USER, item.item_id).evidence
            if e.kind == "cause" and e.id.startswith("H")
        }
        try:
            given = recx.feedback(USER, "mute", about=item.item_id)
        except UnclearReason as error:
            asked += 1
            assert len(error.candidates) != 1
            labels = {c.label for c in error.candidates if not c.what.startswith("genre=")}
            assert labels <= causes
            assert all(label in str(error) for label in labels)
            if labels:
                chosen = error.candidates[0]
                assert recx.feedback(USER, "mute", chosen.what).feedback.label == chosen.label
                after = recx.explain(USER, item.item_id)
                assert chosen.label not in after.text
                recx.undo_feedback(USER)
        else:
            muted += 1
            assert given.feedback.label in causes
            recx.undo_feedback(USER)
    assert asked, "several reasons were told somewhere"


def test_what_is_meant_must_be_clear(recx: Recx) -> None:
    best = recx.recommend(USER, 1).items[0].item_id
    for what, about in ((None, None), ("Comedy 4", best)):
        with pytest.raises(UsageError, match="what is meant|not both"):
            recx.feedback(USER, "mute", what, about=about)
    with pytest.raises(UnknownItem, match="Comedy 4"):
        recx.feedback(USER, "mute", "Comedie 4")
    with pytest.raises(UnknownAttribute):
        recx.feedback(USER, "mute", "genre=Comedies")
    with pytest.raises(UnknownItem):
        recx.feedback(USER, "like", "genre=Comedy")
    with pytest.raises(UnknownUser):
        recx.feedback("nobody", "mute", "Comedy 4")
    assert recx.feedback_of(USER) == ()


def test_a_title_that_is_an_attribute_too_is_asked_about(recx: Recx) -> None:
    from dataclasses import replace

    from recx_agent.feedback.meaning import meant_by
    from recx_agent.people import People

    catalogue = recx.dataset.catalogue
    renamed = replace(catalogue, titles=("Western", *catalogue.titles[1:]))
    people = People(
        replace(recx.dataset, catalogue=renamed), recx.model, recx._sensitive, recx._store
    )
    person = people.person(USER)
    with pytest.raises(UnclearReason) as caught:
        meant_by("Western", "mute", people, person)
    assert {c.what for c in caught.value.candidates} == {"i0", "genre=Western"}
    assert meant_by("i0", "mute", people, person).target == "item"
    assert meant_by("genre=Western", "mute", people, person).target == "attribute"
    assert meant_by("Western", "like", people, person).value == "i0"


def test_a_kept_text_does_not_outlive_its_reason(
    workspace: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[ChatRequest] = []

    def write(request: ChatRequest) -> str:
        asked.append(request)
        return "{ITEM} is here because of {H1}."

    model = ScriptedChatModel(write)
    monkeypatch.setattr(writers, "open_chat_model", lambda settings: model)
    with Recx.open(workspace, llm={"deadline_ms": 60_000}) as recx:
        best = recx.recommend(USER, 1).items[0].item_id
        first = recx.explain(USER, best)
        writer = recx._explainers.writer
        assert isinstance(writer, GroundedWriter)
        writer.flush()  # texts are kept in a thread of their own
        calls = len(asked)
        assert calls and recx.explain(USER, best).text == first.text
        assert len(asked) == calls, "it was kept"
        cause = next(e for e in first.evidence if e.id == "H1")
        given = recx.feedback(USER, "mute", cause.fields["item_id"])
        after = recx.explain(USER, best)
        assert len(asked) > calls, "another key, another text"
        assert cause.fields["title"] not in after.text
        assert after.audit_id != first.audit_id
        recx.undo_feedback(USER, given.feedback.id)
        calls = len(asked)
        assert recx.explain(USER, best).text == first.text
        assert len(asked) == calls, "the first one is true again"


def test_feedback_outlives_a_fit(recx: Recx, workspace: Any) -> None:
    from tests.unit.conftest import SMALL, planted_frames

    best = recx.recommend(USER, 1).items[0].item_id
    recx.feedback(USER, "dislike", best)
    interactions, items = planted_frames()
    build.fit(
        workspace, interactions=interactions, items=items, data={"scale": (1, 5)}, model=SMALL
    )
    with Recx.open(workspace) as fitted:
        assert [entry.what for entry in fitted.feedback_of(USER)] == [best]
        assert best not in [item.item_id for item in fitted.recommend(USER, 20).items]


def test_what_is_gone_from_the_catalogue_is_listed_and_changes_nothing(recx: Recx) -> None:
    before = recx.recommend(USER, 5)
    recx._store.give(USER, "mute", "item", "gone")
    recx._store.give(USER, "mute", "attribute", "Noir", "genre")
    recx._store.give(USER, "exclude", "attribute", "Noir", "genre")
    recx._store.give(USER, "like", "item", "gone")
    assert recx.recommend(USER, 5) == before
    assert [entry.label for entry in recx.feedback_of(USER)] == ["", "genre=Noir", "genre=Noir", ""]


def test_a_history_that_is_given_keeps_to_what_was_said(recx: Recx) -> None:
    own = [entry.item_id for entry in recx.profile(USER).history]
    recx.feedback(USER, "mute", own[0])
    recx.feedback(USER, "exclude", "Western")
    given = recx.recommend(USER, 5, history=own[:3])
    assert all("Comedy" in item.title for item in given.items)


def test_a_privacy_rule_keeps_feedback_from_being_told(recx: Recx, workspace: Any) -> None:
    recx.feedback(USER, "mute", "Comedy 4")
    recx.feedback(USER, "mute", "genre=Comedy")
    rules = {"sensitive": [{"items": ["i4"], "attributes": ["genre=Comedy"], "cover_items": False}]}
    with Recx.open(workspace, privacy=rules) as careful:
        assert careful.feedback_of(USER) == ()
        assert careful.hidden(USER) == ()
        for what in ("i4", "Comedy 4", "genre=Comedy"):
            with pytest.raises(Withheld) as caught:
                careful.feedback(USER, "exclude", what)
            assert "Comedy 4" not in str(caught.value).replace(what, "")


def test_an_erased_user_has_said_nothing_and_can_say_nothing(recx: Recx, workspace: Any) -> None:
    recx.feedback(USER, "like", "Western 3")
    export = export_user(workspace, USER)
    assert [entry.label for entry in export.feedback] == ["Western 3"]
    forget(workspace, USER)
    for ask in (
        lambda: recx.feedback(USER, "mute", "Comedy 4"),
        lambda: recx.feedback_of(USER),
        lambda: recx.undo_feedback(USER),
        lambda: recx.add_events([{"item_id": "i4", "value": 5}], user_id=USER),
        lambda: recx.added_events(USER),
    ):
        with pytest.raises(UnknownUser):
            ask()
    assert USER not in recx._store.users()
