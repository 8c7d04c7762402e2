"""What "it", "them" and "both" may stand for."""

from __future__ import annotations

import pytest

from recx_agent.grounding.assertions import ITEM, Mentions
from recx_agent.grounding.pronouns import plural, singular

NONE = Mentions()


def of(*ids: str) -> Mentions:
    return Mentions(ids)


@pytest.mark.parametrize(
    ("before", "earlier", "meant"),
    [
        (of("H1"), NONE, ("H1",)),
        (of("H1", ITEM), NONE, ("H1",)),  # what was done was not done with the item
        (of("H1", "H2"), NONE, ("H1", "H2")),  # either: it must be true of both
        (NONE, of(ITEM, "H2"), ("H2",)),
        (of(ITEM), of("H2"), ("H2",)),
        (of(ITEM), NONE, ()),
    ],
)
def test_it_of_the_history(before: Mentions, earlier: Mentions, meant: tuple[str, ...]) -> None:
    assert singular(before, earlier, of_history=True) == meant


@pytest.mark.parametrize(
    ("before", "earlier", "others", "meant"),
    [
        (NONE, NONE, (), (ITEM,)),
        (of(ITEM, "H1"), NONE, ("H1",), (ITEM,)),
        (of("H1"), NONE, (ITEM,), ("H1",)),
        (of(ITEM, "H1"), NONE, (), (ITEM, "H1")),
        (NONE, of("H1", ITEM), (), (ITEM,)),  # spoken of last
        (NONE, of(ITEM, "H1"), (), (ITEM,)),  # spoken of first
        (NONE, of("H1"), (), (ITEM, "H1")),
        (of("H1"), NONE, ("H1",), (ITEM,)),
    ],
)
def test_it_of_anything(
    before: Mentions, earlier: Mentions, others: tuple[str, ...], meant: tuple[str, ...]
) -> None:
    found = singular(before, earlier, of_history=False, others=others)
    assert sorted(found) == sorted(meant)


@pytest.mark.parametrize(
    ("before", "earlier", "count", "of_history", "meant"),
    [
        (of("H1", "H2"), NONE, 2, True, ("H1", "H2")),
        (of("H1", "H2", "H3"), NONE, 2, True, ()),
        (NONE, of("H1", "H2", ITEM), None, True, ("H1", "H2")),
        (of(ITEM), of("H1", "H2"), 2, True, ("H1", "H2")),
        (of("H1"), NONE, 2, True, ()),
        (NONE, of("H1", ITEM), 2, False, ("H1", ITEM)),
        (NONE, of("H1", "H2", ITEM), 3, False, ("H1", "H2", ITEM)),
        (NONE, NONE, None, False, ()),
    ],
)
def test_them(
    before: Mentions,
    earlier: Mentions,
    count: int | None,
    of_history: bool,
    meant: tuple[str, ...],
) -> None:
    assert plural(before, earlier, count, of_history=of_history) == meant
