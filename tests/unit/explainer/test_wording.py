"""What things are called in the language of an answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from recx_agent.errors import UsageError
from recx_agent.explainer.wording import language_of, told_in
from recx_agent.settings import Language, LanguageWording, WordingSettings

FILMS = WordingSettings(
    item="film",
    scale_unit="stars",
    attribute_names={"genre": "kind"},
    by_language={"zh": LanguageWording(item="电影", measure_word="部")},
)


def test_the_words_set_are_those_of_the_language_set() -> None:
    told = told_in(FILMS, "en")
    assert (told.language, told.item, told.scale_unit) == ("en", "film", "stars")
    assert told.attribute_names == {"genre": "kind"}


def test_another_language_has_its_own_words_alone() -> None:
    told = told_in(FILMS, "zh")
    assert (told.language, told.item, told.measure_word) == ("zh", "电影", "部")
    assert told.scale_unit == ""
    assert told.attribute_names == {}


@pytest.mark.parametrize(
    ("wording", "noun"),
    [
        (WordingSettings(), "内容"),
        (WordingSettings(item="film"), "内容"),
        (WordingSettings(language="zh"), "内容"),
        (WordingSettings(language="zh", item="书"), "书"),
        (WordingSettings(by_language={"zh": LanguageWording(measure_word="部")}), "内容"),
    ],
)
def test_a_chinese_text_has_a_chinese_noun(wording: WordingSettings, noun: str) -> None:
    assert told_in(wording, "zh").item == noun


def test_an_english_text_of_chinese_settings_has_an_english_noun() -> None:
    chinese = WordingSettings(language="zh", item="书", scale_unit="星")
    assert (told_in(chinese, "en").item, told_in(chinese, "en").scale_unit) == ("item", "")


def test_what_is_given_for_the_language_itself_wins() -> None:
    wording = WordingSettings(item="film", by_language={"en": LanguageWording(item="movie")})
    assert told_in(wording, "en").item == "movie"


def test_languages() -> None:
    assert language_of("zh") == "zh"
    for name in ("", "ZH", "chinese"):
        with pytest.raises(UsageError, match="en, zh"):
            language_of(name)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_domain_is_the_same_in_every_language(language: Language) -> None:
    """With it, the caution that finance and health need."""
    wording = WordingSettings(language="zh", domain="health", domain_folder=Path("packs"))
    told = told_in(wording, language)
    assert (told.domain, told.domain_folder) == ("health", Path("packs"))
