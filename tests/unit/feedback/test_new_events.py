"""New events count with the next answer, are evidence, and train the next model."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from recx_agent import Recx, build
from recx_agent.errors import BadRows, UnknownFeedback, UnknownUser, UsageError
from recx_agent.export import export_user
from tests.unit.conftest import SMALL, planted_frames

USER = "u0"
NEW = {"item_id": "i1", "value": 5, "timestamp": 2_000_000, "text": "a western after all"}


def refit(workspace: Path) -> build.Fitted:
    interactions, items = planted_frames()
    return build.fit(
        workspace, interactions=interactions, items=items, data={"scale": (1, 5)}, model=SMALL
    )


def test_an_event_counts_at_once_and_is_evidence(any_recx: Recx, any_workspace: Path) -> None:
    with Recx.open(any_workspace) as other:
        before = other.recommend(USER, 30)
        assert "i1" in {item.item_id for item in before.items}
        assert any_recx.add_events([NEW], user_id=USER).added == 1
        after = other.recommend(USER, 30)
        assert "i1" not in {item.item_id for item in after.items}, "another process sees it"
        assert after.items[0].score != before.items[0].score
        cited = [
            piece
            for explanation in other.explain_list(USER, 10)
            for piece in explanation.evidence
            if piece.fields.get("item_id") == "i1"
        ]
        assert cited
        assert {(p.kind, p.fields["rating"], p.fields["event_type"]) for p in cited} == {
            ("cause", 5.0, "rating")
        }
        assert any("Western 1" in e.text for e in other.explain_list(USER, 10))
        assert other.profile(USER).history[0].item_id == "i1"
        assert other.check_index(), "the index is as it was"


def test_a_new_user_is_known_from_the_first_event(any_recx: Recx) -> None:
    with pytest.raises(UnknownUser):
        any_recx.recommend("newcomer")
    rows = [{"user_id": "newcomer", "item_id": f"i{n}", "value": 5} for n in (2, 4, 6)]
    assert any_recx.add_events(rows).users == 1
    listed = any_recx.recommend("newcomer", 5)
    assert listed.fallback is None
    assert all("Comedy" in item.title for item in listed.items)
    for explanation in any_recx.explain_list("newcomer", 3):
        assert any(piece.kind == "cause" for piece in explanation.evidence)
    assert len(any_recx.profile("newcomer").history) == 3
    any_recx.feedback("newcomer", "mute", "Comedy 2")
    assert len(any_recx.profile("newcomer").history) == 2
    known = any_recx.explain_candidates("newcomer", ["Comedy 4"], "a shop")
    assert "Comedy 4" in known[0].text


def test_an_event_taken_back_is_as_if_it_had_not_been(recx: Recx) -> None:
    before, texts = recx.recommend(USER, 10), [e.text for e in recx.explain_list(USER, 5)]
    recx.add_events([NEW], user_id=USER)
    (added,) = recx.added_events(USER)
    assert (added.title, added.value, added.text) == ("Western 1", 5, NEW["text"])
    with pytest.raises(UnknownFeedback):
        recx.undo_event("u1", added.id)
    recx.undo_event(USER, added.id)
    assert recx.recommend(USER, 10) == before
    assert [e.text for e in recx.explain_list(USER, 5)] == texts
    assert recx.added_events(USER) == ()
    assert recx.added_events(USER, undone=True)[0].undone is not None
    with pytest.raises(UnknownFeedback):
        recx.undo_event(USER, added.id)


def test_adding_again_changes_nothing(recx: Recx) -> None:
    assert recx.add_events([NEW], user_id=USER).added == 1
    told = recx.add_events([NEW, {**NEW, "item_id": "i3"}], user_id=USER)
    assert (told.added, told.already_present) == (1, 1)
    assert len(recx.added_events(USER)) == 2


def test_a_bad_row_adds_none(recx: Recx) -> None:
    with pytest.raises(BadRows, match="unknown item 'i999'"):
        recx.add_events([NEW, {"item_id": "i999", "value": 4}], user_id=USER)
    with pytest.raises(UsageError, match="another user"):
        recx.add_events([{**NEW, "user_id": "u2"}], user_id=USER)
    assert recx.added_events(USER) == ()


def test_a_new_event_type_falls_under_a_rule_about_it(workspace: Path) -> None:
    rules = {"sensitive": [{"event_types": ["Diagnosis"]}]}
    with Recx.open(workspace, privacy=rules) as careful:
        diagnosis = {"item_id": "i1", "event_type": "diagnosis", "timestamp": 2_000_000}
        careful.add_events([diagnosis], user_id=USER)
        for answer in (*careful.explain_list(USER, 10), careful.profile(USER)):
            assert not re.search(r"\bWestern 1\b", answer.model_dump_json())
            assert "iagnosis" not in answer.model_dump_json()
        assert careful.profile(USER).other_items == 1, "it counts, unnamed"
        assert careful.added_events(USER) == ()
    with Recx.open(workspace) as plain:
        assert plain.profile(USER).history[0].title == "Western 1", "the control"


def test_a_fit_trains_on_what_was_added_and_it_can_still_be_taken_back(
    recx: Recx, workspace: Path
) -> None:
    recx.add_events([NEW], user_id=USER)
    rows = [{"user_id": "newcomer", "item_id": f"i{n}", "value": 5} for n in (2, 4, 6)]
    recx.add_events(rows)
    fitted = refit(workspace)
    assert "4 added events taken in" in fitted.remarks
    assert "newcomer" in fitted.version.load_data().users
    build.index(workspace)
    with Recx.open(workspace) as later:
        assert later.profile(USER).history[0].item_id == "i1"
        assert len([e for e in later.profile(USER).history if e.item_id == "i1"]) == 1
        assert later.profile(USER).events_total == 11, "not twice"
        assert later.explain_list("newcomer", 2)
        (added,) = later.added_events(USER)
        later.undo_event(USER, added.id)
        assert "i1" not in [e.item_id for e in later.profile(USER).history]
        assert "i1" in [item.item_id for item in later.recommend(USER, 30).items]
        for explanation in later.explain_list(USER, 10):
            assert "i1" not in {piece.fields.get("item_id") for piece in explanation.evidence}
    assert "1 events left out" not in "".join(refit(workspace).remarks), "the file never had it"
    updated = build.update(workspace, interactions=planted_frames()[0], epochs=0)
    assert len(updated.version.load_data().history(0)) == 9


def test_an_update_leaves_out_what_was_taken_back_since(recx: Recx, workspace: Path) -> None:
    recx.add_events([NEW], user_id=USER)
    interactions = planted_frames()[0]
    first = build.update(workspace, interactions=interactions, epochs=0)
    user = first.version.load_data().user(USER)
    assert len(first.version.load_data().history(user)) == 10
    recx.undo_event(USER, recx.added_events(USER)[0].id)
    second = build.update(workspace, interactions=interactions, epochs=0)
    assert len(second.version.load_data().history(user)) == 9
    assert any("taken back" in remark for remark in second.remarks)


def test_an_export_has_what_was_added_and_undone(recx: Recx, workspace: Path) -> None:
    recx.add_events([NEW, {**NEW, "item_id": "i3"}], user_id=USER)
    recx.undo_event(USER, recx.added_events(USER)[0].id)
    export = export_user(workspace, USER)
    assert [(e.title, e.undone is None) for e in export.added_events] == [
        ("Western 1", False),
        ("Western 3", True),
    ]
    assert export.profile is not None
    assert export.profile.history[0].item_id == "i3"
    recx.add_events([{**NEW, "user_id": "newcomer"}])
    newcomer = export_user(workspace, "newcomer")
    assert newcomer.events == () and len(newcomer.added_events) == 1
    assert newcomer.profile is not None


def test_threads_add_side_by_side_and_each_sees_its_own(
    recx: Recx, again: Callable[[], Recx]
) -> None:
    def add(reader: Recx, number: int) -> None:
        for n in range(5):
            row: dict[str, Any] = {"item_id": f"i{n}", "event_type": "watch", "timestamp": n}
            reader.add_events([row], user_id=f"u{number}")
            assert len(reader.added_events(f"u{number}")) == n + 1
            reader.feedback(f"u{number}", "like", f"i{n + 10}")

    readers = [recx, recx, again(), again()]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(add, readers, range(4)))
    for number in range(4):
        assert len(recx.feedback_of(f"u{number}")) == 5
