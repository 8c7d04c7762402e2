"""The only place that names concrete adapters: which model, index and writer are used."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recx_agent.datasets import Dataset, Event
from recx_agent.errors import SettingsError, UsageError
from recx_agent.explainer.explainer import Explainer
from recx_agent.explainer.sources import Sources
from recx_agent.facts import FactsReader, load_hook
from recx_agent.grounding import Verifier, load_vocabulary
from recx_agent.llms import open_chat_model
from recx_agent.prompts import GivenTemplates, LlmPrompts, TemplateWriter, load_domain
from recx_agent.prompts.request_set import load_requests
from recx_agent.protocols import (
    AdditiveModel,
    AuditLog,
    ChatModel,
    Chooser,
    CurrentFacts,
    EvidenceRetriever,
    ExplanationWriter,
    Plan,
    Progress,
    Slot,
    TextCache,
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
from recx_agent.schemas import AuditRecord
from recx_agent.sensitive import Sensitive
from recx_agent.settings import (
    AlsSettings,
    FactsSettings,
    LlmSettings,
    ModelSettings,
    Settings,
    WordingSettings,
)
from recx_agent.stores import SqlAuditLog, SqlTextCache, SqlUserStore
from recx_agent.writing import GivenWriter, GroundedWriter, Replayed, Speech, replay
from recx_agent.writing.grammar import grammar_for

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever

    from recx_agent.llms.endpoint_check import Finding


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


def make_writer(
    folder: Path, settings: Settings, erased: Callable[[str], bool]
) -> ExplanationWriter:
    """The writer of explanations, in every language; to be closed.

    Parameters
    ----------
    folder : Path
        The workspace, where texts and records are kept.
    settings : Settings
        Where no language model is set, templates write.
    erased : callable
        Whether a user is erased, or is being erased.

    Raises
    ------
    SettingsError
        See :func:`recx_agent.llms.open_chat_model` and :func:`make_chooser`.
    """
    templates = TemplateWriter(settings.wording.language)
    model = open_chat_model(settings.llm)
    if model is None:
        return templates
    return make_grounded_writer(
        settings,
        model,
        cache=make_text_cache(folder, settings, erased) if settings.kept.cache_entries else None,
        audit=make_audit_log(folder, settings, erased) if settings.kept.audit else None,
    )


def make_grounded_writer(
    settings: Settings,
    model: ChatModel,
    *,
    cache: TextCache | None = None,
    audit: AuditLog | None = None,
) -> GroundedWriter:
    """The writer that asks ``model``, which is closed with it."""
    chosen_by = settings.llm.discriminator
    return GroundedWriter(
        templates=TemplateWriter(settings.wording.language),
        prompts=LlmPrompts(),
        speech_of=speech_of,
        model=model,
        settings=settings.llm,
        cache=cache,
        audit=audit,
        chooser=None if chosen_by is None else make_chooser(Path(chosen_by)),
    )


def make_chat_model(settings: LlmSettings) -> ChatModel:
    """The language model of the settings.

    Raises
    ------
    SettingsError
        None is set.
    """
    model = open_chat_model(settings)
    if model is None:
        raise SettingsError("no language model: set llm.base_url, such as http://localhost:8000/v1")
    return model


def slots_of(plan: Plan) -> Mapping[str, Slot]:
    """The placeholders of a plan, with their words."""
    return LlmPrompts().slots(plan)


def make_given_writer(settings: LlmSettings) -> GivenWriter:
    """The writer of explanations from passages that somebody gives; to be closed.

    Raises
    ------
    SettingsError
        See :func:`recx_agent.llms.open_chat_model` and :func:`make_chooser`.
    """
    model, chosen_by = open_chat_model(settings), settings.discriminator
    chooser = None if model is None or chosen_by is None else make_chooser(Path(chosen_by))
    return GivenWriter(GivenTemplates(), model, settings, chooser)


def make_chooser(folder: Path) -> Chooser:
    """The discriminator that chooses among drafts.

    Raises
    ------
    SettingsError, ArtefactDamaged, ArtefactVersion
        PyTorch is missing, or the folder holds no discriminator that can be used.
    """
    from recx_agent.discriminator import load_discriminator

    return load_discriminator(folder)


def train_discriminator(
    data: Path, folder: Path, *, epochs: int, seed: int, progress: Progress | None = None
) -> dict[str, Any]:
    """Train a discriminator; see :func:`recx_agent.discriminator.training.train`.

    Raises
    ------
    SettingsError, DataError, WriteFailed
    """
    from recx_agent.discriminator import need_torch, train

    need_torch()
    return train(data, folder, epochs=epochs, seed=seed, progress=progress)


def speech_of(wording: Mapping[str, Any]) -> Speech:
    """What texts of a wording are judged by.

    Raises
    ------
    SettingsError
        There is no such domain or language.
    """
    folder = wording.get("domain_folder")
    return _speech(
        str(wording.get("language") or "en"),
        str(wording.get("domain") or "shop"),
        None if folder is None else str(folder),
    )


@functools.cache
def _speech(language: str, domain: str, folder: str | None) -> Speech:
    pack = load_domain(domain, language, folder)
    vocabulary = load_vocabulary(language, pack.words)
    system = load_requests(language).render("system", pack=pack)
    return Speech(
        judge=Verifier(vocabulary, instructions=[system]),
        grammar=lambda slots: grammar_for(slots, vocabulary),
        caution=pack.caution,
        version=f"{language}-{domain}+{pack.digest}",
    )


def replay_text(record: AuditRecord) -> Replayed:
    """Judge the drafts of an audit record again, as they would be judged today."""
    return replay(record, speech_of, TemplateWriter(record.writer.language))


def make_text_cache(folder: Path, settings: Settings, erased: Callable[[str], bool]) -> TextCache:
    """The store of verified texts of a workspace."""
    return SqlTextCache(folder, settings.kept.cache_entries, erased)


def make_audit_log(folder: Path, settings: Settings, erased: Callable[[str], bool]) -> AuditLog:
    """The store of audit records of a workspace."""
    return SqlAuditLog(folder, settings.kept.audit_days, erased)


def check_chat_endpoint(settings: LlmSettings) -> AsyncIterator[Finding]:
    """Ask the endpoint of a language model for what explanations need of it.

    Raises
    ------
    SettingsError
        There is no address, or a package is missing.
    """
    from recx_agent.llms.endpoint_check import check_endpoint

    return check_endpoint(settings)


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
    writer: ExplanationWriter,
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
        writer=writer,
        settings=settings.evidence,
        wording=wording,
        sensitive=sensitive,
    )
