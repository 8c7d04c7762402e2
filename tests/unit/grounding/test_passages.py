"""Sentences about passages: what is carried passes, and each kind of untruth is found."""

from __future__ import annotations

import pytest

from recx_agent.grounding.passages import PassageVerifier
from recx_agent.schemas import JudgedSentence, Passage

TITLE = "A Song Unheard"
ENGLISH = (
    Passage(
        id="U1",
        about="user",
        text="This user is likely to enjoy historical fiction and romance novels with strong "
        "heroines overcoming adversity. They appreciate books that delve into deep themes such as "
        "faith, redemption, and perseverance. They do not like horror, but enjoy quiet mysteries "
        "with weak villains.",
    ),
    Passage(
        id="U2",
        about="user",
        text="Reads 12 books a year, never at night. Enjoyed a tale of whales.",
    ),
    Passage(
        id="I1",
        about="item",
        text="Fans of historical fiction, romance, and suspense will enjoy this book. The "
        "combination of World War I backdrop, a stolen cypher key, and the blossoming romance "
        "between Willa and Lukas creates a captivating story. It won 3 prizes.",
    ),
)
CHINESE = (
    Passage(
        id="U1",
        about="user",
        text="这位用户喜欢历史小说和爱情故事，欣赏坚强的女主角。不喜欢恐怖小说。",
    ),
    Passage(
        id="I1", about="item", text="这本书讲述第一次世界大战中的爱情故事，节奏紧凑。获得3个奖。"
    ),
)

TRUE_ENGLISH: dict[str, tuple[str, ...]] = {
    "You enjoy historical fiction and romance novels with strong heroines.": ("U1",),
    "You are likely to enjoy romance [U1].": ("U1",),
    "You appreciate books that delve into deep themes such as faith and perseverance.": ("U1",),
    "You do not like horror.": ("U1",),
    "You enjoy quiet mysteries.": ("U1",),
    "You enjoyed a tale of whales.": ("U2",),
    "“A Song Unheard” has a World War I backdrop and a stolen cypher key.": ("I1",),
    "It is a captivating story.": ("I1",),
    "A Song Unheard won 3 prizes.": ("I1",),
    "Fans of romance and suspense will enjoy this book.": ("I1",),
    "You enjoy romance, and this book has a stolen cypher key, so it may suit you.": ("U1", "I1"),
}
UNTRUE_ENGLISH = {
    "You enjoy horror.": "polarity_mismatch",
    "You do not enjoy historical fiction.": "polarity_mismatch",
    "You enjoy strong villains.": "unsupported_content",
    "You enjoy weak heroines.": "unsupported_content",
    "You enjoy historical romance.": "unsupported_content",
    "You love historical fiction.": "unsupported_content",
    "You enjoy A Song Unheard.": "unsupported_content",
    "You will enjoy this book.": "unsupported_content",
    "You appreciate it.": "unsupported_content",
    "You enjoyed historical fiction.": "unsupported_content",
    "You have liked romance novels.": "unsupported_content",
    "You did not like horror.": "unsupported_content",
    "You enjoy a stolen cypher key.": "unsupported_content",
    "It has strong heroines.": "unsupported_content",
    "It is a thrilling story.": "unsupported_content",
    "It is a captivating key.": "unsupported_content",
    "Critics praise it.": "unsupported_content",
    "It is the best story.": "unsupported_content",
    "Everyone enjoys this book.": "unsupported_content",
    "It has a World War II backdrop.": "foreign_name",
    "It has a romance between Willa and Peter.": "foreign_name",
    "It has a world war i backdrop.": "unsupported_content",
    "It won 4 prizes.": "foreign_number",
    "It may suit you because it is captivating.": "causal_overclaim",
    "So it may suit you.": "causal_overclaim",
    "Because you enjoy romance, it is a captivating story.": "causal_overclaim",
    "You said: “I want more suspense”.": "foreign_name",
    "You enjoy historical fiction [U7].": "unknown_evidence",
    "You enjoy historical": "truncated",
    "You read 12 books at night.": "unsupported_content",
    "You.": "uncited_sentence",
}
TRUE_CHINESE: dict[str, tuple[str, ...]] = {
    "你喜欢历史小说和爱情故事。": ("U1",),
    "你欣赏坚强的女主角。": ("U1",),
    "你不喜欢恐怖小说。": ("U1",),
    "《静歌》节奏紧凑。": ("I1",),
    "它获得3个奖。": ("I1",),
    "你喜欢爱情故事，这本书讲述第一次世界大战中的爱情故事，所以它可能适合你。": ("U1", "I1"),
}
UNTRUE_CHINESE = {
    "你喜欢恐怖小说。": "polarity_mismatch",
    "你不喜欢历史小说。": "polarity_mismatch",
    "它讲述第二次世界大战中的爱情故事。": "unsupported_content",
    "你喜欢《静歌》。": "unsupported_content",
    "你喜欢这本书。": "unsupported_content",
    "你喜欢紧凑的节奏。": "unsupported_content",
    "你欣赏恐怖小说。": "unsupported_content",
    "它很精彩。": "unsupported_content",
    "它获得4个奖。": "foreign_number",
    "大家都喜欢它。": "unsupported_content",
    "因为你喜欢历史小说。": "causal_overclaim",
    "所以它可能适合你。": "causal_overclaim",
    "你说过：“再来一本”。": "foreign_name",
    "你喜欢历史小说": "truncated",
}


