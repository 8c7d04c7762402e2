from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp

from recx_agent.datasets import Dataset, History
from recx_agent.errors import ArtefactDamaged, ArtefactVersion
from recx_agent.protocols import Feature
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recommenders.item_features import build_features
from recx_agent.recommenders.popularity import popularity_model


def test_a_saved_model_is_the_same_and_memory_mapped(
    planted_model: FactorModel, tmp_path: Path
) -> None:
    planted_model.save(tmp_path / "m")
    loaded = FactorModel.load(tmp_path / "m")
    assert loaded.fingerprint == planted_model.fingerprint
    assert isinstance(loaded.item_factors, np.memmap)
    assert not loaded.item_factors.flags.writeable
    assert loaded.features == planted_model.features
    assert (loaded.item_features - planted_model.item_features).nnz == 0


@pytest.mark.parametrize("name", ["item_factors.npy", "features.json", "item_features_data.npy"])
def test_a_flipped_byte_is_noticed(planted_model: FactorModel, tmp_path: Path, name: str) -> None:
    planted_model.save(tmp_path / "m")
    path = tmp_path / "m" / name
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(content)
    with pytest.raises(ArtefactDamaged, match="SHA-256") as caught:
        FactorModel.load(tmp_path / "m")
    assert name in caught.value.path


def test_a_missing_file_is_noticed(planted_model: FactorModel, tmp_path: Path) -> None:
    planted_model.save(tmp_path / "m")
    (tmp_path / "m" / "item_biases.npy").unlink()
    with pytest.raises(ArtefactDamaged, match="missing"):
        FactorModel.load(tmp_path / "m")


def test_another_format_version_is_refused(planted_model: FactorModel, tmp_path: Path) -> None:
    planted_model.save(tmp_path / "m")
    path = tmp_path / "m" / "manifest.json"
    path.write_text(path.read_text().replace('"format_version": 1', '"format_version": 99'))
    with pytest.raises(ArtefactVersion, match="99"):
        FactorModel.load(tmp_path / "m")


def test_nothing_is_pickled(planted_model: FactorModel, tmp_path: Path) -> None:
    planted_model.save(tmp_path / "m")
    assert {path.suffix for path in (tmp_path / "m").iterdir()} == {".npy", ".json"}
    for path in (tmp_path / "m").glob("*.npy"):
        np.load(path, allow_pickle=False)


def test_weights_halve_with_age_and_are_the_same_for_all(planted_model: FactorModel) -> None:
    weights = planted_model.weights(np.array([0.0, 4.0, 8.0]))
    np.testing.assert_allclose(weights[1:] / weights[:-1], 0.5)
    endless = planted_model.weights(np.arange(1000.0))
    np.testing.assert_allclose(np.linalg.norm(endless), planted_model.scale)


def test_top_k_leaves_out_excluded_items_and_is_in_order(
    planted: Dataset, planted_model: FactorModel
) -> None:
    history, seen = planted.history(0), planted.seen(0)
    items, scores = planted_model.top_k(history, 7, seen)
    assert len(items) == 7
    assert not np.isin(items, seen).any()
    assert (np.diff(scores) <= 0).all()
    everything = planted_model.item_factors @ planted_model.represent(history)
    everything = everything + planted_model.item_biases
    everything[seen] = -np.inf
    np.testing.assert_array_equal(items, np.argsort(-everything, kind="stable")[:7])


def test_top_k_gives_what_is_left(planted: Dataset, planted_model: FactorModel) -> None:
    n = len(planted.catalogue)
    items, _ = planted_model.top_k(planted.history(0), 10, np.arange(n - 2, dtype=np.int32))
    assert sorted(items.tolist()) == [n - 2, n - 1]
    none, _ = planted_model.top_k(planted.history(0), 10, np.arange(n, dtype=np.int32))
    assert len(none) == 0


def test_equal_scores_are_ordered_by_item() -> None:
    biases = np.ones(100, dtype=np.float32)
    biases[7] = 2.0
    nothing = np.empty((100, 0), dtype=np.float32)
    model = FactorModel.of(
        history_factors=nothing,
        feature_factors=nothing,
        feature_biases=biases,
        item_features=sp.identity(100, dtype=np.float32, format="csr"),
        features=[Feature("item_itself", "", str(i)) for i in range(100)],
        half_life=1.0,
    )
    found, scores = model.top_k(History.of([]), 5, np.array([2], dtype=np.int32))
    assert found.tolist() == [7, 0, 1, 3, 4]
    assert scores.tolist() == [2.0, 1.0, 1.0, 1.0, 1.0]


def test_muting_a_feature_takes_exactly_its_term(
    planted: Dataset, planted_model: FactorModel
) -> None:
    genre = [f.id for f in planted_model.features].index("genre=Comedy")
    history = planted.history(0)
    user = planted_model.represent(history)
    before = planted_model.item_factors @ user + planted_model.item_biases
    muted = planted_model.muted([genre])
    after = muted.item_factors @ user + muted.item_biases
    term = planted_model.feature_factors[genre] @ user + planted_model.feature_biases[genre]
    having, _ = planted_model.items_with(genre)
    expected = before.copy()
    expected[having] -= term
    np.testing.assert_allclose(after, expected, atol=1e-5)


def test_popularity_is_additive_too(planted: Dataset) -> None:
    model = popularity_model(planted)
    nobody = History.of([])
    items, scores = model.top_k(nobody, 5, np.empty(0, np.int32))
    assert scores.tolist() == sorted(planted.popularity.tolist(), reverse=True)[:5]
    assert [planted.popularity[i] for i in items] == scores.tolist()


def test_rare_attribute_values_are_no_features(planted: Dataset) -> None:
    names = {f.id for f in build_features(planted.catalogue, min_items=2)[0]}
    assert "genre=Comedy" in names
    few = {f.id for f in build_features(planted.catalogue, min_items=16)[0]}
    assert "genre=Film" in few
    assert "genre=Comedy" not in few
