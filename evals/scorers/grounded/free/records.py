"""What the files and the terms of the score say, as the checks of free sentences ask for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from recx_agent.evals.scorers.grounded.data import Raw
from recx_agent.evals.scorers.grounded.known.terms import MIN_SHARE
from recx_agent.evals.scorers.grounded.shown import Shown

EPSILON = 1e-9
_YEAR = 4
LATER = re.compile("after|later|younger|newer|behind|晚")
"""Words of one film's being newer than another; without them it is older."""
RankOf = Callable[[tuple[str, ...]], int | None]
"""Ids of removed films to the rank of the item without them."""


class Records:
    """The records behind one explanation.

    Parameters
    ----------
    raw : Raw
    shown : Shown
    k : int
        Length of the list that ranks are told against.
    rank_of : callable
    min_share : float
        Part of all that was weighed from which films are the reason.
    """

    def __init__(
        self, raw: Raw, shown: Shown, k: int, rank_of: RankOf, min_share: float = MIN_SHARE
    ) -> None:
        self.raw, self.shown, self.k, self.rank_of = raw, shown, k, rank_of
        self.min_share = min_share
        self.chinese = shown.public["writer"]["language"] == "zh"

    def pieces(self, cited: Sequence[str]) -> list[Mapping[str, Any]]:
        """The evidence of these ids, as far as there is any."""
        return [self.shown.evidence[id] for id in cited if id in self.shown.evidence]

    def rated(self, title: str) -> dict[str, float]:
        """What the user gave the film, by entry."""
        return self.raw.rated(self.shown.user, title)

    def value(self, title: str) -> float:
        """The term of a film; of one that is no term, less than nothing."""
        terms = [
            self.shown.history[i] for i in self.raw.ids.get(title, ()) if i in self.shown.history
        ]
        return sum(terms) if terms else -1.0

    def titles(self) -> set[str]:
        """Titles of all that the user rated."""
        return {self.raw.films[id].title for id in self.raw.ratings.get(self.shown.user, {})}

    def values(self) -> dict[str, float]:
        """Title of each film of the history to its term."""
        films = self.raw.films
        return {films[i].title: v for i, v in self.shown.history.items() if i in films}

    def attributes_of(self, title: str) -> set[str]:
        """What the catalogue says of the item or of a film that the user rated."""
        own = [self.shown.id] if title == self.shown.title else [*self.rated(title)]
        return {v for id in own for c in self.raw.columns for v in self.raw.films[id].attribute(c)}

    def year_of(self, title: str) -> int:
        """The release year; 0 where it is not known."""
        years = [v for v in self.attributes_of(title) if v.isdigit() and len(v) == _YEAR]
        return int(years[0]) if years else 0

    def had(self, value: str, titles: set[str]) -> bool:
        """Whether one of the films has a value."""
        return any(value in self.attributes_of(title) for title in titles)
