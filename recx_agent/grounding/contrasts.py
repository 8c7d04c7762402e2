"""Whether what "but" and "however" stand between does contrast: for the item, and against it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from recx_agent.grounding.assertions import Assertion
from recx_agent.grounding.attributes import Problem
from recx_agent.grounding.events import events_of
from recx_agent.grounding.heights import carries
from recx_agent.protocols import Plan

_HIGH = frozenset({"top", "love", "high", "like"})
_LOW = frozenset({"low", "bottom"})
_BY_EVIDENCE = frozenset({"told", "deed", "rated", "in_history", "users", "now", "most", "has"})


class Contrasts:
    """Which way statements point, and whether two of them point in opposite ones.

    A statement points towards the item (a reason for it, something liked, a term that adds to
    its score), away from it (something disliked, a term that counts against it), or nowhere
    (what things have in common, what the user wrote).

    Parameters
    ----------
    plan : Plan
    cause : callable
        The id of the evidence behind what a statement is about.
    """

    def __init__(self, plan: Plan, cause: Callable[[str], str]) -> None:
        self._evidence = plan.evidence
        self._cause = cause

    def between(self, said: Assertion) -> Problem | None:
        """Two statements with "but" between them: one is for the item, the other against it."""
        before, after = (self._way(side) for side in said.sides)
        if _goes_back(said.sides[1]):
            return "unsupported_content", "what follows from a reason does not contrast with it"
        if before * after < 0:
            return None
        return "unsupported_content", "there is no contrast between the two"

    def at_the_start(self, said: Assertion) -> Problem | None:
        """A sentence that begins with "however": against what the sentence before says.

        Where that says nothing for the item or against it, the sentence contrasts with the
        suggestion itself.
        """
        before = set(self._ways(said.sides[0])) - {0}
        after = self._way(said.sides[1])
        if _goes_back(said.sides[1]):
            return "unsupported_content", "what follows from a reason does not contrast with it"
        if after and -after in (before or {1}):
            return None
        return "unsupported_content", "there is nothing that it contrasts with"

    def _way(self, side: Iterable[Assertion]) -> int:
        """1 for the item, -1 against it; 0 for neither or both."""
        ways = set(self._ways(side)) - {0}
        return ways.pop() if len(ways) == 1 else 0

    def _ways(self, side: Iterable[Assertion]) -> Iterator[int]:
        for one in side:
            if one.kind in ("suggested", "because", "adds", "favourite"):
                yield 1
            elif one.kind == "against":
                yield -1
            elif one.kind == "everyone":
                yield 1 if one.value == "better" else -1
            elif one.kind in ("felt", "level"):
                height = (one.value in _HIGH) - (one.value in _LOW)
                yield -height if one.negated else height
            elif one.kind in _BY_EVIDENCE:
                yield from map(self._of_evidence, self._meant(one))

    def _meant(self, one: Assertion) -> Iterator[str]:
        """Ids of the evidence that a statement is about."""
        if one.kind == "has":
            yield from (self._cause("=" + "|".join(names)) for names in one.slots)
        else:
            yield from map(self._cause, one.about)

    def _of_evidence(self, id: str) -> int:
        """By the sign of its term; of what has none, by how it was liked."""
        piece = self._evidence.get(id)
        if piece is None:
            return 0
        weight = piece.contribution or 0.0
        if weight:
            return 1 if weight > 0 else -1
        events = events_of(piece)
        return int(carries(events, "like", False)) - int(carries(events, "low", False))


def _goes_back(side: Iterable[Assertion]) -> bool:
    """Whether it gives what was said before as the reason."""
    return any(one.kind == "because" and "<" in one.about for one in side)
