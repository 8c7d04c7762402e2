"""Plans with every kind of claim, and evidence with every field, to write about."""

from __future__ import annotations

from typing import Any, get_args

from recx_agent.explainer.claims import ClaimKind
from recx_agent.protocols import Claim, Plan
from recx_agent.schemas import Evidence
from recx_agent.settings import WordingSettings

ITEM = "Jackie Brown"


def _event(title: str, rating: float | None, kind: str = "rating", **more: Any) -> dict[str, Any]:
    date = "1997-11-03"
    return {
        "item_id": title.lower(),
        "title": title,
        "event_type": kind,
        "rating": rating,
        "rating_min": None if rating is None else 1.0,
        "rating_max": None if rating is None else 5.0,
        "date": date,
        "source": "events.csv:2",
        "events": [{"event_type": kind, "rating": rating, "date": date}],
        "attributes": {"genre": ["Crime"]},
        "disliked": False,
        **more,
    }


FIELDS: dict[str, dict[str, Any]] = {
    "H1": _event("Fargo", 5.0),
    "H2": _event("Heat", 4.0),
    "H3": _event("Alien", None, "view"),
    "H4": _event("Cats", 1.0, disliked=True),
    "A1": {"name": "genre", "value": "Crime"},
    "A2": {"name": "year", "value": "1997"},
    "B1": {"liked_by": 298, "users": 943, "liked_from": 4.0, "share": 0.4},
    "T1": {"count": 45, "share": 0.83, "rank": 503, "candidates": 1520},
    "C1": {"name": "weekday", "value": "Friday"},
    "O1": {"share": 0.3},
    "R1": {"name": "the shop's own list", "rank": 12, "candidates": 1520},
    "S1": {
        "text": "I could watch a heist for ever",
        "event_type": "rating",
        "rating": 5.0,
        "rating_max": 5.0,
        "date": "1998-01-02",
        "title": "Ronin",
        "source": "events.csv:9",
        "similarity": 0.71,
    },
    "F1": {"name": "genre", "values": ["Crime", "Drama"], "as_of": None},
    "F2": {"name": "price", "values": ["9.99"], "as_of": "2024-05-01T10:00:00+00:00"},
}
_RANKS = {"rank": 3, "rank_without": 14, "k": 10}
CLAIMS: dict[str, tuple[Claim, ...]] = {
    "because_history": (
        Claim("because_history", ("H1",), {"again": (), "also_for": ()}),
        Claim("because_history", ("H1", "H2", "H3"), {"again": ("H1",), "also_for": ("Rope",)}),
    ),
    "because_attr": (Claim("because_attr", ("A1",)), Claim("because_attr", ("A1", "A2"))),
    "weighed_most": (Claim("weighed_most", ("H1",)), Claim("weighed_most", ("A1",), _RANKS)),
    "without": (Claim("without", ("H1",), _RANKS), Claim("without", ("H1", "H2"), _RANKS)),
    "in_common": (Claim("in_common", ("H1", "H2", "F1"), {"name": "genre", "value": "Crime"}),),
    "against": (Claim("against", ("H3",)), Claim("against", ("H4",)), Claim("against", ("A1",))),
    "because_others": (Claim("because_others", ("O1",)),),
    "context": (Claim("context", ("C1",)),),
    "support": (Claim("support", ("S1",)),),
    "everyone": (
        Claim("everyone", ("B1",), {"most": False}),
        Claim("everyone", ("B1",), {"most": True}),
    ),
    "everyone_against": (Claim("everyone_against", ("B1",)),),
    "fact": (Claim("fact", ("F1",)),),
    "current_fact": (Claim("current_fact", ("F2",), {"as_of": FIELDS["F2"]["as_of"]}),),
    "chosen_elsewhere": (Claim("chosen_elsewhere", ("R1",)),),
    "outside": (Claim("outside", ("T1",), {"k": 10}),),
    "speaks_for": (Claim("speaks_for", ("H1", "H2")), Claim("speaks_for", ("A1",))),
    "no_single_cause": (Claim("no_single_cause", ("T1",)),),
    "rests_everyone": (Claim("rests_everyone", ("B1",)),),
    "unforetold": (Claim("unforetold", ("T1",)),),
    "no_history": (Claim("no_history", ("B1",)),),
    "own_item": (Claim("own_item", ("H1",)), Claim("own_item", ("F1",))),
}
"""Every kind of claim, in the forms its evidence can take."""


def evidence(**changed: dict[str, Any]) -> dict[str, Evidence]:
    """Evidence of every letter, with fields of ``changed`` in the place of its own."""
    causes = "HABTCO"
    return {
        id: Evidence(
            id=id,
            kind="cause" if id[0] in causes else "support" if id[0] == "S" else "fact",
            text="-",
            fields={**fields, **changed.get(id, {})},
            contribution=1.0 if id[0] in causes else None,
        )
        for id, fields in FIELDS.items()
    }


def plan_of(*claims: Claim, variant: int = 0, language: str = "en", **changed: Any) -> Plan:
    """A plan of these claims over the evidence of this module."""
    wording = WordingSettings.model_validate({"language": language, "item": "film"})
    return Plan(ITEM, claims, evidence(**changed), wording.model_dump(), variant)


def every_claim() -> list[Claim]:
    """All of ``CLAIMS``; a kind that has been added since is an error here."""
    missing = set(get_args(ClaimKind)) - set(CLAIMS)
    assert not missing, f"no sample of the claims {sorted(missing)}"
    return [claim for kind in get_args(ClaimKind) for claim in CLAIMS[kind]]
