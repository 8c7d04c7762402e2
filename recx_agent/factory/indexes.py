"""Evidence indexes and what reads them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from recx_agent.datasets import Dataset, Event
from recx_agent.protocols import (
    AdditiveModel,
    EvidenceRetriever,
    Progress,
    TextEmbedder,
    no_progress,
)
from recx_agent.retrievers import (
    ChromaIndex,
    ChromaRetriever,
    clean_server_folder,
    index_removal,
)
from recx_agent.retrievers import user_records as index_of_user
from recx_agent.retrievers.index_state import IndexState
from recx_agent.retrievers.text_embedding import SentenceEmbedder
from recx_agent.retrievers.text_records import item_text as item_text  # what is compared
from recx_agent.retrievers.text_records import text_events as text_events
from recx_agent.retrievers.user_records import UserRecord
from recx_agent.settings import (
    Settings,
)

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever


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


def clean_index_server(folder: Path) -> None:
    """Remove from the folder of a stopped Chroma server what it keeps of deleted records."""
    clean_server_folder(folder)


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
