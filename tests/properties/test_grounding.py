"""Whatever is written, what passes the verifier keeps to rules that can be seen without it."""

from __future__ import annotations

import random
import re
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recx_agent.grounding import Reading, fill, load_vocabulary, unfill
from tests.unit.grounding import world

LANGUAGES = ("en", "zh")
SENTENCES = Path(world.__file__).parent / "sentences"
CAUSAL = {
    "en": r"\b(because|since|so|therefore|thus|hence|reasons?|why|led|comes from|based on)\b",
    "zh": r"因为|由于|所以|因此|因而|于是|原因|理由|鉴于|既然|基于|源于|之所以",
}
LOVED = {
    "en": r"\b(loved|adored|top|favou?rites?)\b",
    "zh": r"热爱|深爱|非常喜欢|特别喜欢|最爱|满分",
}
LIKED = {
    "en": r"\b(liked|enjoyed|appreciated|loved|adored|highly|favou?rites?)\b",
    "zh": r"你(?:也|很|都|还)?喜欢\{|喜爱\{|高分|好评|有好感",
}
STRONG = {"en": r"\b(only|solely|mainly|mostly|always|never)\b", "zh": r"唯一|仅仅|主要|从不|一定"}
MARKS = {"en": [",", ";", ":"], "zh": ["，", "；", "：", "、"]}
STOPS = {"en": ".", "zh": "。"}
LIKED_IDS = {"H1", "H2"}
LOVED_IDS = {"H1"}
CAUSES = {"H1", "H2", "H3"}


def read(language: str, text: str) -> Reading:
    return world.verifier(language).read(text, world.BY_HISTORY, world.slots(language))


def joined(language: str, words: list[str]) -> str:
    text = ("" if language == "zh" else " ").join(words)
    return re.sub(r" ([,;:])", r"\1", text) + STOPS[language]


def named(text: str) -> set[str]:
    """Ids of history items that a text names."""
    return set(re.findall(r"\{(H\d)", text))


def keeps_to_the_rules(language: str, text: str) -> None:
    """What passes, by its words and placeholders alone."""
    ids = named(text)
    assert ids or re.search(r"\{[^I]", text), f"nothing cited: {text}"
    assert not re.search(r"\d", re.sub(r"\{[^}]*\}", "", text)), f"a number: {text}"
    assert not re.search(STRONG[language], text), f"too strong: {text}"
    if re.search(CAUSAL[language], text):
        assert ids & CAUSES, f"no cause: {text}"
    if re.search(LOVED[language], text):
        assert ids & LOVED_IDS, f"nobody loved: {text}"
    if re.search(LIKED[language], text):
        assert ids & LIKED_IDS, f"nobody liked: {text}"


def truths(language: str) -> list[str]:
    text = (SENTENCES / f"true_{language}.toml").read_text(encoding="utf-8")
    return list(tomllib.loads(text)["history"])


def pieces(language: str) -> list[str]:
    """Everything a draft can be made of."""
    vocabulary = load_vocabulary(language, world.DOMAIN[language])
    placeholders = ["{" + name + "}" for name in world.slots(language)] * 8
    return [*vocabulary.meanings, *placeholders, *MARKS[language] * 10]


@pytest.mark.parametrize("language", LANGUAGES)
@given(seed=st.integers(0, 10**9))
@settings(max_examples=60, deadline=None)
def test_words_at_random_that_pass_keep_to_the_rules(language: str, seed: int) -> None:
    chance = random.Random(seed)
    words = pieces(language)
    for _ in range(5):
        text = joined(language, chance.choices(words, k=chance.randint(2, 9)))
        if read(language, text).ok:
            keeps_to_the_rules(language, text)


@pytest.mark.parametrize("language", LANGUAGES)
@given(seed=st.integers(0, 10**9))
@settings(max_examples=60, deadline=None)
def test_true_sentences_with_pieces_changed_keep_to_the_rules(language: str, seed: int) -> None:
    chance = random.Random(seed)
    words, sentences = pieces(language), truths(language)
    for _ in range(5):
        cut = chance.choice(sentences).rstrip(STOPS[language])
        own = re.findall(r"\{[^}]*\}|[^\W_]+|[^\s\w]" if language == "en" else r"\{[^}]*\}|.", cut)
        for _ in range(chance.randint(1, 3)):
            own[chance.randrange(len(own))] = chance.choice(words)
        text = joined(language, own)
        if read(language, text).ok:
            keeps_to_the_rules(language, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rules_can_be_broken(language: str) -> None:
    broken = {"en": "You loved {H2}, so {ITEM}.", "zh": "你非常喜欢{H2}。"}
    with pytest.raises(AssertionError):
        keeps_to_the_rules(language, broken[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_item_in_the_place_of_a_cause_is_found(language: str) -> None:
    tried = 0
    for text in truths(language):
        claims = {kind for one in read(language, text).sentences for kind in one.claims}
        if "{H1" in text and claims & {"because_history", "in_common", "weighed_most", "without"}:
            tried += 1
            assert not read(language, text.replace("{H1", "{H4")).ok, text
    assert tried > 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rating_of_another_is_found(language: str) -> None:
    rated = [text for text in truths(language) if "{H1.rating}" in text]
    assert len(rated) > 3
    for text in rated:
        assert not read(language, text.replace("{H1.rating}", "{H4.rating}")).ok, text


@pytest.mark.parametrize("language", LANGUAGES)
@given(seed=st.integers(0, 10**9))
@settings(max_examples=60, deadline=None)
def test_what_is_filled_is_found_again(language: str, seed: int) -> None:
    chance = random.Random(seed)
    slots = world.slots(language)
    text = joined(language, chance.choices(pieces(language), k=12))
    filled = fill(text, slots)
    assert fill(unfill(filled, slots), slots) == filled
    assert unfill(unfill(filled, slots), slots) == unfill(filled, slots)


HOSTILE = st.text(
    st.one_of(st.characters(), st.sampled_from("{}{}H1.deed“”\"《》'’.。,，\n\t 你推荐because")),
    max_size=300,
)


@pytest.mark.parametrize("language", LANGUAGES)
@given(text=HOSTILE, reason=st.sampled_from(["stop", "length", "other"]))
@settings(max_examples=150, deadline=None)
def test_nothing_written_breaks_it(language: str, text: str, reason: str) -> None:
    slots = world.slots(language)
    reading = world.verifier(language).read(text, world.BY_HISTORY, slots, finish_reason=reason)
    if reading.ok:
        keeps_to_the_rules(language, text)
    unfill(fill(text, slots), slots)


LONG = [
    "You {H1.deed} and ",
    "you, ",
    "{H1} and {H2}, which you {H1.deed}, ",
    "because ",
    "推荐{ITEM}，是因为你{H1.deed}，",
    "犯罪",
    '"',
    "{",
    "“",
    "a'b-",
    "You {H1.deed}, so {ITEM} may suit you. ",
    "5 out of 5 ",
    ".",
    " ",
    "\n",
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("piece", LONG)
def test_long_texts_take_time_by_their_length(language: str, piece: str) -> None:
    verifier, slots = world.verifier(language), world.slots(language)

    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        best = 9.0
        for _ in range(3):
            start = time.process_time()
            verifier.read(text, world.BY_HISTORY, slots)
            best = min(best, time.process_time() - start)
        return best

    seconds(1_000)
    assert seconds(10_000) < 0.25, "10 kB"
