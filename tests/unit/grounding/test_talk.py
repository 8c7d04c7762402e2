"""What asserts nothing is read; everything that could be untrue is not."""

from __future__ import annotations

import pytest

from recx_agent.errors import SettingsError
from recx_agent.grounding import Talk
from recx_agent.grounding.talk import MAX_TOKENS

EN = Talk("en", {"item_nouns": ["film", "films"], "use_verbs": ["watch"]})
ZH = Talk("zh", {"item_nouns": ["电影"], "use_verbs": ["看"]})

IDLE = [
    (EN, "Hello!"),
    (EN, "Hi there, how can I help you?"),
    (EN, "Would you like to know why?"),
    (EN, "Let me know if you want more suggestions."),
    (EN, "I can explain any of them."),
    (EN, "Would you like another film?"),
    (EN, "Enjoy the film!"),
    (EN, "You're welcome, enjoy!"),
    (EN, "Feel free to ask me for more recommendations."),
    (EN, "What would you like to watch?"),
    (EN, "Let me know if you have any questions."),
    (ZH, "你好！"),
    (ZH, "你想知道为什么吗？"),
    (ZH, "如果你想知道原因，请告诉我。"),
    (ZH, "还有什么可以帮你的吗？"),
    (ZH, "我可以为你推荐别的电影。"),
    (ZH, "祝你观影愉快！"),
]
ASSERTING = [
    (EN, "You would love another film."),
    (EN, "Here are five suggestions:"),
    (EN, "I can explain why you loved it."),
    (EN, "“Heat” is great."),
    (EN, "Would you like to watch Heat?"),
    (EN, "These films are great."),
    (EN, "Would you like more horror films?"),
    (EN, "You like films."),
    (EN, "Here is why it is the best:"),
    (EN, "The reason is that you like films."),
    (EN, "I suggest this film."),
    (EN, "Everyone likes them."),
    (EN, "I can not suggest another film."),
    (EN, "Did you know that it won 3 prizes?"),
    (EN, "Here is the placeholder:"),
    (EN, ""),
    (EN, "..."),
    (ZH, "你喜欢电影。"),
    (ZH, "这部电影很好。"),
    (ZH, "以下是五部推荐："),
    (ZH, "这部电影的评分很高。"),
    (ZH, "你喜欢这部电影的原因。"),
    (ZH, "《Heat》很好看。"),
    (ZH, "Hello!"),
]
ANNOUNCED = [
    (EN, "Here is why:", {"why"}),
    (EN, "Sure, here is what would change:", {"what_if"}),
    (EN, "Here are some suggestions for you:", {"list"}),
    (EN, "Here's what I found:", {"any"}),
    (EN, "Here is what I know about you:", {"taste"}),
    (EN, "Here is how they compare:", {"compare"}),
    (ZH, "好的，以下是推荐：", {"list"}),
    (ZH, "以下是推荐的原因：", {"why"}),
    (ZH, "好的，这是我对你的了解：", {"taste"}),
]


@pytest.mark.parametrize(("talk", "sentence"), IDLE)
def test_what_asserts_nothing_is_read(talk: Talk, sentence: str) -> None:
    said = talk.read(sentence)
    assert said is not None
    assert not said.announces
    assert not said.kept


@pytest.mark.parametrize(("talk", "sentence"), ASSERTING)
def test_what_asserts_something_is_not(talk: Talk, sentence: str) -> None:
    assert talk.read(sentence) is None


@pytest.mark.parametrize(("talk", "sentence", "kinds"), ANNOUNCED)
def test_an_announcement_tells_of_what(talk: Talk, sentence: str, kinds: set[str]) -> None:
    said = talk.read(sentence)
    assert said is not None
    assert said.announces == kinds


@pytest.mark.parametrize(("talk", "sentence"), [(EN, "Noted."), (ZH, "我记下了。")])
def test_that_something_was_kept_is_told_apart(talk: Talk, sentence: str) -> None:
    said = talk.read(sentence)
    assert said is not None
    assert said.kept


def test_offers_and_questions_are_told_apart() -> None:
    assert EN.read("Would you like more?").asks  # type: ignore[union-attr]
    assert not EN.read("Hello!").asks  # type: ignore[union-attr]


def test_a_very_long_sentence_is_not_read() -> None:
    assert EN.read("Hello, " * MAX_TOKENS + "hello!") is None


def test_sentences_are_cut_as_in_texts() -> None:
    assert EN.sentences("Hello! Noted.\nWhy") == ["Hello!", "Noted.", "Why"]


def test_a_language_without_words_is_refused() -> None:
    with pytest.raises(SettingsError):
        Talk("xx")
