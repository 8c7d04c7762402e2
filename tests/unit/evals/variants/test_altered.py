"""A workspace in memory explains as the one on disk does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from recx_agent.datasets import Dataset
from recx_agent.evals.variants.altered import Altered
from recx_agent.evals.variants.own_events import OwnEvents
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recx import Recx
from recx_agent.testing import planted_dataset


@pytest.fixture(scope="module")
def recx(planted_workspace: Path) -> Iterator[Recx]:
    with Recx.open(planted_workspace) as opened:
        yield opened


def test_unchanged_it_explains_as_the_workspace_does(recx: Recx) -> None:
    with Altered(recx, recx.dataset) as altered:
        for user_id in recx.dataset.users.ids[:6]:
            item = recx.recommend(user_id, 1).items[0].item_id
            one, other = recx.explain(user_id, item), altered.explain(user_id, item)
            assert other.model_dump() == one.model_dump()
            assert altered.plan(user_id, item) == recx.plan(user_id, item)


class _Letters:
    """Texts that share letters are near to one another."""

    name = "letters"

    def embed(self, texts: list[str]) -> np.ndarray:
        counts = np.array([[text.lower().count(chr(97 + n)) for n in range(26)] for text in texts])
        return np.asarray(counts / np.linalg.norm(counts, axis=1, keepdims=True), np.float32)


def test_texts_come_nearest_first_and_none_without_an_embedder(planted_model: FactorModel) -> None:
    data: Dataset = planted_dataset()
    user = next(
        id
        for id in data.users.ids
        if sum(bool(t) for t in data.events.texts[data.events.of_user(data.user(id))]) == 2
    )
    near = OwnEvents(data, planted_model, _Letters())  # type: ignore[arg-type]
    (found,) = near.similar_texts(user, ["i0"], 5)
    assert len(found) == 2
    assert found[0].similarity >= found[1].similarity
    assert OwnEvents(data, planted_model).similar_texts(user, ["i0"], 5) == [[]]
    (every,) = OwnEvents(data, planted_model, all_texts=True).similar_texts(user, ["i0"], 5)
    assert [text.similarity for text in every] == [1.0, 1.0]
