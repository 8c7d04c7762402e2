"""Which items and attributes a text gives as its reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from recx_agent.evals.samples import Piece, Sample
from recx_agent.evals.scorers.text.features import spoken_of

ABSTAINED = "abstained"
_NO_REASONS = "TB"
"""Sorts of evidence that are causes and name nothing: the whole history, and everyone."""


@dataclass(frozen=True)
class Told:
    """What a text tells as its reason.

    Attributes
    ----------
    items : tuple of str
        External ids of the history items that it names.
    values : frozenset of str
        Values of attributes that it names.
    abstains : bool
        Whether it gives no reason: its writer says so, or, of a writer that says nothing of
        itself, neither an item nor a value is told.
    """

    items: tuple[str, ...]
    values: frozenset[str]
    abstains: bool


def told_of(sample: Sample, titles: dict[str, str], values: Collection[str]) -> Told:
    """Read a text: every value and title that a sentence with a reason speaks of.

    A sentence gives a reason unless it cites evidence none of which is one: facts of the item,
    what the user wrote, how everyone liked it, or what counts against the item. A sentence
    without a citation counts, since a reader takes whatever an explanation says for its reason.

    Parameters
    ----------
    sample : Sample
    titles : dict of str to str
        Titles of the user's history items by external id.
    values : collection of str
        Values of attributes; they stand in no title.
    """
    if sample.verdict == ABSTAINED:
        return Told((), frozenset(), True)
    reasons = list(_reasons(sample))
    items = tuple(id for id, title in titles.items() if any(title in text for text in reasons))
    named: frozenset[str] = frozenset().union(
        *(spoken_of(text, values, sample.language) for text in reasons)
    )
    return Told(items, named, not sample.verdict and not items and not named)


def _reasons(sample: Sample) -> Iterator[str]:
    if not sample.sentences and sample.text:
        yield sample.text
    for sentence in sample.sentences:
        cited = [piece for id in sentence.cites if (piece := sample.piece(id)) is not None]
        if not cited or any(_speaks_for(cited)):
            yield sentence.text


def _speaks_for(cited: Iterable[Piece]) -> Iterator[bool]:
    for piece in cited:
        contribution = piece.fields.get("contribution")
        positive = contribution is None or contribution > 0
        yield piece.kind == "cause" and piece.id[0] not in _NO_REASONS and positive
