"""The parts that are put to the shipped tests, each made once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from recx_agent.recommenders import als_trainer, lightfm_trainer
from recx_agent.recommenders.als_model import AlsModel
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.retrievers import ChromaIndex, ChromaRetriever
from recx_agent.settings import AlsSettings, ModelSettings
from recx_agent.testing import planted_dataset

SMALL = {"components": 6, "runs": 2, "epochs": 6, "learning_rate": 0.05, "half_life": 4.0}


@pytest.fixture(scope="session")
def lightfm_model() -> FactorModel:
    return lightfm_trainer.fit(planted_dataset(), ModelSettings(**SMALL))


@pytest.fixture(scope="session")
def lightfm_with_more_terms() -> FactorModel:
    settings = ModelSettings(**SMALL, context="on", disliked="on")
    return lightfm_trainer.fit(planted_dataset(), settings)


@pytest.fixture(scope="session")
def als_model() -> AlsModel:
    return als_trainer.fit(planted_dataset(), AlsSettings(factors=5, half_life=4.0))


@pytest.fixture(scope="session")
def chroma_retriever(
    als_model: AlsModel, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ChromaRetriever]:
    folder: Path = tmp_path_factory.mktemp("conformance") / "evidence"
    ChromaIndex(folder).build(planted_dataset(), als_model)
    with ChromaRetriever(folder, als_model.fingerprint) as retriever:
        yield retriever
