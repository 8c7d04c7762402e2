"""Held-out pairs: what lies before both is known, and nothing of what came of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recx_agent.datasets import Dataset
from recx_agent.errors import SettingsError, Withheld
from recx_agent.evals.cases import Case
from recx_agent.evals.cases.workspace import explained_case
from recx_agent.evals.outcomes import HeldOut
from recx_agent.evals.variants import find_pairs, held_out, held_out_cases, trained_without
from recx_agent.evals.variants.altered import Altered
from recx_agent.evals.variants.held_out import KEPT, LIKED, LOW, Pair, recipe, without
from recx_agent.recx import Recx
from tests.unit.conftest import SMALL
from tests.unit.evals.conftest import MakeDataset, Row


@pytest.fixture(scope="module")
def recx(planted_workspace: Path) -> Iterator[Recx]:
    with Recx.open(planted_workspace) as opened:
        yield opened


def with_bounds(dataset: Dataset) -> Dataset:
    return replace(dataset, positive_from=4.0, disliked_to=2.0)


def liked(count: int, user: int = 0) -> list[Row]:
    return [(user, item, 5.0, 10 * item) for item in range(count)]


def test_the_last_liked_and_the_last_disliked_item_are_a_pair(make_dataset: MakeDataset) -> None:
    rows = [*liked(7), (0, 8, 1.0, 55), (0, 9, 1.0, 5), (0, 10, 3.0, 90)]
    (pair,) = find_pairs(with_bounds(make_dataset(rows, 1, 12)), 5)
    assert pair == Pair(user=0, liked=6, low=8, cut=55)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(liked(9), id="nothing disliked"),
        pytest.param([*liked(KEPT), (0, 8, 1.0, 45)], id="too little before both"),
        pytest.param([*liked(7), (0, 8, 1.0, 55), (0, 8, 2.0, 1)], id="rated twice"),
        pytest.param([*liked(7), (0, 8, 1.0, np.iinfo(np.int64).min)], id="no time"),
    ],
)
def test_users_without_a_clear_pair_are_passed_over(
    make_dataset: MakeDataset, rows: list[Row]
) -> None:
    assert find_pairs(with_bounds(make_dataset(rows, 1, 12)), 5) == []


def test_no_more_pairs_than_asked_for_and_always_the_same(recx: Recx) -> None:
    few, many = find_pairs(recx.dataset, 3), find_pairs(recx.dataset, 10)
    assert few == many[:3]
    assert len(many) == 10


def test_what_is_known_ends_before_both(recx: Recx) -> None:
    pairs = find_pairs(recx.dataset, 10)
    known = without(recx.dataset, pairs)
    for pair in pairs:
        own = known.events.of_user(pair.user)
        assert known.events.time[own].max() < pair.cut
        assert not np.isin([pair.liked, pair.low], known.seen(pair.user)).any()
        assert np.count_nonzero(known.events.positive[own]) >= KEPT
    others = set(range(len(recx.dataset.users))) - {pair.user for pair in pairs}
    for user in others:
        whole = recx.dataset.events.of_user(user)
        assert known.events.of_user(user).stop - known.events.of_user(user).start == (
            whole.stop - whole.start
        )


def test_outcomes_do_not_reach_what_writers_are_given(recx: Recx, tmp_path: Path) -> None:
    pairs = find_pairs(recx.dataset, 2)
    model = trained_without(recx, pairs, tmp_path, {"epochs": 2, "runs": 1})
    cases, outcomes = held_out_cases(recx, pairs, model)
    assert [one.liked for one in outcomes] == [True, False, True, False]
    assert [case.variant for case in cases] == [LIKED, LOW, LIKED, LOW]
    assert cases[1].base_key == cases[0].key
    # The same users and items, had they been rated the other way round.
    events = recx.dataset.events
    value, positive = np.array(events.value), np.array(events.positive)
    for pair in pairs:
        where = events.of_user(pair.user)
        for item, rating in ((pair.liked, 1.0), (pair.low, 5.0)):
            at = where.start + int(np.flatnonzero(events.item[where] == item)[0])
            value[at], positive[at] = rating, rating > 3
    swapped = replace(recx.dataset, events=replace(events, value=value, positive=positive))
    assert swapped.fingerprint != recx.dataset.fingerprint
    known = without(swapped, pairs)
    assert known.fingerprint == without(recx.dataset, pairs).fingerprint
    with Altered(recx, known, model) as altered:
        for case in cases:
            again = altered.explain(case.user_id, case.item_id)
            assert [piece.text for piece in case.evidence] == [one.text for one in again.evidence]
    assert outcomes[0] == HeldOut(
        user_id=cases[0].user_id,
        item_id=cases[0].item_id,
        rating=outcomes[0].rating,
        liked=True,
        evidence=tuple(piece.text for piece in cases[0].told),
    )


def test_a_model_is_trained_once(
    recx: Recx, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = find_pairs(recx.dataset, 3)
    first = trained_without(recx, pairs, tmp_path, {"epochs": 1, "runs": 1})
    assert first.notes["settings"]["epochs"] == 1
    assert first.notes["settings"]["components"] == SMALL["components"]
    assert first.notes["data"] == without(recx.dataset, pairs).fingerprint
    from recx_agent.evals.variants import held_out

    monkeypatch.setattr(held_out, "train_model", lambda *args, **options: pytest.fail("again"))
    patient = recx.settings.llm.model_copy(update={"timeout_seconds": 300.0})
    monkeypatch.setattr(recx, "settings", recx.settings.model_copy(update={"llm": patient}))
    again = trained_without(recx, pairs, tmp_path, {"epochs": 1, "runs": 1})
    assert again.fingerprint == first.fingerprint


def test_settings_of_another_model_are_left_out_and_unknown_ones_refused(recx: Recx) -> None:
    """A suite for any workspace may name epochs, which ALS has not."""
    assert recipe(recx, {"epochs": 3, "iterations": 2}).model.epochs == 3
    with pytest.raises(SettingsError, match="no model has a setting 'epoch'"):
        recipe(recx, {"epoch": 3})


def test_a_pair_of_which_nothing_may_be_said_is_no_case(
    recx: Recx, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = find_pairs(recx.dataset, 2)
    model = trained_without(recx, pairs, tmp_path, {"epochs": 2})
    withheld = recx.dataset.catalogue.ids.external(pairs[0].low)

    def explained(source: Any, user_id: str, item_id: str, *more: Any, **asked: Any) -> Case:
        if (user_id, item_id) == (recx.dataset.users.external(pairs[0].user), withheld):
            raise Withheld(item_id)
        return explained_case(source, user_id, item_id, *more, **asked)

    monkeypatch.setattr(held_out, "explained_case", explained)
    cases, outcomes = held_out_cases(recx, pairs, model)
    assert {case.user_id for case in cases} == {recx.dataset.users.external(pairs[1].user)}
    assert len(cases) == len(outcomes) == 2
