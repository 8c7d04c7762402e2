"""Witnesses know the rules of a planted world, not the coins; they have seen nobody they judge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recx_agent.datasets import Dataset, History
from recx_agent.errors import ArtefactDamaged
from recx_agent.evals.worlds import WorldSpec, plant
from recx_agent.recommenders.witness.fitting import (
    MIN_USERS,
    Factors,
    fit_witnesses,
    why_no_witnesses,
)
from recx_agent.recommenders.witness.mixture import NOBODY
from recx_agent.recommenders.witness.of_als import als_witnesses
from recx_agent.recommenders.witness.of_lightfm import lightfm_witnesses
from recx_agent.recommenders.witness.witnesses import FOLDS, FittedWitnesses, fold_of
from recx_agent.settings import AlsSettings
from tests.unit.recommenders.witness.conftest import SETTINGS, dataset_of


def known(witnesses: FittedWitnesses, dataset: Dataset) -> dict[str, float]:
    """Share of the users whose history foretells itself, by rule."""
    found: dict[str, list[bool]] = {}
    for number, user_id in enumerate(dataset.users.ids):
        judged = witnesses.foretold(user_id, dataset.history(number))
        found.setdefault(user_id.partition("-")[0], []).append(judged.likelihood >= 0.5)
    return {rule: float(np.mean(some)) for rule, some in found.items()}


def test_rules_foretell_themselves_and_coins_do_not(
    witnesses: FittedWitnesses, ruled: Dataset
) -> None:
    found = known(witnesses, ruled)
    assert min(found["attribute"], found["conjunction"]) > 0.85
    assert max(found["coin"], found["hour"]) < 0.2


def test_als_witnesses_tell_them_apart_too(ruled: Dataset) -> None:
    found = known(als_witnesses(ruled, AlsSettings(threads=1)), ruled)
    assert found["conjunction"] > 0.7
    assert max(found["coin"], found["hour"]) < 0.35


@pytest.mark.parametrize("seed", range(3))
def test_in_a_world_of_coins_nobody_is_known(seed: int) -> None:
    spec = WorldSpec(rules=("coin", "hour", "private", "either"), users_per_rule=28, seed=seed)
    dataset = dataset_of(plant(spec))
    witnesses = lightfm_witnesses(dataset, SETTINGS)
    assert witnesses.mixture is NOBODY
    assert "no explanation gives a reason" in witnesses.remark
    assert set(known(witnesses, dataset).values()) == {0.0}
    assert witnesses.foretold("stranger", History.of([3, 5, 8])).likelihood == 0.0


def test_nobody_is_judged_by_who_has_seen_him(ruled: Dataset) -> None:
    seen: list[Dataset] = []

    def fit_apart(datasets: Sequence[Dataset]) -> list[Factors]:
        seen.extend(datasets)
        factors = np.random.default_rng(0).normal(size=(len(ruled.catalogue), 4))
        return [Factors(factors.astype(np.float32), factors.astype(np.float32), 6.0)] * len(seen)

    fit_witnesses(ruled, fit_apart)
    folds = np.array([fold_of(user_id) for user_id in ruled.users.ids])
    assert len(seen) == FOLDS
    for number, others in enumerate(seen):
        assert set(folds[others.events.user]) == {1 - number}
    assert sum(len(others.events) for others in seen) == len(ruled.events)


def test_every_user_has_a_fold_for_good() -> None:
    folds = [fold_of(f"user {number}") for number in range(2000)]
    assert abs(np.mean(folds) - 0.5) < 0.05
    assert [fold_of(name) for name in ("ada", "张伟", "1")] == [0, 1, 1]


def test_an_item_that_is_new_since_is_not_judged(
    witnesses: FittedWitnesses, ruled: Dataset
) -> None:
    own = ruled.history(0)
    grown = own.with_newest([len(ruled.catalogue), len(ruled.catalogue) + 7])
    # Those of the history keep their ages, so they weigh what they did.
    assert witnesses.foretold("x", grown) == witnesses.foretold("x", own)


def test_what_is_saved_judges_the_same(
    witnesses: FittedWitnesses, ruled: Dataset, tmp_path: Path
) -> None:
    witnesses.save(tmp_path / "saved")
    again = FittedWitnesses.load(tmp_path / "saved")
    for number, user_id in list(enumerate(ruled.users.ids))[::7]:
        own = ruled.history(number)
        assert again.foretold(user_id, own) == witnesses.foretold(user_id, own)


def test_a_damaged_file_is_named(witnesses: FittedWitnesses, tmp_path: Path) -> None:
    witnesses.save(tmp_path / "saved")
    for name in ("usual-1.npy", "history_factors-0.npy", "manifest.json"):
        path = tmp_path / "saved" / name
        whole = path.read_bytes()
        path.write_bytes(whole[:-9] + b"8" + whole[-8:])
        with pytest.raises(ArtefactDamaged, match=name):
            FittedWitnesses.load(tmp_path / "saved")
        path.unlink()
        with pytest.raises(ArtefactDamaged, match=name):
            FittedWitnesses.load(tmp_path / "saved")
        path.write_bytes(whole)
    FittedWitnesses.load(tmp_path / "saved")


def test_an_interrupted_training_goes_on(
    witnesses: FittedWitnesses, ruled: Dataset, tmp_path: Path
) -> None:
    reported: list[int] = []

    def interrupted(stage: str, done: int, total: int) -> None:
        assert (stage, total) == ("witness", FOLDS * SETTINGS.epochs)
        reported.append(done)
        if done == 25:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        lightfm_witnesses(ruled, SETTINGS, checkpoints=tmp_path / "c", progress=interrupted)
    again = lightfm_witnesses(
        ruled,
        SETTINGS,
        checkpoints=tmp_path / "c",
        progress=lambda _, done, total: reported.append(done),
    )
    assert len(reported) == FOLDS * SETTINGS.epochs
    np.testing.assert_array_equal(again.folds[0].usual, witnesses.folds[0].usual)
    np.testing.assert_array_equal(again.folds[1].usual, witnesses.folds[1].usual)


def test_few_users_have_no_witnesses(ruled: Dataset) -> None:
    assert why_no_witnesses(ruled) is None
    few = ruled.events.take(ruled.events.user < MIN_USERS - 1)
    assert why_no_witnesses(replace(ruled, events=few)) == (
        "only 99 users have 3 likes or more, and 100 are needed to judge whether a history "
        "foretells itself"
    )
