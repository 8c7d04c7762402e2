"""Every sentence, read by a reader that knows nothing of the templates, says what its claim says.

The readers are those of the independent checker in evals: they parse the text alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import pytest

from recx_agent.evals.scorers.grounded.known.chinese import CHINESE
from recx_agent.evals.scorers.grounded.known.english import ENGLISH
from recx_agent.evals.scorers.grounded.known.reading import Told, Tongue
from recx_agent.evals.scorers.grounded.shown import causes_of
from recx_agent.explainer.claims import ClaimKind
from recx_agent.prompts import TemplateWriter
from recx_agent.protocols import Claim, Plan
from recx_agent.schemas import Evidence
from tests.unit.prompts.conftest import FIELDS, WORDINGS

TONGUES = {"en": ENGLISH, "zh": CHINESE}
WRITER = TemplateWriter()
RANKS = {"rank": 3, "rank_without": 14, "k": 10}
FEW = Claim("because_history", ("H1",))
THREE = Claim("because_history", ("H1", "H2", "H3"))
CASES: list[tuple[Claim, ...]] = [
    (THREE,),
    (Claim("because_history", ("H1", "H3"), {"again": ("H1",), "also_for": ("Up",)}),),
    (Claim("because_history", ("H1", "H2"), {"again": ("H1", "H2"), "also_for": ("A", "B")}),),
    (Claim("because_history", ("H1",), {"also_for": tuple("ABCDE")}),),
    (Claim("because_attr", ("A1", "A2", "A3")),),
    (Claim("because_others", ("O1",)),),
    (THREE, Claim("because_others", ("O1",))),
    (THREE, Claim("weighed_most", ("H1",), RANKS)),
    (Claim("because_history", ("H1", "H2")), Claim("weighed_most", ("H2",))),
    (Claim("because_attr", ("A1", "A2")), Claim("weighed_most", ("A1",))),
    (THREE, Claim("without", ("H2",), RANKS)),
    (THREE, Claim("without", ("H1", "H2", "H3"), {**RANKS, "rank_without": 1400})),
    (FEW, Claim("without", ("H1",), {"rank": 1, "rank_without": 2, "k": 1})),
    (Claim("because_attr", ("A1",)), Claim("without", ("A1",), {**RANKS, "rank_without": 8})),
    (THREE, Claim("in_common", ("H1", "H2", "H3", "F1"), {"name": "genre", "value": "Crime"})),
    (FEW, Claim("in_common", ("H1", "F2"), {"name": "year", "value": "1995"})),
    (
        Claim("because_history", ("H1",), {"also_for": ("Up",)}),
        Claim("in_common", ("H1", "F1"), {"name": "genre", "value": "Crime"}),
    ),
    (Claim("in_common", ("H1", "H2", "F1"), {"name": "genre", "value": "Crime"}),),
    (THREE, Claim("against", ("H4",))),
    (THREE, Claim("against", ("H4",)), Claim("everyone_against", ("B1",))),
    (THREE, Claim("context", ("C1", "C2"))),
    (THREE, Claim("context", ("C3",))),
    (THREE, Claim("support", ("S1",))),
    (THREE, Claim("support", ("S2",))),
    (THREE, Claim("everyone", ("B1",), {"most": True})),
    (FEW, Claim("everyone", ("B1",), {"most": True})),
    (THREE, Claim("everyone", ("B1",), {"most": False})),
    (THREE, Claim("everyone_against", ("B1",))),
    (Claim("fact", ("F1", "F2")),),
    (THREE, Claim("current_fact", ("F3", "F4"))),
    (Claim("chosen_elsewhere", ("R1",)),),
    (Claim("chosen_elsewhere", ("R2",)),),
    (Claim("outside", ("T1",), {"k": 10}),),
    (Claim("outside", ("T1",), {"k": 1}),),
    (Claim("outside", ("T1",), {"k": 10}), Claim("speaks_for", ("H1", "H2", "H3"))),
    (Claim("outside", ("T1",), {"k": 10}), Claim("speaks_for", ("A1", "A3"))),
    (Claim("chosen_elsewhere", ("R1",)), Claim("speaks_for", ("O1",))),
    (Claim("no_single_cause", ("T1",)),),
    (Claim("no_single_cause", ("T2",)),),
    (Claim("no_single_cause", ("T3",)),),
    (Claim("rests_everyone", ("B1",)),),
    (Claim("unforetold", ("T1",)),),
    (Claim("outside", ("T1",), {"k": 10}), Claim("unforetold", ("T1",))),
    (Claim("no_history", ("B1",)),),
    (Claim("own_item", ("H1",)),),
    (Claim("chosen_elsewhere", ("R1",)), Claim("no_single_cause", ("T1",))),
    (Claim("chosen_elsewhere", ("R1",)), Claim("no_single_cause", ("T2",))),
    (Claim("chosen_elsewhere", ("R1",)), Claim("rests_everyone", ("B1",))),
    (Claim("chosen_elsewhere", ("R1",)), Claim("own_item", ("H1",))),
]
RATINGS = {FIELDS[id]["title"]: FIELDS[id]["rating"] for id in ("H1", "H2", "H3", "H4")}


def written(claims: tuple[Claim, ...], style: int, language: str) -> str:
    evidence = {
        id: Evidence(id=id, kind="cause", text="-", fields=fields) for id, fields in FIELDS.items()
    }
    plan = Plan("Jackie Brown", claims, evidence, WORDINGS[language], style)
    return WRITER.write(plan).sentences[-1].text


def sentences() -> Iterator[Any]:
    for language in TONGUES:
        for number, claims in enumerate(CASES):
            for style, name in enumerate(WRITER.styles):
                id = f"{language}-{number}-{claims[-1].kind}-{name}"
                yield pytest.param(language, claims, style, id=id)


def expected_numbers(claim: Claim) -> dict[str, int]:
    """Every number that the claim can tell, by the reader's names."""
    fields: dict[str, Any] = {}
    for id in claim.evidence:
        if id[0] in "BTR":
            fields = FIELDS[id]
    numbers = {
        "rank": claim.values.get("rank", fields.get("rank")),
        "without": claim.values.get("rank_without"),
        "k": claim.values.get("k"),
        "candidates": fields.get("candidates"),
        "liked": fields.get("liked_by"),
        "users": fields.get("users"),
        "count": fields.get("count"),
        "share": round(100 * fields["share"]) if "share" in fields else None,
        "others": max(0, len(claim.values.get("also_for", ())) - 3),
    }
    return {name: int(value) for name, value in numbers.items() if value is not None}


