"""The explainers of one opened workspace: one for each language, made when first used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
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
from recx_agent.protocols import (
    AdditiveModel,
    CurrentFacts,
    EvidenceRetriever,
    ExplanationWriter,
)
from recx_agent.sensitive import Sensitive
from recx_agent.settings import Language, Settings, WordingSettings

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever


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
    _made: dict[tuple[Language, bool], Explainer] = field(default_factory=dict)

    def model_for(self, person: Person) -> AdditiveModel:
        """What everyone likes, for a person without a history."""
        return self.model if len(person.history) else self._fallback

    def explainer_for(self, person: Person, language: str | None = None) -> Explainer:
        """The explainer in a language; that of the settings if none is given.

        Raises
        ------
        UsageError
            There are no texts in it.
        """
        wanted = language_of(language) if language else self.wording.language
        key = wanted, bool(len(person.history))
        if key not in self._made:
            self._made[key] = make_explainer(
                dataset=self.dataset,
                model=self.model_for(person),
                retriever=self.retriever,
                settings=self.settings,
                wording=told_in(self.wording, wanted),
                sensitive=self.sensitive,
                facts=self._facts,
                writer=self.writer,
            )
        return self._made[key]

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

    def close(self) -> None:
        """Let go of the evidence index and the writer."""
        for part in ("retriever", "writer"):
            if part in self.__dict__:
                getattr(self, part).close()

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
