from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from recx_agent.attribution.terms import history_terms
from recx_agent.datasets import Dataset
from recx_agent.errors import DataError
from recx_agent.evals.faithfulness import run_faithfulness
from recx_agent.evals.faithfulness.agreement import COMPARISONS, measure_agreement
from recx_agent.evals.faithfulness.deletion import measure_deletion
from recx_agent.recommenders import lightfm_trainer
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recommenders.item_features import build_features
from recx_agent.recommenders.joining import served_as_one
from recx_agent.settings import ModelSettings

SETTINGS = ModelSettings(components=8, epochs=12, runs=1, threads=1, half_life=4.0)


def single(data: Dataset, seed: int, **changes: Any) -> FactorModel:
    return lightfm_trainer.fit(data, SETTINGS.model_copy(update={"seed": seed, **changes}))


@pytest.fixture(scope="module")
def runs(halves: Dataset) -> list[FactorModel]:
    return [single(halves, seed) for seed in range(7)]


@pytest.fixture(scope="module")
def users(halves: Dataset) -> NDArray[np.int64]:
    return np.arange(len(halves.users))


@pytest.fixture(scope="module")
def varied(make_dataset: Any) -> Dataset:
    """Thirty users with twelve items of two hundred each, without any pattern."""
    random = np.random.default_rng(8)
    rows = [
        (user, int(item), 5.0, place)
        for user in range(30)
        for place, item in enumerate(random.permutation(200)[:12])
    ]
    found = make_dataset(rows, 30, 200)
    assert isinstance(found, Dataset)
    return found


@pytest.fixture(scope="module")
def varied_model(varied: Dataset) -> FactorModel:
    """Factors by chance: every contribution is its own, so ranks tell them apart."""
    random = np.random.default_rng(9)
    features, matrix = build_features(varied.catalogue)
    return FactorModel.of(
        random.normal(size=(200, 12)).astype(np.float32),
        random.normal(size=(len(features), 12)).astype(np.float32),
        np.zeros(len(features), np.float32),
        matrix,
        features=features,
        half_life=6.0,
    )


def test_joined_runs_are_what_the_trainer_serves(halves: Dataset, runs: list[FactorModel]) -> None:
    trained = single(halves, 0, runs=2)
    joined = served_as_one(runs[:2])
    assert joined.fingerprint == trained.fingerprint
    history = halves.history(3)
    items = np.arange(40, dtype=np.int32)
    mean = np.mean([history_terms(run, history, items) for run in runs[:2]], axis=0)
    assert history_terms(joined, history, items) == pytest.approx(mean, abs=1e-5)


def test_the_largest_contributors_cost_more_than_others(
    varied: Dataset, varied_model: FactorModel
) -> None:
    found = measure_deletion(varied_model, varied, np.arange(30))
    assert found.left_out == 0
    assert found.more + found.level + found.less == pytest.approx(np.ones(30))
    assert found.more.mean() > 0.9
    assert found.less.mean() < 0.05
    assert found.fall_largest.mean() > 5 * found.fall_random.mean()


def test_a_wrong_attribution_is_found_out(varied: Dataset, varied_model: FactorModel) -> None:
    """The measurement can fail: contributions told backwards or by chance lose."""
    users = np.arange(30)
    backwards = measure_deletion(varied_model, varied, users, claimed=lambda terms: -terms)
    assert backwards.less.mean() > 0.8
    random = np.random.default_rng(0)
    shuffled = measure_deletion(
        varied_model, varied, users, claimed=lambda terms: random.permuted(terms, axis=1)
    )
    assert shuffled.more.mean() == pytest.approx(shuffled.less.mean(), abs=0.15)


def test_short_histories_are_counted_and_left_out(
    make_dataset: Any, runs: list[FactorModel]
) -> None:
    rows = [(0, item, 5.0, item) for item in range(6)] + [(1, item, 5.0, item) for item in range(5)]
    data = make_dataset(rows, 2, 40)
    found = measure_deletion(runs[0], data, np.array([0, 1]))
    assert found.users.tolist() == [0]
    assert found.left_out == 1


