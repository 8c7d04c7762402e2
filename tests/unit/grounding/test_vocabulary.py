"""Words by class, and what a domain may add."""

from __future__ import annotations

import pytest

from recx_agent.errors import SettingsError
from recx_agent.grounding import Verifier, load_vocabulary
from recx_agent.grounding.verifier import rules_of
from tests.unit.grounding import world

LANGUAGES = ["en", "zh"]
MADE_BY_TOKENS = frozenset(
    "ITEM TITLE DEED_TOLD WROTE RATING VALUE NAME COUNT LIKED_IT CONTEXT QUOTE RANK "
    "COMMA SEMI COLON DASH OPEN CLOSE POSS".split()
)
NEVER_SAID = frozenset({"FILLER", "META", "NEVER", "WILL"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_many_single_and_sorted(language: str) -> None:
    words = load_vocabulary(language).words
    assert len(words) > 400
    assert list(words) == sorted(set(words))
    assert not any(" " in word for word in words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_grammar_is_offered_words_that_never_pass(language: str) -> None:
    vocabulary = load_vocabulary(language)
    for word in vocabulary.words:
        alone = {meaning.kind for meaning in vocabulary.of(word)}
        assert not alone or not alone <= {"META", "NEVER", "WILL", "ONLY", "NUMBER"}, word


@pytest.mark.parametrize("language", LANGUAGES)
def test_rules_and_words_know_the_same_classes(language: str) -> None:
    vocabulary = load_vocabulary(language)
    said = {meaning.kind for own in vocabulary.meanings.values() for meaning in own}
    asked = {kind for kind, _ in rules_of(language).classes}
    assert asked - said <= MADE_BY_TOKENS
    assert said - asked <= NEVER_SAID


def test_a_domain_adds_its_words() -> None:
    plan, slots = world.BY_HISTORY, world.slots("en")
    text = "{H1} and {H2} are both {SHARED} podcasts."
    assert not Verifier(load_vocabulary("en")).read(text, plan, slots).ok
    own = load_vocabulary("en", {"item_nouns": ["podcast", "podcasts"]})
    assert Verifier(own).read(text, plan, slots).ok
    assert {"podcast", "podcasts"} <= set(own.words)


def test_a_verb_of_use_says_nothing_of_what_was_done() -> None:
    own = Verifier(load_vocabulary("en", {"use_verbs": ["watch", "read"]}))
    plan, slots = world.BY_HISTORY, world.slots("en")
    assert own.read("You may want to watch {ITEM}, since you {H1.deed}.", plan, slots).ok
    assert not own.read("You read {H1}.", plan, slots).ok


@pytest.mark.parametrize("word", ["not", "loved", "only", "because"])
def test_a_neutral_word_of_a_domain_does_not_take_away_a_meaning(word: str) -> None:
    plain, own = load_vocabulary("en"), load_vocabulary("en", {"neutral": [word]})
    assert own.of(word) == plain.of(word) != ()


def test_a_domain_cannot_add_other_classes() -> None:
    with pytest.raises(SettingsError, match="'liked'.*item_nouns, use_verbs, neutral"):
        load_vocabulary("en", {"liked": ["dug"]})


@pytest.mark.parametrize("language", ["fr", "../en", ""])
def test_another_language_is_refused(language: str) -> None:
    with pytest.raises(SettingsError, match="en, zh"):
        load_vocabulary(language)
