"""What things are called, and the language."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from recx_agent.settings.section import Section

Language = Literal["en", "zh"]


class LanguageWording(Section):
    """How things are called in one language; what is not given is that language's own word."""

    item: str | None = None
    measure_word: str | None = None
    scale_unit: str | None = None
    attribute_names: dict[str, str] | None = None


class WordingSettings(Section):
    """How things are called in text."""

    language: Language = "en"
    domain: str = Field(
        "shop", description="pack of words: shop, film, news, courses, finance, health, or your own"
    )
    domain_folder: Path | None = Field(None, description="folder of packs of your own")
    item: str = Field("item", description="what one item is called, such as 'film' or '电影'")
    measure_word: str = Field("", description="Chinese: before the item's noun; '' is by the noun")
    scale_unit: str = Field("", description="unit of a rating, such as 'stars'; may be empty")
    attribute_names: dict[str, str] = Field(
        default_factory=dict, description="column name = what to call it in a sentence"
    )
    by_language: dict[Language, LanguageWording] = Field(
        default_factory=dict, description="the same for texts in another language"
    )
