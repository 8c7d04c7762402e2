"""Whom an explanation is for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets import History
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
        Internal id, ``None`` for a stranger.
    """

    user_id: str
    history: History
    excluded: NDArray[np.int32]
    known: frozenset[int] = frozenset()
    unnamed: frozenset[int] = frozenset()
    withheld: frozenset[int] = frozenset()
    events: EventsByItem | None = None
    user: int | None = None
