"""What may be said of a change: who leaves the list, who comes in, who moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from recx_agent.explainer.teller import Script, Teller
from recx_agent.protocols import Claim
from recx_agent.schemas import Evidence, Moved, WhatIf

_TOLD_OF_EACH = 2
"""Items told at most that leave, that come in, that are no candidates any more."""


def what_if_script(teller: Teller, result: WhatIf, k: int, change: Mapping[str, Any]) -> Script:
    """Claims and evidence of a what-if.

    Parameters
    ----------
    teller : Teller
    result : WhatIf
        The numbers.
    k : int
        Length of the list asked for.
    change : mapping
        Fields of the evidence ``W1``; see :class:`recx_agent.schemas.Evidence`.
    """
    before = [item.item_id for item in result.before]
    after = [item.item_id for item in result.after]
    gone = [m for m in result.moved if m.rank_after is None]
    leaving = [m for m in result.moved if _in(before, m) and not _in(after, m) and m not in gone]
    coming = [m for m in result.moved if _in(after, m) and not _in(before, m)]
    told: list[tuple[str, Moved]] = []
    told += [("gone", m) for m in gone[:_TOLD_OF_EACH]]
    told += [("leaves", m) for m in leaving[:_TOLD_OF_EACH]]
    told += [("enters", m) for m in coming[:_TOLD_OF_EACH]]
    told += [("moves", m) for m in _largest_move(result.moved, before, after)]
    w = teller.piece("W1", change)
    replaced = len([m for m in result.moved if _in(before, m) and not _in(after, m)])
    ids = _numbered([kind for kind, _ in told])
    items = [_item(teller, id, m) for id, (_, m) in zip(ids, told, strict=True)]
    whole = teller.piece("L1", {"k": k, "replaced": replaced})
    kind = "list_replaced" if replaced else "list_same" if before == after else "list_reordered"
    if not replaced and coming:  # a list that was shorter than k has grown
        kind = "list_grows"
    claims = [Claim(kind, ("W1", "L1"))]
    claims += [
        Claim(kind, ("W1", "L1", item.id)) for (kind, _), item in zip(told, items, strict=True)
    ]
    return Script("what_if", claims, [w, whole, *items], {})


def _numbered(kinds: Sequence[str]) -> list[str]:
    """Ids of the items told: one that leaves, one that comes in, and so on; then the others.

    In most plans ``I1`` leaves and ``I2`` comes in, as in the examples that a model is shown.
    """
    places: dict[str, list[int]] = {}
    for place, kind in enumerate(kinds):
        places.setdefault(kind, []).append(place)
    swapped = zip_longest(places.pop("leaves", []), places.pop("enters", []))
    order = [place for both in swapped for place in both if place is not None]
    order += sorted(place for rest in places.values() for place in rest)
    return [f"I{order.index(place) + 1}" for place in range(len(kinds))]


def _in(listed: Sequence[str], moved: Moved) -> bool:
    return moved.item_id in listed


def _largest_move(
    moved: Sequence[Moved], before: Sequence[str], after: Sequence[str]
) -> list[Moved]:
    """The item of both lists that moves farthest, if any does; the best placed among equals."""
    inside = [m for m in moved if _in(before, m) and _in(after, m) and _far(m)]
    return sorted(inside, key=lambda m: (-_far(m), m.rank_after or 0))[:1]


def _far(moved: Moved) -> int:
    if moved.rank_before is None or moved.rank_after is None:
        return 0
    return abs(moved.rank_before - moved.rank_after)


def _item(teller: Teller, id: str, moved: Moved) -> Evidence:
    return teller.piece(id, moved.model_dump())
