"""The words of a wording, for whoever reads texts: its noun, and the caution of its domain."""

from __future__ import annotations

from recx_agent.errors import SettingsError
from recx_agent.prompts.domain_pack import domain_of
from recx_agent.prompts.template_set import load_templates
from recx_agent.settings import WordingSettings


def noun_of(told: WordingSettings) -> tuple[str, str, str]:
    """What one item is called in the language of a wording, what several, and the measure word."""
    rules = load_templates(told.language).language
    noun = rules.noun(" ".join(told.item.split()), told.measure_word)
    return noun.one, noun.many, noun.measure


def caution_of(told: WordingSettings) -> str:
    """The sentence that ends every text of the domain; empty where there is none."""
    try:
        return domain_of(told.model_dump(mode="json"), told.language).caution
    except SettingsError:  # a domain of one's own in one language: there are no texts in the other
        return ""
