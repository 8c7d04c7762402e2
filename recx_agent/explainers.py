"""The models and explainers of one opened workspace: made when first used, the last ones kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recx_agent.datasets import Dataset, Event
from recx_agent.explainer.explainer import Explainer
from recx_agent.explainer.person import Person
from recx_agent.explainer.wording import language_of, told_in, wording_in_force
from recx_agent.factory import (
    fallback_model,
    make_explainer,
    make_facts,
    make_own_events_retriever,
    make_retriever,
    make_writer,
)
from recx_agent.people import People
from recx_agent.people.muted import without_terms
from recx_agent.protocols import (
    AdditiveModel,
    CurrentFacts,
    EvidenceRetriever,
    ExplanationWriter,
    Keeping,
    Keeps,
    Pausing,
    Witnesses,
)
from recx_agent.sensitive import Sensitive
from recx_agent.settings import Language, Settings, WordingSettings

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever

Pairs = frozenset[tuple[str, str]]
"""Names and values of attributes."""

_KEPT = 16
"""Models without some attributes, and explainers, kept at once: each has a copy of all items."""


@dataclass(frozen=True)
class Explainers:
    """Chooses the model and the explainer for a person.

    Parameters
    ----------
    dataset : Dataset
    indexed : AdditiveModel
        The model the evidence index was built with.
    model : AdditiveModel
        The same without the terms that must not count.
    folder : Path
        The workspace.
    evidence : Path
        Folder of the evidence index.
    settings : Settings
    fitted : mapping
        The wording the version was fitted with, where the settings give no other.
    sensitive : Sensitive
    erased : callable
        Whether a user is erased: nothing that is written for him is kept.
    facts : CurrentFacts or None
        A hook in the place of that of the settings.
    witnesses : Witnesses or None
        Who tells whether a history foretells itself.
    """

    dataset: Dataset
    indexed: AdditiveModel
    model: AdditiveModel
    folder: Path
    evidence: Path
    settings: Settings
    fitted: Mapping[str, Any]
    sensitive: Sensitive
    erased: Callable[[str], bool]
    facts: CurrentFacts | None = None
    witnesses: Witnesses | None = None

    def model_for(self, person: Person) -> AdditiveModel:
        """The model without what the person has muted; for one without a history what all like."""
        return self._model(bool(len(person.history)), frozenset(person.muted))

    def sensitive_for(self, person: Person) -> Sensitive:
        """What must not be told to the person: the rules, and what he has muted."""
        return self.sensitive.besides(person.muted) if person.muted else self.sensitive

    def explainer_for(self, person: Person, language: str | None = None) -> Explainer:
        """The explainer in a language; that of the settings if none is given.

        Raises
        ------
        UsageError
            There are no texts in it.
        """
        wanted = language_of(language) if language else self.wording.language
        return self._explainer(wanted, bool(len(person.history)), frozenset(person.muted))

    def own_events(
        self, people: People, user_id: str, k: int, language: str | None = None
    ) -> BaseRetriever:
        """A LangChain retriever of a user's own events, less those that may not be told.

        Raises
        ------
        UnknownUser
        """
        explainer = self.explainer_for(people.person(user_id), language)

        def tellable() -> Callable[[Event], bool]:
            return partial(explainer.sources.tells, people.person(user_id))

        return make_own_events_retriever(
            self.retriever,
            user_id,
            dataset=self.dataset,
            words=explainer.event_text,
            tellable=tellable,
            k=k,
        )

    @property
    def paused(self) -> bool:
        """Whether the language model is left alone after too many faults."""
        writer = self.__dict__.get("writer")
        return isinstance(writer, Pausing) and writer.paused

    @property
    def keeping(self) -> Keeping:
        """How it stands with the texts and records that the writer keeps."""
        writer = self.__dict__.get("writer")
        return writer.keeping if isinstance(writer, Keeps) else Keeping()

    def close(self) -> None:
        """Let go of the evidence index and the writer."""
        for part in ("retriever", "writer"):
            if part in self.__dict__:
                getattr(self, part).close()

    @cached_property
    def _model(self) -> Callable[[bool, Pairs], AdditiveModel]:
        def model(has_history: bool, muted: Pairs) -> AdditiveModel:
            if not has_history:
                return self._fallback
            return without_terms(self.model, muted) if muted else self.model

        return lru_cache(_KEPT)(model)

    @cached_property
    def _explainer(self) -> Callable[[Language, bool, Pairs], Explainer]:
        def explainer(language: Language, has_history: bool, muted: Pairs) -> Explainer:
            return make_explainer(
                dataset=self.dataset,
                model=self._model(has_history, muted),
                retriever=self.retriever,
                settings=self.settings,
                wording=told_in(self.wording, language),
                sensitive=self.sensitive.besides(muted) if muted else self.sensitive,
                facts=self._facts,
                writer=self.writer,
                witnesses=self.witnesses,
            )

        return lru_cache(_KEPT)(explainer)

    @cached_property
    def writer(self) -> ExplanationWriter:
        """Made when first used: one for all languages."""
        return make_writer(self.folder, self.settings, self.erased)

    @cached_property
    def retriever(self) -> EvidenceRetriever:
        """Opened when first used."""
        return make_retriever(self.evidence, self.dataset, self.indexed, self.settings)

    @cached_property
    def wording(self) -> WordingSettings:
        """What things are called."""
        return wording_in_force(self.settings, self.fitted)

    @cached_property
    def _facts(self) -> CurrentFacts | None:
        return make_facts(self.settings.facts, self.facts)

    @cached_property
    def _fallback(self) -> AdditiveModel:
        return fallback_model(self.dataset)
