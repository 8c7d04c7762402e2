"""What would be, if."""

from __future__ import annotations

from typing import Literal

from recx_agent.schemas.explanation import Evidence, Sentence
from recx_agent.schemas.items import ItemRef, RankedItem, Record
from recx_agent.schemas.told import Told

WhatIfKind = Literal["remove", "add", "mute", "exclude"]


class Change(Record):
    """What a what-if changed: each field lists ids, or ``name=value`` for attributes."""

    remove: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    mute: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


class Moved(ItemRef):
    """One item before and after a what-if; a rank is ``None`` where it is no candidate."""

    score_before: float
    score_after: float
    rank_before: int | None
    rank_after: int | None


class WhatIf(Record):
    """The top ``k`` before and after a change, and every item that was in either.

    ``told`` is ``None`` where only the numbers were asked for.
    """

    user_id: str
    change: Change
    before: tuple[RankedItem, ...]
    after: tuple[RankedItem, ...]
    moved: tuple[Moved, ...]
    told: Told | None = None


class Counterfactual(Record):
    """The smallest set of history found whose removal takes an item out of the top ``k``.

    Found greedily and checked by exact ranking: ``rank_after`` is the rank without
    ``removed``, and putting any one of them back brings the item into the top ``k`` again.
    Where ``found`` is false no set of at most ``budget`` was found; ``removed`` is then
    empty and ``rank_after`` the lowest rank that was reached.
    """

    user_id: str
    item: ItemRef
    k: int
    budget: int
    found: bool
    removed: tuple[ItemRef, ...]
    rank_before: int
    rank_after: int
    sentence: Sentence | None = None
    evidence: tuple[Evidence, ...] = ()
