"""Rows of training: one a user and context, none of which has a positive as a negative."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

from recx_agent.datasets import Dataset, read_dataset
from recx_agent.recommenders.lightfm_run import Run
from recx_agent.recommenders.training_rows import (
    MIN_POSITIVES,
    known_contexts,
    training_rows,
    why_no_context,
    why_no_disliked,
)
from recx_agent.settings import DataSettings, ModelSettings

ON = ModelSettings(components=4, context="on", disliked="on", drawn_history=3)


def dataset_of(rows: list[tuple[Any, ...]], **settings: Any) -> Dataset:
    columns = ["user_id", "item_id", "value", "timestamp", "device"]
    dataset, _ = read_dataset(
        DataSettings(scale=(1, 5), context=("device",), **settings),
        interactions=pd.DataFrame(rows, columns=columns),
    )
    return dataset


@pytest.fixture
def small() -> Dataset:
    """u likes a, b on tv, b and c by phone, d nowhere known; v likes all by phone."""
    rows: list[tuple[Any, ...]] = [
        ("u", "a", 5, 1, "tv"),
        ("u", "b", 5, 2, "tv"),
        ("u", "b", 4, 3, "phone"),
    ]
    rows += [("u", "c", 5, 4, "phone"), ("u", "d", 5, 5, None), ("u", "e", 1, 6, "tv")]
    rows += [(f"v{n}", item, 5, n, "phone") for n in range(30) for item in "abcd"]
    rows += [(f"w{n}", item, 5, n, "tv") for n in range(30) for item in "cd"]
    rows += [("u", "f", 5, 7, "radio")]
    return dataset_of(rows)


def test_there_is_a_row_for_each_user_and_context(small: Dataset) -> None:
    rows = training_rows(small, ON)
    user = small.user("u")
    own = np.flatnonzero(rows.owner == user).tolist()
    names = [small.catalogue.ids.external(i) for i in range(len(small.catalogue))]
    told = {
        tuple(rows.columns.contexts[int(c)][1] for c in rows.context[row].indices): {
            names[i] for i in rows.positives[row].indices
        }
        for row in own
    }
    # "radio" is too rare to have a term, so its row has the same context as the unknown.
    assert told == {("tv",): {"a", "b"}, ("phone",): {"b", "c"}, (): {"d", "f"}}
    assert rows.positives.nnz == 6 + 30 * 4 + 30 * 2


def test_no_row_has_an_item_of_its_user_as_a_negative(small: Dataset) -> None:
    rows = training_rows(small, ON)
    whole = small.positives.toarray()
    np.testing.assert_array_equal(rows.never_negative.toarray(), whole[rows.owner])
    assert (rows.never_negative - rows.positives).nnz > 0


def likes_everything() -> Dataset:
    """Everyone likes every item, half of them on tv and half by phone: nothing is negative."""
    rows = [
        (f"u{user}", f"i{item}", 5, item, "tv" if item % 2 else "phone")
        for user in range(30)
        for item in range(8)
    ]
    return dataset_of(rows)


def trained(run: Run) -> bool:
    before = run.model.item_embeddings.copy()
    run.epoch()
    return not np.array_equal(before, run.model.item_embeddings)


def test_what_is_liked_in_another_context_is_never_drawn_as_a_negative() -> None:
    dataset = likes_everything()
    settings = ON.model_copy(update={"item_alpha": 0.0, "user_alpha": 0.0, "disliked": "off"})
    rows = training_rows(dataset, settings)
    items = sp.identity(8, dtype=np.float32, format="csr")
    # WARP learns from a negative alone, and there is none.
    assert not trained(Run(settings, 0, rows, items))

    class OwnRowOnly(type(rows)):  # type: ignore[misc]
        never_negative = property(lambda self: self.positives)

    # With what LightFM would look up by itself, half of the items were negatives.
    naive = OwnRowOnly(**{name: getattr(rows, name) for name in rows.__dataclass_fields__})
    assert trained(Run(settings, 0, naive, items))


def test_rows_of_a_user_have_the_same_drawn_history_and_their_own_context(small: Dataset) -> None:
    rows = training_rows(small, ON)
    drawn = rows.draw(3, np.random.RandomState(0))
    columns = rows.columns
    assert drawn.shape == (len(rows.owner), columns.total)
    own = drawn[rows.owner == small.user("u")].toarray()
    liked, low = own[:, columns.of_liked], own[:, columns.of_disliked]
    assert (liked == liked[0]).all()
    assert np.count_nonzero(liked[0]) == 3
    e = small.catalogue.find("e")
    assert np.flatnonzero(low[0]).tolist() == [e]
    assert low[0, e] == pytest.approx(3**-0.5)
    np.testing.assert_array_equal(own[:, columns.of_contexts], rows.context.toarray()[:3])


def test_known_contexts_keep_their_places_and_new_ones_come_behind(small: Dataset) -> None:
    assert known_contexts(small) == (("device", "phone"), ("device", "tv"))
    known = (("device", "tablet"), ("device", "tv"))
    assert known_contexts(small, known) == (*known, ("device", "phone"))


def test_a_context_needs_enough_positives() -> None:
    def rows(n: int) -> list[tuple[Any, ...]]:
        return [(f"u{i}", "a", 5, i, "tv") for i in range(n)]

    assert known_contexts(dataset_of(rows(MIN_POSITIVES - 1))) == ()
    assert known_contexts(dataset_of(rows(MIN_POSITIVES))) == (("device", "tv"),)


def test_without_terms_the_rows_are_the_users(small: Dataset) -> None:
    rows = training_rows(small, ModelSettings())
    assert rows.positives is small.positives
    assert rows.never_negative is small.positives
    assert rows.columns.total == len(small.catalogue)


def test_what_no_draw_can_hold_is_known(small: Dataset) -> None:
    rows = training_rows(small, ON)
    names = [small.catalogue.ids.external(i) for i in range(len(small.catalogue))]
    never = rows.never_drawn()
    assert [names[i] for i in np.flatnonzero(never[rows.columns.of_liked])] == ["e"]
    low = never[rows.columns.of_disliked]
    assert [names[i] for i in np.flatnonzero(~low)] == ["e"]
    assert not never[rows.columns.of_contexts].any()


def test_shares_of_contexts_are_of_training_pairs(small: Dataset) -> None:
    rows = training_rows(small, ON)
    np.testing.assert_allclose(rows.context_shares, [122 / 186, 62 / 186])


def test_why_there_can_be_no_terms(small: Dataset) -> None:
    assert why_no_disliked(small) is None
    assert why_no_context(small) is None
    assert "set data.disliked_to" in str(why_no_disliked(replace(small, disliked_to=None)))
    assert "1 or lower" not in str(why_no_disliked(small))
    assert "0.5 or lower" in str(why_no_disliked(replace(small, disliked_to=0.5)))
    assert "name columns" in str(why_no_context(replace(small, context_names=())))
    assert "20 positive events" in str(why_no_context(replace(small, context_names=("mood",))))
