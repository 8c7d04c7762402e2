"""The measures of effect, worked out by hand; the reader sees the words alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recx_agent.evals.outcomes import HeldOut
from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers import Sources, scorers_of
from recx_agent.evals.scorers.effect.judges import LIKED, LOW, NO_PERSON, effect_scorers
from recx_agent.evals.scorers.effect.reading import Reading, masked
from recx_agent.settings import DataSettings


class Ears:
    """A reader who expects what stands in a table, and keeps what he was shown."""

    settings: dict[str, str] = {"reader": "ears"}  # noqa: RUF012

    def __init__(self, **expected: float | None) -> None:
        self.expected, self.shown = expected, list[tuple[str, str, str]]()

    def read(self, text: str, user_id: str, language: str) -> Reading | None:
        self.shown.append((text, user_id, language))
        rating = self.expected[text]
        return None if rating is None else Reading((rating - 1) / 4, rating)

    def unread(self, user_id: str, language: str) -> Reading:
        return Reading(0.5, 3.0)


OUTCOMES = (HeldOut("u", "good", 5.0, True), HeldOut("u", "bad", 2.0, False))
SOURCES = Sources(data=DataSettings(scale=(1, 5)), outcomes=OUTCOMES)


def sample(item: str, text: str, variant: str, base: Sample | None = None) -> Sample:
    return Sample(f"u {item}", "w", "u", item, "en", text, variant=variant, base=base)


GOOD = sample("good", "praise", LIKED)
BAD = sample("bad", "blame", LOW, GOOD)


def values(reader: Ears, one: Sample) -> dict[str, float | None]:
    found = effect_scorers(reader, SOURCES)
    return {s.name: s.score(one).value for s in found if one.variant in s.variants}


def test_the_liked_item() -> None:
    assert values(Ears(praise=4.0), GOOD) == {
        "persuasiveness": pytest.approx(0.75 - 0.5),
        "effectiveness": pytest.approx((4 - 5) / 4),
    }


@pytest.mark.parametrize(
    ("good", "bad", "gap", "told_apart"),
    [(5.0, 2.0, -3 / 4, 1.0), (3.0, 3.0, 0.0, 0.5), (2.0, 4.0, 2 / 4, 0.0)],
)
def test_the_disliked_item(good: float, bad: float, gap: float, told_apart: float) -> None:
    assert values(Ears(praise=good, blame=bad), BAD) == {
        "persuasiveness": pytest.approx((bad - 1) / 4 - 0.5),
        "effectiveness": pytest.approx((bad - 2) / 4),
        "overselling": pytest.approx((bad - 2) / 4),
        "oversell_gap": pytest.approx(gap),
        "discrimination": told_apart,
    }


def test_equal_answers_are_told_apart_by_their_ratings() -> None:
    class YesMan(Ears):
        def read(self, text: str, user_id: str, language: str) -> Reading | None:
            return Reading(1.0, {"praise": 5.0, "blame": 4.0}[text])

    assert values(YesMan(), BAD)["discrimination"] == 1.0


def test_the_reader_is_shown_the_words_and_nothing_else() -> None:
    ears = Ears(praise=5.0, blame=1.0)
    values(ears, BAD)
    assert set(ears.shown) == {("praise", "u", "en"), ("blame", "u", "en")}


def test_the_reader_is_not_shown_the_title() -> None:
    titled = replace(GOOD, text="“Heat” is for you.", extra={"title": "Heat"})
    other = replace(BAD, text="Take “Alien”.", extra={"title": "Alien"}, base=titled)
    ears = Ears(**{"this item is for you.": 4.0, "Take this item.": 2.0})
    assert values(ears, other)["discrimination"] == 1.0


def test_an_answer_that_is_none_is_unscored() -> None:
    assert set(values(Ears(praise=5.0, blame=None), BAD).values()) == {None}
    assert values(Ears(praise=None, blame=1.0), BAD)["discrimination"] is None
    assert values(Ears(praise=None, blame=1.0), BAD)["overselling"] == pytest.approx(-1 / 4)


def test_without_pair_outcome_or_reader_nothing_is_scored() -> None:
    alone = sample("bad", "blame", LOW)
    assert values(Ears(blame=1.0), alone)["oversell_gap"] is None
    stranger = sample("other", "praise", LIKED)
    assert set(values(Ears(praise=1.0), stranger).values()) == {None}
    for scorer in effect_scorers(None, SOURCES):
        assert scorer.score(BAD).answer == "no reader"
    for one in scorers_of(["effect"], Sources()):
        assert one.score(BAD).value is None  # type: ignore[union-attr]


def test_everyone_is_told_that_nobody_was_asked() -> None:
    for scorer in scorers_of(["effect", "effect_llm"], SOURCES):
        assert scorer.about.startswith(NO_PERSON)  # type: ignore[union-attr]
        assert len(scorer.about) > len(NO_PERSON) + 20  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("“Heat” is like “Alien”.", "en", "this item is like “Alien”."),
        ("Heat, since you liked it.", "en", "this item, since you liked it."),
        ("推荐《Heat》。", "zh", "推荐这一项。"),
    ],
)
def test_the_item_s_own_title_is_hidden(text: str, language: str, expected: str) -> None:
    one = Sample("k", "w", "u", "i", language, text, extra={"title": "Heat"})
    assert masked(one) == expected
