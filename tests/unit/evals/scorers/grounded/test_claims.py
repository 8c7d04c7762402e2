"""Claims, exact checks and preference, counted by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recx_agent.evals.meta.world import hand_written
from recx_agent.evals.scorers.grounded.claims import f1
from tests.unit.evals.scorers.grounded.conftest import Judge, Saying

TRUE = "“Heat” is suggested because you rated “Fargo” 5 out of 5."


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        (TRUE, 1.0),
        # Two titles, a rating, a reason: the rating is wrong.
        (TRUE.replace("5 out of", "4 out of"), 3 / 4),
        # The title is wrong, and so are its rating and what it is a reason for.
        (TRUE.replace("Fargo", "Alien"), 1 / 4),
        # Every word whose meaning is not known is a claim of its own.
        (TRUE.replace("“Heat”", "The gripping “Heat”"), 4 / 5),
    ],
)
def test_claim_precision(judge: Judge, saying: Saying, text: str, precision: float) -> None:
    assert judge("claim_precision", saying([(text, ["H1"])])).value == pytest.approx(precision)


def test_claim_recall_asks_for_the_fewest_largest_causes(judge: Judge, saying: Saying) -> None:
    # .62 of 1.5 is more than 20 %: "Fargo" is what had to be told.
    told = saying([(TRUE, ["H1"])])
    other = saying([("“Heat” is suggested because you rated “The Godfather” 5 out of 5.", ["H3"])])
    assert judge("claim_recall", told).value == 1.0
    assert judge("claim_recall", other).value == 0.0
    assert "Fargo" in judge("claim_recall", other).reason
    assert judge("claim_f1", told).value == 1.0
    assert judge("claim_f1", other).value == 0.0


def test_the_harmonic_mean() -> None:
    assert f1(0.5, 1.0) == pytest.approx(2 / 3)
    assert f1(0.0, 0.0) == 0.0


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("exact_titles", "You rated “Fargo” 5 out of 5.", 1.0),
        ("exact_titles", "You rated “Fargos” 5 out of 5.", 0.0),
        ("exact_numbers", "You rated “Fargo” 5 out of 5 and “Babe” 3 out of 5.", 0.5),
        ("exact_numbers", "2 of 8 users rated it 4 or higher.", 1.0),
        ("exact_numbers", "3 of 8 users rated it 4 or higher.", 0.0),
        ("exact_dates", "You rated “Fargo” 5 out of 5 on 6 September 1997.", 1.0),
        ("exact_dates", "You rated “Fargo” 5 out of 5 on 7 September 1997.", 0.0),
        ("exact_dates", "You rated “Fargo” 5 out of 5.", None),
        ("exact_attributes", "“Heat” is a Crime film.", 1.0),
        ("exact_attributes", "“Heat” is a Western film.", None),  # no film has it: a strange word
        ("exact_attributes", "“Heat” is a War film.", 0.0),
        ("exact_names", "“Heat” was made by Martin Holloway.", 0.0),
        ("exact_names", "“Heat” is a film.", None),
        ("exact_quotes", "You wrote: “so very tense”.", 0.0),
        ("exact_quotes", "You rated “Fargo” 5 out of 5.", None),
    ],
)
def test_exact_checks(
    judge: Judge, saying: Saying, name: str, text: str, value: float | None
) -> None:
    assert judge(name, saying([(text, ["H1", "B1", "F1", "F2"])])).value == value


def test_appeals_to_what_the_user_does_not_hold(judge: Judge, saying: Saying) -> None:
    crime = saying([("“Heat” is a Crime film.", ["F2"])])
    assert judge("preference_inconsistency", crime).value == 0.0
    assert judge("preference_inconsistency", saying([(TRUE, ["H1"])])).answer == "no attribute"
    # fay likes no Animation: told of "Toy Story", it is true of the film and not of her.
    (toy, *_) = (s for s in hand_written("en") if s.item_id == "toy" and "Animation" in s.text)
    assert judge("preference_inconsistency", toy).value == 0.0
    foreign = judge("preference_inconsistency", replace(toy, user_id="fay"))
    assert foreign.value == 1.0 and "Animation" in foreign.reason


def test_refuted_is_what_the_files_contradict(judge: Judge, saying: Saying) -> None:
    strange = saying([("The gripping “Heat” is suggested because of “Fargo”.", ["H1"])])
    wrong = saying([(TRUE.replace("5 out of", "4 out of"), ["H1"])])
    assert (judge("untrue", strange).value, judge("refuted", strange).value) == (1.0, 0.0)
    assert (judge("untrue", wrong).value, judge("refuted", wrong).value) == (1.0, 1.0)
    uncited = saying([(TRUE, [])])
    assert (judge("untrue", uncited).value, judge("refuted", uncited).value) == (1.0, 0.0)
    assert judge("true_sentences", uncited).value == 1.0
