"""What "it", "them" and "both" stand for; where more than one is possible, for each of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from recx_agent.grounding.assertions import ITEM, Mentions


def singular(
    before: Mentions, earlier: Mentions, *, of_history: bool, others: Collection[str] = ()
) -> tuple[str, ...]:
    """Everything that "it" may stand for; nothing if that is not clear.

    Parameters
    ----------
    before : Mentions
        In the same sentence, before the pronoun.
    earlier : Mentions
        In the sentence before.
    of_history : bool
        Whether it can only be a history item: what was done, was done with one.
    others : collection of str
        What it cannot be, being named beside it.
    """
    near = before if before.ids else earlier
    if of_history:
        found = before.history or earlier.history
        return tuple(id for id in found if id not in others)
    found = near.history
    if not before.ids and ITEM in (*earlier.ids[:1], *earlier.ids[-1:]):
        found = ()  # the sentence before began or ended with the item: it is the topic
    either = (ITEM, *found) if near.item or not near.ids or not before.history else found
    left = tuple(id for id in either if id not in others)
    return left or ((ITEM,) if ITEM not in others else ())


def plural(
    before: Mentions,
    earlier: Mentions,
    count: int | None,
    *,
    of_history: bool,
    others: Collection[str] = (),
) -> tuple[str, ...]:
    """What "them", "both" (``count`` 2) or "all three" stand for; nothing if it does not fit."""
    for mentions in (before, earlier):
        group = _fitting(mentions.history, count, others)
        if group:
            return group
        if not of_history and mentions.item and mentions.history:
            group = _fitting((*mentions.history, ITEM), count, others)
            if group:
                return group
    return ()


def _fitting(ids: Sequence[str], count: int | None, others: Collection[str]) -> tuple[str, ...]:
    left = tuple(id for id in ids if id not in others)
    return left if len(left) >= 2 and count in (None, len(left)) else ()
