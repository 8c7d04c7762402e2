"""Results as text for people."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from recx_agent.schemas import (
    Counterfactual,
    Evidence,
    Explanation,
    Recommendations,
    Told,
)

_SHOWN_TERMS = 8


def recommendations(result: Recommendations) -> RenderableType:
    """A ranked table; says so when it is popularity alone."""
    table = Table(box=None, pad_edge=False)
    table.add_column("", justify="right")
    table.add_column("title")
    table.add_column("id", style="dim")
    table.add_column("score", justify="right")
    for item in result.items:
        table.add_row(str(item.rank), Text(item.title), Text(item.item_id), f"{item.score:.3f}")
    if result.fallback:
        return Group("What everyone likes; no history of this user is used.", table)
    return table


def cited_text(explanation: Explanation | Told) -> Text:
    """The sentences, each followed by the ids of its evidence."""
    text = Text()
    for sentence in explanation.sentences:
        text.append(sentence.text)
        text.append(f" [{', '.join(sentence.evidence)}] ", style="dim")
    return text


def explanation_list(explanations: Sequence[Explanation]) -> RenderableType:
    """Titles with their explanations, as one list."""
    parts: list[RenderableType] = []
    for number, explanation in enumerate(explanations, start=1):
        parts.append(Text(f"{number:>2}. {explanation.item.title}", style="bold"))
        parts.append(Padding(cited_text(explanation), (0, 0, 1, 4)))
    return Group(*parts)


def explanation(result: Explanation) -> RenderableType:
    """One explanation with its evidence and the largest terms of its score."""
    return Group(
        Text(result.item.title, style="bold"),
        cited_text(result),
        "",
        _evidence(result.evidence),
        "",
        _terms(result),
    )


def _evidence(pieces: Sequence[Evidence]) -> RenderableType:
    table = Table(box=None, pad_edge=False, title="evidence", title_justify="left")
    for heading in ("id", "kind", "what"):
        table.add_column(heading)
    table.add_column("adds", justify="right")
    table.add_column("rank without", justify="right")
    for piece in pieces:
        adds = "" if piece.contribution is None else f"{piece.contribution:+.3f}"
        without = "" if piece.rank_without is None else str(piece.rank_without)
        table.add_row(piece.id, piece.kind, Text(piece.text), adds, without)
    return table


def _terms(result: Explanation) -> RenderableType:
    attribution = result.attribution
    ranked = sorted(attribution.contributions, key=lambda c: -abs(c.value))
    title = f"score {attribution.score:.4f} = {attribution.baseline:g} + sum of the terms"
    if attribution.rank is not None:
        title += f" (rank {attribution.rank})"
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column("value", justify="right")
    table.add_column("source")
    for term in ranked[:_SHOWN_TERMS]:
        table.add_row(f"{term.value:+.4f}", Text(term.source.label))
    rest = ranked[_SHOWN_TERMS:]
    if rest:
        table.add_row(f"{sum(t.value for t in rest):+.4f}", f"{len(rest)} smaller terms")
    # Not the table's own title, which would be broken to the width of the columns.
    return Group(Text(title, style="italic"), table)


def counterfactual(result: Counterfactual) -> RenderableType:
    """The sentence and its evidence, or that there is no such set."""
    if result.sentence is None:
        return Text(
            f"No set of up to {result.budget} items was found in the history without which "
            f"“{result.item.title}” would leave the top {result.k} (greedy search): it is at rank "
            f"{result.rank_before}, and the lowest rank reached is {result.rank_after}."
        )
    text = Text(result.sentence.text)
    text.append(f" [{', '.join(result.sentence.evidence)}]", style="dim")
    return Group(text, "", _evidence(result.evidence))
