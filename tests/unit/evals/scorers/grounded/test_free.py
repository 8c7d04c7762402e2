"""Free words: each way of putting things is taken where it is so, and refused where it is not."""

from __future__ import annotations

import pytest

from recx_agent.evals.scorers.grounded.free.dates import day_of
from recx_agent.evals.scorers.grounded.free.english_words import lexicon, stems
from recx_agent.evals.scorers.grounded.free.genres import other_names
from tests.unit.evals.scorers.grounded.conftest import Judge, Saying

CITES = {"Fargo": "H1", "Reservoir Dogs": "H2", "The Godfather": "H3", "Babe": "H4"}
PAIRS = [
    ("“The Godfather” also supports “Heat”.", "“Babe” also supports “Heat”."),
    (
        "You gave “Fargo” and “Reservoir Dogs” a try, and you rated the former 5 out of 5.",
        "You gave “Fargo” and “Reservoir Dogs” a try, and you rated the latter 5 out of 5.",
    ),
    ("You rated “Fargo” in September 1997.", "You rated “Fargo” in October 1997."),
    ("“Heat” came out one year before “Fargo”.", "“Heat” came out one year after “Fargo”."),
    (
        "“Fargo” did more for “Heat” than “Reservoir Dogs”.",
        "“Reservoir Dogs” did more for “Heat” than “Fargo”.",
    ),
    (
        "“Fargo” and “Reservoir Dogs” make up most of the case for “Heat”.",
        "“Reservoir Dogs” makes up most of the case for “Heat”.",
    ),
    ("“The Godfather” is a minor reason for “Heat”.", "“Fargo” is a minor reason for “Heat”."),
    ("“Babe”, which you liked, held it back.", "“Fargo”, which you liked, held it back."),
    ("You liked “Fargo”, a simple reason for “Heat”.", "You liked “Fargo”, so see a simple film."),
    ("Two crime films, “Fargo” and “Reservoir Dogs”, helped.", "A comedy, “Fargo”, helped."),
    ("“Fargo” is no less than the main reason.", "“Fargo” let you down."),
    (
        "If you had not rated “Fargo” 5 out of 5, “Heat” would have less going for it.",
        "If you had not rated “Babe” 4 out of 5, “Heat” would have less going for it.",
    ),
]


@pytest.mark.parametrize(("true", "untrue"), PAIRS)
def test_a_way_of_putting_it_is_read(judge: Judge, saying: Saying, true: str, untrue: str) -> None:
    def said(text: str) -> float | None:
        cites = [id for title, id in CITES.items() if f"“{title}”" in text]
        return judge("untrue", saying([(text, cites)])).value

    assert (said(true), said(untrue)) == (0.0, 1.0)


def test_a_question_needs_no_evidence_and_a_claim_does(judge: Judge, saying: Saying) -> None:
    assert judge("untrue", saying([("Why “Heat”?", [])])).value == 0.0
    assert judge("untrue", saying([("Why “Fargo”?", [])])).value == 1.0
    assert judge("untrue", saying([("“Heat” is a Crime film.", [])])).value == 1.0


def test_the_latter_may_stand_in_the_sentence_before(judge: Judge, saying: Saying) -> None:
    first = ("You liked “Fargo” and “Reservoir Dogs”.", ["H1", "H2"])
    assert judge("untrue", saying([first, ("You gave the latter 4 out of 5.", ["H2"])])).value == 0
    assert judge("untrue", saying([first, ("You gave the latter 5 out of 5.", ["H2"])])).value == 1


def test_a_record_says_what_its_own_film_is_and_no_more(judge: Judge, saying: Saying) -> None:
    assert judge("untrue", saying([("“Fargo” is a Crime film.", ["H1"])])).value == 0.0
    assert judge("untrue", saying([("“Heat” and “Fargo” share Crime.", ["H1"])])).value == 1.0


def test_what_is_not_read_is_refuted_only_where_a_phrase_of_it_is(
    judge: Judge, saying: Saying
) -> None:
    """An unknown word beside it leaves a rating open that no phrase binds to its film."""
    open_ = saying([("“Heat” zigzags past “Fargo” with 4 out of 5.", ["H1", "H2"])])
    never = saying([("“Heat” zigzags: for “Fargo” you have 3 out of 5.", ["H1", "H2"])])
    read = saying([("You gave “Fargo” 4 out of 5.", ["H1"])])
    told = {name: [judge(name, one).value for one in (open_, never, read)] for name in NAMES}
    assert told == {"unread": [1, 1, 0], "refuted": [0, 1, 1], "untrue": [1, 1, 1]}


NAMES = ("unread", "refuted", "untrue")


def test_words_are_known_in_their_first_form() -> None:
    words = lexicon()
    for form, first in {"carried": "carry", "tipping": "tip", "nudges": "nudge"}.items():
        assert first in words and first in set(stems(form))
    assert not set(stems("moving")) and "haunting" not in words


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("9 April 1998", "1998-04-09"),
        ("April 9, 1998", "1998-04-09"),
        ("April 1998", "1998-04"),
        ("1998年4月9日", "1998-04-09"),
        ("1998年4月", "1998-04"),
        ("some day", "some day"),
    ],
)
def test_days_and_months_are_read(told: str, day: str) -> None:
    assert day_of(told) == day


def test_genres_have_other_names_where_the_catalogue_has_them() -> None:
    assert other_names(["Sci-Fi"])["science fiction"] == other_names(["Sci-Fi"])["科幻片"]
    assert other_names(["Cooking"]) == {}
