"""From characters to tokens and sentences."""

from __future__ import annotations

import pytest

from recx_agent.grounding.tokens import Token, sentences_of, tokens_of
from recx_agent.grounding.vocabulary import load_vocabulary
from tests.unit.grounding import world


def cut(text: str, language: str = "en") -> list[Token]:
    vocabulary = load_vocabulary(language, world.DOMAIN[language])
    return tokens_of(text, vocabulary, world.slots(language))


def unknown(text: str, language: str = "en") -> list[tuple[str, str]]:
    return [(t.text, t.meanings[0].value) for t in cut(text, language) if "UNKNOWN" in t.kinds]


def test_every_character_but_space_is_part_of_a_token() -> None:
    text = "You {H1.deed}, so… “Heat” 5 € 推荐!"
    tokens = cut(text)
    covered = "".join(text[token.start : token.end] for token in tokens)
    assert covered.replace(" ", "") == text.replace(" ", "")


def test_placeholders_and_their_words_are_the_same_token() -> None:
    named, filled = cut("{H1.deed}")[0], cut("rated “Fargo” 5 out of 5")[0]
    assert named.kinds == filled.kinds == {"DEED_TOLD"}
    assert named.slots == filled.slots == ("H1.deed",)


def test_equal_words_of_several_slots_are_all_kept() -> None:
    slots = world.slots("en", world.BY_ATTRIBUTE)
    (token,) = tokens_of("genre", load_vocabulary("en"), slots)
    assert token.slots == ("A1.name",)
    (token,) = tokens_of("Crime", load_vocabulary("en"), {**slots, **world.slots("en")})
    assert set(token.slots) == {"A1", "SHARED"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("you've", ["you", "have"]),
        ("It’s", ["it", "is"]),
        ("didn't", ["did", "not"]),
        ("because of", ["because of"]),
        ("Which Is Why", ["which is why"]),
    ],
)
def test_words_are_lower_case_phrases_long_and_short_forms_written_out(
    text: str, words: list[str]
) -> None:
    assert [token.text for token in cut(text)] == words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{H9}", ("{H9}", "unknown_evidence")),
        ("“Ronin”", ("“Ronin”", "foreign_name")),
        ("like Ronin", ("Ronin", "foreign_name")),
        ("Masterly", ("Masterly", "unsupported_content")),
        ("1995", ("1995", "foreign_number")),
        ("4.5", ("4.5", "foreign_number")),
        ("3rd", None),  # the words of RANK
        ("14%", ("14%", "foreign_number")),
        ("€", ("€", "unsupported_content")),
        ("Fargo", ("Fargo", "unsupported_content")),
    ],
)
def test_what_is_unknown_is_told_by_its_sort(text: str, found: tuple[str, str] | None) -> None:
    assert unknown(text) == ([found] if found else [])


def test_a_number_that_goes_on_is_not_the_rating() -> None:
    assert ("50", "foreign_number") in unknown("rated “Fargo” 5 out of 50")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("是因为", ["是", "因为"]),
        ("这一类型带来了", ["这一", "类型", "带来了"]),  # not 这一类 and 型
        ("推荐给你", ["推荐", "给你"]),
    ],
)
def test_chinese_is_cut_into_as_few_known_words_as_will_do(text: str, words: list[str]) -> None:
    assert [token.text for token in cut(text, "zh")] == words


def test_an_unknown_character_stands_alone() -> None:
    assert unknown("你推荐鼹鼠", "zh") == [
        ("鼹", "unsupported_content"),
        ("鼠", "unsupported_content"),
    ]


def test_latin_letters_in_chinese_are_a_name() -> None:
    assert unknown("推荐Tarantino", "zh") == [("Tarantino", "foreign_name")]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("You {H1.deed}. You {H2.deed}.", 2),
        ("You {H1.deed}!? You {H2.deed}", 2),
        ("You wrote {S1}.\nYou {H1.deed}", 2),
        ("In your own words: “I could watch a heist for ever”.", 1),
        ("", 0),
        ("\n \n", 0),
    ],
)
def test_sentences_end_at_stops_outside_of_quotes(text: str, count: int) -> None:
    assert len(sentences_of(cut(text))) == count


def test_a_title_with_a_stop_ends_no_sentence() -> None:
    slots = {
        name: slot.__class__(slot.name, slot.evidence, slot.role, "“Mr. Smith”")
        for name, slot in world.slots("en").items()
        if name == "H1"
    }
    tokens = tokens_of("You liked “Mr. Smith”.", load_vocabulary("en"), slots)
    assert len(sentences_of(tokens)) == 1
