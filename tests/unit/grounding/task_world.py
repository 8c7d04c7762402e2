"""Plans of a comparison, a what-if and a profile, and the words of their placeholders.

Compared: ``I1`` (2nd) is ahead of ``I2`` (14th) for ``H1`` and ``H2``; ``H1`` alone is enough,
``H2`` alone is not; ``H3`` adds more to ``I2``, the standing with everyone favours ``I2``. With
``W1`` changed, ``I1`` leaves the top 10 and ``I2`` comes in, ``I3`` rises inside it and ``I4`` is
gone. The history leans to ``A1`` and away from ``A2``; ``H1`` weighs most, ``H2`` less.
"""

from __future__ import annotations

from typing import Any

from recx_agent.grounding import Verifier, load_vocabulary
from recx_agent.protocols import Claim, Plan, Slot, Task
from recx_agent.schemas import Evidence
from tests.unit.grounding import world

TASKS: tuple[Task, ...] = ("compare", "what_if", "profile")


def _piece(id: str, fields: dict[str, Any], contribution: float | None = None) -> Evidence:
    kind = "fact" if contribution is None else "cause"
    return Evidence(id=id, kind=kind, text="-", fields=fields, contribution=contribution)


def _differs(item: float, other: float, **fields: Any) -> tuple[dict[str, Any], float]:
    return {"to_ahead": item, "to_behind": other, **fields}, item - other


PIECES: dict[Task, dict[str, Evidence]] = {
    "compare": {
        "I1": _piece("I1", {"title": "Jackie Brown", "rank": 2, "score": 3.0}),
        "I2": _piece("I2", {"title": "Casino", "rank": 14, "score": 1.5}),
        "H1": _piece("H1", *_differs(1.0, 0.2, title="Fargo")),
        "H2": _piece("H2", *_differs(0.5, 0.3, title="Heat")),
        "H3": _piece("H3", *_differs(0.1, 0.5, title="Alien")),
        "H4": _piece("H4", *_differs(0.6, 0.1, title="Cats")),
        "E1": _piece("E1", *_differs(-0.1, 0.2)),
    },
    "what_if": {
        "W1": _piece("W1", {"remove": ["Fargo"]}),
        "L1": _piece("L1", {"k": 10, "replaced": 3}),
        "I1": _piece("I1", {"title": "Jackie Brown", "rank_before": 3, "rank_after": 14}),
        "I2": _piece("I2", {"title": "Casino", "rank_before": 12, "rank_after": 9}),
        "I3": _piece("I3", {"title": "Ronin", "rank_before": 8, "rank_after": 4}),
        "I4": _piece("I4", {"title": "Seven", "rank_before": 5, "rank_after": None}),
    },
    "profile": {
        "T1": _piece("T1", {"count": 45}),
        "A1": _piece("A1", {"name": "genre", "value": "Crime", "leaning": 0.6}, 0.6),
        "A2": _piece("A2", {"name": "genre", "value": "Horror", "leaning": -0.4}, -0.4),
        "A3": _piece("A3", {"name": "year", "value": "1995", "leaning": 0.3}, 0.3),
        "H1": _piece("H1", {"title": "Fargo", "weight": 0.3}),
        "H2": _piece("H2", {"title": "Heat", "weight": 0.2}),
    },
}
CLAIMS: dict[Task, tuple[Claim, ...]] = {
    "compare": (
        Claim("ahead", ("I1", "I2")),
        Claim("because_more", ("I1", "I2", "H1", "H2")),
        Claim("more_for_other", ("I2", "I1", "H3")),
        Claim("everyone_more", ("I2", "I1", "E1")),
    ),
    "what_if": (
        Claim("list_replaced", ("W1", "L1")),
        Claim("leaves", ("W1", "L1", "I1")),
        Claim("enters", ("W1", "L1", "I2")),
        Claim("moves", ("W1", "L1", "I3")),
        Claim("gone", ("W1", "L1", "I4")),
    ),
    "profile": (
        Claim("history_counts", ("T1",)),
        Claim("leans_to", ("A1", "A3")),
        Claim("leans_away", ("A2",)),
        Claim("weighs_now", ("H1", "H2"), {"most": True}),
    ),
}

