"""Changed histories and hostile names."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recx_agent.datasets import Dataset
from recx_agent.evals.cases import Case, workspace_cases
from recx_agent.evals.cases.workspace import sources_of
from recx_agent.evals.orders import ORDERS, PLACES, order_of, planted_in
from recx_agent.evals.scorers import Sources
from recx_agent.evals.variants import changed_cases
from recx_agent.evals.variants.hostile import with_hostile_values
from recx_agent.evals.variants.perturbed import (
    ADDED,
    PERTURBATIONS,
    reordered,
    with_near_duplicates,
    with_noise,
)
from recx_agent.evals.variants.raw_file import write_interactions
from recx_agent.factory import load_model
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recx import Recx
from tests.unit.evals.conftest import MakeDataset

Found = tuple[list[Case], list[Case], dict[str, Sources]]


@pytest.fixture(scope="module")
def recx(planted_workspace: Path) -> Iterator[Recx]:
    with Recx.open(planted_workspace) as opened:
        yield opened


@pytest.fixture(scope="module")
def changed(recx: Recx, tmp_path_factory: pytest.TempPathFactory) -> Found:
    folder = tmp_path_factory.mktemp("changed")
    raw = write_interactions(recx.dataset, folder / "raw.csv", {})
    sources = replace(sources_of(recx), interactions=raw)
    cases = workspace_cases(recx, users=3, per_user=2)
    return cases, *changed_cases(recx, cases, sources, folder, users=2, reruns=2)


def rows(dataset: Dataset) -> list[tuple[int, int, float, int]]:
    events = dataset.events
    columns = (events.user, events.item, events.value, events.time)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def test_neighbours_change_places(make_dataset: MakeDataset) -> None:
    data = make_dataset([(0, n, 5.0 - n, 10 * n) for n in range(5)] + [(1, 0, 4.0, 7)], 2, 5)
    moved = reordered(data, [0])
    assert [row[1:] for row in rows(moved)[:5]] == [
        (1, 4.0, 0), (0, 5.0, 10), (3, 2.0, 20), (2, 3.0, 30), (4, 1.0, 40),
    ]  # fmt: skip
    assert rows(moved)[5] == rows(data)[5]


def test_the_most_alike_item_stands_beside_a_liked_one(make_dataset: MakeDataset) -> None:
    # Items 0 to 3 are of one genre, 4 to 7 of another; 1 is taken, 2 must be left alone.
    data = make_dataset([(0, 0, 5.0, 10), (0, 1, 1.0, 20)], 1, 8)
    changed = with_near_duplicates(data, [0], [2])
    assert rows(changed) == [(0, 0, 5.0, 10), (0, 3, 5.0, 10), (0, 1, 1.0, 20)]
    alone = with_near_duplicates(data, [0], [2, 3])
    assert rows(alone) == rows(data), "nothing else is like it"


def test_noise_is_new_to_the_user_and_always_the_same(halves: Dataset) -> None:
    users, kept_out = [3, 4], [0, 1, 2]
    noisy = with_noise(halves, users, kept_out)
    assert rows(noisy) == rows(with_noise(halves, users, kept_out))
    for user in range(len(halves.users)):
        before, after = halves.seen(user), noisy.seen(user)
        added = np.setdiff1d(after, before)
        assert len(added) == (ADDED if user in users else 0)
        assert not np.isin(added, kept_out).any()
        times = set(halves.events.time[halves.events.of_user(user)].tolist())
        assert set(noisy.events.time[noisy.events.of_user(user)].tolist()) <= times


def test_every_variant_of_the_first_case_of_each_user(changed: Found) -> None:
    cases, found, files = changed
    first = {case.user_id: case.key for case in reversed(cases)}
    by_variant: dict[str, list[Case]] = {}
    for case in found:
        by_variant.setdefault(case.variant, []).append(case)
        assert case.base_key == first[case.user_id]
        assert case.anew
    assert {name: len(own) for name, own in by_variant.items()} == {
        "rerun": 4, **dict.fromkeys(PERTURBATIONS, 2), **dict.fromkeys(PLACES, 2)
    }  # fmt: skip
    assert len({case.key for case in [*cases, *found]}) == len(cases) + len(found)
    assert len({case.digest for case in [*cases, *found]}) == len(cases) + len(found)
    assert set(files) == set(PERTURBATIONS)


def test_a_changed_history_is_the_one_in_the_raw_file(changed: Found, recx: Recx) -> None:
    cases, found, files = changed
    (one,) = [c for c in found if c.variant == "noise" and c.user_id == cases[0].user_id]
    assert files["noise"].interactions is not None
    with files["noise"].interactions.open() as file:
        raw = {
            (row["item_id"], row["value"])
            for row in csv.DictReader(file)
            if row["user_id"] == one.user_id
        }
    known = recx.dataset.seen(recx.dataset.user(one.user_id))
    assert len(raw) == len(known) + ADDED
    for piece in one.evidence:
        if "item_id" in piece.fields:
            assert (piece.fields["item_id"], f"{piece.fields['rating']:g}") in raw


@pytest.mark.parametrize("place", PLACES)
def test_orders_reach_the_evidence(changed: Found, place: str) -> None:
    for case in changed[1]:
        if case.variant == place:
            seen = "\n".join([case.title, *(piece.text for piece in case.evidence)])
            assert any(order.words in seen for order in ORDERS)


def test_values_are_renamed_in_the_model_and_the_catalogue_alike(
    recx: Recx,
) -> None:
    fitted = load_model(recx.version.model)
    both = with_hostile_values(recx.dataset, fitted)
    assert both is not None
    data, model = both
    assert isinstance(model, FactorModel)
    names = {value for own in data.catalogue.attributes["genre"] for value in own}
    assert names == {f.value for f in model.features if f.kind == "attribute"}
    assert planted_in("Comedy") in names
    assert np.array_equal(model.item_factors, fitted.item_factors)


def test_both_languages_give_every_order() -> None:
    orders = {(order.name, order.language) for order in ORDERS}
    assert orders == {(name, tongue) for name, _ in orders for tongue in ("en", "zh")}
    assert {order_of(f"title {n}") for n in range(60)} == set(ORDERS)
    for order in ORDERS:
        assert all(mark == mark.lower() for mark in order.marks)
        assert all(mark in order.words.lower() for mark in order.marks)
