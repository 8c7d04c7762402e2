"""Factors made elsewhere: a model that Spark 3.5.9 itself saved, and plain Parquet.

``tests/data/spark_als/implicit`` is ``ALS(rank=4, maxIter=8, regParam=0.05, alpha=4.0,
implicitPrefs=True, seed=1).fit(plays).save(…)`` of ``plays.csv`` with a rating of 1 in every
row; ``explicit`` is the same with ``implicitPrefs=False`` and ``maxIter=4``.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recx_agent.datasets import Dataset, read_dataset
from recx_agent.errors import DataError, UsageError
from recx_agent.recommenders.als_from_factors import model_of_factors
from recx_agent.recommenders.als_model import AlsModel
from recx_agent.recommenders.als_trainer import fit
from recx_agent.recommenders.factor_tables import read_factor_table
from recx_agent.recommenders.spark_factors import read_factors
from recx_agent.settings import AlsSettings, DataSettings

SPARK = Path(__file__).resolve().parents[2] / "data" / "spark_als"
AS_TRAINED = AlsSettings(alpha=4.0, regularization=0.05)


def dataset_of(plays: pd.DataFrame) -> Dataset:
    items = pd.DataFrame({"item_id": sorted(plays["item_id"].astype(str).unique())})
    items["title"] = "Song " + items["item_id"]
    return read_dataset(DataSettings(), interactions=plays, items=items)[0]


@pytest.fixture(scope="module")
def plays() -> pd.DataFrame:
    return pd.read_csv(SPARK / "plays.csv", dtype=str)


@pytest.fixture(scope="module")
def songs(plays: pd.DataFrame) -> Dataset:
    return dataset_of(plays)


@pytest.fixture
def spark(tmp_path: Path) -> Path:
    """A copy that may be damaged."""
    return Path(shutil.copytree(SPARK / "implicit", tmp_path / "model"))


def write(path: Path, **columns: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path)
    return path


def set_parameters(spark: Path, **parameters: Any) -> None:
    path = spark / "metadata" / "part-00000"
    content = json.loads(path.read_text())
    content["paramMap"] |= parameters
    path.write_text(json.dumps(content))


def test_users_solved_here_are_spark_s_own(songs: Dataset) -> None:
    model = model_of_factors(songs, AS_TRAINED, SPARK / "implicit")
    users = read_factor_table(SPARK / "implicit" / "userFactors")
    assert set(users.ids) == set(songs.users.ids)
    for id, vector in zip(users.ids, users.vectors, strict=True):
        history = songs.history(songs.user(id))
        np.testing.assert_allclose(model.represent(history), vector, rtol=1e-5, atol=1e-7)
        terms = model.item_factors @ model.term_vectors(history).T
        own = model.item_factors @ vector.astype(np.float64)
        assert (np.abs(terms.sum(axis=1) - own) <= 1e-5 * np.abs(terms).sum(axis=1)).all()
        altered = terms.copy()
        altered[np.arange(len(terms)), np.abs(terms).argmax(axis=1)] *= 1.01
        assert (np.abs(altered.sum(axis=1) - own) > 1e-5 * np.abs(altered).sum(axis=1)).all()


def test_where_it_comes_from_is_noted(songs: Dataset) -> None:
    model = model_of_factors(songs, AS_TRAINED, SPARK / "implicit")
    origin = model.notes["origin"]
    assert model.kind == "als"
    assert origin["made_by"] == "spark"
    assert origin["vectors"] == origin["items_with_a_vector"] == 19
    assert origin["users_compared"] == 12
    assert origin["median_distance"] < 1e-6
    assert model.notes["remarks"] == [
        "the factors of 12 users solved here are those saved with the model"
    ]
    assert model.solver.half_life is None


def test_a_half_life_counts_only_if_it_is_given(songs: Dataset) -> None:
    given = AlsSettings(alpha=4.0, regularization=0.05, half_life=2.0)
    assert model_of_factors(songs, given, SPARK / "implicit").solver.half_life == 2.0


def test_what_spark_does_not_keep_must_be_told(songs: Dataset) -> None:
    with pytest.raises(DataError, match=r"alpha and regularization .*\(RECX_ALS__ALPHA\)"):
        model_of_factors(songs, AlsSettings(), SPARK / "implicit")
    with pytest.raises(DataError, match="^.*: regularization of the training"):
        model_of_factors(songs, AlsSettings(alpha=4.0), SPARK / "implicit")


def test_what_lies_in_the_metadata_need_not_be_told(songs: Dataset, spark: Path) -> None:
    set_parameters(spark, alpha=4.0, regParam=0.05, implicitPrefs=True)
    model = model_of_factors(songs, AlsSettings(), spark)
    assert (model.solver.alpha, model.solver.regularization) == (4.0, 0.05)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"implicitPrefs": False}, "explicit ratings.*train ALS with implicitPrefs=True"),
        ({"nonnegative": True}, "constraints.*nonnegative=False"),
        ({"alpha": "much"}, "alpha or regParam is no number"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_model_of_another_sort_is_refused(
    spark: Path, parameters: dict[str, Any], message: str
) -> None:
    set_parameters(spark, **parameters)
    with pytest.raises(DataError, match=message) as caught:
        read_factors(spark)
    assert caught.value.source.endswith("metadata/part-00000")


def test_an_explicit_model_shows_by_its_users(songs: Dataset) -> None:
    """Spark's ALSModel does not say what it is; its users do."""
    with pytest.raises(DataError, match=r"% off the saved ones.*implicitPrefs=False"):
        model_of_factors(songs, AS_TRAINED, SPARK / "explicit")


