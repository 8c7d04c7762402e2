"""What people name, and what their words ask for."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from recx_agent.assistant.intents import intents_of, language_of_text
from recx_agent.assistant.names import Names
from recx_agent.datasets import Catalogue
from recx_agent.datasets.idmap import IdMap

TITLES = (
    "Heat",
    "Star Wars",
    "Airplane!",
    "The Edge",
    "It",
    "2001: A Space Odyssey",
    "英雄",
    "Sally...",
)
GENRES = (
    ("Crime",),
    ("War", "Film"),
    ("Comedy",),
    ("Drama",),
    ("Horror",),
    ("Drama",),
    ("War",),
    ("Drama",),
)
NAMES = Names(
    Catalogue(
        ids=IdMap([f"i{n}" for n in range(len(TITLES))]),
        titles=TITLES,
        attributes={"genre": GENRES},
        features=("genre",),
    ),
    ["film", "films"],
)
UTTERANCES = tomllib.loads(
    Path(__file__).parents[2].joinpath("e2e/llm/utterances.toml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Why Heat?", ["Heat"]),
        ("the heat of the day", []),
        ("Heat of the day", []),
        ("why star wars and not “heat”?", ["Star Wars", "Heat"]),
        ("Is Airplane! any good", ["Airplane!"]),
        ("不要因为《Sally...》", ["Sally..."]),
        ("Why “Heat,” of all?", ["Heat"]),
        ("I saw 2001: A Space Odyssey.", ["2001: A Space Odyssey"]),
        ("Did you see it? I liked it.", []),
        ("Find me a comedy, some dramas", ["genre=Comedy", "genre=Drama"]),
        ("a film", []),
        ("Why “Titanic”?", ["Titanic"]),
        ("为什么推荐《英雄》？", ["英雄"]),
        ("为什么Star Wars在前面？", ["Star Wars"]),
    ],
)
def test_titles_and_attributes_are_found(text: str, named: list[str]) -> None:
    assert [one.what for one in NAMES.named(text)] == named


def test_what_was_talked_about_may_be_named_in_small_letters() -> None:
    assert [one.what for one in NAMES.named("and heat?", ["Heat"])] == ["Heat"]
    assert [one.what for one in NAMES.named("为什么英雄在前面？", ["英雄"])] == ["英雄"]


def test_what_is_quoted_and_unknown_is_told_apart() -> None:
    assert NAMES.named("Why “Titanic”?")[0].kind == "unknown"


@pytest.mark.parametrize(
    ("language", "tool", "text"),
    [
        (language, tool, text)
        for language, tools in UTTERANCES.items()
        for tool, texts in tools.items()
        for text in texts
    ],
)
def test_the_words_tell_what_is_asked_for(language: str, tool: str, text: str) -> None:
    found = intents_of(language).of(text)
    assert found is not None
    assert found.tool == tool
    assert language_of_text(text) == language


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("I liked Heat.", {"like"}),
        ("Did I like Heat?", set()),
        ("Why would I like Heat?", set()),
        ("I did not like Heat.", {"dislike"}),
        ("Never suggest Heat again.", {"never_suggest"}),
        ("Not because of Heat again!", {"not_because_of"}),
        ("Undo that.", {"undo"}),
        ("What should I watch?", set()),
    ],
)
def test_feedback_is_what_the_words_say(text: str, kinds: set[str]) -> None:
    assert kinds == intents_of("en").feedback_kinds(text) & {*kinds, "like", "dislike", "undo"}


def test_places_and_numbers() -> None:
    english, chinese = intents_of("en"), intents_of("zh")
    assert english.place("Why the second one?") == 1
    assert chinese.place("为什么推荐第三部？") == 2
    assert english.place("Why?") is None
    assert english.count("give me 7 films") == 7
    assert chinese.count("再来三部") == 3
    assert english.count("something") is None
    assert english.is_left_out("something, but no ")
    assert not english.is_left_out("find me a ")