def test_falls_are_those_of_the_exact_ranking_without(
    varied: Dataset, varied_model: FactorModel
) -> None:
    """Counted again by the model's own ``top_k`` on a history without the three."""
    found = measure_deletion(varied_model, varied, np.array([4]), k=1)
    history, seen = varied.history(4), varied.seen(4)
    item = varied_model.top_k(history, 1, seen)[0][0]
    terms = history_terms(varied_model, history, [int(item)])[0]
    largest = history.items[np.argsort(-terms)[:3]]
    after, _ = varied_model.top_k(history.without(largest), 200, seen)
    assert found.fall_largest[0] == after.tolist().index(item)


def test_equal_trainings_agree_and_others_do_not_always(
    halves: Dataset, runs: list[FactorModel], users: NDArray[np.int64]
) -> None:
    same = measure_agreement(runs[6], [runs[0]] * 6, halves, users)
    assert all((values == 1.0).all() for values in same.same_top.values())
    found = measure_agreement(runs[6], runs[:6], halves, users)
    for size in COMPARISONS:
        assert 1 / 13 < found.same_top[size].mean() < 1.0
        assert (found.in_group[size] >= found.same_top[size]).all()
    assert found.same_top[3].mean() > found.same_top[1].mean()


def test_the_top_cause_is_the_largest_contribution(
    varied: Dataset, varied_model: FactorModel
) -> None:
    """A second model whose smallest terms were moved about names the same causes."""
    history = varied.history(0)
    items, _ = varied_model.top_k(history, 10, varied.seen(0))
    top = history.items[history_terms(varied_model, history, items).argmax(axis=1)]
    factors = varied_model.history_factors.copy()
    factors[np.setdiff1d(history.items, top)] *= 0.5
    other = replace(varied_model, history_factors=factors)
    runs = [varied_model, other] * 3
    found = measure_agreement(varied_model, runs, varied, np.array([0]))
    assert found.same_top[1].tolist() == [1.0]
    factors[top] *= -1.0
    assert measure_agreement(varied_model, runs, varied, np.array([0])).same_top[1][0] < 0.5


def test_no_comparison_shares_a_run() -> None:
    for size, pairs in COMPARISONS.items():
        for first, second in pairs:
            assert len(first) == len(second) == size
            assert not set(first) & set(second)


def test_report_resumes_and_holds_its_rows(halves: Dataset, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    first = run_faithfulness(halves, tmp_path, settings=SETTINGS, quick=True)
    again = run_faithfulness(
        halves,
        tmp_path,
        settings=SETTINGS,
        quick=True,
        progress=lambda stage, done, total: told.append((stage, done, total)),
    )
    assert told[0] == ("fit", 7, 7)
    assert again == first
    written = json.loads((tmp_path / "results.json").read_text())
    assert written["rows"] == first.as_json()["rows"]
    row = first.row("agreement", "same_top", 2)
    assert (
        f"{row.value:.3f} [{row.low:.3f}, {row.high:.3f}]"
        in (tmp_path / "faithfulness.md").read_text()
    )
    assert "0 have fewer than 6" in first.setup["left_out"]


def test_the_reference_takes_part_in_no_comparison(halves: Dataset, tmp_path: Path) -> None:
    report = run_faithfulness(halves, tmp_path, settings=SETTINGS, quick=True)
    fits = [single(halves, seed, epochs=5) for seed in range(7)]
    apart = measure_agreement(fits[6], fits[:6], halves, np.arange(40))
    for size, values in apart.same_top.items():
        assert report.row("agreement", "same_top", size).value == pytest.approx(values.mean())
    tested = report.row("deletion", "more", SETTINGS.runs).value
    assert tested == pytest.approx(measure_deletion(fits[0], halves, np.arange(40)).more.mean())


def test_data_with_short_histories_only_is_an_error(make_dataset: Any, tmp_path: Path) -> None:
    rows = [(u, (u + t) % 12, 5.0, t) for u in range(8) for t in range(4)]
    with pytest.raises(DataError, match="six or more"):
        run_faithfulness(make_dataset(rows, 8, 12), tmp_path, settings=SETTINGS, quick=True)