def read(text: str, language: str) -> tuple[JudgedSentence, ...]:
    passages, title = (ENGLISH, TITLE) if language == "en" else (CHINESE, "静歌")
    return PassageVerifier(language).read(text, passages, title)


TRUE = [("en", t, c) for t, c in TRUE_ENGLISH.items()]
TRUE += [("zh", t, c) for t, c in TRUE_CHINESE.items()]
UNTRUE = [("en", t, k) for t, k in UNTRUE_ENGLISH.items()]
UNTRUE += [("zh", t, k) for t, k in UNTRUE_CHINESE.items()]


@pytest.mark.parametrize(("language", "text", "cited"), TRUE)
def test_what_a_passage_carries_passes(language: str, text: str, cited: tuple[str, ...]) -> None:
    (sentence,) = read(text, language)
    assert sentence.violations == ()
    assert sentence.evidence == cited


@pytest.mark.parametrize(("language", "text", "kind"), UNTRUE)
def test_what_no_passage_carries_is_named(language: str, text: str, kind: str) -> None:
    (sentence,) = read(text, language)
    assert kind in {violation.kind for violation in sentence.violations}


def test_each_sentence_is_judged_for_itself_and_citations_are_not_shown() -> None:
    good, bad, last = read(
        "You enjoy romance novels [U1]. It is thrilling [I1]. It won 3 prizes. [I1]", "en"
    )
    assert [bool(s.violations) for s in (good, bad, last)] == [False, True, False]
    assert (good.text, last.text) == ("You may enjoy romance novels.", "It won 3 prizes.")
    assert bad.violations[0].sentence == 1


def test_that_it_suits_may_rest_on_sentences_before() -> None:
    *_, last = read("You enjoy romance. It is a captivating story. So it may suit you.", "en")
    assert last.violations == ()
    assert set(last.evidence) == {"U1", "I1"}
    *_, last = read("You enjoy romance. So it may suit you.", "en")
    assert [violation.kind for violation in last.violations] == ["causal_overclaim"]


GUESSES = [
    ("en", "You enjoy romance novels.", "You may enjoy romance novels."),
    ("en", "You also enjoys romance novels.", "You may also enjoy romance novels."),
    ("en", "You are likely to enjoy romance.", "You are likely to enjoy romance."),
    ("en", "You might like historical fiction.", "You might like historical fiction."),
    ("en", "You appreciate perseverance.", "You appreciate perseverance."),
    ("en", "You enjoy quiet mysteries.", "You enjoy quiet mysteries."),
    ("zh", "你喜欢历史小说。", "你喜欢历史小说。"),
    ("zh", "你爱看科幻电影。", "你可能爱看科幻电影。"),
    ("zh", "你似乎爱看科幻电影。", "你似乎爱看科幻电影。"),
]
MAYBE = Passage(id="U2", about="user", text="该用户可能爱看科幻电影。")


@pytest.mark.parametrize(("language", "told", "shown"), GUESSES)
def test_a_guess_stays_a_guess(language: str, told: str, shown: str) -> None:
    passages = ENGLISH if language == "en" else (*CHINESE, MAYBE)
    (sentence,) = PassageVerifier(language).read(told, passages, TITLE)
    assert (sentence.violations, sentence.text) == ((), shown)


@pytest.mark.parametrize("told", ["Historical fiction is your taste.", "You have romance novels."])
def test_a_guess_that_cannot_be_told_as_one_is_refused(told: str) -> None:
    taste = Passage(id="U3", about="user", text="It seems that historical fiction is their taste.")
    (sentence,) = PassageVerifier("en").read(told, (*ENGLISH, taste), TITLE)
    assert [violation.kind for violation in sentence.violations] == ["unsupported_content"]


def test_a_guess_about_the_item_stays_one() -> None:
    maybe = Passage(id="I2", about="item", text="This may appeal to sailors.")
    one, other = (
        PassageVerifier("en").read(told, (*ENGLISH, maybe), TITLE)[0]
        for told in ("It may appeal to sailors.", "It appeals to sailors.")
    )
    assert not one.violations
    assert [violation.kind for violation in other.violations] == ["unsupported_content"]


def test_a_text_cut_short_is_told() -> None:
    verifier = PassageVerifier("en")
    (sentence,) = verifier.read("You enjoy romance.", ENGLISH, TITLE, finish_reason="length")
    assert [violation.kind for violation in sentence.violations] == ["truncated"]


def test_a_language_that_is_not_read_is_refused() -> None:
    with pytest.raises(KeyError):
        PassageVerifier("xx")
