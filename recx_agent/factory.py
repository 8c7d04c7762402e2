"""The only place that names concrete adapters: which model, index and writer are used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from recx_agent.datasets import Dataset, Event
from recx_agent.errors import SettingsError, UsageError
from recx_agent.explainer.explainer import Explainer
from recx_agent.explainer.sources import Sources
from recx_agent.facts import FactsReader, load_hook
from recx_agent.prompts import TemplateWriter
from recx_agent.protocols import (
    AdditiveModel,
    CurrentFacts,
    EvidenceRetriever,
    ExplanationWriter,
    Progress,
    TextEmbedder,
    UserStore,
    no_progress,
)
from recx_agent.recommenders import als_trainer, lightfm_trainer
from recx_agent.recommenders.als_from_factors import model_of_factors
from recx_agent.recommenders.als_model import AlsModel
from recx_agent.recommenders.chosen_terms import fit_with_chosen_terms
from recx_agent.recommenders.fold_in import fold_in
from recx_agent.recommenders.popularity import popularity_model
from recx_agent.recommenders.saved_model import SavedModel, load_saved
from recx_agent.retrievers import (
    ChromaIndex,
    ChromaRetriever,
    clean_server_folder,
    index_removal,
)
from recx_agent.retrievers import user_records as index_of_user
from recx_agent.retrievers.index_state import IndexState
from recx_agent.retrievers.text_embedding import SentenceEmbedder
from recx_agent.retrievers.user_records import UserRecord
from recx_agent.sensitive import Sensitive
from recx_agent.settings import (
    AlsSettings,
    FactsSettings,
    Language,
    ModelSettings,
    Settings,
    WordingSettings,
)
from recx_agent.stores import SqlUserStore

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever


def train_model(
    dataset: Dataset,
    settings: Settings,
    *,
    checkpoints: Path | None = None,
    progress: Progress = no_progress,
) -> SavedModel:
    """Train the recommender of ``settings.recommender``, or take factors made elsewhere.

    Raises
    ------
    DataError, SettingsError, TrainingDiverged
        See the ``fit`` of the trainer, and
        :func:`recx_agent.recommenders.als_from_factors.model_of_factors`.
    """
    if settings.item_factors is not None:
        if "recommender" in settings.model_fields_set and settings.recommender != "als":
            raise SettingsError(
                f"item_factors makes an ALS model, and recommender is {settings.recommender!r}; "
                "leave one of them out"
            )
        return model_of_factors(
            dataset, settings.als, settings.item_factors, settings.item_factor_ids
        )
    if settings.recommender == "als":
        return als_trainer.fit(dataset, settings.als, progress=progress)
    return fit_with_chosen_terms(
        dataset, settings.model, checkpoints=checkpoints, progress=progress
    )


def update_model(
    model: SavedModel,
    dataset: Dataset,
    epochs: int,
    *,
    checkpoints: Path | None = None,
    progress: Progress = no_progress,
) -> SavedModel:
    """Go on from a model over a data set that has grown, with the settings it was fitted with.

    Parameters
    ----------
    epochs : int
        Further passes; 0 takes new users, events and items up without training.
    """
    if not epochs:
        return grow_model(model, dataset)
    trained: SavedModel
    if isinstance(model, AlsModel):
        als = AlsSettings(**{**model.notes["settings"], "iterations": epochs})
        trained = als_trainer.fit(dataset, als, start=model, progress=progress)
    else:
        lightfm = ModelSettings(**{**model.notes["settings"], "epochs": epochs})
        trained = lightfm_trainer.fit(
            dataset, lightfm, start=model, checkpoints=checkpoints, progress=progress
        )
    # Else a later training anew would be as short as this one.
    return replace(trained, notes={**trained.notes, "settings": model.notes["settings"]})


def retrain_model(
    model: SavedModel,
    dataset: Dataset,
    *,
    checkpoints: Path | None = None,
    progress: Progress = no_progress,
) -> SavedModel:
    """Train anew what a model is, with the settings it was fitted with, whatever they are now.

    Raises
    ------
    UsageError
        Its factors were made elsewhere.
    """
    if isinstance(model, AlsModel):
        if "origin" in model.notes:
            raise UsageError(
                "the item factors were made elsewhere and cannot be trained here; make new "
                "ones there, and fit with --item-factors"
            )
        als = AlsSettings(**model.notes["settings"])
        return als_trainer.fit(dataset, als, progress=progress)
    lightfm = ModelSettings(**model.notes["settings"])
    return lightfm_trainer.fit(dataset, lightfm, checkpoints=checkpoints, progress=progress)


def grow_model(model: SavedModel, dataset: Dataset) -> SavedModel:
    """Take new users, events and items up without training."""
    if isinstance(model, AlsModel):
        return model.grown(len(dataset.catalogue))
    return fold_in(model, dataset)


def load_model(folder: Path) -> SavedModel:
    """Load a saved recommender of any kind."""
    return load_saved(folder)


def fallback_model(dataset: Dataset) -> AdditiveModel:
    """The model for users without a usable history."""
    return popularity_model(dataset)


def build_index(
    folder: Path,
    dataset: Dataset,
    model: AdditiveModel,
    settings: Settings,
    progress: Progress = no_progress,
    *,
    anew: bool = False,
) -> int:
    """Bring the evidence index up to date, or build it from nothing.

    Returns
    -------
    int
        Events in it.
    """
    index = ChromaIndex(folder, settings.retriever, make_embedder(settings))
    return index.build(dataset, model, progress, anew=anew)


def check_index(folder: Path, dataset: Dataset, model: AdditiveModel, settings: Settings) -> str:
    """Say what the evidence index holds.

    Raises
    ------
    IndexMissing, IndexStale, IndexDamaged, IndexUnreachable
        There is none, it is another model's or another state of the data, records are
        missing, or its server does not answer.
    """
    index = ChromaIndex(folder, settings.retriever, make_embedder(settings))
    state = index.check(dataset, model)
    texts = f", {state.texts:,} texts" if state.plan.texts else ""
    return f"{state.events:,} events of {state.users:,} users{texts}"


def indexed_state(folder: Path, settings: Settings) -> IndexState | None:
    """Of which model and data the evidence index in force is; ``None`` if there is none."""
    return ChromaIndex(folder, settings.retriever).state()


def indexed_records(
    folder: Path, settings: Settings, user_id: str, *, vectors: bool = False
) -> list[UserRecord]:
    """Everything that the evidence index holds of a user."""
    return index_of_user.records_of_user(folder, settings.retriever, user_id, vectors=vectors)


def remove_index(folder: Path, settings: Settings) -> None:
    """Remove the evidence index, and what was begun of another one."""
    index_removal.remove_index(folder, settings.retriever)


def check_nothing_old(folder: Path, settings: Settings) -> None:
    """See that no earlier state of the evidence index is left.

    Raises
    ------
    EvidenceIndexError
        One could not be removed.
    """
    state = indexed_state(folder, settings)
    embedded = state is not None and settings.retriever.url is None
    index_removal.check_nothing_old(folder, state.generation if state and embedded else None)


def was_on_server(folder: Path) -> bool:
    """Whether the workspace ever had its evidence index on a server."""
    return index_removal.was_on_server(folder)


def make_user_store(workspace: Path) -> UserStore:
    """The store of hidden items and erased users of a workspace."""
    return SqlUserStore(workspace)


def make_embedder(settings: Settings) -> TextEmbedder | None:
    """What texts are embedded with, if anything; it is loaded when first used."""
    model = settings.retriever.text_embedder
    return None if model is None else SentenceEmbedder(model)


def make_retriever(
    folder: Path, dataset: Dataset, model: AdditiveModel, settings: Settings
) -> EvidenceRetriever:
    """The retriever of a user's own events and texts."""
    return ChromaRetriever(
        folder, model.fingerprint, settings.retriever, dataset, make_embedder(settings)
    )


