"""Tests that every part of a kind must pass: subclass, give a fixture, inherit the tests.

::

    from recx_agent.testing import RecommenderConformance

    class TestMine(RecommenderConformance):
        @pytest.fixture
        def model(self, dataset):
            return my_trainer.fit(dataset)

A standard test that does not hold is a fault of the part, or a promise less: declare less in
``views`` and ``what_ifs`` rather than override a test. Needs pytest (``recx-agent[test]``).
"""

from __future__ import annotations

import pytest

# So that a failed assertion of an inherited test shows its values.
pytest.register_assert_rewrite(
    "recx_agent.testing.recommender",
    "recx_agent.testing.recommender_histories",
    "recx_agent.testing.recommender_terms",
    "recx_agent.testing.retriever",
    "recx_agent.testing.samples",
    "recx_agent.testing.writer",
)

from recx_agent.testing.exactness import tolerance  # noqa: E402
from recx_agent.testing.planted import planted_dataset  # noqa: E402
from recx_agent.testing.recommender import RecommenderConformance  # noqa: E402
from recx_agent.testing.retriever import RetrieverConformance  # noqa: E402
from recx_agent.testing.writer import WriterConformance  # noqa: E402

__all__ = [
    "RecommenderConformance",
    "RetrieverConformance",
    "WriterConformance",
    "planted_dataset",
    "tolerance",
]
