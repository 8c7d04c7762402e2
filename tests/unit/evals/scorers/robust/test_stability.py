"""Texts held against those of the unchanged case."""

from __future__ import annotations

import pytest

from recx_agent.evals.samples import Piece, Sample, Sentence
from recx_agent.evals.scorers import Score, Sources, scorers_of
from recx_agent.evals.scorers.robust.causes import causes_of, jaccard
from recx_agent.evals.scorers.robust.stability import Stability, Untruth

HEAT = Piece("H1", "cause", "“Heat”", {"item_id": "1", "title": "Heat"})
ALIEN = Piece("H2", "cause", "“Alien”", {"item_id": "2", "title": "Alien"})
CRIME = Piece("A1", "cause", "genre: Crime", {"name": "genre", "value": "Crime"})
FACT = Piece("F1", "fact", "genre: Crime", {"name": "genre", "values": ["Crime"]})
ALL = (HEAT, ALIEN, CRIME, FACT)


def sample(text: str, *cites: str, base: Sample | None = None, variant: str = "") -> Sample:
    sentences = (Sentence(text, cites),) if cites else ()
    return Sample(
        "k", "w", "u", "i", "en", text, sentences, ALL, variant=variant, base_key="b", base=base
    )


def test_causes_are_those_cited_whatever_their_ids() -> None:
    assert causes_of(sample("x", "H1", "A1", "F1")) == {"item 1", "genre=Crime"}
    renamed = Piece("H9", "cause", "“Heat”", {"item_id": "1", "title": "Heat"})
    other = Sample("k", "w", "u", "i", "en", "x", (Sentence("x", ("H9",)),), (renamed,))
    assert causes_of(other) == {"item 1"}


def test_of_a_writer_that_cites_nothing_they_are_those_named() -> None:
    assert causes_of(sample("As you liked Heat, a Crime film.")) == {"item 1", "genre=Crime"}
    assert causes_of(sample("Watch it.")) == frozenset()


def test_jaccard() -> None:
    one, other = frozenset("abc"), frozenset("bcd")
    assert jaccard(one, other) == 2 / 4
    assert jaccard(one, one) == 1.0
    assert jaccard(frozenset(), frozenset()) is None


def scored(name: str, one: Sample) -> float | None:
    (scorer,) = scorers_of([f"robust.{name}"], Sources())
    value: float | None = scorer.score(one).value  # type: ignore[union-attr]
    return value


def test_what_changed_and_what_stayed() -> None:
    base = sample("You liked Heat and Alien.", "H1", "H2")
    same = sample("You liked Heat and Alien.", "H1", "H2", base=base)
    other = sample("You liked Heat, a Crime film.", "H1", "A1", base=base)
    assert [scored("text_changed_noise", one) for one in (same, other)] == [0.0, 1.0]
    assert [scored("same_text_rerun", one) for one in (same, other)] == [1.0, 0.0]
    assert [scored("cause_overlap_noise", one) for one in (same, other)] == [1.0, 1 / 3]
    assert [scored("same_causes_rerun", one) for one in (same, other)] == [1.0, 0.0]
    silent = sample("Watch it.", base=sample("See it."))
    assert scored("cause_overlap_noise", silent) is None
    assert scored("same_causes_rerun", silent) is None


def test_without_the_unchanged_text_nothing_can_be_said() -> None:
    for scorer in scorers_of(["robust"], Sources()):
        if isinstance(scorer, Stability):
            assert scorer.score(sample("x")).answer == "no base"


class Judge:
    """Calls texts untrue that say so."""

    def score(self, one: Sample) -> Score:
        if "unknown" in one.text:
            return Score(None, "unfit")
        return Score(float("lie" in one.text), "untrue" if "lie" in one.text else "true")


@pytest.mark.parametrize(
    ("before", "after", "value"),
    [
        ("fine", "fine", 0.0),
        ("fine", "a lie", 1.0),
        ("a lie", "a lie", None),
        ("fine", "unknown", None),
        ("unknown", "fine", None),
    ],
)
def test_only_what_became_untrue_counts(before: str, after: str, value: float | None) -> None:
    untruth = Untruth(Judge(), Judge())  # type: ignore[arg-type]
    assert untruth(sample(after), sample(before)).value == value


def test_without_raw_data_nobody_knows_what_became_untrue() -> None:
    one = sample("x", base=sample("y"))
    (scorer,) = scorers_of(["robust.untrue_noise"], Sources())
    assert scorer.score(one).answer == "no raw data"  # type: ignore[union-attr]


def test_every_scorer_says_what_it_is() -> None:
    for scorer in scorers_of(["robust"], Sources()):
        assert len(scorer.about) > 30  # type: ignore[union-attr]
        assert scorer.variants  # type: ignore[union-attr]