_ENGLISH = {
    **{"I1": "“Jackie Brown”", "I2": "“Casino”", "I3": "“Ronin”", "I4": "“Seven”"},
    **{"I1.rank": "2nd", "I2.rank": "14th"},
    **{"I1.from": "3rd", "I1.to": "14th", "I2.from": "12th", "I2.to": "9th"},
    **{"I3.from": "8th", "I3.to": "4th", "I4.from": "5th"},
    **{"H1": "“Fargo”", "H2": "“Heat”", "H3": "“Alien”", "H4": "“Cats”"},
    **{"H1.deed": "rated “Fargo” 5 out of 5", "H2.deed": "viewed “Heat”"},
    **{"H3.deed": "rated “Alien” 4 out of 5", "H4.deed": "rated “Cats” 4 out of 5"},
    **{"A1": "Crime", "A1.name": "genre", "A2": "Horror", "A2.name": "genre"},
    **{"A3": "1995", "A3.name": "release year", "E1": "how they do with everyone"},
    **{"CHANGE": "without “Fargo” in your history", "TOP": "your top 10"},
    **{"L1": "3 of your top 10 films", "T1": "45 films in your history"},
}
_CHINESE = {
    **{"I1": "《危险关系》", "I2": "《赌城风云》", "I3": "《浪人》", "I4": "《七宗罪》"},
    **{"I1.rank": "第2名", "I2.rank": "第14名"},
    **{"I1.from": "第3名", "I1.to": "第14名", "I2.from": "第12名", "I2.to": "第9名"},
    **{"I3.from": "第8名", "I3.to": "第4名", "I4.from": "第5名"},
    **{"H1": "《冰血暴》", "H2": "《盗火线》", "H3": "《异形》", "H4": "《猫》"},
    **{"H1.deed": "给《冰血暴》打了5分（满分5分）", "H2.deed": "浏览过《盗火线》"},
    **{"H3.deed": "给《异形》打了4分（满分5分）", "H4.deed": "给《猫》打了4分（满分5分）"},
    **{"A1": "犯罪", "A1.name": "类型", "A2": "恐怖", "A2.name": "类型"},
    **{"A3": "1995", "A3.name": "年份", "E1": "两者在全体用户中的表现"},
    **{"CHANGE": "假如历史记录里没有《冰血暴》", "TOP": "你的前10名"},
    **{"L1": "你的前10名中的3部", "T1": "你历史记录里的45部电影"},
}
_ROLES: dict[str, Any] = {
    **{"I": "entry", "H": "title", "A": "value", "E": "standing", "W": "change", "L": "count"},
    **{"CHANGE": "change", "TOP": "list"},
    **{"T": "count", "deed": "deed", "name": "name", "rank": "rank", "from": "rank", "to": "rank"},
}
_EVIDENCE = {"CHANGE": "W1", "TOP": "L1"}


def plan(task: Task) -> Plan:
    totals = {"history": 3.0, "attribute": 1.0} if task == "compare" else {}
    return Plan(
        "", CLAIMS[task], PIECES[task], {"language": "en"}, totals=totals, min_share=0.2, task=task
    )


def slots(task: Task, language: str) -> dict[str, Slot]:
    found = {}
    for name, text in (_ENGLISH if language == "en" else _CHINESE).items():
        id, _, part = name.partition(".")
        id = _EVIDENCE.get(id, id)
        role = _ROLES[name if name in _ROLES else part or id[0]]
        if id in PIECES[task] and name not in ("W1",):
            found[name] = Slot(name, id, role, text)
    return found


def verifier(language: str, task: Task) -> Verifier:
    vocabulary = load_vocabulary(language, world.DOMAIN[language], task)
    return Verifier(vocabulary, task=task)
