"""A plan with a little of everything, and the words of its placeholders, in two languages.

The reason is ``H1`` (5 of 5), ``H2`` (4 of 5) and ``H3`` (viewed only); ``H1`` alone is enough,
``H2`` and ``H3`` alone are not. ``H4`` (1 of 5) counts against. ``BY_ATTRIBUTE`` is a plan whose
reason is the attribute ``A1``, of value Crime as ``F1`` has it too.
"""

from __future__ import annotations

from typing import Any

from recx_agent.grounding import Verifier, load_vocabulary
from recx_agent.protocols import Claim, Plan, Slot
from recx_agent.schemas import Evidence

DOMAIN = {
    "en": {
        "item_nouns": ["film", "films", "movie", "movies"],
        "use_verbs": ["watch", "watching"],
        "neutral": ["screen"],
    },
    "zh": {"item_nouns": ["电影", "影片"], "use_verbs": ["看", "观看"], "neutral": ["银幕"]},
}


def _history(title: str, rating: float | None, kind: str, genres: list[str]) -> dict[str, Any]:
    low, high = (None, None) if rating is None else (1.0, 5.0)
    return {
        "item_id": title.lower(),
        "title": title,
        "event_type": kind,
        "rating": rating,
        "rating_min": low,
        "rating_max": high,
        "date": "1997-11-03",
        "events": [{"event_type": kind, "rating": rating, "date": "1997-11-03"}],
        "attributes": {"genre": genres},
        "disliked": rating == 1.0,
    }


FIELDS: dict[str, tuple[dict[str, Any], float | None]] = {
    "H1": (_history("Fargo", 5.0, "rating", ["Crime", "Comedy"]), 0.5),
    "H2": (_history("Heat", 4.0, "rating", ["Crime"]), 0.25),
    "H3": (_history("Alien", None, "view", ["Crime", "Horror"]), 0.2),
    "H4": (_history("Cats", 1.0, "rating", ["Musical"]), -0.2),
    "A1": ({"name": "genre", "value": "Crime"}, 0.6),
    "B1": ({"liked_by": 298, "users": 943, "liked_from": 4.0, "share": 0.2}, 0.3),
    "C1": ({"name": "weekday", "value": "Friday"}, 0.2),
    "S1": (
        {"text": "I could watch a heist for ever", "event_type": "review", "title": "Heat"},
        None,
    ),
    "F1": ({"name": "genre", "values": ["Crime", "Drama"], "as_of": None}, None),
    "F2": ({"name": "year", "values": ["1997"], "as_of": None}, None),
}
COMMON = Claim("in_common", ("H1", "H2", "H3", "F1"), {"name": "genre", "value": "Crime"})
RANKS = {"rank": 3, "rank_without": 14, "k": 10}
BESIDE = (
    Claim("against", ("H4",)),
    Claim("context", ("C1",)),
    Claim("everyone", ("B1",), {"most": False}),
    Claim("support", ("S1",)),
)


def plan(*claims: Claim, **changed: Any) -> Plan:
    evidence = {
        id: Evidence(
            id=id,
            kind="support" if id[0] == "S" else "fact" if id[0] == "F" else "cause",
            text="-",
            fields={**fields, **changed.get(id, {})},
            contribution=weight,
        )
        for id, (fields, weight) in FIELDS.items()
    }
    return Plan(
        "Jackie Brown",
        claims,
        evidence,
        {"language": "en"},
        totals={"history": 2.0, "attribute": 1.0},
        min_share=0.2,
    )


BY_HISTORY = plan(
    Claim("because_history", ("H1", "H2", "H3")),
    Claim("weighed_most", ("H1",), RANKS),
    COMMON,
    *BESIDE,
)
BY_ATTRIBUTE = plan(Claim("because_attr", ("A1",)), Claim("fact", ("F1", "F2")), *BESIDE)

