"""Each measure against what the table of the conftest gives by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recx_agent.evals.scorers import scorers_of
from recx_agent.evals.scorers.faithful import measures
from recx_agent.evals.scorers.faithful.case import DRAWS, Unfit
from recx_agent.evals.scorers.faithful.curves import worth
from recx_agent.evals.scorers.faithful.judges import faithful_scorers
from tests.unit.evals.scorers.faithful.conftest import TERMS, CaseOf, told

BOTH = "You liked “Item 0” and “Item 1”."


def value(found: Any) -> float:
    assert found.value is not None
    return float(found.value)


def test_comprehensiveness_and_sufficiency(case_of: CaseOf) -> None:
    case = case_of(BOTH)
    assert value(measures.comprehensiveness(case)) == pytest.approx(1.6 / 2.0, abs=1e-6)
    assert value(measures.sufficiency(case)) == pytest.approx(0.2 / 2.0, abs=1e-6)
    against = case_of("You liked “Item 3”.")
    assert value(measures.comprehensiveness(against)) == pytest.approx(-0.1 / 2.0, abs=1e-6)


def test_causes_by_chance_are_those_that_are_drawn(case_of: CaseOf) -> None:
    case = case_of(BOTH)
    drawn = [1.8 - order[-1].score for order in case.deleted[1:]]
    assert len(drawn) == DRAWS
    pairs = {round(TERMS[4][[a, b]].sum(), 6) for a in range(4) for b in range(4) if a != b}
    assert {round(one, 6) for one in drawn} <= {round(p, 6) for p in pairs}
    gain = value(measures.comprehensiveness_gain(case))
    assert gain == pytest.approx((1.6 - np.mean(drawn)) / 2.0, abs=1e-6)
    assert gain > 0.2, "0.35 if every pair were drawn as often"


def test_all_of_the_history_is_no_better_than_chance(case_of: CaseOf) -> None:
    case = case_of("“Item 0”, “Item 1”, “Item 2”, “Item 3”.")
    assert value(measures.comprehensiveness_gain(case)) == pytest.approx(0.0, abs=1e-6)
    assert value(measures.comprehensiveness(case)) == pytest.approx(1.8 / 2.0, abs=1e-6)
    assert value(measures.sufficiency(case)) == pytest.approx(0.0, abs=1e-6)


def test_chance_is_the_same_for_every_writer_of_a_case(case_of: CaseOf) -> None:
    one, other = case_of(BOTH), case_of("“Item 2”, “Item 3”.", writer="other")
    assert one.deleted[1:] == other.deleted[1:]
    assert one.deleted[1:] != case_of(BOTH, key="another").deleted[1:]


def test_curves_and_their_areas(case_of: CaseOf) -> None:
    """Deleted the ranks are 1, 3, 4; inserted 4, 2, 1."""
    case = case_of(BOTH)
    found = measures.deletion(case)
    points = [1.0, 0.5, worth(4)]
    assert value(found) == pytest.approx((0.5 * points[0] + points[1] + 0.5 * points[2]) / 2)
    assert found.curves["told"] == pytest.approx(points)
    assert len(found.curves["by chance"]) == 3
    assert found.reason == "ranks 1 → 3 → 4"
    inserted = measures.insertion(case)
    points = [worth(4), worth(2), 1.0]
    assert value(inserted) == pytest.approx((0.5 * points[0] + points[1] + 0.5 * points[2]) / 2)
    assert value(measures.deletion_gain(case)) > 0 and value(measures.insertion_gain(case)) > 0


def test_gains_are_differences_of_areas(case_of: CaseOf) -> None:
    worst = case_of("You liked “Item 3”.")
    by_chance = [(1.0 + worth(order[1].rank)) / 2 for order in worst.deleted[1:]]
    assert value(measures.deletion(worst)) == 1.0
    assert value(measures.deletion_gain(worst)) == pytest.approx(np.mean(by_chance) - 1.0)
    assert value(measures.insertion_gain(worst)) < 0


def test_counterfactuals_of_the_table(case_of: CaseOf) -> None:
    """Without Item 0 the rank is 3, without 0 and 1 it is 4, without 1 it is 2."""
    case = case_of(BOTH)
    assert measures.counterfactual(case, 1).value == 1.0
    assert measures.counterfactual(case, 3).value == 1.0
    assert measures.counterfactual(case, 4).value == 0.0
    assert measures.counterfactual_size(case, 1).value == 1.0
    assert measures.counterfactual_size(case, 3).value == 2.0
    assert measures.counterfactual_size(case, 4).value is None
    assert measures.counterfactual_minimal(case, 3).value == 1.0
    clumsy = case_of("“Item 1” and “Item 2”.")
    assert measures.counterfactual(clumsy, 2).value == 1.0
    assert measures.counterfactual_size(clumsy, 2).value == 2.0
    assert measures.counterfactual_minimal(clumsy, 2).value == 0.0, "Item 0 alone would do"
    assert measures.counterfactual(case_of(BOTH, item_id="7"), 3).answer == "not listed"


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("“Item 0” is why: without it, “Item 4” would rank 3rd instead of 1st.", 1.0),
        ("“Item 0” is why: without it, “Item 4” would rank 2nd instead of 1st.", 0.0),
        ("“Item 0” is why: without it, “Item 4” would rank 3rd instead of 2nd.", 0.0),
        ("Beside “Item 1” it is “Item 0”: without it, “Item 4” would rank 3rd.", 1.0),
        ("Without “Item 9”, “Item 4” would still rank 1st.", 0.0),
        ("Without “Item 0” and “Item 1” it would rank 4th.", 1.0),
        (BOTH, None),
    ],
)
def test_ranks_told_are_asked_of_the_model(case_of: CaseOf, text: str, share: float | None) -> None:
    assert measures.ranks_told(case_of(text)).value == share


def test_a_rank_without_an_attribute_is_asked_too(case_of: CaseOf, served_of: Any) -> None:
    """The genre adds 1.0 to items 4 to 7: without it item 4 stands where it stood."""
    served = served_of(genres=[[0, 0, 0, 0], [1.0, 0, 0, 0]])
    text = "Its genre counts most; if it did not count, “Item 4” would still rank 1st."
    assert measures.ranks_told(case_of(text, "A1", served=served)).value == 1.0
    wrong = text.replace("still rank 1st", "rank 2nd instead of 1st")
    assert measures.ranks_told(case_of(wrong, "A1", served=served)).value == 0.0


def test_terms_that_do_not_add_up_are_seen(case_of: CaseOf) -> None:
    def record(*values: float) -> dict[str, Any]:
        views = {"history": [{"value": one} for one in values], "attribute": [], "pair": None}
        return {"explanation": {"attribution": {"baseline": 0.0, "views": views}}}

    exact = case_of(BOTH, extra=record(1.0, 0.6, 0.3, -0.1, 0.0))
    assert value(measures.additivity_gap(exact)) < 1e-6
    altered = case_of(BOTH, extra=record(1.01, 0.6, 0.3, -0.1, 0.0))
    assert value(measures.additivity_gap(altered)) == pytest.approx(0.01 / 2.01, abs=1e-6)
    assert measures.additivity_gap(case_of(BOTH)).value is None


def test_overlap_with_other_seeds(case_of: CaseOf, served_of: Any) -> None:
    swapped = TERMS.copy()
    swapped[4] = [1.0, 0.1, 0.9, 0.0]
    served = served_of(others=[TERMS, swapped])
    assert measures.seed_overlap(case_of(BOTH, served=served)).value == 0.75
    assert measures.seed_overlap(case_of("“Item 3”.", served=served)).value == 0.0
    assert measures.seed_overlap(case_of(BOTH)).answer == "no other seeds"


def test_what_is_no_term_is_no_cause(case_of: CaseOf) -> None:
    for measure in (measures.comprehensiveness, measures.deletion, measures.insertion_gain):
        assert measure(case_of("It is good.")).answer == "no cause told"


def test_what_the_model_cannot_be_asked(case_of: CaseOf) -> None:
    with pytest.raises(Unfit, match="no case"):
        case_of(BOTH, user_id="9")
    with pytest.raises(Unfit, match="no rank"):
        case_of(BOTH, item_id="2")


def test_as_scorers_they_stay_in_their_ranges_and_say_what_they_are(served_of: Any) -> None:
    scorers = faithful_scorers(served_of())
    assert len({one.name for one in scorers}) == len(scorers) > 10
    for one in scorers:
        assert one.about.endswith((".", "0", "0 lacks nothing."))
        found = one.score(told(BOTH))
        if found.value is not None:
            assert one.low is None or found.value >= one.low
            assert one.high is None or found.value <= one.high
        assert one.score(told("")).answer == "no text"
    for one in faithful_scorers(None):
        assert one.score(told(BOTH)).answer == "no model"
    assert {one.name for one in scorers} < {one.name for one in scorers_of(["faithful"])}


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    terms=st.lists(st.floats(-2, 2, width=16), min_size=4, max_size=4),
    named=st.sets(st.integers(0, 3), min_size=1),
)
def test_of_a_sum_both_measures_add_up(
    case_of: CaseOf, served_of: Any, terms: list[float], named: set[int]
) -> None:
    """Lost by deletion and missing when alone are together all that is personal."""
    table = TERMS.copy()
    table[4] = terms
    case = case_of(", ".join(f"“Item {n}”" for n in sorted(named)), served=served_of(table))
    weighed = sum(abs(one) for one in terms)
    gone, missing = measures.comprehensiveness(case), measures.sufficiency(case)
    if weighed == 0:
        assert gone.value == missing.value == 0.0
        return
    assert value(gone) == pytest.approx(sum(terms[n] for n in named) / weighed, abs=1e-4)
    assert value(gone) + value(missing) == pytest.approx(sum(terms) / weighed, abs=1e-4)


def test_naming_by_chance_gains_nothing_in_the_mean(case_of: CaseOf) -> None:
    """The null of the gains: over all pairs of causes and many cases the mean is near 0."""
    gains = [
        value(measures.comprehensiveness_gain(case_of(f"“Item {a}”, “Item {b}”.", key=f"{a}{b}")))
        for a in range(4)
        for b in range(4)
        if a != b
    ]
    assert np.mean(gains) == pytest.approx(0.0, abs=0.06)
    assert max(gains) > 0.2 > -0.2 > min(gains)
