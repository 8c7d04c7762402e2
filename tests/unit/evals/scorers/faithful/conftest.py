"""A model whose terms are given: one user, four history items, four candidates.

=======  =====  =====  =====  =====  ====  =====
item     Item0  Item1  Item2  Item3  bias  score
=======  =====  =====  =====  =====  ====  =====
Item 4     1.0    0.6    0.3   -0.1   0.0    1.8
Item 5     0.0    0.0    0.0    0.0   1.5    1.5
Item 6     0.0    0.0    0.0    0.0  0.95   0.95
Item 7     0.0    0.0    0.0    0.0  0.25   0.25
=======  =====  =====  =====  =====  ====  =====
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from recx_agent.attribution import Standing
from recx_agent.datasets import Dataset
from recx_agent.evals.samples import Piece, Sample, Sentence
from recx_agent.evals.scorers.faithful.case import Case
from recx_agent.evals.served import Served
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recommenders.item_features import build_features

OWN, N = 4, 8
TERMS = np.zeros((N, OWN))
TERMS[4] = [1.0, 0.6, 0.3, -0.1]
BIASES = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 1.5, 0.95, 0.25])

ServedOf = Callable[..., Served]
CaseOf = Callable[..., Case]


def model_of(
    data: Dataset, terms: NDArray[Any], biases: NDArray[Any], genres: Sequence[Any] = ()
) -> FactorModel:
    """A model with these terms: one dimension a history item, taken by the items' identities.

    ``genres`` are terms of the attributes, shape (n_attributes, n_own), that their items have
    on top.
    """
    features, matrix = build_features(data.catalogue)
    own = terms.shape[1]
    weights = FactorModel.weights(_shell(), np.arange(own, dtype=np.float64))
    history = np.zeros((len(terms), own), np.float32)
    history[np.arange(own), np.arange(own)] = 1.0
    factors = np.zeros((len(features), own), np.float32)
    factors[: len(terms)] = terms / weights
    if len(genres):
        factors[len(terms) :] = np.array(genres) / weights
    feature_biases = np.zeros(len(features), np.float32)
    feature_biases[: len(terms)] = biases
    return FactorModel.of(
        history, factors, feature_biases, matrix, features=features, half_life=1e6
    )


def _shell() -> Any:
    class Shell:
        half_life, scale = 1e6, 1.0

    return Shell()


@pytest.fixture(scope="session")
def data(make_dataset: Any) -> Dataset:
    """Items 0 to 3 are user 0's history, 0 the newest; genre g0 is that of items 0 to 3."""
    rows = [(0, item, 5.0, 100 - item) for item in range(OWN)]
    found = make_dataset([*rows, (1, 7, 5.0, 1)], 2, N)
    assert isinstance(found, Dataset)
    return found


@pytest.fixture(scope="session")
def served_of(data: Dataset) -> ServedOf:
    def make(
        terms: NDArray[Any] = TERMS,
        biases: NDArray[Any] = BIASES,
        genres: Sequence[Any] = (),
        others: Sequence[NDArray[Any]] = (),
    ) -> Served:
        model = model_of(data, terms, biases, genres)
        standing = Standing(model, data.history(0), data.seen(0))
        return Served(data, {"0": standing}, [model_of(data, one, biases) for one in others])

    return make


def told(text: str, *cites: str, **changes: Any) -> Sample:
    """A text for user 0 about item 4, in one sentence."""
    pieces = [
        Piece(f"H{item}", "cause", "", {"item_id": str(item), "title": f"Item {item}"})
        for item in range(OWN)
    ]
    pieces.append(Piece("A1", "cause", "", {"name": "genre", "value": "g1"}))
    pieces.append(Piece("F1", "fact", "", {"name": "genre", "value": "g1"}))
    content: dict[str, Any] = {
        "key": "0 4 en",
        "writer": "w",
        "user_id": "0",
        "item_id": "4",
        "language": "en",
        "text": text,
        "sentences": (Sentence(text, cites),),
        "evidence": tuple(pieces),
        "extra": {"title": "Item 4"},
    }
    return Sample(**{**content, **changes})


@pytest.fixture
def case_of(served_of: ServedOf) -> CaseOf:
    def make(text: str, *cites: str, served: Served | None = None, **changes: Any) -> Case:
        return Case(served or served_of(), told(text, *cites, **changes))

    return make
