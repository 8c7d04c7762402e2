"""What a clause says, sorted."""

from __future__ import annotations

from typing import NamedTuple


class Part(NamedTuple):
    """One sort of statement in a clause: how many there are, and what is wrong with them.

    ``kind`` is ``title, rating, opinion, number, date, attribute, relation``, ``supposed`` (what
    is denied or only imagined) or ``word``: a word whose meaning is not known.
    """

    kind: str
    told: int
    wrong: list[str]
