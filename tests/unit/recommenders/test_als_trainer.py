from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recx_agent.datasets import Dataset, extend_dataset
from recx_agent.errors import DataError, TrainingDiverged, UsageError
from recx_agent.recommenders.als_model import AlsModel
from recx_agent.recommenders.als_trainer import fit
from recx_agent.recommenders.als_twin import AlsTwin
from recx_agent.settings import AlsSettings, DataSettings

SMALL = AlsSettings(factors=4, iterations=8)


@pytest.fixture(scope="module")
def trained(planted: Dataset) -> AlsModel:
    return fit(planted, SMALL)


@pytest.fixture(scope="module")
def grown(planted: Dataset) -> Dataset:
    """One new user and a new comedy, met by three users."""
    rows = [("new", f"i{item}", 5, 1) for item in (0, 2, 4)]
    rows += [(user, "n0", 5, 2_000_000) for user in ("new", "u0", "u2")]
    events = pd.DataFrame(rows, columns=["user_id", "item_id", "value", "timestamp"])
    items = pd.DataFrame({"item_id": ["n0", "n1"], "title": ["Comedy new", "Western new"]})
    return extend_dataset(planted, DataSettings(), interactions=events, items=items)[0]


def test_each_taste_gets_its_own_kind(planted: Dataset, trained: AlsModel) -> None:
    for user_id, kind in (("u0", "Comedy"), ("u1", "Western"), ("u2", "Comedy")):
        user = planted.user(user_id)
        items, _ = trained.top_k(planted.history(user), 5, planted.seen(user))
        assert all(planted.catalogue.titles[item].startswith(kind) for item in items)


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_equal_seeds_give_equal_factors_with_any_number_of_threads(
    planted: Dataset, trained: AlsModel, threads: int
) -> None:
    again = fit(planted, SMALL.model_copy(update={"threads": threads}))
    assert again.fingerprint == trained.fingerprint
    other = fit(planted, SMALL.model_copy(update={"seed": 1}))
    assert other.fingerprint != trained.fingerprint


def test_every_iteration_is_told(planted: Dataset) -> None:
    told: list[tuple[str, int, int]] = []
    fit(planted, SMALL, progress=lambda *now: told.append(now))
    assert told == [("fit", done, 8) for done in range(1, 9)]


def test_an_interruption_comes_through(planted: Dataset) -> None:
    def interrupt(stage: str, done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(planted, SMALL, progress=interrupt)


def test_items_without_positive_events_have_no_factors(grown: Dataset) -> None:
    model = fit(grown, SMALL)
    assert not model.history_factors[grown.catalogue.find("n1")].any()
    assert model.history_factors[grown.catalogue.find("n0")].any()


def test_going_on_keeps_what_is_known_and_learns_the_new(
    planted: Dataset, trained: AlsModel, grown: Dataset
) -> None:
    more = fit(grown, SMALL.model_copy(update={"iterations": 2}), start=trained)
    n = len(planted.catalogue)
    old, now = trained.item_factors, more.item_factors[:n]
    cosine = (old * now).sum(axis=1) / (trained.item_lengths * more.item_lengths[:n])
    assert np.median(cosine) > 0.95  # a fresh start has other axes altogether
    assert more.notes["started_from"] == trained.fingerprint
    comedy = grown.catalogue.find("n0")
    user = grown.user("u4")
    ranked, _ = more.top_k(grown.history(user), 30, grown.seen(user))
    westerns = [i for i in ranked if grown.catalogue.titles[i].startswith("Western")]
    assert ranked.tolist().index(comedy) < min(ranked.tolist().index(w) for w in westerns)


def test_folding_in_gives_new_items_no_factors(trained: AlsModel, grown: Dataset) -> None:
    more = trained.grown(len(grown.catalogue))
    n = len(trained.item_factors)
    np.testing.assert_array_equal(more.item_factors[:n], trained.item_factors)
    assert not more.item_factors[n:].any()
    assert more.fingerprint != trained.fingerprint
    assert more.notes["folded_in_items"] == 2
    assert trained.grown(n) is trained
    user = grown.user("new")
    items, scores = more.top_k(grown.history(user), 3, grown.seen(user))
    assert all(grown.catalogue.titles[item].startswith("Comedy") for item in items)
    assert (scores > 0).all()


def test_another_number_of_factors_is_no_start(grown: Dataset, trained: AlsModel) -> None:
    with pytest.raises(UsageError, match="4 factors and als.factors is 7"):
        fit(grown, SMALL.model_copy(update={"factors": 7}), start=trained)


def test_nothing_to_learn_from(planted: Dataset) -> None:
    from dataclasses import replace

    none = replace(planted.events, positive=np.zeros(len(planted.events), dtype=bool))
    with pytest.raises(DataError, match="no positive event"):
        fit(replace(planted, events=none), SMALL)


def test_too_much_regularisation_is_told(planted: Dataset) -> None:
    with pytest.raises(DataError, match=r"became 0.*use a smaller als.regularization"):
        fit(planted, AlsSettings(factors=4, regularization=1000.0))


def test_infinite_factors_are_told(planted: Dataset) -> None:
    with pytest.raises(TrainingDiverged, match="als.alpha"):
        fit(planted, AlsSettings(factors=4, alpha=1e38, regularization=1e-30))


def test_scores_and_terms_are_implicit_s_own(
    planted: Dataset, trained: AlsModel, tmp_path: Path
) -> None:
    trained.save(tmp_path / "m")
    twin = AlsTwin(AlsModel.load(tmp_path / "m"))
    items = np.arange(len(planted.catalogue), dtype=np.int32)
    for user in range(len(planted.users)):
        history = planted.history(user)
        scores = trained.item_factors @ trained.represent(history)
        np.testing.assert_allclose(twin.predict(history, items), scores, atol=1e-6)
        terms = trained.item_factors @ trained.term_vectors(history).T
        np.testing.assert_allclose(twin.explain(history, items.tolist()), terms, atol=1e-6)
