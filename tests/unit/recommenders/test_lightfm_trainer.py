from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp

from recx_agent.datasets import Dataset
from recx_agent.errors import DataError, TrainingDiverged
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recommenders.history_sampling import draw_history
from recx_agent.recommenders.lightfm_run import Run
from recx_agent.recommenders.lightfm_trainer import fit
from recx_agent.recommenders.lightfm_twin import LightFMTwin
from recx_agent.recommenders.training_rows import training_rows
from recx_agent.settings import ModelSettings


def test_learns_the_planted_tastes(planted: Dataset, planted_model: FactorModel) -> None:
    right = 0
    for user in range(len(planted.users)):
        items, _ = planted_model.top_k(planted.history(user), 3, planted.seen(user))
        kind = "Comedy" if int(planted.users.external(user)[1:]) % 2 == 0 else "Western"
        right += sum(planted.catalogue.titles[i].startswith(kind) for i in items)
    assert right >= 0.95 * 3 * len(planted.users)


def test_equal_seeds_give_equal_models(
    planted: Dataset, planted_model: FactorModel, small_settings: ModelSettings
) -> None:
    assert fit(planted, small_settings).fingerprint == planted_model.fingerprint
    other = fit(planted, small_settings.model_copy(update={"seed": 1}))
    assert other.fingerprint != planted_model.fingerprint


def test_predict_of_the_joined_model_is_the_mean_of_its_runs(
    planted: Dataset, planted_model: FactorModel, small_settings: ModelSettings
) -> None:
    runs = [
        fit(planted, small_settings.model_copy(update={"runs": 1, "seed": seed})) for seed in (0, 1)
    ]
    history = planted.history(3)
    scores = [
        model.item_factors @ model.represent(history) + model.item_biases
        for model in (*runs, planted_model)
    ]
    np.testing.assert_allclose((scores[0] + scores[1]) / 2, scores[2], atol=1e-5)


def test_user_biases_are_zero_so_lightfm_agrees(
    planted: Dataset, planted_model: FactorModel
) -> None:
    history = planted.history(0)
    items = np.arange(len(planted.catalogue), dtype=np.int32)
    predicted = LightFMTwin(planted_model).predict(history, items)
    own = planted_model.item_factors @ planted_model.represent(history)
    np.testing.assert_allclose(predicted, own + planted_model.item_biases, atol=1e-5)


class Interrupt(Exception):
    pass


def test_interrupted_training_goes_on_to_the_same_result(
    planted: Dataset,
    planted_model: FactorModel,
    small_settings: ModelSettings,
    tmp_path: Path,
) -> None:
    def stop_in_the_middle(stage: str, done: int, total: int) -> None:
        if done == total // 2:
            raise Interrupt

    with pytest.raises(Interrupt):
        fit(planted, small_settings, checkpoints=tmp_path / "c", progress=stop_in_the_middle)
    saved = list((tmp_path / "c").iterdir())
    assert saved, "an interrupted training leaves its state"
    trained: list[int] = []
    resumed = fit(
        planted,
        small_settings,
        checkpoints=tmp_path / "c",
        progress=lambda stage, done, total: trained.append(done),
    )
    total = small_settings.runs * small_settings.epochs
    assert len(trained) <= total - total // 2, "finished epochs are not trained again"
    assert resumed.fingerprint == planted_model.fingerprint
    assert not (tmp_path / "c").exists()


def test_a_damaged_checkpoint_is_not_used(
    planted: Dataset,
    planted_model: FactorModel,
    small_settings: ModelSettings,
    tmp_path: Path,
) -> None:
    def stop(stage: str, done: int, total: int) -> None:
        if done == total // 2:
            raise Interrupt

    with pytest.raises(Interrupt):
        fit(planted, small_settings, checkpoints=tmp_path / "c", progress=stop)
    for array in (tmp_path / "c").rglob("item_embeddings.npy"):
        array.write_bytes(array.read_bytes()[:-8] + b"\0" * 8)
    resumed = fit(planted, small_settings, checkpoints=tmp_path / "c")
    assert resumed.fingerprint == planted_model.fingerprint


def test_training_without_positives_is_refused(
    planted: Dataset, small_settings: ModelSettings
) -> None:
    from dataclasses import replace

    events = replace(planted.events, positive=np.zeros(len(planted.events), dtype=bool))
    with pytest.raises(DataError, match="no positive event"):
        fit(replace(planted, events=events), small_settings)


def test_diverged_training_names_the_remedy(
    planted: Dataset, small_settings: ModelSettings
) -> None:
    wild = small_settings.model_copy(update={"learning_rate": 1e30})
    with pytest.raises(TrainingDiverged, match="smaller learning rate"):
        fit(planted, wild)


def test_drawn_history_is_from_the_history_with_a_fixed_weight() -> None:
    random = np.random.RandomState(0)
    dense = (random.rand(30, 50) < 0.3).astype(np.float32)
    dense[4] = 0
    positives = sp.csr_matrix(dense)
    drawn = draw_history(positives, 5, random)
    assert (drawn.toarray()[dense == 0] == 0).all()
    assert set(drawn.data.tolist()) == {np.float32(5**-0.5)}
    lengths = np.minimum(np.diff(positives.indptr), 5)
    np.testing.assert_array_equal(np.diff(drawn.indptr), lengths)
    again = draw_history(positives, 5, random)
    assert (again - drawn).nnz > 0, "another epoch draws another history"


def test_every_history_item_is_drawn_equally_often() -> None:
    positives = sp.csr_matrix(np.ones((400, 10), dtype=np.float32))
    counts = np.asarray((draw_history(positives, 3, np.random.RandomState(1)) > 0).sum(axis=0))
    np.testing.assert_allclose(counts.ravel(), 120, atol=40)


def test_warm_start_keeps_what_was_learnt(
    planted: Dataset, planted_model: FactorModel, small_settings: ModelSettings
) -> None:
    gently = small_settings.model_copy(update={"epochs": 1, "learning_rate": 0.005})
    one = fit(planted, gently, start=planted_model)
    cold = fit(planted, gently)

    def distance(model: FactorModel) -> float:
        return float(np.abs(model.item_factors - planted_model.item_factors).mean())

    assert distance(one) < distance(cold) / 3
    assert one.notes["started_from"] == planted_model.fingerprint


def test_warm_start_with_other_components_is_refused(
    planted: Dataset, planted_model: FactorModel, small_settings: ModelSettings
) -> None:
    other = small_settings.model_copy(update={"components": 7})
    with pytest.raises(DataError, match="no multiple of components"):
        fit(planted, other, start=planted_model)


def test_checkpoints_of_other_settings_are_not_taken_up(
    planted: Dataset, small_settings: ModelSettings, tmp_path: Path
) -> None:
    run = Run(
        small_settings,
        0,
        training_rows(planted, small_settings),
        sp.identity(len(planted.catalogue), dtype=np.float32, format="csr"),
    )
    run.epoch()
    run.save(tmp_path / "state", "one key")
    assert run.restore(tmp_path / "state", "one key")
    assert not run.restore(tmp_path / "state", "another key")
