"""The notation of the rules, and all readings under them."""

from __future__ import annotations

import pytest

from recx_agent.grounding.parser import Leaf, Node, readings
from recx_agent.grounding.reader import check_labels
from recx_agent.grounding.rules import Rules
from recx_agent.grounding.tokens import Token
from recx_agent.grounding.vocabulary import Meaning


def tokens(*kinds: str) -> list[Token]:
    """Tokens by class; in lower case they are words of no class."""
    found = []
    for at, kind in enumerate(kinds):
        name, _, value = kind.partition(":")
        meanings = (Meaning(name, value),) if name.isupper() else ()
        found.append(Token(kind.lower(), meanings, (), at, at + 1))
    return found


def trees(rules: Rules, *kinds: str) -> list[Node]:
    return readings(tokens(*kinds), rules, "Start")[0]


def test_a_node_holds_leaves_and_no_literal() -> None:
    rules = Rules("Start = 'you' Did\nDid = DEED TITLE?")
    (tree,) = trees(rules, "you", "DEED:buy", "TITLE")
    did = Node("Did", (Leaf("DEED", "buy", 1), Leaf("TITLE", "", 2)))
    assert tree == Node("Start", (Node("Start", (did,)),))


def test_lower_case_rules_are_transparent_and_lines_go_on() -> None:
    rules = Rules("Start = part*\npart = A\n    | B # either")
    (tree,) = trees(rules, "A", "B", "A")
    assert [leaf.kind for leaf in tree.all("Start")[0].leaves("A", "B")] == ["A", "B", "A"]


def test_a_value_of_a_class_can_be_asked_for() -> None:
    rules = Rules("Start = LIKE:high")
    assert trees(rules, "LIKE:high")
    assert not trees(rules, "LIKE:low")


def test_rules_of_one_label_make_the_same_node() -> None:
    assert set(Rules("Start = Title_one\nTitle_one = A").labels) == {"Start", "Title"}


def test_every_reading_is_found_once() -> None:
    rules = Rules("Start = One | Two | both\nOne = A\nTwo = A\nboth = One")
    assert len(trees(rules, "A")) == 2


def test_a_reading_takes_every_token() -> None:
    assert not trees(Rules("Start = A"), "A", "A")


def test_there_is_a_budget() -> None:
    rules = Rules("Start = Part*\nPart = A | A A | A A A | A A A A")
    found, steps = readings(tokens(*["A"] * 40), rules, "Start", budget=500)
    assert not found
    assert steps == 500
    found, steps = readings(tokens("A", "A"), rules, "Start", budget=500)
    assert found
    assert 0 < steps < 500


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Start = other", "there is no rule 'other'"),
        ("Start = (A", "too few"),
        ("Start = A)", "too many"),
        ("Start A", "no rule"),
        ("Start = A & B", "cannot read"),
    ],
)
def test_a_rule_that_cannot_be_read_is_an_error(text: str, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        Rules(text)


def test_a_node_without_a_meaning_is_an_error() -> None:
    with pytest.raises(ValueError, match="Hearsay"):
        check_labels(Rules("Sentence = Hearsay\nHearsay = A"))
