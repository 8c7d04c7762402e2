"""Whatever was said and done, the terms add up to the score, and are what would be lost."""

from __future__ import annotations

import numpy as np
import pytest

from recx_agent import Recx
from recx_agent.datasets import History
from recx_agent.errors import NotOffered
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.schemas import Explanation, Views
from recx_agent.testing import tolerance

USER = "u0"
EVENTS = [
    {"item_id": "i1", "value": 5, "timestamp": 1_000_100},
    {"item_id": "i3", "event_type": "watch", "timestamp": 1_000_300},
    {"item_id": "i0", "value": 1, "timestamp": 1_000_200},
]


def say_all(recx: Recx) -> None:
    """A bit of everything that the model offers."""
    own = [entry.item_id for entry in recx.profile(USER).history]
    recx.feedback(USER, "mute", own[1])
    recx.feedback(USER, "dislike", own[3])
    recx.feedback(USER, "like", "Western 5")
    recx.add_events(EVENTS, user_id=USER)
    if "mute" in recx.model.what_ifs:
        recx.feedback(USER, "mute", "genre=Comedy")


def views_of(told: Views) -> dict[str, list[float]]:
    found = {"history": told.history, "attribute": told.attribute, "pair": told.pair}
    return {name: [c.value for c in view] for name, view in found.items() if view is not None}


def test_every_view_adds_up_to_the_score(any_recx: Recx) -> None:
    say_all(any_recx)
    explained = any_recx.explain_list(USER, 8)
    listed = any_recx.recommend(USER, 8).items
    assert [e.item.item_id for e in explained] == [item.item_id for item in listed]
    assert len(explained) == 8
    for explanation, item in zip(explained, listed, strict=True):
        attribution = explanation.attribution
        assert attribution.score == item.score
        for name, values in views_of(attribution.views).items():
            allowed = tolerance(np.array(values), attribution.baseline)
            gap = attribution.baseline + sum(values) - attribution.score
            assert abs(gap) <= allowed, name
            assert abs(gap + 0.01 * max(values, key=abs)) > allowed, "altered by 1 % it fails"


def by_hand(recx: Recx, history: History, item: int, muted: set[str]) -> float:
    """``Σ_h w_h ⟨p_h, Σ_f x_if q_f⟩ + Σ_f x_if b_f`` over the features that are not muted."""
    model = recx.model
    assert isinstance(model, FactorModel)
    features, weights = model.features_of(item)
    score = 0.0
    for feature, x in zip(features, weights, strict=True):
        if f"{model.features[feature].name}={model.features[feature].value}" in muted:
            continue
        q = model.feature_factors[feature].astype(float)
        score += float(x) * float(model.feature_biases[feature])
        for own, age in zip(history.items, history.ages, strict=True):
            w = float(model.weights(np.array([age]))[0])
            score += w * float(x) * float(model.history_factors[own].astype(float) @ q)
    return score


def test_the_score_is_that_of_the_history_there_should_be(recx: Recx) -> None:
    before = recx.dataset.history(recx.dataset.user(USER)).items.tolist()
    say_all(recx)
    ids = recx.dataset.catalogue.ids
    every = [*(ids.internal(i) for i in ("i5", "i3", "i1")), *before]
    history = History.of(every).without([before[1], before[3]])
    profile = recx.profile(USER)
    assert [e.item_id for e in profile.history] == [ids.external(int(i)) for i in history.items]
    muted = 0
    for told in recx.recommend(USER, 20).items:
        wanted = by_hand(recx, history, ids.internal(told.item_id), {"genre=Comedy"})
        assert told.score == pytest.approx(wanted, rel=1e-6)
        whole = by_hand(recx, history, ids.internal(told.item_id), set())
        muted += told.score != pytest.approx(whole, rel=1e-3)
    assert muted, "some of them have the muted attribute"


def history_terms(explanation: Explanation) -> dict[str, float]:
    view = explanation.attribution.views.history
    return {c.source.id: c.value for c in view if c.source.kind == "history"}


def test_removing_a_new_item_takes_away_its_contribution(any_recx: Recx) -> None:
    say_all(any_recx)
    exact = any_recx.model.removal_is_contribution
    for explanation in any_recx.explain_list(USER, 5):
        terms = history_terms(explanation)
        assert {"i1", "i3", "i5"} <= set(terms)
        for item in ("i1", "i3", "i5"):
            changed = any_recx.what_if(USER, remove=[item], k=30)
            moved = next(m for m in changed.moved if m.item_id == explanation.item.item_id)
            lost = moved.score_before - moved.score_after
            if exact:
                assert lost == pytest.approx(terms[item], abs=1e-9)
            else:
                assert lost != pytest.approx(terms[item], abs=1e-9)


def test_a_muted_item_takes_away_its_contribution_and_nothing_else(recx: Recx) -> None:
    before = {e.item.item_id: e for e in recx.explain_list(USER, 20)}
    cause = next(iter(history_terms(next(iter(before.values())))))
    recx.feedback(USER, "mute", cause)
    for after in recx.explain_list(USER, 20):
        old = before.get(after.item.item_id)
        if old is not None:
            terms = history_terms(old)
            lost = terms.pop(cause)
            assert old.attribution.score - after.attribution.score == pytest.approx(lost, abs=1e-9)
            assert history_terms(after) == pytest.approx(terms, abs=1e-12), "ages are kept"


def test_a_muted_attribute_takes_its_term_away(recx: Recx) -> None:
    before = {e.item.item_id: e for e in recx.explain_list(USER, 20)}
    recx.feedback(USER, "mute", "genre=Comedy")
    for after in recx.explain_list(USER, 20):
        old = before[after.item.item_id] if after.item.item_id in before else None
        views = after.attribution.views
        assert views.attribute is not None and views.pair is not None
        assert not any("Comedy" in c.source.id for c in (*views.attribute, *views.pair))
        if old is not None:
            assert old.attribution.views.attribute is not None
            terms = {c.source.id: c.value for c in old.attribution.views.attribute}
            lost = old.attribution.score - after.attribution.score
            assert lost == pytest.approx(terms.get("genre=Comedy", 0.0), abs=1e-9)


def test_als_has_no_attribute_to_mute_and_nothing_is_kept(any_recx: Recx) -> None:
    if "mute" in any_recx.model.what_ifs:
        any_recx.feedback(USER, "mute", "Comedy")
        return
    with pytest.raises(NotOffered, match="'exclude' keeps its items out"):
        any_recx.feedback(USER, "mute", "Comedy")
    assert any_recx.feedback_of(USER) == ()
    assert any_recx.feedback(USER, "exclude", "Comedy").is_new
    assert not any("Comedy" in item.title for item in any_recx.recommend(USER, 10).items)
