"""The language rules of context, low ratings, unnamed items, other recommenders, own texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from recx_agent.evidence import EvidenceSet
from recx_agent.explainer.claims import ABSTENTIONS, REASONS
from recx_agent.explainer.planner import ListContext, Planner, plan_known, plan_popular
from recx_agent.protocols import Claim, Foretold
from recx_agent.schemas import Evidence
from recx_agent.settings import EvidenceSettings


def piece(
    id: str, value: float | None = None, /, *, without: int | None = None, **fields: Any
) -> Evidence:
    if value is not None and id[0] in "BO":
        fields = {"share": abs(value), **fields}
    if id[0] == "H":
        fields = {"item_id": id, "attributes": {}, "disliked": False, **fields}
    kind = "cause" if value is not None else "support" if id[0] == "S" else "fact"
    return Evidence(
        id=id, kind=kind, text="", fields=fields, contribution=value, rank_without=without
    )


def fact(id: str, as_of: str | None = None, name: str = "genre") -> Evidence:
    return piece(id, name=name, values=["Noir"], as_of=as_of)


def evidence(
    *pieces: Evidence,
    history: float = 1.0,
    attribute: float = 1.0,
    rank: int | None = 3,
    unnamed_most: float = 0.0,
) -> EvidenceSet:
    held = [*pieces, piece("T1", 0.5, share=0.5)]
    if not any(p.id == "B1" for p in held):
        held.append(piece("B1", 0.01))
    return EvidenceSet(0, tuple(held), history, attribute, rank, unnamed_most)


PLANNER = Planner(EvidenceSettings(), {})


def plan(given: EvidenceSet, k: int = 10) -> list[Claim]:
    return PLANNER.plan(given, k, ListContext())


def kinds(given: EvidenceSet) -> list[str]:
    return [claim.kind for claim in plan(given)]


def cited(given: EvidenceSet, kind: str) -> list[tuple[str, ...]]:
    return [claim.evidence for claim in plan(given) if claim.kind == kind]


# Context


@pytest.mark.parametrize(("value", "told"), [(0.05, True), (0.0499, False), (-0.4, False)])
def test_a_context_is_told_from_a_twentieth_on(value: float, told: bool) -> None:
    given = evidence(piece("H1", 0.3), piece("C1", value))
    assert ("context" in kinds(given)) is told


def test_two_contexts_at_most_the_largest_first() -> None:
    given = evidence(piece("H1", 0.3), piece("C1", 0.1), piece("C2", 0.3), piece("C3", 0.2))
    assert cited(given, "context") == [("C2", "C3")]


def test_a_context_is_no_reason_of_itself() -> None:
    given = evidence(piece("H1", 0.05), piece("C1", 0.6))
    assert kinds(given) == ["no_single_cause", "context"]
    assert "context" not in REASONS


def test_a_context_is_told_beside_what_is_outside_and_what_rests_on_everyone() -> None:
    assert kinds(evidence(piece("H1", 0.3), piece("C1", 0.1), rank=50)) == [
        "outside",
        "speaks_for",
        "context",
    ]
    assert kinds(evidence(piece("B1", 0.6), piece("C1", 0.1))) == ["rests_everyone", "context"]


# Items with a low rating


def test_a_disliked_item_is_never_a_reason() -> None:
    given = evidence(piece("H1", 0.9, disliked=True), piece("H2", 0.3))
    assert cited(given, "because_history") == [("H2",)]
    alone = evidence(piece("H1", 0.9, disliked=True))
    assert kinds(alone) == ["no_single_cause"]


def test_a_disliked_item_may_count_against() -> None:
    given = evidence(piece("H1", 0.4), piece("H2", -0.2, disliked=True))
    assert cited(given, "against") == [("H2",)]


# A model without attributes and biases


def test_without_attributes_and_biases_there_is_still_a_plan() -> None:
    pieces = (piece("H1", 0.3), piece("T1", 0.5))
    given = EvidenceSet(0, pieces, 1.0, 0.0, 3)
    assert [claim.kind for claim in plan(given)] == ["because_history"]
    thin = EvidenceSet(0, (piece("H1", 0.1), piece("T1", 0.5)), 1.0, 0.0, 3)
    assert [claim.kind for claim in plan(thin)] == ["no_single_cause"]


# Items that are not to be named


def test_others_alone_carry_the_reason_from_a_fifth_on() -> None:
    given = evidence(piece("O1", 0.2), unnamed_most=0.1)
    assert kinds(given) == ["because_others"]
    assert kinds(evidence(piece("O1", 0.19), unnamed_most=0.1)) == ["no_single_cause"]


def test_named_and_others_together_reach_a_fifth() -> None:
    given = evidence(piece("H1", 0.12), piece("O1", 0.1), unnamed_most=0.05)
    assert kinds(given) == ["because_history", "because_others"]


def test_named_ones_that_are_negligible_beside_the_others_are_left_out() -> None:
    given = evidence(piece("H1", 0.02), piece("O1", 0.5), unnamed_most=0.3)
    assert kinds(given) == ["because_others"]
    kept = evidence(piece("H1", 0.18), piece("H2", 0.02), piece("O1", 0.3), unnamed_most=0.1)
    assert cited(kept, "because_history") == [("H1",)]


@pytest.mark.parametrize(("others", "told"), [(0.31, True), (0.3, False), (-0.6, False)])
def test_others_come_beside_named_causes_that_they_outweigh(others: float, told: bool) -> None:
    given = evidence(piece("H1", 0.2), piece("H2", 0.1), piece("O1", others), unnamed_most=0.05)
    assert ("because_others" in kinds(given)) is told
    assert cited(given, "because_history") == [("H1", "H2")]


@pytest.mark.parametrize(("hidden", "most"), [(0.24, True), (0.2401, False)])
def test_no_ranking_word_where_a_hidden_one_weighs_as_much(hidden: float, most: bool) -> None:
    given = evidence(piece("H1", 0.3), piece("H2", 0.1), piece("O1", 0.3), unnamed_most=hidden)
    assert ("weighed_most" in kinds(given)) is most


def test_no_ranking_word_beside_the_others() -> None:
    given = evidence(
        piece("H1", 0.3, without=20), piece("H2", 0.1), piece("O1", 0.6), unnamed_most=0.01
    )
    assert kinds(given) == ["because_history", "because_others", "without"]


def test_everyone_is_compared_with_the_others_too() -> None:
    given = evidence(
        piece("H1", 0.1), piece("H2", 0.1), piece("O1", 0.3), piece("B1", 0.2), unnamed_most=0.1
    )
    [everyone] = [claim for claim in plan(given) if claim.kind == "everyone"]
    assert everyone.values == {"most": False}


def test_it_is_not_said_that_nothing_stands_out_where_a_hidden_one_does() -> None:
    # One hidden item adds 0.5, others of them take 0.45 away.
    given = evidence(piece("H1", 0.05), piece("O1", 0.05), unnamed_most=0.5)
    assert kinds(given) == ["because_others"]
    taken = evidence(piece("H1", 0.05), piece("O1", -0.1), unnamed_most=0.5)
    assert kinds(taken) == ["everyone"]
    against = evidence(piece("O1", -0.1), piece("B1", -0.01), unnamed_most=0.5)
    assert kinds(against) == ["everyone_against"]
    facts = evidence(piece("O1", -0.1), fact("F1"), unnamed_most=0.5)
    assert kinds(facts) == ["fact"]


def test_a_negative_sum_of_others_is_not_told() -> None:
    given = evidence(piece("H1", 0.3), piece("O1", -0.9))
    assert all("O1" not in claim.evidence for claim in plan(given))


def test_outside_the_list_others_speak_for_it() -> None:
    given = evidence(piece("H1", 0.15), piece("O1", 0.3), unnamed_most=0.1, rank=50)
    assert cited(given, "speaks_for") == [("H1",), ("O1",)]
    assert "because_others" not in kinds(given)


# Chosen elsewhere


def elsewhere(*pieces: Evidence, rank: int | None = 3, **more: Any) -> EvidenceSet:
    chosen = piece("R1", name="shop", rank=rank, candidates=100)
    return evidence(chosen, *pieces, rank=rank, **more)


@pytest.mark.parametrize("rank", [1, 3, 500])
def test_it_is_said_first_and_nothing_is_called_because(rank: int) -> None:
    given = elsewhere(piece("H1", 0.3, without=90), piece("H2", -0.2), rank=rank)
    assert kinds(given) == ["chosen_elsewhere", "speaks_for", "against"]


def test_that_nothing_speaks_for_it_is_said() -> None:
    assert kinds(elsewhere(piece("H1", 0.05))) == ["chosen_elsewhere", "no_single_cause"]
    assert kinds(elsewhere(piece("B1", 0.6))) == ["chosen_elsewhere", "rests_everyone"]


def test_never_because() -> None:
    values = (0.05, 0.3, -0.3)
    for h in values:
        for a in values:
            for o in values:
                for most in (0.0, 0.5):
                    given = elsewhere(
                        piece("H1", h),
                        piece("A1", a, name="genre", value="Noir"),
                        piece("O1", o),
                        unnamed_most=most,
                    )
                    found = kinds(given)
                    assert found[0] == "chosen_elsewhere"
                    assert not [kind for kind in found if kind.startswith("because")]
                    assert "weighed_most" not in found


def test_what_the_user_knows_is_said_to_be_known() -> None:
    chosen = piece("R1", name="shop", rank=None, candidates=9)
    given = EvidenceSet(0, (chosen, piece("H1", item_id="x"), fact("F1")), 1.0, 1.0, None)
    assert [claim.kind for claim in plan_known(given)] == ["chosen_elsewhere", "own_item"]


def test_without_a_history_it_is_not_called_one_of_the_best_liked() -> None:
    chosen = piece("R1", name="shop", rank=900, candidates=1000)
    given = EvidenceSet(0, (chosen, piece("B1", 2.0), fact("F1")), 2.0, 0.0, 900)
    assert [claim.kind for claim in plan_popular(given)] == ["chosen_elsewhere", "everyone", "fact"]
    ours = EvidenceSet(0, (piece("B1", 2.0), fact("F1")), 2.0, 0.0, 1)
    assert [claim.kind for claim in plan_popular(ours)] == ["no_history", "fact"]


# Own texts and facts that change


def test_texts_and_facts_of_now_stand_last_and_are_no_reasons() -> None:
    now = [fact("F2", "2024-05-01T12:00:00+00:00"), fact("F3", "2024-05-01T11:00:00+00:00")]
    texts = [piece("S1", text="…"), piece("S2", text="…")]
    given = evidence(piece("H1", 0.05), fact("F1"), *now, *texts)
    found = plan(given)
    assert [claim.kind for claim in found] == [
        "no_single_cause",
        "fact",
        "current_fact",
        "support",
        "support",
    ]
    assert found[1].evidence == ("F1",)
    assert found[2].evidence == ("F2", "F3")
    assert found[2].values == {"as_of": "2024-05-01T11:00:00+00:00"}
    assert not {"support", "current_fact"} & (REASONS | ABSTENTIONS)


def test_a_fact_of_now_is_never_what_items_have_in_common() -> None:
    given = evidence(
        piece("H1", 0.3, attributes={"genre": ["Noir"]}), fact("F1", "2024-05-01T12:00:00+00:00")
    )
    assert "in_common" not in kinds(given)


# Everything at once


def test_every_plan_says_something_and_cites_what_there_is() -> None:
    values: Sequence[float] = (-0.5, 0.02, 0.3)
    for h in values:
        for o in values:
            for b in values:
                for most in (0.0, 0.6):
                    given = evidence(
                        piece("H1", h), piece("O1", o), piece("B1", b), unnamed_most=most
                    )
                    found = plan(given)
                    assert found
                    assert all(set(claim.evidence) <= set(given.by_id) for claim in found)
                    told = [claim.kind for claim in found]
                    assert len(told) == len(set(told))
                    if most >= 0.2:
                        assert "no_single_cause" not in told


# A history that foretells nothing


def foretold(likelihood: float, given: EvidenceSet) -> EvidenceSet:
    return replace(given, foretold=Foretold(likelihood, 10))


def test_a_history_that_foretells_nothing_is_no_reason_for_anything() -> None:
    given = evidence(
        piece("H1", 0.6),
        piece("H2", -0.2),
        piece("A1", 0.5, name="genre", value="Noir"),
        piece("O1", 0.3),
        fact("F1"),
    )
    assert "unforetold" not in kinds(foretold(0.5, given))
    assert kinds(foretold(0.499, given)) == ["unforetold", "fact"]
    assert cited(foretold(0.1, given), "unforetold") == [("T1",)]
    assert PLANNER.told_causes(foretold(0.1, given)) == []
    assert PLANNER.told_causes(foretold(0.5, given)) != []


def test_what_does_not_rest_on_the_history_is_told_beside_it() -> None:
    given = evidence(piece("H1", 0.3), piece("C1", 0.2), piece("B1", 0.4), piece("S1"))
    assert kinds(foretold(0.1, given)) == ["unforetold", "context", "everyone", "support"]
    (everyone,) = (c for c in plan(foretold(0.1, given)) if c.kind == "everyone")
    assert not everyone.values["most"]  # no cause is told that it could be more than


def test_where_the_item_stands_and_who_chose_it_come_first() -> None:
    far = evidence(piece("H1", 0.3), rank=40)
    assert kinds(foretold(0.1, far)) == ["outside", "unforetold"]
    elsewhere = evidence(piece("R1", name="shop"), piece("H1", 0.3))
    assert kinds(foretold(0.1, elsewhere)) == ["chosen_elsewhere", "unforetold"]


def test_with_the_threshold_at_nothing_a_reason_is_always_told() -> None:
    given = foretold(0.0, evidence(piece("H1", 0.3)))
    off = Planner(EvidenceSettings(foretold_from=0.0), {})
    assert off.plan(given, 10, ListContext())[0].kind == "because_history"
    assert plan(given)[0].kind == "unforetold"
