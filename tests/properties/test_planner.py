"""Whatever the numbers are, a plan says nothing that they do not carry."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from recx_agent.evidence import EvidenceSet
from recx_agent.explainer.claims import ABSTENTIONS, REASONS
from recx_agent.explainer.planner import ListContext, Planner
from recx_agent.protocols import Claim
from recx_agent.schemas import Evidence
from recx_agent.settings import EvidenceSettings

SETTINGS = EvidenceSettings()
PLANNER = Planner(SETTINGS, {("genre", "Noir"): 3})
VALUES = st.floats(-2, 2, allow_subnormal=False).map(lambda value: round(value, 4))


def piece(id: str, contribution: float | None, **fields: Any) -> Evidence:
    return Evidence(
        id=id,
        kind="fact" if contribution is None else "cause",
        text="",
        fields=fields,
        contribution=contribution,
        rank_without=fields.pop("without", None),
    )


@st.composite
def evidence_sets(draw: st.DrawFn) -> EvidenceSet:
    """Numbers of all sorts; the totals are those of the terms, the hidden ones too."""
    history = draw(st.lists(VALUES, max_size=6))
    hidden = draw(st.lists(VALUES, max_size=4))
    attributes = draw(st.lists(st.floats(0.01, 2), max_size=3))
    contexts = draw(st.lists(VALUES, max_size=3))
    bias = draw(VALUES)
    total = sum(map(abs, [*history, *hidden, *contexts, bias])) or 1.0
    rank = draw(st.none() | st.integers(1, 30))
    pieces = [
        piece(
            f"H{n}",
            value,
            item_id=f"i{n}",
            attributes={"genre": ["Noir"]},
            disliked=draw(st.booleans()),
            without=draw(st.none() | st.integers(1, 40)),
        )
        for n, value in enumerate(sorted(history, reverse=True), start=1)
    ]
    if hidden:
        pieces.append(piece("O1", sum(hidden), share=abs(sum(hidden)) / total))
    pieces += [
        piece(f"A{n}", v, name="genre", value=draw(st.sampled_from(["Noir", "Film"])))
        for n, v in enumerate(attributes, 1)
    ]
    pieces += [piece(f"C{n}", v, name="device") for n, v in enumerate(contexts, 1)]
    if draw(st.booleans()):
        pieces.append(piece("B1", bias, share=abs(bias) / total))
    pieces.append(piece("T1", sum(history) + sum(hidden), count=len(history) + len(hidden)))
    if draw(st.booleans()):
        pieces.append(piece("F1", None, name="genre", values=["Noir"], as_of=None))
    if draw(st.booleans()):
        pieces.append(piece("R1", None, name="shop", rank=rank, candidates=50))
    most = max([0.0, *hidden])
    return EvidenceSet(0, tuple(pieces), total, sum(attributes) or 1.0, rank, most)


def value(given: EvidenceSet, id: str) -> float:
    found = given.by_id[id].contribution
    assert found is not None
    return found


def total_of(given: EvidenceSet, claims: list[Claim]) -> float:
    return sum(value(given, id) for claim in claims for id in claim.evidence)


@given(given=evidence_sets(), k=st.integers(1, 20))
def test_reasons_are_positive_and_together_a_fifth(given: EvidenceSet, k: int) -> None:
    claims = PLANNER.plan(given, k, ListContext())
    reasons = [claim for claim in claims if claim.kind in REASONS]
    told = [id for claim in reasons for id in claim.evidence]
    assert len(told) == len(set(told))
    by_attribute = any(id.startswith("A") for id in told)
    whole = given.attribute_total if by_attribute else given.history_total
    for id in told:
        assert not given.by_id[id].fields.get("disliked")
        # Hidden items may take some of each other away; one of them can still be reason enough.
        assert value(given, id) > 0 or given.unnamed_most >= SETTINGS.min_share * whole
    if told:
        alone = "O1" in told and given.unnamed_most >= SETTINGS.min_share * whole
        assert alone or total_of(given, reasons) >= SETTINGS.min_share * whole - 1e-9
        assert sum(id[0] in "HA" for id in told) <= SETTINGS.max_causes
        assert not {claim.kind for claim in claims} & ABSTENTIONS


@given(given=evidence_sets(), k=st.integers(1, 20))
def test_because_is_said_only_of_what_we_suggest(given: EvidenceSet, k: int) -> None:
    kinds = [claim.kind for claim in PLANNER.plan(given, k, ListContext())]
    because = {kind for kind in kinds if kind.startswith("because")} | {"weighed_most"} & set(kinds)
    if given.of("R"):
        assert kinds[0] == "chosen_elsewhere"
        assert not because
        assert "outside" not in kinds
    elif given.rank is not None and given.rank > k:
        assert kinds[0] == "outside"
        assert not because
    else:
        assert "speaks_for" not in kinds


@given(given=evidence_sets(), k=st.integers(1, 20))
def test_ranking_words_hold_against_hidden_items_too(given: EvidenceSet, k: int) -> None:
    claims = PLANNER.plan(given, k, ListContext())
    kinds = [claim.kind for claim in claims]
    told = [id for claim in claims if claim.kind in REASONS for id in claim.evidence]
    for claim in claims:
        if claim.kind == "weighed_most":
            [first] = claim.evidence
            others = [value(given, id) for id in told if id != first]
            assert value(given, first) >= SETTINGS.most_ratio * max([*others, given.unnamed_most])
            assert "because_others" not in kinds
        if claim.kind == "everyone" and claim.values["most"]:
            largest = max(value(given, id) for id in told)
            assert value(given, "B1") >= SETTINGS.most_ratio * largest
        if claim.kind == "no_single_cause":
            assert given.unnamed_most < SETTINGS.min_share * given.history_total
            positive = [p.contribution or 0 for p in given.of("H") if not p.fields.get("disliked")]
            assert max([0.0, *positive]) < SETTINGS.min_share * given.history_total


@given(given=evidence_sets(), k=st.integers(1, 20))
def test_every_claim_cites_what_there_is_and_ranks_are_exact(given: EvidenceSet, k: int) -> None:
    claims = PLANNER.plan(given, k, ListContext())
    assert claims
    for claim in claims:
        assert claim.evidence
        assert set(claim.evidence) <= set(given.by_id)
        if claim.values.get("rank_without") is not None:
            [id] = claim.evidence
            assert claim.values == {
                "rank": given.rank,
                "rank_without": given.by_id[id].rank_without,
                "k": k,
            }
            assert claim.values["rank_without"] > claim.values["rank"]
        if claim.kind == "against":
            assert value(given, claim.evidence[0]) < 0
        if claim.kind == "context":
            floor = SETTINGS.against_share * given.history_total
            assert all(value(given, id) >= floor and value(given, id) > 0 for id in claim.evidence)
            assert len(claim.evidence) <= 2
