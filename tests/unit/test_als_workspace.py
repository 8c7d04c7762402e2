"""The second model from end to end: fit, index, answer, explain, change, update."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from recx_agent import Recx, build
from recx_agent.attribution import Standing
from recx_agent.erasure import forget
from recx_agent.errors import DataError, NotOffered, SettingsError, UnknownUser, UsageError
from recx_agent.factory import load_model, retrain_model
from recx_agent.recommenders.als_model import AlsModel
from recx_agent.retrievers.user_records import records_of_user
from recx_agent.settings import RetrieverSettings
from recx_agent.workspace import Workspace
from tests.unit.conftest import planted_frames

SMALL: dict[str, Any] = {"factors": 4, "iterations": 8, "half_life": 4.0}
ABSTAINED = "abstained"


def fitted(folder: Path, **overrides: Any) -> Path:
    interactions, items = planted_frames()
    given: dict[str, Any] = {
        "als": SMALL,
        "data": {"scale": (1, 5)},
        "wording": {"item": "film"},
        **overrides,
    }
    if "item_factors" not in given:
        given.setdefault("recommender", "als")
    build.fit(folder, interactions=interactions, items=items, **given)
    build.index(folder)
    return folder


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tests must not change it."""
    return fitted(tmp_path_factory.mktemp("als") / "w")


@pytest.fixture
def recx(workspace: Path) -> Iterator[Recx]:
    with Recx.open(workspace) as opened:
        yield opened


def test_the_version_holds_what_was_asked_for(recx: Recx) -> None:
    assert isinstance(recx.model, AlsModel)
    assert recx.model.kind == "als"
    assert recx.model.solver.half_life == 4.0
    assert "events of 40 users" in recx.check_index()


def test_the_environment_chooses_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECX_RECOMMENDER", "als")
    monkeypatch.setenv("RECX_ALS__FACTORS", "3")
    interactions, items = planted_frames()
    build.fit(tmp_path / "w", interactions=interactions, items=items, data={"scale": (1, 5)})
    model = Recx.open(tmp_path / "w").model
    assert (model.kind, model.history_factors.shape[1]) == ("als", 3)


def test_a_user_s_own_kind_is_recommended_and_explained_by_it(recx: Recx) -> None:
    titles = [item.title for item in recx.recommend("u0", 5).items]
    assert all(title.startswith("Comedy") for title in titles)
    told = recx.explain_list("u0", 5)
    assert [one.item.title for one in told] == titles
    for one in told:
        causes = [piece for piece in one.evidence if piece.id.startswith("H")]
        assert one.verdict != ABSTAINED
        assert one.attribution.view == "history"
        assert all(p.fields["title"].startswith("Comedy") for p in causes[:2])
        assert f"“{causes[0].fields['title']}”" in one.text


def test_no_attribute_is_evidence_and_none_is_told(recx: Recx) -> None:
    for user in range(0, 40, 5):
        for one in recx.explain_list(f"u{user}", 5):
            assert {piece.id[0] for piece in one.evidence} <= set("HBTF")
            assert (one.attribution.views.attribute, one.attribution.views.pair) == (None, None)
            values = [term.value for term in one.attribution.contributions]
            assert sum(values) == pytest.approx(one.attribution.score, abs=1e-9)


def test_the_rank_without_a_cause_is_that_of_ranking_anew(recx: Recx) -> None:
    dataset, found = recx.dataset, 0
    user = dataset.user("u0")
    for one in recx.explain_list("u0", 3):
        for piece in one.evidence:
            if piece.rank_without is not None:
                gone = dataset.catalogue.find(piece.fields["item_id"])
                shorter = dataset.history(user).without([gone])
                anew = Standing(recx.model, shorter, dataset.seen(user))
                item = dataset.catalogue.find(one.item.item_id)
                assert piece.rank_without == anew.rank(item)
                found += 1
    assert found >= 6


def test_thin_evidence_abstains(workspace: Path) -> None:
    with Recx.open(workspace, evidence={"min_share": 1.0}) as strict:
        told = strict.explain_list("u0", 3)
    assert {one.verdict for one in told} == {ABSTAINED}
    assert all("stands out" in one.text for one in told)


