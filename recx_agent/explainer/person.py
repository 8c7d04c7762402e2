"""Whom an explanation is for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets import Dataset, History
from recx_agent.datasets.added import OwnEvents
from recx_agent.evidence import EventsByItem


@dataclass(frozen=True)
class Person:
    """A user as the model sees him, and what of it may be told.

    Attributes
    ----------
    user_id : str
    history : History
        What the score is summed over.
    excluded : int32 array
        Items that are no candidates.
    known : set of int
        Those of them that the user knows.
    unnamed : set of int
        History items that count but are not to be named.
    withheld : set of int
        Items of which nothing is said, whoever asks.
    events : mapping of int to sequence of Event, optional
        Events by item for a history that is in no index; else they are retrieved.
    user : int or None
        Internal id, ``None`` for a stranger, and for a user who is new since.
    own : OwnEvents, optional
        The user's events where they are others than the version has.
    muted_items : set of int
        Withheld items that the user muted himself.
    turned_down : set of int
        Excluded items that the user said he does not want.
    muted : tuple of (str, str)
        Names and values of attributes that weigh nothing for him and are not told.
    """

    user_id: str
    history: History
    excluded: NDArray[np.int32]
    known: frozenset[int] = frozenset()
    unnamed: frozenset[int] = frozenset()
    withheld: frozenset[int] = frozenset()
    events: EventsByItem | None = None
    user: int | None = None
    own: OwnEvents | None = None
    muted_items: frozenset[int] = frozenset()
    turned_down: frozenset[int] = frozenset()
    muted: tuple[tuple[str, str], ...] = ()

    def data_in(self, version: Dataset) -> tuple[Dataset, int] | None:
        """The data set with the events that count for him, and his internal id in it.

        ``None`` for a stranger.
        """
        if self.own is not None:
            return self.own.dataset, 0
        return None if self.user is None else (version, self.user)
