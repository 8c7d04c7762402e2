"""Everything between a user and an explanation."""

from __future__ import annotations

from recx_agent.datasets import Dataset
from recx_agent.explainer.explainer import Explainer
from recx_agent.explainer.sources import Sources
from recx_agent.facts import FactsReader, load_hook
from recx_agent.protocols import (
    AdditiveModel,
    CurrentFacts,
    EvidenceRetriever,
    ExplanationWriter,
    Witnesses,
)
from recx_agent.sensitive import Sensitive
from recx_agent.settings import (
    FactsSettings,
    Settings,
    WordingSettings,
)


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
    witnesses: Witnesses | None = None,
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
        witnesses=witnesses,
    )
