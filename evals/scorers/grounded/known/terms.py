"""The explanations of one list, with what the raw files and their own terms say of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from recx_agent.evals.scorers.grounded.data import Raw
from recx_agent.evals.scorers.grounded.known.deeds import Done, key_of, wrong_deed
from recx_agent.evals.scorers.grounded.known.english import ENGLISH
from recx_agent.evals.scorers.grounded.known.reading import Told, Tongue
from recx_agent.evals.scorers.grounded.shown import Shown

RankWithout = Callable[[str, tuple[str, ...], str], tuple[int | None, int | None]]
"""(user, ids of the removed films or ``genre=Drama``, item) to the ranks before and after."""

MIN_SHARE, MOST, MOSTLY, MANY = 0.20, 1.25, 0.5, 5
LISTED = 10
"""Length of the lists that are looked at."""
LIKINGS = frozenset(("because_history", "speaks_for"))
"""Kinds of sentences that give what was liked as a reason."""
_EPSILON = 1e-9
_ROUNDED = 0.0051
"""Ratings are told with two decimals."""


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
        self.shown = [Shown(given, tongue) for given in explanations]
        self.rank_without = rank_without

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
        """What is wrong with what the user is said to have done."""
        liked = self.raw.liked_by(shown.user)
        for group in told.deeds:
            if shown.by_template and any(deed.without_scale for deed in group.deeds):
                yield f"ratings of {group.titles} on what scale?"
            for title in group.titles:
                yield from self.done(shown.user, title, group.deeds)
                if told.kind in LIKINGS and not liked & self.raw.named(title):
                    yield f"what was done with {title!r} is no reason"

    def done(self, user: str, title: str, deeds: Sequence[Done]) -> Iterator[str]:
        """What is wrong with what is told of one title."""
        if not deeds:
            yield f"nothing that is known was done with {title!r}"
        own = self.raw.done(user, title)
        for deed in deeds:
            yield from wrong_deed(own, deed, self.raw.scale, f"the user's {title!r}")

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
        said, fans, all_of_them = told.numbers, self.raw.fans(shown.id), len(self.raw.ratings)
        if (said["liked"], said["users"]) != (len(fans), all_of_them):
            yield f"{len(fans)} of {all_of_them} users liked it"
        if told.bar is not None and abs(told.bar - self.raw.scale.liked) > _ROUNDED:
            yield f"a rating is a liking from {self.raw.scale.liked} on"
        if told.bar is not None and any(not self.raw.rated_it(user, shown.id) for user in fans):
            yield "not all of them rated it"
        if told.deed is not None:
            kinds = [{key_of(e.kind) for e in self.raw.done_with(u, shown.id)} for u in fans]
            if not all(own & told.deed.kinds for own in kinds):
                yield "not all of them did that"

    def placed(self, shown: Shown, told: Told) -> Iterator[str]:
        """What is wrong with the item's rank among all that could be suggested."""
        rank = shown.public["attribution"]["rank"]
        candidates = self.raw.candidates(shown.user)
        if (told.numbers.get("rank"), told.numbers.get("candidates")) != (rank, candidates):
            yield f"it ranks {rank} of {candidates}"
