from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recx_agent.artefacts import write_manifest
from recx_agent.datasets import Dataset, History
from recx_agent.errors import ArtefactDamaged, ArtefactVersion, NotOffered
from recx_agent.recommenders.als_model import FORMAT_VERSION, AlsModel
from recx_agent.recommenders.als_trainer import fit
from recx_agent.recommenders.als_twin import AlsTwin
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recommenders.saved_model import SavedModel, load_saved
from recx_agent.settings import AlsSettings


@pytest.fixture(scope="module")
def model(planted: Dataset) -> AlsModel:
    return fit(planted, AlsSettings(factors=4, iterations=5))


@pytest.fixture
def saved(model: AlsModel, tmp_path: Path) -> Path:
    model.save(tmp_path / "m")
    return tmp_path / "m"


def test_a_saved_model_is_the_same_and_memory_mapped(model: AlsModel, saved: Path) -> None:
    loaded = AlsModel.load(saved)
    assert loaded.fingerprint == model.fingerprint
    assert isinstance(loaded.item_factors, np.memmap)
    assert not loaded.item_factors.flags.writeable
    assert loaded.notes == model.notes
    np.testing.assert_array_equal(loaded.solver.gram, model.solver.gram)


@pytest.mark.parametrize("name", ["item_factors.npy", "history_factors.npy", "gram.npy"])
def test_a_flipped_byte_is_noticed(saved: Path, name: str) -> None:
    content = bytearray((saved / name).read_bytes())
    content[-3] ^= 1
    (saved / name).write_bytes(content)
    with pytest.raises(ArtefactDamaged, match="SHA-256") as caught:
        AlsModel.load(saved)
    assert name in caught.value.path


def test_shapes_that_do_not_fit_are_noticed(model: AlsModel, tmp_path: Path) -> None:
    from dataclasses import replace

    replace(model, item_factors=model.item_factors[:-1]).save(tmp_path / "m")
    with pytest.raises(ArtefactDamaged, match=r"shape \(29, 4\), expected \(30, 4\)"):
        AlsModel.load(tmp_path / "m")


def test_another_format_version_is_refused(saved: Path) -> None:
    path = saved / "manifest.json"
    path.write_text(path.read_text().replace('"format_version": 1', '"format_version": 99'))
    with pytest.raises(ArtefactVersion, match="99"):
        AlsModel.load(saved)


def test_a_manifest_without_a_solver_is_damage(saved: Path) -> None:
    write_manifest(saved, FORMAT_VERSION, {"kind": "als", "notes": {}})
    with pytest.raises(ArtefactDamaged, match="solver"):
        AlsModel.load(saved)


def test_nothing_is_pickled(saved: Path) -> None:
    assert {path.suffix for path in saved.iterdir()} == {".npy", ".json"}
    for path in saved.glob("*.npy"):
        np.load(path, allow_pickle=False)


@pytest.mark.parametrize(
    "option",
    [{"alpha": 4.0}, {"regularization": 2.0}, {"half_life": None}, {"added": 1.0}],
    ids=lambda option: next(iter(option)),
)
def test_another_solver_is_another_model(model: AlsModel, option: dict[str, Any]) -> None:
    options: dict[str, Any] = {"alpha": 3.0, "regularization": 1.0, "half_life": 6.0, **option}
    other = AlsModel.of(model.history_factors, **options)
    assert other.fingerprint != model.fingerprint


def test_each_kind_is_loaded_as_what_it_is(
    model: AlsModel, planted_model: FactorModel, tmp_path: Path
) -> None:
    both: list[SavedModel] = [model, planted_model]
    for number, some in enumerate(both):
        some.save(tmp_path / str(number))
        loaded = load_saved(tmp_path / str(number))
        assert type(loaded) is type(some)
        assert loaded.fingerprint == some.fingerprint


def test_an_unknown_kind_is_refused(saved: Path) -> None:
    path = saved / "manifest.json"
    path.write_text(path.read_text().replace('"kind": "als"', '"kind": "oracle"'))
    with pytest.raises(ArtefactDamaged, match="'oracle', and there are lightfm, popularity, als"):
        load_saved(saved)


def test_a_missing_manifest_is_damage(tmp_path: Path) -> None:
    with pytest.raises(ArtefactDamaged, match="manifest.json: missing"):
        load_saved(tmp_path)


def test_what_has_no_features_offers_none(model: AlsModel) -> None:
    assert len(model.features) == len(model.feature_factors) == len(model.feature_biases) == 0
    with pytest.raises(NotOffered, match="'als' does not offer features"):
        model.features_of(0)
    with pytest.raises(NotOffered, match="'als' does not offer features"):
        model.items_with(0)
    with pytest.raises(NotOffered, match="muting"):
        model.muted([0])
    assert model.muted([]) is model


def test_without_an_item_the_other_terms_change_too(planted: Dataset, model: AlsModel) -> None:
    history = planted.history(0)
    scores = model.item_factors @ model.represent(history)
    without = model.item_factors @ model.represent_without(history, [(0,)])[0]
    own = model.item_factors @ model.term_vectors(history)[0]
    assert np.abs((scores - without) - own).max() > 0.01
    assert not model.removal_is_contribution


def test_a_gram_of_more_items_than_the_catalogue_has_counts(model: AlsModel) -> None:
    history = History.of([0, 2, 4])
    more = AlsModel.of(
        model.history_factors, gram=2 * model.solver.gram, regularization=1.0, alpha=3.0
    )
    few = AlsModel.of(model.history_factors, regularization=1.0, alpha=3.0)
    assert np.linalg.norm(more.represent(history)) < np.linalg.norm(few.represent(history))
    assert more.fingerprint != few.fingerprint


def test_implicit_has_no_twin_of_spark_s_conventions(model: AlsModel) -> None:
    spark = AlsModel.of(
        model.history_factors, regularization=0.1, alpha=3.0, added=1.0, by_length=True
    )
    with pytest.raises(NotOffered, match="other conventions"):
        AlsTwin(spark)
