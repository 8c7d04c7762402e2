"""What a workspace calls its things, by its settings of wording."""

from __future__ import annotations

from recx_agent.evals.scorers.house import House
from recx_agent.explainer.wording import LANGUAGES, told_in
from recx_agent.factory import caution_of, noun_of
from recx_agent.settings import WordingSettings


def houses_of(wording: WordingSettings) -> dict[str, House]:
    """By language: nouns, the unit of ratings, names of attributes, the domain's caution."""
    return {language: _house(told_in(wording, language)) for language in LANGUAGES}


def _house(told: WordingSettings) -> House:
    names = dict(told.attribute_names)
    return House(*noun_of(told), told.scale_unit, names, caution_of(told))
