"""Differences of what is computed of all lists of a recommender at once: coverage, exposure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from recx_agent.evals.ranking.exposure import LIST_METRICS
from recx_agent.evals.ranking.metrics import NOTHING
from recx_agent.evals.reduce import Figure, jackknife_over
from recx_agent.evals.run.folder import Run

_OF = {metric.name: metric.of for metric in LIST_METRICS}


def is_of_lists(metric: str) -> bool:
    """Whether a metric, such as ``coverage@10``, can be computed of the lists alone."""
    return metric.partition("@")[0] in _OF


def list_difference(
    run: Run, than: Run, writer: str, other: str, metric: str, level: float
) -> Figure | None:
    """The figure of one recommender's lists less that of another's, of the users that both have.

    Both lose the same users (:func:`recx_agent.evals.reduce.jackknife_over`); of several
    trainings the mean is taken. ``None`` where nobody is ranked for by both, or where the sizes
    of the catalogues are not known.
    """
    name, _, k = metric.partition("@")
    ours, theirs = run.lists.get(writer, {}), than.lists.get(other, {})
    sizes = [one.log["data"].get("items") for one in (run, than)]
    users = [user for user in ours if user in theirs]
    if not users or None in sizes:
        return None
    numbers: dict[str, int] = {}
    sides = [_numbered(own, users, int(k), numbers) for own in (ours, theirs)]
    if len(numbers) > min(sizes):  # more items than there are: catalogues of other data
        return None

    def less(chosen: Sequence[int]) -> float | None:
        values = [_mean(lists[:, chosen], name, n) for lists, n in zip(sides, sizes, strict=True)]
        return None if None in values else values[0] - values[1]  # type: ignore[operator]

    places = list(range(len(users)))
    return jackknife_over(places, users, less, level=level)


def _numbered(
    own: Mapping[str, Sequence[Sequence[str]]],
    users: Sequence[str],
    k: int,
    numbers: dict[str, int],
) -> NDArray[np.int32]:
    """Shape (trainings, users, k): items as numbers, the same ones on both sides."""
    trainings = max((len(own[user]) for user in users), default=0)
    found = np.full((trainings, len(users), k), NOTHING, dtype=np.int32)
    for at, user in enumerate(users):
        for seed, items in enumerate(own[user]):
            for place, item in enumerate(items[:k]):
                found[seed, at, place] = numbers.setdefault(item, len(numbers))
    return found


def _mean(lists: NDArray[np.int32], name: str, n_items: int) -> float | None:
    values = [_OF[name](own, n_items) for own in lists]
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known and len(known) == len(values) else None