def make_own_events_retriever(
    retriever: EvidenceRetriever,
    user_id: str,
    *,
    dataset: Dataset,
    words: Callable[[Event, str], str],
    tellable: Callable[[], Callable[[Event], bool]],
    k: int,
) -> BaseRetriever:
    """One user's own events for LangChain.

    Parameters
    ----------
    words : callable
        Words an event, given the title of its item.
    tellable : callable
        Gives what tells whether an event may be told now.
    """
    from recx_agent.retrievers.langchain_retriever import OwnEventsRetriever

    assert isinstance(retriever, ChromaRetriever)
    return OwnEventsRetriever(
        source=retriever,
        user_id=user_id,
        words=lambda own: words(own.event, own.title),
        value_max=dataset.scale[1] if dataset.scale else None,
        tellable=tellable,
        k=k,
    )


def clean_index_server(folder: Path) -> None:
    """Remove from the folder of a stopped Chroma server what it keeps of deleted records."""
    clean_server_folder(folder)


def make_writer(language: Language = "en") -> ExplanationWriter:
    """The writer of explanations in one language."""
    return TemplateWriter(language)


def make_facts(settings: FactsSettings, hook: CurrentFacts | None) -> CurrentFacts | None:
    """The reader of facts that change, from a hook or from that of the settings, if any.

    Raises
    ------
    SettingsError
        The hook of the settings cannot be loaded.
    """
    if hook is None and settings.hook is not None:
        hook = load_hook(settings.hook)
    return None if hook is None else FactsReader(hook, settings)


def make_explainer(
    *,
    dataset: Dataset,
    model: AdditiveModel,
    retriever: EvidenceRetriever,
    settings: Settings,
    wording: WordingSettings,
    sensitive: Sensitive,
    facts: CurrentFacts | None,
) -> Explainer:
    """Everything between a user and an explanation, in the language of ``wording``."""
    return Explainer(
        model=model,
        dataset=dataset,
        sources=Sources(
            dataset=dataset,
            retriever=retriever,
            settings=settings.evidence,
            sensitive=sensitive,
            facts=facts,
            uses_disliked=model.uses_disliked,
        ),
        writer=make_writer(wording.language),
        settings=settings.evidence,
        wording=wording,
        sensitive=sensitive,
    )
