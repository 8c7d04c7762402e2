"""Why this item and not that one."""

from __future__ import annotations

from recx_agent.schemas.attribution import Source, View
from recx_agent.schemas.items import ItemRef, Record
from recx_agent.schemas.told import Told


class Compared(ItemRef):
    """One of the two items; ``rank`` is ``None`` where it is no candidate: the user knows it."""

    score: float
    rank: int | None


class ComparedTerm(Record):
    """What one source adds to either score; ``difference`` is the first less the second.

    The standing of the two with everyone is one term (``item_bias``, ``everyone``). A source
    that only one of them has, such as an attribute or the item itself, adds 0 to the other.
    """

    source: Source
    to_item: float
    to_other: float
    difference: float


class Comparison(Record):
    """Two exact scores of one user, term by term.

    ``difference`` is the score of ``item`` less that of ``other``. The differences of
    ``history`` add up to it, and so do those of ``attribute``, which is ``None`` where the
    model has no such view. ``view`` is the one whose terms the text tells. Items of the
    history and attributes that are not to be named are one term each.
    """

    user_id: str
    item: Compared
    other: Compared
    difference: float
    view: View
    history: tuple[ComparedTerm, ...]
    attribute: tuple[ComparedTerm, ...] | None
    told: Told
