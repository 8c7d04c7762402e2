"""The shipped tests find what they are there to find: a wrong model for each."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recx_agent.datasets import History
from recx_agent.recommenders.als_model import AlsModel
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.testing import RecommenderConformance, planted_dataset
from tests.conformance.wrong import FOUND, Wrong, inherited_tests, run

N_ITEMS = len(planted_dataset().catalogue)


class Suite(RecommenderConformance):
    """As for a good model, but for the wrong ones' way of being saved and altered."""

    def saved_and_loaded(self, model: Any, folder: Path) -> Any:
        if not isinstance(model, Wrong):
            return super().saved_and_loaded(model, folder)
        loaded = super().saved_and_loaded(model._good, folder)
        faults = {**model._faults, **model._faults.get("when_loaded", {})}
        return Wrong(loaded, **faults)

    def altered(self, model: Any) -> Sequence[Any]:
        if not isinstance(model, Wrong):
            return super().altered(model)
        return [Wrong(other, **model._faults) for other in super().altered(model._good)]


def by_place(history: History) -> History:
    """Ages by place in the array, as if it were always given newest first."""
    return replace(history, ages=np.arange(float(len(history))))


def as_liked(history: History) -> History:
    return replace(history, disliked=np.zeros(len(history), dtype=bool))


def unit_length(model: Any, ages: Any) -> Any:
    weights = model.weights(ages)
    return weights / (np.linalg.norm(weights) + 1e-300)


def younger(model: Any, history: History, sets: Any) -> Any:
    """The others move up where an item is removed."""
    return np.array(
        [model.represent(History.of(np.delete(history.items, list(gone)))) for gone in sets]
    ).reshape(len(sets), -1)


def one_by_one(model: Any, history: History, sets: Any) -> Any:
    """Each item's own loss, added up, though they are lost together."""
    whole = model.represent(history)
    single = whole - model.represent_without(history, [(p,) for p in range(len(history))])
    return np.array([whole - single[list(gone)].sum(axis=0) for gone in sets]).reshape(
        len(sets), len(whole)
    )


def of_single_precision(model: Any, history: History, k: int, exclude: Any) -> Any:
    scores = model.item_factors.astype(np.float16) @ model.represent(history).astype(np.float16)
    scores = scores + model.item_biases.astype(np.float16)
    order = np.lexsort((np.arange(len(scores)), -scores))
    order = order[~np.isin(order, exclude)][:k]
    return order, scores[order].astype(np.float64)


def excluding_nothing(model: Any, history: History, k: int, exclude: Any) -> Any:
    return model.top_k(history, k, np.empty(0, np.int32))


def last_of_equals_first(model: Any, history: History, k: int, exclude: Any) -> Any:
    items, scores = model.top_k(history, N_ITEMS, exclude)
    order = np.lexsort((-items, -scores))[:k]
    return items[order], scores[order]


def scribbling(model: Any, history: History) -> Any:
    user = model.represent(history)
    model.item_biases[0] += 1.0
    return user


def ageing(model: Any, history: History) -> Any:
    history.ages[:] += 1.0
    return model.represent(history)


def of_one_thread(model: Any, history: History) -> Any:
    at_home = threading.current_thread() is threading.main_thread()
    return model.represent(history) * (1.0 if at_home else 0.5)


def second_feature(model: Any, features: Sequence[int]) -> Any:
    return model.muted([(feature + 1) % len(model.features) for feature in features])


