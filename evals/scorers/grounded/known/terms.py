"""The explanations of one list, with what the raw files and their own terms say of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from recx_agent.evals.scorers.grounded.data import Raw
from recx_agent.evals.scorers.grounded.known.english import ENGLISH
from recx_agent.evals.scorers.grounded.known.reading import Told, Tongue
from recx_agent.evals.scorers.grounded.shown import Shown, told_once

RankWithout = Callable[[str, tuple[str, ...], str], tuple[int | None, int | None]]
"""(user, ids of the removed films or ``genre=Drama``, item) to the ranks before and after."""

MIN_SHARE, MOST, MOSTLY, MANY = 0.20, 1.25, 0.5, 5
LISTED = 10
"""Length of the lists that are looked at."""
_EPSILON = 1e-9


class Terms:
    """The explanations of one list, or of one item.

    Parameters
    ----------
    raw : Raw
    explanations : sequence of mappings
        Public JSON, in the order shown; the pair view is not needed.
    k : int
        Length of the list that ranks are told against.
    rank_without : callable
    min_share : float
        Part of Σ|terms| from which causes may be told.
    tongue : Tongue
        Language of the texts.
    """

    def __init__(
        self,
        raw: Raw,
        explanations: Sequence[Mapping[str, Any]],
        k: int,
        rank_without: RankWithout,
        min_share: float = MIN_SHARE,
        tongue: Tongue = ENGLISH,
    ) -> None:
        self.raw, self.k, self.min_share, self.tongue = raw, k, min_share, tongue
        self.shown = [Shown(self._told_once(given), tongue) for given in explanations]
        self.rank_without = rank_without

    def _told_once(self, given: Mapping[str, Any]) -> dict[str, Any]:
        user, told = given["user_id"], dict(given)

        def once(text: str) -> str:
            return told_once(self.raw, user, text, self.tongue)

        told["text"] = once(given["text"])
        told["sentences"] = [{**s, "text": once(s["text"])} for s in given["sentences"]]
        return told

    def term(self, shown: Shown, cause: str) -> tuple[tuple[str, ...], float] | None:
        """Id and term of an attribute; ids and terms of a film in the user's history."""
        if "=" in cause and cause in shown.terms:
            return (cause,), shown.terms[cause]
        own = tuple(id for id in self.raw.ids.get(cause, ()) if id in shown.history)
        if len({self.raw.same(id) for id in own}) != 1:
            return None
        return own, sum(shown.history[id] for id in own)

    def value(self, shown: Shown, cause: str) -> float:
        """The term of a reason."""
        term = self.term(shown, cause)
        return term[1] if term else 0.0

    def deeds(self, shown: Shown, told: Told) -> Iterator[str]:
        """What is wrong with the ratings told."""
        for group in told.deeds:
            for title in group.titles:
                given = self.raw.rated(shown.user, title)
                if group.rating not in given.values() or group.maximum != self.raw.scale.high:
                    yield f"the user's rating of {title!r} is {list(given.values())}"
                if group.rating < self.raw.scale.liked:
                    yield f"a rating of {group.rating} is no reason"

    def weighty(self, shown: Shown, causes: Sequence[str], view: str) -> Iterator[str]:
        """What is wrong with telling these as reasons."""
        terms = [self.term(shown, cause) for cause in causes]
        values = [term[1] for term in terms if term]
        if len(values) < len(causes) or len(set(causes)) < len(causes) or min(values) <= 0:
            yield "a reason told does not add to the score, or its title means several films"
        elif sum(values) < self.min_share * shown.total(view) - _EPSILON:
            yield f"the reasons are {sum(values) / shown.total(view):.1%} of all that was weighed"

    def users(self, shown: Shown, told: Told) -> Iterator[str]:
        """What is wrong with how many users liked it."""
        said = told.numbers
        raw = (self.raw.liked[shown.id], len(self.raw.ratings), self.raw.scale.liked)
        if (said["liked"], said["users"], said["bar"]) != raw:
            yield f"{raw[0]} of {raw[1]} users rated it {raw[2]} or higher"

    def placed(self, shown: Shown, told: Told) -> Iterator[str]:
        """What is wrong with the item's rank among all that could be suggested."""
        rank = shown.public["attribution"]["rank"]
        candidates = self.raw.candidates(shown.user)
        if (told.numbers.get("rank"), told.numbers.get("candidates")) != (rank, candidates):
            yield f"it ranks {rank} of {candidates}"
