"""Items that are known of a user only by events of a sensitive type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets import NO_ITEM, Dataset
from recx_agent.sensitive import Sensitive


@dataclass(frozen=True)
class ByEventType:
    """What rules about event types do to one user's items.

    Attributes
    ----------
    out : set of int
        History items that do not count.
    unnamed : set of int
        History items that are not to be named.
    withheld : set of int
        Items of which nothing is said, since all events with them or their twins are such.
    """

    out: frozenset[int] = frozenset()
    unnamed: frozenset[int] = frozenset()
    withheld: frozenset[int] = frozenset()


def by_event_type(
    dataset: Dataset, user: int, sensitive: Sensitive, *, disliked: bool
) -> ByEventType:
    """Apply the rules to the events of a user.

    Parameters
    ----------
    dataset : Dataset
    user : int
    sensitive : Sensitive
    disliked : bool
        Whether events with a low rating are behind terms of the score.
    """
    if not sensitive.judges_kinds:
        return ByEventType()
    events = dataset.events
    where = events.of_user(user)
    items, kinds = events.item[where], events.kind[where]
    terms = np.asarray(events.positive[where]).copy()
    if disliked:
        terms |= dataset.disliked[where]
    known = items != NO_ITEM
    twins = np.array(dataset.catalogue.twins, dtype=np.int32)[items]
    soft = _of_kinds(kinds, events.kinds, lambda kind: not sensitive.tells_kind(kind))
    hard = _of_kinds(kinds, events.kinds, lambda kind: not sensitive.counts_kind(kind))
    alike = set(twins[known & soft].tolist()) - set(twins[known & ~soft].tolist())
    return ByEventType(
        out=_only(items, hard, known & terms),
        unnamed=_only(items, soft, known & terms),
        withheld=frozenset(i for i, twin in enumerate(dataset.catalogue.twins) if twin in alike),
    )


def _of_kinds(
    codes: NDArray[np.int16], kinds: tuple[str, ...], is_such: Callable[[str], bool]
) -> NDArray[np.bool_]:
    return np.isin(codes, [n for n, kind in enumerate(kinds) if is_such(kind)])


def _only(
    items: NDArray[np.int32], of_kind: NDArray[np.bool_], terms: NDArray[np.bool_]
) -> frozenset[int]:
    """Items all of whose terms are of the kind."""
    return frozenset(items[terms & of_kind].tolist()) - frozenset(items[terms & ~of_kind].tolist())
