"""The grammar of a set of placeholders: what can be written under it, and what cannot."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from recx_agent.grounding import Vocabulary, load_vocabulary
from recx_agent.protocols import Slot
from recx_agent.writing.grammar import AFTER, BEFORE, SENTENCES, grammar_for

_PART = re.compile(r'\s*("(?:[^"\\]|\\.)*"|\{\d+,\d+\}|[|()?*+]|\w+)')


def slots(*names: str, text: str = "x") -> Mapping[str, Slot]:
    return {name: Slot(name, None, "title", text) for name in names}


def pattern(grammar: str) -> re.Pattern[str]:
    """The same language as a regular expression: no rule uses itself."""
    rules = dict(line.split(" ::= ", 1) for line in grammar.splitlines())

    def expand(rule: str) -> str:
        parts, position = [], 0
        body = rules[rule]
        while position < len(body):
            match = _PART.match(body, position)
            assert match, f"{rule}: cannot read {body[position:]!r}"
            position = match.end()
            token = match[1]
            if token[0] == '"':
                parts.append(f"(?:{re.escape(token[1:-1])})")
            elif token[0].isalpha():
                parts.append(f"(?:{expand(token)})")
            else:
                parts.append("(?:" if token == "(" else token)
        return "".join(parts)

    return re.compile(expand("root"))


EN = Vocabulary("en", {}, ["you", "because", "is", "suggested", "so", "of", "a-b", "it's"])
ZH = Vocabulary("zh", {}, ["你", "因为", "推荐", "和", "的"])
NAMES = slots("ITEM", "H1", "H1.deed")
WRITABLE = [
    "{ITEM} is suggested because you {H1.deed}.",
    "You {H1.deed}, so {ITEM} is suggested.",
    "Because of {H1}, {ITEM}; {ITEM}.",
    "{H1}.",
    "{H1}. You {H1.deed}. So {ITEM}.",
    "It's a-b {H1}.",
]
UNWRITABLE = [
    "",
    "You.",
    "You is suggested because.",
    "{H2} is suggested.",
    "{H1.rating}.",
    "{ITEM is suggested.",
    "Fargo {H1}.",
    "You rated {H1} 5 out of 5.",
    "{ITEM} is suggested",
    "{ITEM} is suggested. you.",
    "you {H1.deed}.",
    "{ITEM} {ITEM}. {H1}. {H1}. {H1}.",
    "{ITEM}\n{H1}.",
    "{ITEM}  {H1}.",
    "You" + " you" * BEFORE + " {H1}.",
    "{H1}" + " you" * (AFTER + 1) + ".",
]


@pytest.mark.parametrize("text", WRITABLE)
def test_words_and_placeholders_can_be_written_in_any_order(text: str) -> None:
    assert pattern(grammar_for(NAMES, EN)).fullmatch(text)


@pytest.mark.parametrize("text", UNWRITABLE)
def test_nothing_else_can(text: str) -> None:
    assert not pattern(grammar_for(NAMES, EN)).fullmatch(text)


def test_chinese_has_no_spaces() -> None:
    chinese = pattern(grammar_for(NAMES, ZH))
    assert chinese.fullmatch("因为你{H1.deed}，推荐{ITEM}。{H1}和{ITEM}。")
    assert not chinese.fullmatch("因为你 {H1.deed}，推荐{ITEM}。")
    assert not chinese.fullmatch("因为你。")
    assert not chinese.fullmatch("因为你{H2.deed}。")
    assert not chinese.fullmatch("{ITEM}." * 1)
    assert not chinese.fullmatch("{ITEM}。" * (SENTENCES + 1))


@pytest.mark.parametrize("vocabulary", [EN, ZH])
def test_it_cannot_run_on(vocabulary: Vocabulary) -> None:
    body = pattern(grammar_for(NAMES, vocabulary)).pattern
    assert not re.search(r"(?<!\\)[*+]", body)


def test_it_depends_on_the_names_alone() -> None:
    one = grammar_for(slots("ITEM", "H1", text="Fargo"), EN)
    other = grammar_for(slots("H1", "ITEM", text="} | anything"), EN)
    assert one is other
    assert "Fargo" not in one
    assert one != grammar_for(slots("ITEM", "H2"), EN)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_holds_no_clause(language: str) -> None:
    vocabulary = load_vocabulary(language)
    grammar = grammar_for(NAMES, vocabulary)
    strings = re.findall(r'"((?:[^"\\]|\\.)*)"', grammar)
    allowed = {word.lower() for word in vocabulary.words} | {
        f"{{{name.lower()}}}" for name in NAMES
    }
    others = {text for text in strings if text.lower() not in allowed}
    assert others <= set(" ,;:.，；：、。")
    if language == "en":
        assert not [word for word in vocabulary.words if " " in word]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_words_of_the_language_can_be_written(language: str) -> None:
    vocabulary = load_vocabulary(language, {"item_nouns": ["film" if language == "en" else "影片"]})
    text = {
        "en": "The film {ITEM} is suggested because you {H1.deed}.",
        "zh": "因为你{H1.deed}，推荐影片{ITEM}。",
    }
    assert pattern(grammar_for(NAMES, vocabulary)).fullmatch(text[language])


def test_no_placeholder_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one placeholder"):
        grammar_for({}, EN)