_WORDS = {
    "en": {
        "ITEM": "“Jackie Brown”",
        "H1": "“Fargo”",
        "H2": "“Heat”",
        "H3": "“Alien”",
        "H4": "“Cats”",
        "H1.deed": "rated “Fargo” 5 out of 5",
        "H2.deed": "rated “Heat” 4 out of 5",
        "H3.deed": "viewed “Alien”",
        "H4.deed": "rated “Cats” 1 out of 5",
        "H1.rating": "5 out of 5",
        "H2.rating": "4 out of 5",
        "H4.rating": "1 out of 5",
        "A1": "Crime",
        "A1.name": "genre",
        "F1": "Crime and Drama",
        "F1.name": "genres",
        "F2": "1997",
        "F2.name": "release year",
        "SHARED": "Crime",
        "SHARED.name": "genre",
        "B1": "298 of 943 users",
        "B1.deed": "rated “Jackie Brown” 4 or higher",
        "C1": "it is Friday",
        "S1": "“I could watch a heist for ever”",
        "S1.deed": "wrote of “Heat”: “I could watch a heist for ever”",
        "RANK": "3rd",
        "RANK_WITHOUT": "14th",
    },
    "zh": {
        "ITEM": "《危险关系》",
        "H1": "《冰血暴》",
        "H2": "《盗火线》",
        "H3": "《异形》",
        "H4": "《猫》",
        "H1.deed": "给《冰血暴》打了5分（满分5分）",
        "H2.deed": "给《盗火线》打了4分（满分5分）",
        "H3.deed": "浏览过《异形》",
        "H4.deed": "给《猫》打了1分（满分5分）",
        "H1.rating": "5分（满分5分）",
        "H2.rating": "4分（满分5分）",
        "H4.rating": "1分（满分5分）",
        "A1": "犯罪",
        "A1.name": "类型",
        "F1": "犯罪和剧情",
        "F1.name": "类型",
        "F2": "1997",
        "F2.name": "年份",
        "SHARED": "犯罪",
        "SHARED.name": "类型",
        "B1": "943位用户中有298位",
        "B1.deed": "给《危险关系》打了4分及以上",
        "C1": "现在是星期五",
        "S1": "“劫案片我百看不厌”",
        "S1.deed": "写过《盗火线》：“劫案片我百看不厌”",
        "RANK": "第3名",
        "RANK_WITHOUT": "第14名",
    },
}
_ROLES = {"deed": "deed", "rating": "rating", "name": "name"}
_LETTERS = {"H": "title", "A": "value", "F": "value", "B": "count", "C": "context", "S": "quote"}


def _slot(name: str, text: str) -> Slot:
    id, _, part = name.partition(".")
    if name == "ITEM":
        return Slot(name, None, "item", text)
    if name.startswith("RANK"):
        return Slot(name, "H1", "rank", text)
    if id == "SHARED":
        return Slot(name, "F1", "name" if part else "value", text)
    if name == "B1.deed":
        return Slot(name, "B1", "liked", text)
    return Slot(name, id, _ROLES.get(part) or _LETTERS[id[0]], text)  # type: ignore[arg-type]


def slots(language: str, own: Plan = BY_HISTORY) -> dict[str, Slot]:
    """The placeholders of a plan: those of evidence that its claims cite."""
    cited = {id for claim in own.claims for id in claim.evidence}
    kinds = {claim.kind for claim in own.claims}
    found = {}
    for name, text in _WORDS[language].items():
        slot = _slot(name, text)
        told = slot.evidence is None or slot.evidence in cited
        if name.startswith("SHARED"):
            told = "in_common" in kinds
        elif name.startswith("RANK"):
            told = "weighed_most" in kinds
        elif name.startswith("F"):
            told = told and "fact" in kinds
        if told:
            found[name] = slot
    return found


def verifier(language: str, *instructions: str) -> Verifier:
    return Verifier(load_vocabulary(language, DOMAIN[language]), instructions=instructions)
