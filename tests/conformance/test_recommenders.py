"""The shipped tests of recommenders, applied to every model there is."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recx_agent.datasets import Dataset
from recx_agent.recommenders.als_from_factors import model_of_factors
from recx_agent.recommenders.als_model import AlsModel
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recommenders.popularity import popularity_model
from recx_agent.settings import AlsSettings
from recx_agent.testing import RecommenderConformance


class TestLightFM(RecommenderConformance):
    @pytest.fixture
    def model(self, lightfm_model: FactorModel) -> FactorModel:
        return lightfm_model


class TestLightFMWithMoreTerms(RecommenderConformance):
    """Low ratings and contexts are terms too."""

    @pytest.fixture
    def model(self, lightfm_with_more_terms: FactorModel) -> FactorModel:
        assert lightfm_with_more_terms.uses_disliked
        assert lightfm_with_more_terms.contexts
        return lightfm_with_more_terms


class TestPopularity(RecommenderConformance):
    @pytest.fixture
    def model(self, dataset: Dataset) -> FactorModel:
        return popularity_model(dataset)


class TestAls(RecommenderConformance):
    @pytest.fixture
    def model(self, als_model: AlsModel) -> AlsModel:
        return als_model


class TestAlsFromSpark(RecommenderConformance):
    """Spark's folder and conventions, over the planted world."""

    @pytest.fixture
    def model(self, dataset: Dataset, als_model: AlsModel, tmp_path: Path) -> AlsModel:
        ids = dataset.catalogue.ids.ids
        (tmp_path / "spark" / "itemFactors").mkdir(parents=True)
        table = pa.table({"id": list(ids), "features": als_model.history_factors.tolist()})
        pq.write_table(table, tmp_path / "spark" / "itemFactors" / "part-00000.parquet")
        settings = AlsSettings(alpha=4.0, regularization=0.1, half_life=3.0)
        model = model_of_factors(dataset, settings, tmp_path / "spark")
        assert model.solver.by_length
        return model