def half_of_items(model: Any, feature: int) -> Any:
    items, weights = model.items_with(feature)
    return items[: len(items) // 2], weights[: len(items) // 2]


FAULTS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "test_the_arrays_have_the_shapes_of_the_protocol": [
        ("als", {"item_lengths": np.zeros(N_ITEMS)}),
        ("als", {"item_biases": np.zeros(N_ITEMS, dtype=np.float32)}),
        ("als", {"history_factors": np.zeros((3, 5), dtype=np.float32)}),
        ("lightfm", {"item_biases": np.full(N_ITEMS, np.nan)}),
    ],
    "test_only_known_views_and_changes_are_declared": [
        ("lightfm", {"views": frozenset({"attribute"})}),
        ("lightfm", {"views": frozenset({"history", "mood"})}),
        ("lightfm", {"what_ifs": frozenset({"undo"})}),
        ("als", {"views": frozenset({"history", "attribute"})}),
    ],
    "test_a_view_that_is_not_declared_is_refused": [
        ("lightfm", {"views": frozenset({"history"})}),
        ("als", {"items_with": lambda model, feature: (np.empty(0), np.empty(0))}),
    ],
    "test_a_change_that_is_not_declared_is_refused": [
        ("lightfm", {"what_ifs": frozenset({"remove"})}),
        ("als", {"what_ifs": frozenset({"add"})}),
    ],
    "test_every_view_adds_up_to_the_score": [
        ("als", {"term_vectors": lambda m, h, v=None: m.term_vectors(h, v) * 1.0001}),
        ("lightfm", {"represent": lambda m, h: m.represent(h) * 1.0001}),
        ("lightfm", {"item_biases": np.full(N_ITEMS, 0.5)}),
        ("more", {"context_vectors": lambda m, h: 0.0 * m.context_vectors(h)}),
    ],
    "test_the_user_is_the_sum_of_the_terms": [
        ("als", {"term_vectors": lambda m, h, v=None: m.term_vectors(h, v) * 1.0001}),
        ("more", {"represent": lambda m, h: m.represent(replace(h, context=()))}),
    ],
    "test_the_terms_are_those_of_the_event_vectors": [
        ("als", {"term_vectors": lambda m, h, v=None: m.term_vectors(h)}),
        ("lightfm", {"event_vectors": lambda m, i, d: m.event_vectors(i[::-1], d)}),
    ],
    "test_a_weight_depends_on_its_own_age_alone": [("lightfm", {"weights": unit_length})],
    "test_the_order_of_the_history_changes_nothing": [
        ("lightfm", {"term_vectors": lambda m, h, v=None: m.term_vectors(by_place(h), v)}),
        ("als", {"represent": lambda m, h: m.represent(by_place(h))}),
    ],
    "test_without_items_is_the_shorter_history": [
        ("lightfm", {"represent_without": younger}),
        ("als", {"represent_without": younger}),
        ("als", {"represent_without": one_by_one}),
    ],
    "test_a_removal_costs_exactly_the_contribution": [("als", {"removal_is_contribution": True})],
    "test_muting_takes_exactly_the_feature_s_term": [
        ("lightfm", {"muted": lambda m, features: m}),
        ("lightfm", {"muted": second_feature}),
    ],
    "test_features_and_items_know_one_another": [("lightfm", {"items_with": half_of_items})],
    "test_low_ratings_are_no_signs_of_liking": [
        ("als", {"term_vectors": lambda m, h, v=None: m.term_vectors(as_liked(h), v)}),
        ("more", {"term_vectors": lambda m, h, v=None: m.term_vectors(as_liked(h), v)}),
    ],
    "test_a_context_is_a_term_or_nothing": [
        ("als", {"context_vectors": lambda m, h: 1.0 + m.context_vectors(h)}),
        ("more", {"represent": lambda m, h: m.represent(replace(h, context=()))}),
        ("als", {"contexts": (("device", "phone"),)}),
    ],
    "test_a_strange_history_gives_finite_scores": [
        ("lightfm", {"represent": lambda m, h: m.represent(h) + (h.ages * 1e10).sum()}),
        ("als", {"term_vectors": lambda m, h, v=None: m.term_vectors(h, v) + h.ages.max()}),
    ],
    "test_an_item_beyond_the_catalogue_is_an_error": [
        (
            "als",
            {"represent": lambda m, h: m.represent(replace(h, items=h.items % N_ITEMS))},
        ),
    ],
    "test_the_best_are_the_head_of_all_scores": [
        ("lightfm", {"top_k": of_single_precision}),
        ("als", {"top_k": excluding_nothing}),
        ("als", {"top_k": last_of_equals_first}),
        ("lightfm", {"top_k": lambda m, h, k, e: m.top_k(h, k - 1, e)}),
    ],
    "test_nothing_is_left_where_all_is_excluded": [("als", {"top_k": excluding_nothing})],
    "test_equal_scores_are_ordered_by_item": [("als", {"top_k": last_of_equals_first})],
    "test_a_saved_model_is_the_same_to_the_last_bit": [
        ("als", {"when_loaded": {"represent": lambda m, h: np.nextafter(m.represent(h), 9.0)}}),
        ("als", {"when_loaded": {"fingerprint": "another"}}),
        ("lightfm", {"when_loaded": {"features": ()}}),
    ],
    "test_the_fingerprint_follows_the_factors": [("als", {"fingerprint": "always the same"})],
    "test_no_call_alters_what_it_is_given": [("lightfm", {"represent": scribbling})],
    "test_several_threads_read_the_same": [("als", {"represent": of_one_thread})],
}


@pytest.fixture
def good(
    lightfm_model: FactorModel, lightfm_with_more_terms: FactorModel, als_model: AlsModel
) -> dict[str, Any]:
    return {"lightfm": lightfm_model, "more": lightfm_with_more_terms, "als": als_model}


CASES = [
    pytest.param(test, base, fault, id=f"{test[5:]}-{base}-{number}")
    for test, faults in FAULTS.items()
    for number, (base, fault) in enumerate(faults)
]


@pytest.mark.parametrize(("test", "base", "fault"), CASES)
def test_a_wrong_model_is_found(
    test: str, base: str, fault: dict[str, Any], good: dict[str, Any], tmp_path: Path
) -> None:
    model = good[base]
    if fault.get("represent") is scribbling:
        model = replace(model, item_biases=model.item_biases.copy())
    given = {"dataset": planted_dataset(), "tmp_path": tmp_path}
    with suppress(pytest.skip.Exception):  # what the good one does not declare
        run(Suite(), test, {**given, "model": model})
    (tmp_path / "again").mkdir()
    given["tmp_path"] = tmp_path / "again"
    with pytest.raises(FOUND):
        run(Suite(), test, {**given, "model": Wrong(model, **fault)})


def test_what_is_given_read_only_cannot_be_written(good: dict[str, Any]) -> None:
    model = Wrong(good["lightfm"], represent=ageing)
    with pytest.raises(ValueError, match="read-only"):
        Suite().test_no_call_alters_what_it_is_given(model, planted_dataset())


def test_every_test_of_the_suite_has_a_model_that_it_finds() -> None:
    assert set(FAULTS) == inherited_tests(RecommenderConformance)
