"""What a text is about is masked; how it is written stays."""

from __future__ import annotations

import pytest

from recx_agent.discriminator.manner import MASKS, PAD, UNKNOWN, Vocabulary, manner_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("You rated “The Rock” 5 out of 5.", "you rated <quote> <number> out of <number> ."),
        ("The user met Willa Smith in Wales.", "the user met <name> in <name> ."),
        ("Great. Willa sings, I think.", "great . willa sings , i think ."),
        ("It's the 3rd of 1,204.", "it's the <number> of <number> ."),
        ("推荐《勇闯夺命岛》，打了5分。", "推 荐 <quote> ， 打 了 <number> 分 。"),
    ],
)
def test_names_numbers_and_quotes_are_masked(text: str, words: str) -> None:
    assert manner_of(text) == words.split()


def test_other_names_make_no_other_manner() -> None:
    one, other = "They met Willa, aged 30.", "They met Peter Pan, aged 4.5."
    assert manner_of(one) == manner_of(other)


def test_a_vocabulary_holds_common_words_and_reads_the_rest_as_unknown() -> None:
    texts = [["the", "book", "<name>"], ["the", "story"], ["the", "book", "book"]]
    vocabulary = Vocabulary.of(texts, size=100, at_least=2)
    assert vocabulary.words == (PAD, UNKNOWN, *MASKS, "the", "book")
    assert vocabulary.encode(["the", "story", "book"], 5) == [5, 1, 6, 0, 0]
    assert vocabulary.encode(["the", "story", "book"], 2) == [5, 1]


def test_a_vocabulary_that_repeats_a_word_is_refused() -> None:
    with pytest.raises(ValueError, match="repeats"):
        Vocabulary([PAD, UNKNOWN, "a", "a"])
