"""A sentence with several readings passes only if every one of them is true."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

import pytest

from recx_agent.grounding import parser, verifier
from recx_agent.grounding.parser import Node
from recx_agent.grounding.reader import Reader, widest
from recx_agent.grounding.tokens import Token, tokens_of
from recx_agent.grounding.truth import Truth
from recx_agent.grounding.vocabulary import load_vocabulary
from recx_agent.grounding.walking import Said
from tests.unit.grounding import world

UNDECIDED = {
    "en": "You also {S1.deed}, and {ITEM} may suit you.",
    "zh": "你{H4.deed}，推荐{ITEM}。",
}
"""What comes first may be the reason, which it is not, or stand beside the suggestion."""
TRUE_EITHER_WAY = {
    "en": "{ITEM} is a {SHARED} film, like {H1}, {H2}, and {H3}.",
    "zh": "不过，{H4}对它不利。",
}


def trees_of(language: str, text: str) -> list[Node]:
    """All readings of a sentence without its stop and without fillers."""
    rules = verifier.rules_of(language)
    return widest(parser.readings(kept_of(language, text), rules, "Sentence")[0])


def kept_of(language: str, text: str) -> list[Token]:
    vocabulary = load_vocabulary(language, world.DOMAIN[language])
    tokens = tokens_of(text, vocabulary, world.slots(language))[:-1]
    return [token for token in tokens if token.kinds != {"FILLER"}]


def verdicts(language: str, text: str) -> list[bool]:
    """Of each reading by itself, whether all it asserts is true."""
    slots = world.slots(language)
    reader = Reader(kept_of(language, text), slots, None)
    truth = Truth(world.BY_HISTORY, slots)
    return [
        not any(truth.problem(said) for said in reader.read(tree).assertions)
        for tree in trees_of(language, text)
    ]


def orders(trees: Sequence[Node]) -> Iterator[list[Node]]:
    yield from (list(order) for order in list(permutations(trees))[:24])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_one_untrue_reading_is_enough_wherever_it_comes(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = UNDECIDED[language]
    told = verdicts(language, text)
    assert True in told and False in told, "there is a true reading, and an untrue one"
    trees = trees_of(language, text)
    slots = world.slots(language)
    for order in orders(trees):
        monkeypatch.setattr(verifier, "readings", lambda *_, found=order: (found, 1))
        assert not world.verifier(language).read(text, world.BY_HISTORY, slots).ok


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_sentence_passes_whose_readings_are_all_true(language: str) -> None:
    text = TRUE_EITHER_WAY[language]
    told = verdicts(language, text)
    assert len(told) > 1 and all(told)
    assert world.verifier(language).read(text, world.BY_HISTORY, world.slots(language)).ok


def test_every_reading_is_held_against_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """None is passed over after the first that is true."""
    seen: list[Node] = []
    read = Reader.read

    def counted(self: Reader, tree: Node) -> Said:
        seen.append(tree)
        return read(self, tree)

    monkeypatch.setattr(Reader, "read", counted)
    text = TRUE_EITHER_WAY["en"]
    assert world.verifier("en").read(text, world.BY_HISTORY, world.slots("en")).ok
    assert seen == trees_of("en", text)