def test_an_item_nobody_met_is_not_explained_by_what_it_is_not(tmp_path: Path) -> None:
    interactions, items = planted_frames()
    new = pd.DataFrame({"item_id": ["n0"], "title": ["Comedy new"], "genre": ["Comedy|Film"]})
    place = tmp_path / "w"
    build.fit(
        place,
        interactions=interactions,
        items=pd.concat([items, new]),
        recommender="als",
        als=SMALL,
        data={"scale": (1, 5)},
    )
    build.index(place)
    with Recx.open(place) as opened:
        one = opened.explain("u0", "n0")
    assert one.verdict == ABSTAINED or "not among" in one.text
    assert one.attribution.score == 0.0
    assert "because" not in one.text.lower()


def test_a_stranger_s_history_and_a_stranger_without_any(recx: Recx) -> None:
    given = recx.recommend("nobody", 3, history=["i0", "i2", "i4"])
    assert all(item.title.startswith("Comedy") for item in given.items)
    cold = recx.recommend("nobody", 3, allow_cold=True)
    assert cold.fallback == "popularity"
    assert recx.explain("nobody", "i0", allow_cold=True).verdict == ABSTAINED


def test_what_ifs_are_answered_but_for_muting(recx: Recx) -> None:
    before = recx.recommend("u0", 3).items
    seen = recx.profile("u0").history[0]
    less = recx.what_if("u0", remove=[seen.item_id])
    assert any(moved.score_before != moved.score_after for moved in less.moved)
    more = recx.what_if("u0", add=["i1", "i3", "i5"])
    assert any(item.title.startswith("Western") for item in more.after)
    rest = recx.what_if("u0", exclude=[before[0].item_id])
    assert before[0].item_id not in [item.item_id for item in rest.after]
    with pytest.raises(NotOffered, match="'als' does not offer"):
        recx.what_if("u0", mute=["genre=Comedy"])


def test_a_counterfactual_is_exact(recx: Recx) -> None:
    top = recx.recommend("u0", 1).items[0]
    found = recx.counterfactual("u0", top.item_id, k=3, budget=6)
    dataset = recx.dataset
    user = dataset.user("u0")
    gone = [dataset.catalogue.find(item.item_id) for item in found.removed]
    anew = Standing(recx.model, dataset.history(user).without(gone), dataset.seen(user))
    if found.found:
        assert found.rank_after == anew.rank(dataset.catalogue.find(top.item_id))
        assert found.rank_after > 3


def test_a_profile_has_confidences_and_no_leanings(recx: Recx) -> None:
    profile = recx.profile("u0")
    assert profile.leanings == ()
    weights = np.array([entry.weight for entry in profile.history])
    np.testing.assert_allclose(weights, 3.0 * 2.0 ** (-np.arange(9) / 4.0))


@pytest.mark.parametrize("epochs", [0, 2])
def test_an_update_keeps_the_kind_and_the_settings(tmp_path: Path, epochs: int) -> None:
    place = fitted(tmp_path / "w")
    first = Recx.open(place).model
    rows = pd.DataFrame(
        {"user_id": ["new"] * 3, "item_id": ["i1", "i3", "n1"], "value": 5, "timestamp": [1, 2, 3]}
    )
    items = pd.DataFrame({"item_id": ["n1"], "title": ["Western new"], "genre": ["Western|Film"]})
    # Whatever the settings say now, the model stays what it is.
    build.update(place, interactions=rows, items=items, epochs=epochs, recommender="lightfm")
    build.index(place)
    with Recx.open(place) as opened:
        model = opened.model
        assert isinstance(model, AlsModel) and isinstance(first, AlsModel)
        assert model.notes["settings"] == first.notes["settings"]
        new = opened.dataset.catalogue.find("n1")
        assert model.item_factors[new].any() == bool(epochs)
        told = opened.explain_list("new", 3)
        assert all(one.item.title.startswith("Western") for one in told)


def test_trained_anew_it_is_what_it_was(recx: Recx) -> None:
    model = load_model(recx.version.model)
    again = retrain_model(model, recx.dataset)
    assert again.fingerprint == model.fingerprint
    assert again.notes["settings"] == model.notes["settings"]