def test_a_wrong_alpha_is_told(songs: Dataset) -> None:
    model = model_of_factors(songs, AlsSettings(alpha=2.0, regularization=0.05), SPARK / "implicit")
    assert "off the saved ones" in model.notes["remarks"][0]


def test_events_since_the_training_only_move_their_users(plays: pd.DataFrame) -> None:
    more = pd.concat([plays, pd.DataFrame({"user_id": ["10"] * 2, "item_id": ["101", "103"]})])
    grown = dataset_of(more.drop_duplicates())
    model = model_of_factors(grown, AS_TRAINED, SPARK / "implicit")
    assert model.notes["origin"]["median_distance"] < 1e-6


def test_items_without_factors_are_told(plays: pd.DataFrame) -> None:
    more = pd.concat([plays, pd.DataFrame({"user_id": ["10"], "item_id": ["999"]})])
    grown = dataset_of(more)
    model = model_of_factors(grown, AS_TRAINED, SPARK / "implicit")
    assert model.notes["remarks"][0].startswith("1 items with positive events have no factors")
    assert not model.item_factors[grown.catalogue.find("999")].any()


def test_factors_of_items_that_left_the_catalogue_still_count(plays: pd.DataFrame) -> None:
    fewer = dataset_of(plays[plays["item_id"] != "103"])
    model = model_of_factors(fewer, AS_TRAINED, SPARK / "implicit")
    every = read_factor_table(SPARK / "implicit" / "itemFactors").vectors.astype(np.float64)
    np.testing.assert_allclose(model.solver.gram, every.T @ every)
    assert model.notes["origin"]["items_with_a_vector"] == 18


