"""A model with disliked and context terms: exact, saved, joined, grown, gone on from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recx_agent.attribution import Standing, attribute_items
from recx_agent.datasets import Dataset, History, extend_dataset
from recx_agent.errors import ArtefactDamaged, ArtefactVersion
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recommenders.fold_in import fold_in
from recx_agent.recommenders.lightfm_trainer import fit, fit_runs
from recx_agent.recommenders.lightfm_twin import LightFMTwin
from recx_agent.settings import DataSettings, ModelSettings

EVENING = {"part": "evening", "device": "tv"}


@pytest.fixture(scope="module")
def world(told_by_context: Dataset) -> Dataset:
    """The world with contexts, and a low rating of each user for two dramas of the other taste."""
    rows = [
        (f"u{user}", f"i{3 * item + 2}", 1, 90_000_000 + item)
        for user in range(300)
        for item in (user % 2 + 1, user % 2 + 3)
    ]
    columns = ["user_id", "item_id", "value", "timestamp"]
    grown, _ = extend_dataset(
        told_by_context, DataSettings(), interactions=pd.DataFrame(rows, columns=columns)
    )
    return grown


@pytest.fixture(scope="module")
def settings(term_settings: ModelSettings) -> ModelSettings:
    return term_settings.model_copy(update={"context": "on", "disliked": "on", "epochs": 10})


@pytest.fixture(scope="module")
def model(world: Dataset, settings: ModelSettings) -> FactorModel:
    return fit(world, settings)


@pytest.fixture(scope="module")
def reloaded(model: FactorModel, tmp_path_factory: pytest.TempPathFactory) -> FactorModel:
    folder = tmp_path_factory.mktemp("model") / "m"
    model.save(folder)
    return FactorModel.load(folder)


def history_of(world: Dataset, user: int, context: Mapping[str, str] | None = None) -> History:
    return world.history(user, disliked=True, context=context)


def test_it_has_the_terms(model: FactorModel, world: Dataset) -> None:
    assert model.uses_disliked
    assert set(model.contexts) == {
        ("part", "morning"),
        ("part", "evening"),
        ("device", "phone"),
        ("device", "tv"),
    }
    assert history_of(world, 0).disliked.sum() == 2


@pytest.mark.parametrize("context", [EVENING, {"part": "morning"}, {"part": "noon"}, {}])
def test_every_view_adds_up_to_predict_of_the_reloaded_model(
    world: Dataset, reloaded: FactorModel, context: dict[str, str]
) -> None:
    twin = LightFMTwin(reloaded)
    items = np.arange(len(world.catalogue), dtype=np.int32)
    titles, ids = world.catalogue.titles, world.catalogue.ids.ids
    for user in range(0, 300, 37):
        history = history_of(world, user, context)
        predicted = twin.predict(history, items)
        standing = Standing(reloaded, history, world.seen(user))
        for entry in attribute_items(standing, items):
            record = entry.record(titles, ids, "history")
            views = record.views
            for view in (views.history, views.attribute, views.pair):
                assert view is not None
                values = np.array([term.value for term in view])
                tolerance = 1e-5 * np.abs(values).sum()
                assert abs(values.sum() - predicted[entry.item]) <= tolerance
                values[np.abs(values).argmax()] *= 1.01
                assert abs(values.sum() - predicted[entry.item]) > tolerance


def test_terms_are_told_by_their_kind(world: Dataset, reloaded: FactorModel) -> None:
    history = history_of(world, 1, EVENING)
    entry = attribute_items(Standing(reloaded, history, world.seen(1)), [0])[0]
    terms = entry.record(world.catalogue.titles, world.catalogue.ids.ids, "history").contributions
    kinds = [term.source.kind for term in terms]
    assert kinds.count("disliked") == 2
    assert [t.source.id for t in terms if t.source.kind == "context"] == [
        "device=tv",
        "part=evening",
    ]


def test_removing_a_low_rating_takes_exactly_its_term(world: Dataset, model: FactorModel) -> None:
    history = history_of(world, 2, EVENING)
    before = Standing(model, history, world.seen(2))
    entry = attribute_items(before, [5])[0]
    low = int(np.flatnonzero(history.disliked)[0])
    after = Standing(model, history.without([int(history.items[low])]), world.seen(2))
    drop = before.scores[5] - after.scores[5]
    assert drop == pytest.approx(entry.history_values[low], abs=1e-9)
    assert abs(drop) > 1e-6


def test_a_context_that_is_not_known_adds_nothing(world: Dataset, model: FactorModel) -> None:
    plain = model.represent(history_of(world, 0))
    strange = model.represent(history_of(world, 0, {"part": "noon", "mood": "calm"}))
    np.testing.assert_array_equal(plain, strange)


def test_the_terms_of_a_context_are_zero_in_the_mean(world: Dataset, model: FactorModel) -> None:
    assert model.context_factors is not None
    names = [name for name, _ in model.contexts]
    contexts = world.contexts
    shares = []
    for name, value in model.contexts:
        column = contexts.names.index(name)
        code = contexts.values[column].index(value)
        own = contexts.codes[np.asarray(world.events.positive), column]
        shares.append(float(np.mean(own == code)))
    for name in ("part", "device"):
        own_rows = [row for row, other in enumerate(names) if other == name]
        mean = sum(shares[row] * model.context_factors[row] for row in own_rows)
        assert np.abs(mean).max() < 1e-5 * np.abs(model.context_factors).max()
    # So that without a context an item stands where it stands on average.
    scores = [
        model.item_factors @ model.represent(history_of(world, 0, {"part": part}))
        for part in ("morning", "evening")
    ]
    plain = model.item_factors @ model.represent(history_of(world, 0))
    morning = shares[model.contexts.index(("part", "morning"))]
    np.testing.assert_allclose(
        morning * scores[0] + (1 - morning) * scores[1], plain, atol=1e-5 * np.abs(plain).max()
    )


def test_a_low_rating_is_no_term_of_a_model_without_such_terms(
    world: Dataset, settings: ModelSettings
) -> None:
    plain = fit(world, settings.model_copy(update={"disliked": "off", "context": "off"}))
    history = history_of(world, 0, EVENING)
    np.testing.assert_array_equal(plain.represent(history), plain.represent(world.history(0)))
    items = np.arange(9, dtype=np.int32)
    np.testing.assert_array_equal(
        LightFMTwin(plain).predict(history, items),
        LightFMTwin(plain).predict(world.history(0), items),
    )


def test_muting_keeps_the_terms(world: Dataset, model: FactorModel) -> None:
    muted = model.muted([len(model.features) - 1])
    assert muted.uses_disliked
    history = history_of(world, 0, EVENING)
    np.testing.assert_array_equal(muted.represent(history), model.represent(history))


def test_runs_are_joined_to_their_mean(
    world: Dataset, settings: ModelSettings, model: FactorModel
) -> None:
    runs = fit_runs(world, settings)
    history = history_of(world, 3, EVENING)
    scores = [one.item_factors @ one.represent(history) + one.item_biases for one in (*runs, model)]
    np.testing.assert_allclose((scores[0] + scores[1]) / 2, scores[2], atol=1e-4)


def test_a_saved_model_is_the_same(model: FactorModel, reloaded: FactorModel) -> None:
    assert reloaded.fingerprint == model.fingerprint
    assert reloaded.contexts == model.contexts
    np.testing.assert_array_equal(reloaded.disliked_factors, model.disliked_factors)
    np.testing.assert_array_equal(reloaded.context_factors, model.context_factors)


def test_the_fingerprint_tells_the_terms_apart(model: FactorModel) -> None:
    assert model.disliked_factors is not None and model.context_factors is not None
    others = [
        replace(model, disliked_factors=None),
        replace(model, disliked_factors=model.disliked_factors * 2),
        replace(model, context_factors=model.context_factors * 2),
        replace(model, contexts=tuple(reversed(model.contexts))),
    ]
    assert len({one.fingerprint for one in (model, *others)}) == 5


def test_only_a_model_with_such_terms_has_the_new_format(
    world: Dataset, settings: ModelSettings, model: FactorModel, tmp_path: Path
) -> None:
    def version(one: FactorModel, name: str) -> int:
        one.save(tmp_path / name)
        content = json.loads((tmp_path / name / "manifest.json").read_text(encoding="utf-8"))
        return int(content["format_version"])

    plain = replace(model, disliked_factors=None, contexts=(), context_factors=None)
    assert version(plain, "plain") == 1
    assert version(model, "more") == 2
    old = FactorModel.load(tmp_path / "plain")
    assert not old.uses_disliked
    assert old.contexts == ()


@pytest.mark.parametrize("name", ["disliked_factors.npy", "context_factors.npy"])
def test_a_damaged_or_missing_part_is_noticed(
    model: FactorModel, tmp_path: Path, name: str
) -> None:
    model.save(tmp_path / "m")
    path = tmp_path / "m" / name
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(content)
    with pytest.raises(ArtefactDamaged):
        FactorModel.load(tmp_path / "m")
    path.unlink()
    with pytest.raises((ArtefactDamaged, ArtefactVersion)):
        FactorModel.load(tmp_path / "m")


@pytest.fixture(scope="module")
def grown(world: Dataset) -> Dataset:
    """A new item, a new value of a known context, enough events of both."""
    rows = [(f"u{n}", "new", 5, 95_000_000, "noon", "tv") for n in range(40)]
    rows += [("u50", "new", 1, 95_000_000, "noon", "tv")]
    columns = ["user_id", "item_id", "value", "timestamp", "part", "device"]
    items = pd.DataFrame({"item_id": ["new"], "title": ["New"], "genre": ["Drama"]})
    dataset, _ = extend_dataset(
        world, DataSettings(), interactions=pd.DataFrame(rows, columns=columns), items=items
    )
    return dataset


def test_without_training_what_is_new_counts_nothing(model: FactorModel, grown: Dataset) -> None:
    folded = fold_in(model, grown)
    new = grown.catalogue.find("new")
    assert folded.disliked_factors is not None
    assert folded.disliked_factors.shape[0] == len(grown.catalogue)
    assert not folded.disliked_factors[new].any()
    user = grown.user("u50")
    history = grown.history(user, disliked=True, context={"part": "noon"})
    without = history.without([new])
    np.testing.assert_allclose(folded.represent(history), folded.represent(without), atol=1e-12)


def test_an_update_goes_on_from_all_factors_and_adds_the_new_ones(
    model: FactorModel, grown: Dataset, settings: ModelSettings
) -> None:
    gently = settings.model_copy(update={"epochs": 1, "learning_rate": 0.001})
    updated = fit(grown, gently, start=model)
    assert updated.contexts == (*model.contexts, ("part", "noon"))
    n = len(model.item_factors)
    assert updated.disliked_factors is not None and model.disliked_factors is not None
    assert updated.context_factors is not None and model.context_factors is not None
    new = grown.catalogue.find("new")
    assert updated.disliked_factors[new].any()
    for before, after in (
        (model.history_factors, updated.history_factors[:n]),
        (model.disliked_factors, updated.disliked_factors[:n]),
    ):
        assert np.abs(after - before).max() < 0.1 * np.abs(before).max()
    # Those of "part" have a new value among them, and its mean is another.
    device = [i for i, (name, _) in enumerate(model.contexts) if name == "device"]
    known = model.context_factors[device]
    assert np.abs(updated.context_factors[device] - known).max() < 0.1 * np.abs(known).max()


def test_interrupted_training_goes_on_to_the_same_result(
    world: Dataset, settings: ModelSettings, model: FactorModel, tmp_path: Path
) -> None:
    class Interrupt(Exception):
        pass

    def stop(stage: str, done: int, total: int) -> None:
        if done == total // 2:
            raise Interrupt

    with pytest.raises(Interrupt):
        fit(world, settings, checkpoints=tmp_path / "c", progress=stop)
    resumed = fit(world, settings, checkpoints=tmp_path / "c")
    assert resumed.fingerprint == model.fingerprint
