"""The shipped tests of retrievers, applied to Chroma's and to the one without an index."""

from __future__ import annotations

import pytest

from recx_agent.datasets import Dataset
from recx_agent.evals.variants.own_events import OwnEvents
from recx_agent.recommenders.als_model import AlsModel
from recx_agent.retrievers import ChromaRetriever
from recx_agent.testing import RetrieverConformance


class TestChroma(RetrieverConformance):
    @pytest.fixture
    def model(self, als_model: AlsModel) -> AlsModel:
        return als_model

    @pytest.fixture
    def retriever(self, chroma_retriever: ChromaRetriever) -> ChromaRetriever:
        return chroma_retriever


class TestOwnEvents(RetrieverConformance):
    @pytest.fixture
    def model(self, als_model: AlsModel) -> AlsModel:
        return als_model

    @pytest.fixture
    def retriever(self, dataset: Dataset, als_model: AlsModel) -> OwnEvents:
        return OwnEvents(dataset, als_model, all_texts=True)
