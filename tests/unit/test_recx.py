"""The one object a program needs, on the planted world."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from recx_agent import Recx, build
from recx_agent.attribution import Standing
from recx_agent.errors import (
    IndexMissing,
    NotOffered,
    UnknownAttribute,
    UnknownItem,
    UnknownUser,
    UsageError,
    WorkspaceEmpty,
)


@pytest.fixture(scope="module")
def recx(planted_workspace: Path) -> Recx:
    return Recx.open(planted_workspace)


def test_recommends_the_own_kind_and_nothing_seen(recx: Recx) -> None:
    result = recx.recommend("u0", 5)
    seen = {
        recx.dataset.catalogue.ids.external(i) for i in recx.dataset.seen(recx.dataset.user("u0"))
    }
    assert [item.rank for item in result.items] == [1, 2, 3, 4, 5]
    assert all(item.title.startswith("Comedy") for item in result.items)
    assert not seen & {item.item_id for item in result.items}
    assert result.fallback is None


def test_an_explanation_adds_up_and_every_sentence_cites(recx: Recx) -> None:
    for user in ("u0", "u1", "u7"):
        for explanation in recx.explain_list(user, 5):
            held = {piece.id for piece in explanation.evidence}
            assert explanation.text == " ".join(s.text for s in explanation.sentences)
            assert all(set(s.evidence) <= held for s in explanation.sentences)
            attribution = explanation.attribution
            total = attribution.baseline + sum(c.value for c in attribution.contributions)
            assert total == pytest.approx(attribution.score, abs=1e-9)
            assert explanation.violations == ()


def test_the_reasons_are_of_the_own_kind(recx: Recx) -> None:
    first = recx.explain_list("u0", 1)[0]
    told = [p for p in first.evidence if p.id in first.sentences[0].evidence]
    assert told
    assert all(p.fields["title"].startswith("Comedy") for p in told if p.id.startswith("H"))


def test_explaining_one_item_and_the_list_agree(recx: Recx) -> None:
    listed = recx.explain_list("u2", 3)
    for entry in listed:
        alone = recx.explain("u2", entry.item.item_id)
        assert alone.attribution == entry.attribution
        assert alone.evidence == entry.evidence


def test_an_item_can_be_given_by_title(recx: Recx) -> None:
    item = recx.recommend("u0", 1).items[0]
    assert recx.explain("u0", item.title.lower()).item.item_id == item.item_id


def test_equal_questions_have_equal_answers(recx: Recx, planted_workspace: Path) -> None:
    again = Recx.open(planted_workspace).explain_list("u3", 3)
    assert again == recx.explain_list("u3", 3)
    ids = {explanation.audit_id for explanation in again}
    assert len(ids) == 3


def test_rank_without_a_cause_is_what_the_what_if_gives(recx: Recx) -> None:
    explanation = recx.explain_list("u5", 3)[2]
    for piece in explanation.evidence:
        if not piece.id.startswith("H"):
            continue
        changed = recx.what_if("u5", remove=[piece.fields["item_id"]], k=20)
        moved = {m.item_id: m for m in changed.moved}[explanation.item.item_id]
        assert moved.rank_after == piece.rank_without
        assert piece.contribution == pytest.approx(moved.score_before - moved.score_after)


def test_what_if_without_a_change_changes_nothing(recx: Recx) -> None:
    result = recx.what_if("u0")
    assert result.before == result.after
    plain = recx.recommend("u0").items
    assert [(i.item_id, i.rank) for i in result.before] == [(i.item_id, i.rank) for i in plain]
    assert [i.score for i in result.before] == pytest.approx([i.score for i in plain], abs=1e-12)


def test_what_if_exclude_keeps_scores_and_drops_items(recx: Recx) -> None:
    result = recx.what_if("u0", exclude=["genre=Comedy"], k=5)
    assert all(item.title.startswith("Western") for item in result.after)
    assert all(m.score_before == m.score_after for m in result.moved)
    gone = [m for m in result.moved if m.title.startswith("Comedy")]
    assert gone
    assert all(m.rank_after is None for m in gone)


def test_what_if_mute_lowers_by_the_attribute_s_term(recx: Recx) -> None:
    item = recx.recommend("u0", 1).items[0]
    explanation = recx.explain("u0", item.item_id)
    by_attribute = explanation.attribution.views.attribute
    assert by_attribute is not None
    term = {c.source.id: c.value for c in by_attribute}["genre=Comedy"]
    moved = {m.item_id: m for m in recx.what_if("u0", mute=["Comedy"]).moved}[item.item_id]
    assert moved.score_before - moved.score_after == pytest.approx(term)


def test_what_if_add_makes_the_item_part_of_the_history(recx: Recx) -> None:
    western = next(t for t in recx.dataset.catalogue.titles if t.startswith("Western"))
    result = recx.what_if("u0", add=[western], k=30)
    scores = {m.title: m.score_after - m.score_before for m in result.moved}
    westerns = [change for title, change in scores.items() if title.startswith("Western")]
    assert np.mean(westerns) > np.mean([c for t, c in scores.items() if t.startswith("Comedy")])
    assert western not in {item.title for item in result.after}


def test_an_item_the_user_knows_is_no_recommendation(recx: Recx) -> None:
    user = recx.dataset.user("u0")
    known = int(recx.dataset.history(user).items[0])
    explanation = recx.explain("u0", recx.dataset.catalogue.titles[known])
    assert explanation.verdict == "abstained"
    assert explanation.attribution.rank is None
    assert "because" not in explanation.text.lower()


def test_a_disliked_item_is_known_too(recx: Recx) -> None:
    user = recx.dataset.user("u0")
    low = set(recx.dataset.seen(user)) - set(recx.dataset.history(user).items)
    explanation = recx.explain("u0", recx.dataset.catalogue.titles[low.pop()])
    assert explanation.verdict == "abstained"
    assert "1 out of 5" in explanation.text


def test_a_stranger_is_refused_or_given_popularity(recx: Recx) -> None:
    with pytest.raises(UnknownUser, match="nobody"):
        recx.recommend("nobody")
    result = recx.recommend("nobody", 4, allow_cold=True)
    assert result.fallback == "popularity"
    counts = recx.dataset.popularity
    assert [item.score for item in result.items] == sorted(counts, reverse=True)[:4]
    for explanation in recx.explain_list("nobody", 2, allow_cold=True):
        assert explanation.verdict == "abstained"
        total = sum(c.value for c in explanation.attribution.contributions)
        assert total == explanation.attribution.score
        assert str(int(total)) in explanation.text


def test_a_stranger_with_a_history_is_folded_in(recx: Recx) -> None:
    history = ["Western 1", "Western 3", "Western 5"]
    result = recx.recommend("guest", 3, history=history)
    assert all(item.title.startswith("Western") for item in result.items)
    explanation = recx.explain_list("guest", 1, history=history)[0]
    assert explanation.verdict in ("template", "abstained")
    assert {p.fields["title"] for p in explanation.evidence if p.id[0] == "H"} <= set(history)


def test_unknown_things_name_what_is_close(recx: Recx) -> None:
    with pytest.raises(UnknownItem, match="Comedy 1"):
        recx.explain("u0", "Comdy 10")
    with pytest.raises(UnknownAttribute, match="genre=Comedy"):
        recx.what_if("u0", mute=["genre=Comdy"])
    with pytest.raises(UsageError, match="no term"):
        recx.what_if("u0", remove=["Western 1"])
    with pytest.raises(UsageError, match="at least 1"):
        recx.recommend("u0", 0)


def test_profile_holds_the_weights_and_the_leanings(recx: Recx) -> None:
    profile = recx.profile("u0")
    assert len(profile.history) == 9
    assert profile.events_total == 10
    assert profile.events_used == 9
    weights = [entry.weight for entry in profile.history]
    assert weights == sorted(weights, reverse=True)
    leanings = {entry.value: entry for entry in profile.leanings}
    assert leanings["Comedy"].leaning > leanings["Western"].leaning
    assert leanings["Comedy"].items_in_history == 9
    assert all("rating" in entry.events[0] for entry in profile.history)


def test_scores_are_those_of_a_standing(recx: Recx) -> None:
    user = recx.dataset.user("u4")
    standing = Standing(recx.model, recx.dataset.history(user), recx.dataset.seen(user))
    for item in recx.recommend("u4", 10).items:
        internal = recx.dataset.catalogue.find(item.item_id)
        assert item.score == pytest.approx(standing.scores[internal], abs=1e-12)
        assert item.rank == standing.rank(internal)


def test_nothing_fitted_yet_is_said(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceEmpty, match="recx fit"):
        Recx.open(tmp_path / "empty")


def test_without_an_index_nothing_is_made_up(
    new_workspace: Callable[[], Path], planted: object
) -> None:
    workspace = new_workspace()
    import shutil

    shutil.rmtree(workspace / "evidence")
    recx = Recx.open(workspace)
    assert recx.recommend("u0", 3).items, "recommending needs no evidence"
    with pytest.raises(IndexMissing, match="recx index"):
        recx.explain_list("u0", 3)


def test_a_fact_is_no_term_that_could_be_muted(new_workspace: Callable[[], Path]) -> None:
    workspace = new_workspace()
    recx = Recx.open(workspace)
    muted = recx.model.muted([])
    assert muted.fingerprint == recx.model.fingerprint
    object.__setattr__(recx.model, "features", recx.model.features[:-1])
    gone = "genre=Western"
    with pytest.raises(NotOffered, match="no term"):
        recx.what_if("u0", mute=[gone])


def test_update_folds_in_and_rollback_goes_back(new_workspace: Callable[[], Path]) -> None:
    import pandas as pd

    from recx_agent.workspace import Workspace

    workspace = new_workspace()
    first = Recx.open(workspace)
    new = pd.DataFrame(
        {"user_id": ["late"] * 2, "item_id": ["i1", "i3"], "value": [5, 5], "timestamp": [1, 2]}
    )
    build.update(workspace, interactions=new, epochs=0)
    build.index(workspace)
    second = Recx.open(workspace)
    assert second.model.fingerprint == first.model.fingerprint
    assert second.explain_list("late", 2)[0].item.title.startswith("Western")
    assert second.recommend("u0") == first.recommend("u0")
    Workspace(workspace).switch()
    with pytest.raises(UnknownUser):
        Recx.open(workspace).recommend("late")
