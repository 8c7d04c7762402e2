"""The types of events that the verifier knows are those that the templates word."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

import pytest

from recx_agent.grounding import events, load_vocabulary
from recx_agent.prompts import event_words

TEMPLATES = resources.files("recx_agent.prompts").joinpath("templates")
OTHER = {"rating", "rate", "rated", "score", "search", "searched", "query", "note", "noted"}
"""Told by rules of their own: ratings, searches and notes."""
FEELINGS = {"like", "liked", "dislike", "disliked"}


def table(*names: str) -> dict[str, Any]:
    found = TEMPLATES.joinpath(*names).read_text(encoding="utf-8")
    return tomllib.loads(found)


def verbs(language: str) -> list[tuple[str, str]]:
    """Every verb of the templates with each type that it is used for."""
    own = table(language, "events.toml")
    tables = [own["verbs"], *own.get("verbs_of", {}).values()]
    return [(verb, kind) for each in tables for verb, kinds in each.items() for kind in kinds]


def deeds(language: str, verb: str) -> set[str]:
    """The event types that the verifier takes a verb to be true of."""
    meanings = load_vocabulary(language).of(verb)
    values = [meaning.value for meaning in meanings if meaning.kind == "DEED"]
    return {kind for value in values for kind in events.TYPES.get(value, ())}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_verb_is_true_of_what_templates_say_it_of(language: str) -> None:
    for verb, kind in verbs(language):
        known = deeds(language, verb)
        if known:
            assert kind in known, (verb, kind)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_type_has_a_verb_that_both_know(language: str) -> None:
    """So a deed of any type can be told in words, and not by its placeholder alone."""
    told: dict[str, set[str]] = {}
    for verb, kind in verbs(language):
        told.setdefault(kind, set()).add(verb)
    for kind in set(told) - OTHER - FEELINGS:
        assert any(kind in deeds(language, verb) for verb in told[kind]), (kind, told[kind])
    # And the verifier knows no type that the templates would not tell so.
    known = {kind for kinds in events.TYPES.values() for kind in kinds}
    assert known <= set(told)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_verb_is_true_of_nothing_else(language: str) -> None:
    """But for "finished", which is said of what was completed, too."""
    by_verb: dict[str, set[str]] = {}
    for verb, kind in verbs(language):
        by_verb.setdefault(verb, set()).add(kind)
    for verb, kinds in by_verb.items():
        more = deeds(language, verb) - kinds
        assert more <= (events.TYPES["complete"] if verb == "finished" else set()), (verb, more)


def test_ratings_searches_and_thumbs_are_the_same() -> None:
    manifest = table("manifest.toml")
    assert set(manifest["events"]["ratings"]) == events.RATINGS
    assert set(manifest["events"]["searches"]) == events.SEARCHES
    assert set(manifest["scales"]["thumbs"]) == events.THUMBS


@pytest.mark.parametrize(
    "kind",
    [
        "view",
        "Page View",
        "page-view",
        "__x__",
        "Détail  Vu",
        "a.b",
        "",
        "评分",
        "Add To Cart!",
        "2x",
    ],
)
def test_types_are_compared_alike(kind: str) -> None:
    assert events.event_key(kind) == event_words.event_key(kind)
