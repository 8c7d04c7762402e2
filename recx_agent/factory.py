"""The only place that names concrete adapters: which model, index and writer are used."""

from __future__ import annotations

from pathlib import Path

from recx_agent.datasets import Dataset
from recx_agent.errors import IndexMissing, IndexStale
from recx_agent.explainer.explainer import Explainer
from recx_agent.prompts import TemplateWriter
from recx_agent.protocols import (
    AdditiveModel,
    EvidenceRetriever,
    ExplanationWriter,
    Progress,
    no_progress,
)
from recx_agent.recommenders import lightfm_trainer
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recommenders.fold_in import fold_in
from recx_agent.recommenders.popularity import popularity_model
from recx_agent.retrievers import ChromaIndex, ChromaRetriever
from recx_agent.settings import ModelSettings, Settings, WordingSettings


def train_model(
    dataset: Dataset,
    settings: ModelSettings,
    *,
    start: FactorModel | None = None,
    checkpoints: Path | None = None,
    progress: Progress = no_progress,
) -> FactorModel:
    """Train the recommender; see :func:`recx_agent.recommenders.lightfm_trainer.fit`."""
    return lightfm_trainer.fit(
        dataset, settings, start=start, checkpoints=checkpoints, progress=progress
    )


def grow_model(model: FactorModel, dataset: Dataset) -> FactorModel:
    """Take new users, events and items up without training."""
    return fold_in(model, dataset)


def load_model(folder: Path) -> FactorModel:
    """Load a saved recommender."""
    return FactorModel.load(folder)


def fallback_model(dataset: Dataset) -> AdditiveModel:
    """The model for users without a usable history."""
    return popularity_model(dataset)


def build_index(
    folder: Path,
    dataset: Dataset,
    model: AdditiveModel,
    settings: Settings,
    progress: Progress = no_progress,
) -> int:
    """Bring the evidence index up to date; returns the number of events in it."""
    return ChromaIndex(folder, settings.retriever).build(dataset, model, progress)


def check_index(folder: Path, dataset: Dataset, model: AdditiveModel) -> str:
    """Say what the evidence index holds.

    Raises
    ------
    IndexMissing, IndexStale
        There is none, or it is another model's or another state of the data.
    """
    state = ChromaIndex(folder).state()
    if state is None:
        raise IndexMissing(folder.parent)
    if state.model != model.fingerprint:
        raise IndexStale(folder.parent, "the evidence index is another model's")
    if state.data != dataset.fingerprint:
        raise IndexStale(folder.parent, "the evidence index is of another state of the data")
    return f"{state.events:,} events of {state.users:,} users"


def make_retriever(folder: Path, model: AdditiveModel) -> EvidenceRetriever:
    """The retriever of a user's own events."""
    return ChromaRetriever(folder, model.fingerprint)


def make_writer() -> ExplanationWriter:
    """The writer of explanations."""
    return TemplateWriter()


def make_explainer(
    dataset: Dataset,
    model: AdditiveModel,
    retriever: EvidenceRetriever,
    settings: Settings,
    wording: WordingSettings,
) -> Explainer:
    """Everything between a user and an explanation."""
    return Explainer(model, dataset, retriever, make_writer(), settings.evidence, wording)