def test_other_ids_are_told_apart_by_a_file(
    plays: pd.DataFrame, songs: Dataset, tmp_path: Path
) -> None:
    named = plays.assign(item_id="song-" + plays["item_id"])
    names = pd.DataFrame({"id": sorted(plays["item_id"].unique())})
    names["item_id"] = "song-" + names["id"]
    names.to_csv(tmp_path / "names.csv", index=False)
    other = dataset_of(named)
    model = model_of_factors(other, AS_TRAINED, SPARK / "implicit", tmp_path / "names.csv")
    plain = model_of_factors(songs, AS_TRAINED, SPARK / "implicit")
    for id in songs.catalogue.ids.ids:
        theirs = model.item_factors[other.catalogue.find(f"song-{id}")]
        np.testing.assert_array_equal(theirs, plain.item_factors[songs.catalogue.find(id)])
    # Users may have other ids then too, so none is taken for one of the same name.
    assert "users_compared" not in model.notes["origin"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("number,item_id\n100,a\n", "no column 'id'; there are number, item_id"),
        ("id,item_id\n100,a\n100,b\n", "'id': an id occurs twice"),
        ("id,item_id\n100,a\n101,a\n", "'item_id': an id occurs twice"),
    ],
)
def test_a_file_of_ids_that_is_none(
    songs: Dataset, tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "names.csv").write_text(text)
    with pytest.raises(DataError, match=message):
        model_of_factors(songs, AS_TRAINED, SPARK / "implicit", tmp_path / "names.csv")


def test_ids_that_do_not_match_are_shown(songs: Dataset, tmp_path: Path) -> None:
    path = write(tmp_path / "f.parquet", id=["a", "b"], vector=[[1.0, 2.0], [3.0, 4.0]])
    with pytest.raises(DataError, match=r"such as a, b.*such as 10[0-9], .*item_factor_ids"):
        model_of_factors(songs, AS_TRAINED, path)


def test_a_plain_file_follows_implicit(songs: Dataset, tmp_path: Path) -> None:
    """What ``implicit`` trained and someone wrote to Parquet is the model it was."""
    trained = fit(songs, AlsSettings(factors=5, alpha=2.0, regularization=0.5, half_life=None))
    path = write(
        tmp_path / "factors.parquet",
        item_id=list(songs.catalogue.ids.ids),
        factors=trained.history_factors.tolist(),
    )
    model = model_of_factors(songs, AlsSettings(alpha=2.0, regularization=0.5), path)
    assert model.fingerprint == trained.fingerprint
    assert model.notes["origin"]["made_by"] == "unknown"
    with pytest.raises(UsageError, match="made elsewhere"):
        fit(songs, AlsSettings(factors=5), start=model)


GOOD = {"id": [1, 2], "features": [[1.0, 2.0], [3.0, 4.0]]}
BAD_TABLES: dict[str, tuple[dict[str, Any], str]] = {
    "repeated": ({**GOOD, "id": [7, 7]}, r"row 1: the id '7' was in .*row 0 already"),
    "nan": ({**GOOD, "features": [[1.0, 2.0], [np.nan, 4.0]]}, "row 1, field 'features': a number"),
    "infinite": ({**GOOD, "features": [[np.inf, 2.0], [3.0, 4.0]]}, "row 0, .*infinite"),
    "too large": ({**GOOD, "features": [[1e300, 2.0], [3.0, 4.0]]}, "row 0, .*single precision"),
    "null number": ({**GOOD, "features": [[1.0, 2.0], [3.0, None]]}, "row 1, .*missing"),
    "ragged": ({**GOOD, "features": [[1.0, 2.0], [3.0]]}, "row 1, .*1 numbers, and the first has"),
    "no vector": ({**GOOD, "features": [[1.0, 2.0], None]}, "row 1, .*there is no vector"),
    "empty vectors": (
        {**GOOD, "features": pa.array([[], []], pa.list_(pa.float32()))},
        "no number",
    ),
    "no id": ({**GOOD, "id": [1, None]}, "row 1, field 'id': there is no id"),
    "float ids": ({**GOOD, "id": [1.0, 2.0]}, "type double are neither whole numbers nor text"),
    "text vectors": ({**GOOD, "features": ["1 2", "3 4"]}, "columns are id, features: one of"),
    "two vectors": ({**GOOD, "more": GOOD["features"]}, "columns are id, features, more"),
    "two ids": ({"a": [1], "b": [2], "features": [[1.0]]}, "columns are a, b, features"),
    "whole numbers": ({**GOOD, "features": [[1, 2], [3, 4]]}, "columns are id, features"),
    "no rows": ({"id": [], "features": pa.array([], pa.list_(pa.float32()))}, "no rows"),
}


