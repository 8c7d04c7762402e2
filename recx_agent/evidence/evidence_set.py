"""What one explanation can cite, and what it is made of besides the terms of the score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recx_agent.evidence.history import EventsByItem
from recx_agent.protocols import CurrentFact, Foretold, RetrievedText
from recx_agent.schemas import Evidence


@dataclass(frozen=True)
class EvidenceSet:
    """The evidence of one explanation, with the totals that shares refer to.

    Attributes
    ----------
    item : int
    evidence : tuple of Evidence
        Causes of the history first, largest contribution first.
    history_total, attribute_total : float
        ``Σ|terms|`` of the two views, with the terms that are not to be named.
    rank : int or None
    unnamed_most : float
        The largest single term of a history item that is not to be named; 0 if none is
        positive.
    foretold : Foretold or None
        Whether the history foretells itself; ``None`` where nobody judged it.
    """

    item: int
    evidence: tuple[Evidence, ...]
    history_total: float
    attribute_total: float
    rank: int | None
    unnamed_most: float = 0.0
    foretold: Foretold | None = None

    def of(self, letter: str) -> list[Evidence]:
        """The pieces whose id starts with ``letter``, in order."""
        return [piece for piece in self.evidence if piece.id.startswith(letter)]

    @property
    def by_id(self) -> dict[str, Evidence]:
        """The pieces by id."""
        return {piece.id: piece for piece in self.evidence}


@dataclass(frozen=True)
class Told:
    """What may be told of a user's history.

    Attributes
    ----------
    events : mapping of int to sequence of Event
        By item. A history item without events cannot be told.
    unnamed : set of int
        History items that count but are not to be named.
    """

    events: EventsByItem
    unnamed: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Beside:
    """What is known of an item besides the terms of its score.

    Attributes
    ----------
    texts : sequence of RetrievedText
        The user's own, nearest first.
    facts : sequence of CurrentFact
    chosen_by : str or None
        The recommender that chose the item, if that was not ours.
    """

    texts: Sequence[RetrievedText] = ()
    facts: Sequence[CurrentFact] = ()
    chosen_by: str | None = None


NOTHING_BESIDE = Beside()
