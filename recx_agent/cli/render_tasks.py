"""Comparisons, what-ifs and profiles as text for people: the numbers, and what is told of them."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from recx_agent.cli.render import cited_text
from recx_agent.schemas import (
    AttributeLeaning,
    Compared,
    ComparedTerm,
    Comparison,
    Profile,
    Told,
    WhatIf,
)

_SHOWN_TERMS = 8
_SHOWN_HISTORY = 15
_SHOWN_LEANINGS = 5


def told_below(told: Told | None) -> list[RenderableType]:
    """The text, with the ids of its evidence, below the numbers."""
    return [] if told is None else ["", cited_text(told)]


def comparison(result: Comparison) -> RenderableType:
    """Both items, the terms with the largest differences, and the text."""
    heads = Table(box=None, pad_edge=False)
    heads.add_column("")
    for heading in ("rank", "score"):
        heads.add_column(heading, justify="right")
    for side in (result.item, result.other):
        heads.add_row(Text(side.title), _place(side), f"{side.score:.4f}")
    heads.add_row("difference", "", f"{result.difference:+.4f}")
    by_attribute = result.view == "attribute" and result.attribute is not None
    terms = result.attribute if by_attribute else result.history
    return Group(heads, "", _terms(terms or ()), *told_below(result.told))


def _place(side: Compared) -> str:
    return "known" if side.rank is None else str(side.rank)


def _terms(terms: Sequence[ComparedTerm]) -> RenderableType:
    table = Table(box=None, pad_edge=False)
    for heading in ("difference", "to the first", "to the second"):
        table.add_column(heading, justify="right")
    table.add_column("source")
    for term in terms[:_SHOWN_TERMS]:
        table.add_row(*_figures([term]), Text(term.source.label))
    rest = terms[_SHOWN_TERMS:]
    if rest:
        table.add_row(*_figures(rest), f"{len(rest)} terms with smaller differences")
    return table


def _figures(terms: Sequence[ComparedTerm]) -> tuple[str, str, str]:
    sums = (
        sum(term.difference for term in terms),
        sum(term.to_item for term in terms),
        sum(term.to_other for term in terms),
    )
    first, second, third = (f"{figure:+.4f}" for figure in sums)
    return first, second, third


def what_if(result: WhatIf) -> RenderableType:
    """Every item that was or is in the top list, before and after."""
    table = Table(box=None, pad_edge=False)
    table.add_column("title")
    for heading in ("rank before", "rank after", "score before", "score after"):
        table.add_column(heading, justify="right")
    for item in result.moved:
        table.add_row(
            Text(item.title),
            _rank(item.rank_before),
            _rank(item.rank_after),
            f"{item.score_before:.3f}",
            f"{item.score_after:.3f}",
        )
    return Group(table, *told_below(result.told))


def _rank(rank: int | None) -> str:
    return "out" if rank is None else str(rank)


def profile(result: Profile) -> RenderableType:
    """History with weights, and the attributes it leans to and away from."""
    history = Table(box=None, pad_edge=False, title="history that counts", title_justify="left")
    history.add_column("weight", justify="right")
    history.add_column("title")
    history.add_column("what you did")
    for entry in result.history[:_SHOWN_HISTORY]:
        low = " (counts as a low rating)" if entry.disliked else ""
        deeds = Text("; ".join(entry.events) + low)
        history.add_row(f"{entry.weight:.4f}", Text(entry.title), deeds)
    parts: list[RenderableType] = [
        f"{result.events_used} of {result.events_total} events are terms of the score",
        history,
    ]
    more = len(result.history) - _SHOWN_HISTORY
    if more > 0:
        parts.append(f"… and {more} more")
    if result.other_items:
        parts.append(f"and {result.other_items} other items")
    leanings = [_leanings(result.leanings)] if result.leanings else []
    return Group(*parts, *leanings, *told_below(result.told))


def _leanings(leanings: Sequence[AttributeLeaning]) -> RenderableType:
    leaning = Table(box=None, pad_edge=False, title="leanings", title_justify="left")
    leaning.add_column("leaning", justify="right")
    leaning.add_column("attribute")
    leaning.add_column("in history", justify="right")
    ends = leanings
    if len(ends) > 2 * _SHOWN_LEANINGS:
        ends = [*ends[:_SHOWN_LEANINGS], *ends[-_SHOWN_LEANINGS:]]
    for entry_ in ends:
        leaning.add_row(
            f"{entry_.leaning:+.3f}",
            Text(f"{entry_.name}: {entry_.value}"),
            str(entry_.items_in_history),
        )
    return leaning
