"""Two scores of one user, term by term."""

from __future__ import annotations

from collections.abc import Sequence

from recx_agent.schemas import ComparedTerm, Contribution, Source

EVERYONE = Source(kind="item_bias", id="everyone", label="how each does with everyone")


def compared(
    one: Sequence[Contribution], other: Sequence[Contribution]
) -> tuple[ComparedTerm, ...]:
    """Put the terms of one view of two scores beside each other, the largest difference first.

    The differences add up to that of the scores.

    Parameters
    ----------
    one, other : sequence of Contribution
        A view of either score, complete.
    """
    sides = [{_source(term): term.value for term in terms} for terms in (one, other)]
    terms = []
    for source in dict.fromkeys([*sides[0], *sides[1]]):
        first, second = (side.get(source, 0.0) for side in sides)
        terms.append(
            ComparedTerm(source=source, to_item=first, to_other=second, difference=first - second)
        )
    return tuple(sorted(terms, key=lambda term: -abs(term.difference)))


def _source(term: Contribution) -> Source:
    return EVERYONE if term.source.kind == "item_bias" else term.source