@pytest.mark.parametrize(("columns", "message"), BAD_TABLES.values(), ids=BAD_TABLES.keys())
def test_a_table_that_cannot_be_used(tmp_path: Path, columns: dict[str, Any], message: str) -> None:
    path = write(tmp_path / "f.parquet", **columns)
    with pytest.raises(DataError, match=message) as caught:
        read_factor_table(path)
    assert caught.value.source == str(path)
    assert caught.value.remedy


@pytest.mark.parametrize(
    "kind",
    [pa.list_(pa.float64()), pa.large_list(pa.float32()), pa.list_(pa.float32(), 2)],
    ids=str,
)
def test_every_sort_of_list_is_read(tmp_path: Path, kind: pa.DataType) -> None:
    vectors = pa.array([[1.0, 2.0], [3.0, 4.0]], kind)
    table = read_factor_table(write(tmp_path / "f.parquet", id=["x", "y"], v=vectors))
    assert table.ids == ("x", "y")
    assert table.vectors.tolist() == [[1.0, 2.0], [3.0, 4.0]]


def test_parts_of_several_widths_are_two_models(tmp_path: Path) -> None:
    write(tmp_path / "m" / "a.parquet", id=[1], features=[[1.0, 2.0]])
    write(tmp_path / "m" / "b.parquet", id=[2], features=[[1.0]])
    with pytest.raises(DataError, match=r"b.parquet: vectors of 1 numbers, and those of a.parquet"):
        read_factor_table(tmp_path / "m")


def test_an_empty_partition_is_passed_over(tmp_path: Path) -> None:
    none = pa.array([], pa.list_(pa.float32()))
    write(tmp_path / "m" / "a.parquet", id=pa.array([], pa.int32()), features=none)
    write(tmp_path / "m" / "b.parquet", id=[2], features=[[1.0]])
    assert read_factor_table(tmp_path / "m").ids == ("2",)


def empty(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def cut_short(folder: Path) -> None:
    for file in folder.iterdir():
        file.write_bytes(file.read_bytes()[:300])


def write_over(file: Path) -> None:
    file.write_text("{")


Damage = Callable[[Path], None]
BROKEN_FOLDERS: dict[str, tuple[Damage, str]] = {
    "pipeline": (lambda p: (p / "stages").mkdir(), "pipeline of Spark.*stages/0_ALS"),
    "no item factors": (lambda p: shutil.rmtree(p / "itemFactors"), "without itemFactors"),
    "empty folder": (empty, "no Parquet file here"),
    "gone": (lambda p: shutil.rmtree(p), "no such file or folder"),
    "no parts": (lambda p: empty(p / "itemFactors"), "no Parquet file here"),
    "cut": (lambda p: cut_short(p / "itemFactors"), "not readable as Parquet"),
    "metadata": (lambda p: write_over(p / "metadata" / "part-00000"), "Spark's metadata"),
}


@pytest.mark.parametrize(("damage", "message"), BROKEN_FOLDERS.values(), ids=BROKEN_FOLDERS)
def test_a_broken_folder_is_told(spark: Path, damage: Damage, message: str) -> None:
    damage(spark)
    with pytest.raises(DataError, match=message):
        read_factors(spark)


def test_a_folder_without_metadata_is_read(songs: Dataset, spark: Path) -> None:
    shutil.rmtree(spark / "metadata")
    whole = model_of_factors(songs, AS_TRAINED, SPARK / "implicit")
    assert model_of_factors(songs, AS_TRAINED, spark).fingerprint == whole.fingerprint


def test_it_is_saved_and_loaded_like_any_other(songs: Dataset, tmp_path: Path) -> None:
    model = model_of_factors(songs, AS_TRAINED, SPARK / "implicit")
    model.save(tmp_path / "m")
    loaded = AlsModel.load(tmp_path / "m")
    assert loaded.fingerprint == model.fingerprint
    assert loaded.notes["origin"] == model.notes["origin"]
    assert (loaded.solver.added, loaded.solver.by_length) == (1.0, True)
