"""One user's own events as LangChain documents, nearest to a question first."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from langchain_core.callbacks import (
    AsyncCallbackManagerForRetrieverRun,
    CallbackManagerForRetrieverRun,
)
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import run_in_executor
from pydantic import ConfigDict, Field

from recx_agent.datasets import Event
from recx_agent.errors import UsageError
from recx_agent.retrievers.chroma_retriever import ChromaRetriever, OwnEvent

Words = Callable[[OwnEvent], str]
"""Puts an event into words."""

Tellable = Callable[[], Callable[[Event], bool]]
"""Gives what tells whether an event may be told; asked anew with each question."""


class OwnEventsRetriever(BaseRetriever):
    """The events of one user, whom the program names and no question can change.

    A chain that asks can choose the question and ``k``; nothing in either is looked at for
    a user. It gives exactly ``k`` documents where the user has as many events.

    Parameters
    ----------
    source : ChromaRetriever
        With a data set and an embedder.
    user_id : str
    words : callable
        Puts an event into words, for ``page_content``.
    value_max : float, optional
        Highest possible rating.
    tellable : callable, optional
        Gives what tells whether an event may be told now; all may if not given.
    k : int
        Documents, at least 1; ``invoke(question, k=…)`` wins over it.

    Raises
    ------
    SettingsError, UnknownUser, EvidenceIndexError
        When it is asked; see :meth:`ChromaRetriever.nearest`.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True, extra="forbid")

    source: ChromaRetriever = Field(exclude=True, repr=False)
    user_id: str
    words: Words = Field(exclude=True, repr=False)
    value_max: float | None = None
    tellable: Tellable | None = Field(None, exclude=True, repr=False)
    k: int = Field(4, ge=1)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        wanted = self.k if k is None else k
        if wanted < 1:
            raise UsageError(f"k is {wanted}; it must be at least 1")
        tellable = None if self.tellable is None else self.tellable()
        found = self.source.nearest(self.user_id, query, wanted, tellable)
        return [self._document(own) for own in found]

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun,
        k: int | None = None,
    ) -> list[Document]:
        # Chroma embedded knows no other way than a thread.
        ask = partial(self._get_relevant_documents, run_manager=run_manager.get_sync(), k=k)
        return await run_in_executor(None, ask, query)

    def _document(self, own: OwnEvent) -> Document:
        event = own.event
        told: dict[str, Any] = {
            "event_id": event.id,
            "item_id": own.item_id or None,
            "title": own.title or None,
            "event_type": event.event_type,
            "rating": event.value,
            "rating_max": None if event.value is None else self.value_max,
            "date": event.date,
            "source": event.source,
            "similarity": own.similarity,
            "similar_by": own.by,
        }
        return Document(id=event.id, page_content=self.words(own), metadata=told)
