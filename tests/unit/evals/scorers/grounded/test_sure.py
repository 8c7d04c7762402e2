"""What is refuted: phrases that can be read in one way only, each beside its true twin."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recx_agent.evals.meta.world import hand_written
from recx_agent.evals.samples import Sample, Sentence
from tests.unit.evals.scorers.grounded.conftest import Judge, Saying

EN = [
    # ratings, bound to their film
    ("You gave “Fargo” 5 out of 5.", "You gave “Fargo” 4 out of 5."),
    ("“Fargo” (5 out of 5) zigzags.", "“Fargo” (3 out of 5) zigzags."),
    ("Your 4 for “Reservoir Dogs” helped.", "Your 5 for “Reservoir Dogs” helped."),
    ("“Fargo”, which you rated 5 out of 5, it is.", "“Fargo”, which you rated 2 out of 5, it is."),
    (
        "You gave “Fargo” 5 out of 5 and “Reservoir Dogs” 4 out of 5.",
        "You gave “Fargo” 4 out of 5 and “Reservoir Dogs” 5 out of 5.",
    ),
    (
        "You rated “Fargo” and “The Godfather” 5 out of 5.",
        "You rated “Fargo” and “Babe” 5 out of 5.",
    ),
    (
        "“Fargo” and “Reservoir Dogs”, which you rated 5 and 4 out of 5.",
        "“Fargo” and “Reservoir Dogs”, which you rated 4 and 5 out of 5.",
    ),
    ("“Fargo” is here: you gave it 5 out of 5.", "“Fargo” is here: you gave it 3 out of 5."),
    ("For “Fargo” you have 5 out of 5.", "You rated “Fargo” 5 out of 10."),
    ("You liked “Fargo” a lot.", "You disliked “Fargo” a lot."),
    ("You hated “Speed”.", "You loved “Speed”."),
    ("Full marks for “Fargo”!", "Full marks for “Babe”!"),
    ("On 6 September 1997 you met “Fargo”.", "On 7 September 1997 you met “Fargo”."),
    # what a film is
    ("“Heat” came out in 1995.", "“Heat” came out in 1996."),
    ("“Heat” is a crime film.", "“Heat” is a comedy."),
    ("“Fargo” is a Crime film and a Thriller.", "“Fargo” is a Crime film and a Musical."),
    ("“Heat” shares Crime with “Fargo”.", "“Heat” shares Drama with “Reservoir Dogs”."),
    ("It came out in 1995.", "It came out in 1987."),
    ("“Fargo” came out after “Heat”.", "“Fargo” came out before “Heat”."),
    ("“Fargo” was released a year after “Heat”.", "“Fargo” was released two years after “Heat”."),
    # why
    ("“Heat” is suggested thanks to “Fargo”.", "“Heat” is suggested thanks to “Babe”."),
    ("“Fargo” supports “Heat”.", "“Speed” supports “Heat”."),
    ("“Heat” is suggested to you.", "“Alien” is suggested to you."),
    ("“Fargo” is the main reason.", "“The Godfather” is the main reason."),
    ("“Fargo” did more than “Babe”.", "“Babe” did more than “Fargo”."),
    ("“Babe” counts against it.", "“Fargo” counts against it."),
    ("Half of our users like “Heat” or not.", "Most of our users gave “Heat” 4 or more."),
    ("Crime is what drew “Heat” here.", "Comedy is what drew “Heat” here."),
    ("“Fargo” dwarfs “Babe”.", "“Babe” dwarfs “Fargo”."),
    ("The 4 you gave “Reservoir Dogs” helps.", "The 5 you gave “Reservoir Dogs” helps."),
    ("The user rated 'Fargo' 5 out of 5.", "The user rated 'Fargo' 4 out of 5."),
    ("“Heat” was released in 1995.", "“Heat” was released in 1997-09-06."),
    ("2 out of 8 users liked “Heat”.", "7 out of 8 users rated “Heat” 4 or higher."),
    ("2 of 8 users rated it 4 or higher.", "7 of 8 users rated it 4 or higher."),
    # titles
    ("“Fargo” and “Babe”, oh my.", "“Fargoo” and “Babe”, oh my."),
    ("You might call it “Nine Lost Winters”.", "“Nine Lost Winters” is suggested to you."),
    ("It is filed under “Crime, Drama and More”.", "“Crime, Drama and More” (5 out of 5) it is."),
    ("A reviewer said “great”.", "You once wrote “great”."),
]
ZH = [
    ("你给《Fargo》打了5分。", "你给《Fargo》打了4分。"),
    ("《Fargo》（5分）摆在前面。", "《Fargo》（3分）摆在前面。"),
    ("你打了4分的《Reservoir Dogs》。", "你打了5分的《Reservoir Dogs》。"),
    ("给《Fargo》和《The Godfather》都打了5分。", "给《Fargo》和《Babe》都打了5分。"),
    ("你喜欢《Fargo》。", "你讨厌《Fargo》。"),
    ("《Heat》是1995年的。", "《Heat》是1996年的。"),
    ("《Heat》是一部犯罪片。", "《Heat》是一部喜剧。"),
    ("《Fargo》是犯罪片，《Heat》也是。", "《Fargo》是剧情片，《Heat》也是。"),
    ("《Fargo》比《Heat》晚一年。", "《Fargo》比《Heat》早一年。"),
    ("推荐《Heat》，是因为你给《Fargo》打了5分。", "推荐《Heat》，是因为你给《Babe》打了4分。"),
    ("《Fargo》推了《Heat》一把。", "《Speed》推了《Heat》一把。"),
    ("推荐《Heat》，主要是因为《Fargo》。", "推荐《Heat》，主要是因为《Reservoir Dogs》。"),
    ("对《Heat》不利的是《Babe》。", "对《Heat》不利的是《Fargo》。"),
    ("《Fargo》的作用比《Babe》大。", "《Babe》的作用比《Fargo》大。"),
    ("支持《Heat》的有《Fargo》。", "支持《Heat》的有《Speed》。"),
    ("得了5分的《Fargo》。", "得了4分的《Fargo》。"),
    ("少数用户给《Heat》打了4分或以上。", "大多数用户给《Heat》打了4分或以上。"),
    ("《Fargo》和《Babe》。", "《Fargo》和《九个冬天》。"),
]
VEILED = [
    "You never gave “Fargo” 3 out of 5.",
    "If you had rated “Fargo” 3 out of 5, “Heat” would be gone.",
    "Did you give “Fargo” 3 out of 5?",
    "You might give “Heat” 5 out of 5.",
    "Your friends rated “Fargo” 3 out of 5.",
    "You rated “Fargo” and “Reservoir Dogs” a 5 and a 4.",
    "A 5 and a 4 for “Fargo” and “Reservoir Dogs”.",
    "You liked “Emma” less than “Fargo”.",
    "“Heat” is suggested although you rated “Babe” 4 out of 5.",
    "You have not rated “Alien”.",
    "“Babe” brought it down a notch.",
    "You gave “Fargo” 4.5 out of 5.",
    "Between September and October 1997 you rated “Fargo”.",
    "“Heat” got 2 out of 8 users to give it 4.",
]
VEILED_ZH = [
    "你没有给《Fargo》打3分。",
    "如果你给《Fargo》打了3分，就看不到《Heat》。",
    "你的朋友给《Fargo》打了3分。",
    "推荐《Heat》不是因为《Babe》，而是因为《Fargo》。",
    "《Babe》帮了《Heat》的倒忙。",
    "《Fargo》是主要理由之一，《Reservoir Dogs》是主要理由之一。",
]


@pytest.mark.parametrize(("true", "untrue"), EN)
def test_an_english_phrase(judge: Judge, saying: Saying, true: str, untrue: str) -> None:
    told = [judge("refuted", saying([(text, ["H1"])])) for text in (true, untrue)]
    assert [score.value for score in told] == [0.0, 1.0], told


def test_what_is_suggested_has_no_rating_yet(judge: Judge, saying: Saying) -> None:
    """ "It" can only be the item where nothing else is named or cited."""
    told = saying([("“Heat” is here because you rated it 5 out of 5.", [])])
    cited = saying([("“Heat” is here because you rated it 5 out of 5.", ["H1"])])
    assert judge("refuted", told).value == 1.0
    assert judge("refuted", cited).value == 0.0


@pytest.mark.parametrize(("true", "untrue"), ZH)
def test_a_chinese_phrase(judge: Judge, true: str, untrue: str) -> None:
    told = [judge("refuted", _chinese(text)) for text in (true, untrue)]
    assert [score.value for score in told] == [0.0, 1.0], told


@pytest.mark.parametrize("text", VEILED)
def test_what_is_denied_supposed_asked_or_of_others_is_not_read(
    judge: Judge, saying: Saying, text: str
) -> None:
    assert judge("refuted", saying([(text, ["H1"])])).value == 0.0


@pytest.mark.parametrize("text", VEILED_ZH)
def test_nor_is_it_in_chinese(judge: Judge, text: str) -> None:
    assert judge("refuted", _chinese(text)).value == 0.0


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_true_is_refuted(judge: Judge, language: str) -> None:
    texts = hand_written(language)
    assert len(texts) >= 300
    found = {s.text: judge("refuted", s).reason for s in texts if judge("refuted", s).value}
    assert not found


HEAT = next(sample for sample in hand_written("zh", 1) if sample.item_id == "heat")


def _chinese(text: str) -> Sample:
    return replace(HEAT, text=text, sentences=(Sentence(text, ("H1",)),))
