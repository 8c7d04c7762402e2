"""Domain packs: the shipped ones, one of a stranger's own, and what is said of a wrong file."""

from __future__ import annotations

from pathlib import Path

import pytest

from recx_agent.errors import SettingsError
from recx_agent.grounding import DOMAIN_CLASSES, load_vocabulary
from recx_agent.prompts import LlmPrompts, TemplateWriter, domain_names, load_domain
from recx_agent.protocols import Plan
from recx_agent.settings import WordingSettings
from recx_agent.testing.plans import ITEM, every_claim, evidence

SHIPPED = ("courses", "film", "finance", "health", "news", "shop")
LANGUAGES = ("en", "zh")
OWN = """
role = "a toy shop"
rules = ["Be brief."]

[words]
item_nouns = ["toy", "toys"]
"""


def write(folder: Path, text: str, name: str = "toys", language: str = "en") -> Path:
    file = folder / name / f"{language}.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return folder


def test_the_shipped_domains() -> None:
    assert domain_names() == SHIPPED


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SHIPPED)
def test_each_has_a_role_and_words_of_the_classes_there_are(name: str, language: str) -> None:
    pack = load_domain(name, language)
    assert pack.role
    assert set(pack.words) == set(DOMAIN_CLASSES)
    vocabulary = load_vocabulary(language, pack.words)
    own = {word for words in pack.words.values() for word in words}
    assert own <= set(vocabulary.words) | set(load_vocabulary(language).meanings)


@pytest.mark.parametrize("name", SHIPPED)
def test_finance_and_health_have_a_caution_and_rules_against_advice(name: str) -> None:
    for language in LANGUAGES:
        pack = load_domain(name, language)
        assert bool(pack.caution) == (name in {"finance", "health"})
        if pack.caution:
            assert len(pack.rules) >= 2
            assert pack.caution.endswith((".", "。"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("domain", ["finance", "health"])
def test_every_text_of_the_domain_ends_with_its_caution(domain: str, language: str) -> None:
    wording = WordingSettings.model_validate({"language": language, "domain": domain})
    caution = LlmPrompts().caution(wording.model_dump())
    for claim in every_claim():
        plan = Plan(ITEM, [claim], evidence(), wording.model_dump())
        draft = TemplateWriter().write(plan)
        assert [s.text for s in draft.sentences[1:]] == [caution]
        assert draft.sentences[-1].evidence == claim.evidence


def test_other_domains_get_no_sentence_more() -> None:
    plan = Plan(ITEM, every_claim()[:1], evidence(), WordingSettings().model_dump())
    assert len(TemplateWriter().write(plan).sentences) == 1


def test_a_stranger_s_domain_is_a_folder_with_a_file(tmp_path: Path) -> None:
    folder = write(tmp_path, OWN)
    pack = load_domain("toys", "en", folder)
    assert (pack.role, pack.caution, pack.rules) == ("a toy shop", "", ("Be brief.",))
    assert "toys" in load_vocabulary("en", pack.words).words
    assert "toys" in domain_names(folder)
    wording = WordingSettings.model_validate({"domain": "toys", "domain_folder": folder})
    plan = Plan(ITEM, every_claim()[:1], evidence(), wording.model_dump())
    prompt = LlmPrompts().explain(plan, LlmPrompts().slots(plan))
    assert "a toy shop" in prompt.messages[0].content
    assert "- Be brief." in prompt.messages[0].content


def test_a_stranger_s_pack_goes_before_a_shipped_one_of_its_name(tmp_path: Path) -> None:
    folder = write(tmp_path, 'role = "another shop"', "shop")
    assert load_domain("shop", "en", folder).role == "another shop"
    assert load_domain("shop", "en").role == "a shop"
    assert load_domain("film", "en", folder) == load_domain("film", "en")


def test_an_unknown_domain_lists_those_there_are(tmp_path: Path) -> None:
    write(tmp_path, OWN)
    with pytest.raises(SettingsError, match="no domain 'garden'; there are courses, film,.* toys"):
        load_domain("garden", "en", tmp_path)
    with pytest.raises(SettingsError, match="set wording.domain_folder"):
        load_domain("toys", "en")


@pytest.mark.parametrize("name", ["../shop", "shop/../film", "", "Shop", ".."])
def test_a_name_is_no_path(name: str) -> None:
    with pytest.raises(SettingsError, match="no domain"):
        load_domain(name, "en")


def test_a_language_that_is_missing_is_named(tmp_path: Path) -> None:
    write(tmp_path, OWN)
    with pytest.raises(SettingsError, match=r"'toys' has no file zh\.toml, only en\.toml; add it"):
        load_domain("toys", "zh", tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="wording.domain_folder: there is no folder"):
        load_domain("shop", "en", tmp_path / "gone")


WRONG = {
    "no TOML in UTF-8": "role = ",
    "'role' is missing": "caution = 'x'",
    "unknown 'roles'; there are caution, role, rules, words": "roles = 'x'",
    "'role' is no text, or has braces": "role = 'a {shop}'",
    "'caution' is no text": "role = 'a shop'\ncaution = 3",
    "'rules' is no list of sentences": "role = 'a shop'\nrules = 'be brief'",
    r"words\.strong: there is no such class; there are item_nouns": (
        "role = 'a shop'\n[words]\nstrong = ['best']"
    ),
    r"words\.neutral is no list of words without spaces": (
        "role = 'a shop'\n[words]\nneutral = ['the best']"
    ),
    "'words' is no table of classes": "role = 'a shop'\nwords = ['best']",
}


@pytest.mark.parametrize("message", WRONG)
def test_a_wrong_file_says_what_is_wrong_and_where(message: str, tmp_path: Path) -> None:
    folder = write(tmp_path, WRONG[message])
    with pytest.raises(SettingsError, match=message) as raised:
        load_domain("toys", "en", folder)
    assert str(folder / "toys" / "en.toml") in str(raised.value)


def test_the_digest_changes_with_the_file(tmp_path: Path) -> None:
    first = load_domain("toys", "en", write(tmp_path / "a", OWN)).digest
    other = load_domain("toys", "en", write(tmp_path / "b", OWN + "# more")).digest
    assert first != other