def test_an_interrupted_fit_leaves_nothing(tmp_path: Path) -> None:
    interactions, items = planted_frames()

    def interrupt(stage: str, done: int, total: int) -> None:
        if stage == "fit":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build.fit(
            tmp_path / "w",
            interactions=interactions,
            items=items,
            recommender="als",
            progress=interrupt,
        )
    left = {path.name for path in (tmp_path / "w").rglob("*") if path.is_file()}
    assert left <= {"write.lock"}


@pytest.fixture
def factors(workspace: Path, tmp_path: Path) -> Path:
    """The item factors of the planted world, as another tool would have written them."""
    recx = Recx.open(workspace)
    frame = pd.DataFrame({"item_id": recx.dataset.catalogue.ids.ids})
    frame["vector"] = recx.model.history_factors.tolist()
    frame.to_parquet(tmp_path / "factors.parquet")
    return tmp_path / "factors.parquet"


def test_factors_made_elsewhere_answer_without_training(factors: Path, tmp_path: Path) -> None:
    trained_with = {"alpha": 3.0, "regularization": 1.0}
    place = fitted(tmp_path / "w", item_factors=factors, als=trained_with)
    with Recx.open(place) as opened:
        assert isinstance(opened.model, AlsModel)
        assert opened.model.notes["origin"]["source"] == str(factors)
        assert opened.explain_list("u0", 3)[0].verdict != ABSTAINED
    rows = pd.DataFrame({"user_id": ["u0"], "item_id": ["i1"], "value": [5], "timestamp": [9]})
    with pytest.raises(UsageError, match="made elsewhere"):
        build.update(place, interactions=rows, epochs=3)
    build.update(place, interactions=rows, epochs=0)
    version = Workspace(place).current()
    with pytest.raises(UsageError, match="made elsewhere"):
        retrain_model(load_model(version.model), version.load_data())


def test_factors_make_no_lightfm(factors: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="leave one of them out"):
        fitted(tmp_path / "w", item_factors=factors, recommender="lightfm")


def test_factors_without_their_parameters_are_refused_before_anything_is_kept(
    factors: Path, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match="als.alpha"):
        fitted(tmp_path / "w", item_factors=factors, als={})
    assert not (tmp_path / "w" / "CURRENT").exists()


@pytest.mark.parametrize("refit", [False, True])
def test_an_erasure_takes_the_user_from_all_but_the_trained_factors(
    tmp_path: Path, refit: bool
) -> None:
    place = fitted(tmp_path / "w")
    with Recx.open(place) as opened:
        before, others = opened.model, opened.recommend("u1", 5)
    result = forget(place, "u0", refit=refit)
    assert (result.refitted_as is not None) is refit
    assert {one.kind for one in result.remains} == ({"backup"} if refit else {"backup", "factors"})
    assert records_of_user(place / "evidence", RetrieverSettings(), "u0") == []
    with Recx.open(place) as opened:
        assert isinstance(opened.model, AlsModel) and isinstance(before, AlsModel)
        assert "events of 39 users" in opened.check_index()
        with pytest.raises(UnknownUser):
            opened.recommend("u0", 3)
        if not refit:
            assert opened.model.fingerprint == before.fingerprint
            assert opened.recommend("u1", 5) == others
        else:
            assert opened.model.fingerprint != before.fingerprint
            assert opened.model.notes["settings"] == before.notes["settings"]
            assert all(item.title.startswith("Western") for item in others.items)
        assert opened.explain_list("u1", 2)[0].verdict != ABSTAINED


def test_factors_made_elsewhere_stay_after_an_erasure(factors: Path, tmp_path: Path) -> None:
    parameters = {"alpha": 3.0, "regularization": 1.0}
    place = fitted(tmp_path / "w", item_factors=factors, als=parameters)
    with pytest.raises(UsageError, match="made elsewhere"):
        forget(place, "u0", refit=True)
    assert forget(place, "u0").already_erased  # that was done before the refit was tried
    with Recx.open(place) as opened, pytest.raises(UnknownUser):
        opened.explain("u0", "i0")