def titles(claim: Claim) -> set[str]:
    return {FIELDS[id]["title"] for id in claim.evidence if id[0] == "H"}


@pytest.mark.parametrize(("language", "claims", "style"), list(sentences()))
def test_a_sentence_says_what_its_claim_says(
    language: str, claims: tuple[Claim, ...], style: int
) -> None:
    tongue: Tongue = TONGUES[language]
    claim, text = claims[-1], written(claims, style, language)
    told = tongue.read(text)
    assert told is not None, text
    assert told.kind == claim.kind
    assert told.item in (None, "Jackie Brown")
    if len(claims) == 1 and claim.kind != "in_common":
        assert told.item == "Jackie Brown"
    numbers = expected_numbers(claim)
    assert told.numbers.items() <= {**numbers, "one": 1}.items(), text
    if claim.kind in ("weighed_most", "without") and claim.values:
        assert told.numbers.keys() >= {"rank", "without"}
    if claim.kind in ("everyone", "everyone_against", "rests_everyone", "no_history"):
        assert told.numbers.keys() >= {"liked", "users"}
        assert told.bar == 4
    if claim.kind == "outside":
        assert told.numbers.keys() >= {"rank", "candidates", "k"}
    compare_names(told, claim)


def compare_names(told: Told, claim: Claim) -> None:
    if claim.kind in ("because_history", "because_attr", "speaks_for"):
        attributes = {
            f"{FIELDS[id]['name']}={FIELDS[id]['value']}".removesuffix(".0")
            for id in claim.evidence
            if id[0] == "A"
        }
        assert set(causes_of(told)) == titles(claim) | attributes
        again = {FIELDS[id]["title"] for id in claim.values.get("again", ())}
        assert set(told.again) == again
        assert set(told.below) == set(claim.values.get("also_for", ())[: len(told.below)])
    for group in told.deeds:
        assert all(group.rating == RATINGS[title] for title in group.titles)
        assert group.maximum == 5
    if claim.kind == "own_item":
        (given,) = (one for done in told.own for one in done.ratings)
        assert (given.value, given.high) == (5, 5)
    if claim.kind == "without":
        assert set(told.gone) == titles(claim)
    if claim.kind == "fact":
        assert told.attributes == {"genre": ("Action", "Crime", "Thriller"), "year": ("1995",)}
    if claim.kind == "in_common":
        assert told.attributes == {claim.values["name"]: (claim.values["value"],)}
        named = {*told.those, *told.everything} - {"Jackie Brown"}
        assert named == titles(claim) or "those" in told.words
    if claim.kind == "support":
        assert told.texts == (FIELDS[claim.evidence[0]]["text"].removesuffix("."),)
    if claim.kind == "chosen_elsewhere":
        assert told.words["by"] == "Acme"
        assert told.numbers.get("rank") == FIELDS[claim.evidence[0]]["rank"]


def test_every_kind_is_read() -> None:
    assert {claims[-1].kind for claims in CASES} == set(get_args(ClaimKind))


LIES = {
    "en": [("rated", "loved"), (" 5 ", " 4 "), ("14th", "15th"), ("better", "worse")]
    + [("because", "although"), ("your history", "the news"), (".", ", which you will enjoy.")],
    "zh": [("打了", "盛赞"), ("5分", "4分"), ("14名", "15名"), ("要好", "要差")]
    + [("因为", "虽然"), ("历史记录", "新闻"), ("。", "，你一定会喜欢。")],
}


@pytest.mark.parametrize("language", TONGUES)
def test_a_changed_sentence_is_not_read_as_the_same(language: str) -> None:
    changed = 0
    for claims in CASES:
        for style in range(len(WRITER.styles)):
            text = written(claims, style, language)
            true = TONGUES[language].read(text)
            for old, new in LIES[language]:
                lie = text.replace(old, new)
                if lie != text:
                    changed += 1
                    assert TONGUES[language].read(lie) != true, lie
    assert changed > 500
