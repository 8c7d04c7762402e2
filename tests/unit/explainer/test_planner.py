"""The language rules as numbers: what may be said, and what may not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from recx_agent.evidence import EvidenceSet
from recx_agent.explainer.planner import ListContext, Planner
from recx_agent.protocols import Claim
from recx_agent.schemas import Evidence
from recx_agent.settings import EvidenceSettings


def cause(
    id: str,
    value: float,
    *,
    without: int | None = None,
    item: str = "",
    genre: Sequence[str] = (),
) -> Evidence:
    fields: dict[str, Any] = {"share": abs(value)}
    if id.startswith("H"):
        fields = {"item_id": item or id, "attributes": {"genre": list(genre)}}
    if id.startswith("A"):
        fields = {"name": "genre", "value": genre[0] if genre else id}
    return Evidence(
        id=id, kind="cause", text="", fields=fields, contribution=value, rank_without=without
    )


def fact(id: str, name: str, values: list[str]) -> Evidence:
    return Evidence(id=id, kind="fact", text="", fields={"name": name, "values": values})


def evidence(
    *pieces: Evidence, history: float = 1.0, attribute: float = 1.0, rank: int | None = 3
) -> EvidenceSet:
    held = list(pieces)
    if not any(piece.id == "B1" for piece in held):
        held.append(cause("B1", 0.01))
    held.append(cause("T1", 0.5))
    return EvidenceSet(0, tuple(held), history, attribute, rank)


@pytest.fixture
def planner() -> Planner:
    return Planner(EvidenceSettings(), {("genre", "Film"): 100, ("genre", "Noir"): 3})


def kinds(planner: Planner, given: EvidenceSet, context: ListContext | None = None) -> list[str]:
    return [claim.kind for claim in planner.plan(given, 10, context or ListContext())]


def claim(planner: Planner, given: EvidenceSet, kind: str) -> Claim:
    found = [c for c in planner.plan(given, 10, ListContext()) if c.kind == kind]
    assert len(found) == 1, f"expected one {kind}"
    return found[0]


def test_up_to_three_causes_are_one_reason(planner: Planner) -> None:
    given = evidence(*(cause(f"H{n}", 0.1) for n in range(1, 6)))
    assert claim(planner, given, "because_history").evidence == ("H1", "H2", "H3")


@pytest.mark.parametrize(("value", "told"), [(0.0667, True), (0.0665, False)])
def test_a_group_needs_a_fifth_of_all_terms(planner: Planner, value: float, told: bool) -> None:
    given = evidence(*(cause(f"H{n}", value) for n in (1, 2, 3)))
    assert ("because_history" in kinds(planner, given)) is told


def test_a_small_cause_beside_a_large_one_is_left_out(planner: Planner) -> None:
    given = evidence(cause("H1", 0.3), cause("H2", 0.2), cause("H3", 0.05))
    assert claim(planner, given, "because_history").evidence == ("H1", "H2")


def test_a_small_cause_is_told_when_the_group_needs_it(planner: Planner) -> None:
    given = evidence(cause("H1", 0.15), cause("H2", 0.04), cause("H3", 0.03))
    assert claim(planner, given, "because_history").evidence == ("H1", "H2", "H3")


def test_a_negative_term_is_never_a_reason(planner: Planner) -> None:
    given = evidence(cause("H1", 0.3), cause("H2", -0.4))
    assert claim(planner, given, "because_history").evidence == ("H1",)
    assert claim(planner, given, "against").evidence == ("H2",)


@pytest.mark.parametrize(("second", "most"), [(0.16, True), (0.1601, False)])
def test_weighed_most_needs_a_quarter_more_than_the_second(
    planner: Planner, second: float, most: bool
) -> None:
    given = evidence(cause("H1", 0.2), cause("H2", second))
    assert ("weighed_most" in kinds(planner, given)) is most


def test_a_single_cause_is_not_said_to_have_weighed_most(planner: Planner) -> None:
    assert "weighed_most" not in kinds(planner, evidence(cause("H1", 0.4)))


def test_the_rank_without_is_told_only_where_it_falls(planner: Planner) -> None:
    falls = evidence(cause("H1", 0.4, without=14))
    assert claim(planner, falls, "without").values == {"rank": 3, "rank_without": 14, "k": 10}
    assert "without" not in kinds(planner, evidence(cause("H1", 0.4, without=3)))
    assert "without" not in kinds(planner, evidence(cause("H1", 0.4, without=2)))


def test_attributes_step_in_where_the_history_is_too_thin(planner: Planner) -> None:
    given = evidence(cause("H1", 0.05), cause("A1", 0.3), cause("A2", 0.2))
    assert kinds(planner, given)[0] == "because_attr"
    assert claim(planner, given, "because_attr").evidence == ("A1", "A2")


def test_thin_evidence_abstains_and_says_what_it_rests_on(planner: Planner) -> None:
    many = evidence(cause("H1", 0.05), cause("A1", 0.05), fact("F1", "genre", ["Noir"]))
    assert kinds(planner, many) == ["no_single_cause", "fact"]
    everyone = evidence(cause("H1", 0.05), cause("B1", 0.6))
    assert kinds(planner, everyone) == ["rests_everyone"]


def test_an_item_that_rests_on_everyone_is_not_abstained_where_causes_suffice(
    planner: Planner,
) -> None:
    given = evidence(cause("H1", 0.25), cause("B1", 0.6))
    assert kinds(planner, given)[0] == "because_history"
    assert claim(planner, given, "everyone").values == {"most": True}


def test_everyone_counts_against_too(planner: Planner) -> None:
    given = evidence(cause("H1", 0.4), cause("B1", -0.2))
    assert "everyone_against" in kinds(planner, given)
    assert "everyone" not in kinds(planner, given)


def test_of_a_model_without_attributes_the_rarest_common_one_is_told(planner: Planner) -> None:
    given = evidence(
        cause("H1", 0.3, genre=["Film", "Noir"]),
        cause("H2", 0.3, genre=["Noir", "Film"]),
        fact("F1", "genre", ["Film", "Noir"]),
        attribute=0.0,
    )
    common = claim(planner, given, "in_common")
    assert common.evidence == ("H1", "H2", "F1")
    assert common.values == {"name": "genre", "value": "Noir"}


def test_of_the_common_attributes_the_one_with_the_largest_term_is_told(planner: Planner) -> None:
    given = evidence(
        cause("H1", 0.3, genre=["Film", "Noir"]),
        cause("A1", 0.4, genre=["Crime"]),
        cause("A2", 0.3, genre=["Film"]),
        cause("A3", 0.1, genre=["Noir"]),
        fact("F1", "genre", ["Noir", "Film", "Crime"]),
    )
    assert claim(planner, given, "in_common").values == {"name": "genre", "value": "Film"}


@pytest.mark.parametrize("counted", [[], ["Crime"]])
def test_what_adds_nothing_to_the_score_is_not_told_as_common(
    planner: Planner, counted: list[str]
) -> None:
    given = evidence(
        cause("H1", 0.3, genre=["Noir"]),
        *(cause(f"A{n}", 0.4, genre=[value]) for n, value in enumerate(counted, start=1)),
        fact("F1", "genre", ["Noir", "Crime"]),
    )
    assert "in_common" not in kinds(planner, given)
    assert claim(planner, given, "fact").evidence == ("F1",)


def test_what_one_of_the_causes_lacks_is_not_common(planner: Planner) -> None:
    given = evidence(
        cause("H1", 0.3, genre=["Noir"]),
        cause("H2", 0.3, genre=["Film"]),
        fact("F1", "genre", ["Noir", "Film"]),
    )
    assert "in_common" not in kinds(planner, given)
    assert claim(planner, given, "fact").evidence == ("F1",)


def test_a_cause_told_before_is_marked(planner: Planner) -> None:
    given = evidence(cause("H1", 0.3, item="x"), cause("H2", 0.2, item="y"))
    context = ListContext(told=frozenset({"x"}))
    first = planner.plan(given, 10, context)[0]
    assert first.values["again"] == ("H1",)


def test_later_items_that_rest_on_all_of_it_are_named(planner: Planner) -> None:
    given = evidence(cause("H1", 0.3, item="x"), cause("H2", 0.2, item="y"))
    later = {"Both": frozenset({"x", "y", "z"}), "One": frozenset({"x"})}
    first = planner.plan(given, 10, ListContext(later=later))[0]
    assert first.values["also_for"] == ("Both",)


def test_an_item_that_is_no_candidate_has_no_rank_to_tell(planner: Planner) -> None:
    given = evidence(cause("H1", 0.4, without=14), rank=None)
    assert "without" not in kinds(planner, given)


def test_an_item_below_the_list_is_told_without_because(planner: Planner) -> None:
    given = evidence(cause("H1", 0.3, without=70), cause("H2", -0.1), rank=50)
    assert kinds(planner, given) == ["outside", "speaks_for", "against"]
    assert claim(planner, given, "outside").values == {"k": 10}


def test_an_item_below_the_list_without_causes_is_not_called_a_suggestion(
    planner: Planner,
) -> None:
    given = evidence(cause("H1", 0.05), cause("B1", 0.3), fact("F1", "genre", ["Noir"]), rank=50)
    assert kinds(planner, given) == ["outside", "everyone", "fact"]


def test_the_last_of_the_list_is_not_below_it(planner: Planner) -> None:
    assert kinds(planner, evidence(cause("H1", 0.3), rank=10))[0] == "because_history"
    assert kinds(planner, evidence(cause("H1", 0.3), rank=11))[0] == "outside"


def test_a_genre_is_told_before_a_rarer_year() -> None:
    counts = {("genre", "Noir"): 30, ("year", "1941"): 2}
    planner = Planner(EvidenceSettings(), counts, frozenset({"genre"}))
    first = cause("H1", 0.3)
    fields = {**first.fields, "attributes": {"genre": ["Noir"], "year": ["1941"]}}
    given = evidence(
        first.model_copy(update={"fields": fields}),
        fact("F1", "year", ["1941"]),
        fact("F2", "genre", ["Noir", "Crime"]),
        attribute=0.0,
    )
    assert claim(planner, given, "in_common").values == {"name": "genre", "value": "Noir"}


def test_an_abstention_does_not_hide_what_counts_against(planner: Planner) -> None:
    given = evidence(cause("H1", 0.05), cause("H2", -0.4))
    assert kinds(planner, given) == ["no_single_cause", "against"]
