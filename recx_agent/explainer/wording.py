"""What things are called in the language of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from recx_agent.errors import UsageError
from recx_agent.settings import Language, LanguageWording, Settings, WordingSettings, merge

LANGUAGES: tuple[Language, ...] = get_args(Language)

_NOUNS: dict[Language, str] = {"en": "item", "zh": "内容"}
"""What an item is called where nothing is set."""


def language_of(name: str) -> Language:
    """The language of this name.

    Raises
    ------
    UsageError
        There are no texts in it.
    """
    for language in LANGUAGES:
        if language == name:
            return language
    raise UsageError(f"no texts in language {name!r}; there are {', '.join(LANGUAGES)}")


def wording_in_force(settings: Settings, fitted: Mapping[str, Any]) -> WordingSettings:
    """What is set now, else what a version was fitted with."""
    now = settings.wording.model_dump(exclude_unset=True)
    return WordingSettings(**merge(dict(fitted), now))


def told_in(wording: WordingSettings, language: Language) -> WordingSettings:
    """What things are called in a language.

    The words set are those of ``wording.language``; for another one only ``by_language``
    counts, and that language's own word for an item. The domain is the same in all of them.
    """
    own = wording.by_language.get(language, LanguageWording()).model_dump(exclude_none=True)
    shared = None if language == wording.language else {"domain", "domain_folder"}
    base: dict[str, Any] = wording.model_dump(include=shared)
    if base.get("item", _NOUNS["en"]) == _NOUNS["en"]:
        base["item"] = _NOUNS[language]
    return WordingSettings(**{**base, **own, "language": language, "by_language": {}})
