"""Splits by time, for evaluation that does not look ahead.

Both splits leave users, items and their ids as they are and only divide the events. What
is asked of a model is an item new to the user, so an item the user has met before the
cut, in whatever way, is never held out. A validation split is the same function applied
to ``train``.

References
----------
Y. Ji, A. Sun, J. Zhang, C. Li: A Critical Study on Data Leakage in Recommender System
Offline Evaluation. ACM Transactions on Information Systems 41(3), 2023.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets.dataset import Dataset
from recx_agent.datasets.events import NO_ITEM, NO_TIME
from recx_agent.datasets.idmap import natural_key
from recx_agent.errors import DataError, SettingsError


@dataclass(frozen=True)
class Split:
    """Events to learn from, and items to be found again.

    Attributes
    ----------
    train : Dataset
        The data set with the events before the cut only.
    test : mapping of int to int32 array
        Internal user id to the internal ids of the held-out items, oldest first.
    description : str
        How it was made, for a report.
    """

    train: Dataset
    test: Mapping[int, NDArray[np.int32]]
    description: str

    @property
    def users(self) -> NDArray[np.int32]:
        """Users with held-out items, ascending."""
        return np.array(sorted(self.test), dtype=np.int32)

    @property
    def held_out(self) -> int:
        """Number of held-out items of all users."""
        return sum(len(items) for items in self.test.values())


Rule = Callable[[Dataset], Split]
"""A way to split."""


def strictly_before(rule: Rule, dataset: Dataset) -> Split:
    """Split, and drop from training what is as old as the user's first held-out event.

    Timestamps in seconds do not say which of two events of one second came first. In
    MovieLens 100K every third user has positives in the same second as the first
    held-out one, rated on one page and alike: to learn from them is to be told.

    Parameters
    ----------
    rule : callable
    dataset : Dataset
    """
    found = rule(dataset)
    events, kept = found.train.events, np.ones(len(found.train.events), dtype=bool)
    for user, items in found.test.items():
        whole = dataset.events.of_user(user)
        asked = np.isin(dataset.events.item[whole], items)
        cut = dataset.events.time[whole][asked].min()
        own = events.of_user(user)
        kept[own] = events.time[own] < cut
    return Split(
        replace(found.train, events=events.take(kept)),
        found.test,
        f"{found.description}; events of the same second as that first one are dropped too",
    )


def leave_last(dataset: Dataset, n: int = 3) -> Split:
    """Hold out the last ``n`` items each user came to like.

    Of users with more than ``n + 1`` positive items, the last ``n`` by their first
    positive event are held out, in the order of time and, where times are equal, of the
    external item id. Such a user keeps for training only what lies before the first
    held-out event in that order: what lies at or behind it is dropped, low ratings and
    repetitions included, and does not count as seen. All other users keep everything.
    Events without a time are dropped, since nobody can say on which side they lie.

    Parameters
    ----------
    dataset : Dataset
        What is split.
    n : int
        Items held out a user.

    Raises
    ------
    SettingsError
        ``n`` is less than 1.
    DataError
        The data set has no times.
    """
    if n < 1:
        raise SettingsError(f"leave_last: {n} items cannot be held out; give 1 or more")
    line = _Line.of(dataset)
    first = line.first_positives()
    users = line.user[first]
    starts = np.searchsorted(users, np.arange(len(dataset.users) + 1))
    cut = np.full(len(dataset.users), len(line.user), dtype=np.int64)
    test: dict[int, NDArray[np.int32]] = {}
    for user in np.flatnonzero(np.diff(starts) > n + 1).tolist():
        last = first[starts[user + 1] - n : starts[user + 1]]
        cut[user] = line.moment[last[0]]
        test[user] = line.item[last]
    train = line.train(dataset, line.moment < cut[line.user])
    return Split(
        train,
        _unseen(train, test),
        f"last {n} positive items of each user with more than {n + 1}; trained on what lies "
        "before the first of them",
    )


def global_time(dataset: Dataset, quantile: float = 0.8, min_before: int = 1) -> Split:
    """Cut at one moment for all users.

    The cut is the time at ``quantile`` of all positive events. What lies before it is for
    training; the items liked at or after it are held out, of users with at least
    ``min_before`` positive items before it. Events without a time are dropped.

    Parameters
    ----------
    dataset : Dataset
        What is split.
    quantile : float
        Between 0 and 1, both excluded: the part of the positive events before the cut.
    min_before : int
        Positive items before the cut that a user must have to be tested.

    Raises
    ------
    SettingsError
        ``quantile`` is not between 0 and 1, or ``min_before`` is negative.
    DataError
        The data set has no times, or they are all the same.
    """
    if not 0 < quantile < 1:
        raise SettingsError(f"global_time: the quantile {quantile} is not between 0 and 1")
    if min_before < 0:
        raise SettingsError(f"global_time: min_before is {min_before}; give 0 or more")
    line = _Line.of(dataset)
    first = line.first_positives()
    moments = np.sort(line.time[line.positive])
    cut = int(moments[int(quantile * len(moments))]) if len(moments) else 0
    before = line.time < cut
    if not before.any():
        raise DataError(
            "no event lies before the cut",
            source="data set",
            field="timestamp",
            remedy="give a higher quantile",
        )
    likes_before = np.bincount(line.user[first][before[first]], minlength=len(dataset.users))
    asked = first[~before[first] & (likes_before[line.user[first]] >= min_before)]
    users, starts = np.unique(line.user[asked], return_index=True)
    test = dict(zip(users.tolist(), np.split(line.item[asked], starts[1:]), strict=True))
    train = line.train(dataset, before)
    day = np.datetime64(cut, "s").astype(str)
    return Split(
        train,
        _unseen(train, test),
        f"one cut at {day} UTC, {quantile:.0%} of the positive events before it; users with at "
        f"least {min_before} positive item(s) before it",
    )


@dataclass(frozen=True)
class _Line:
    """The events that have a time, in the order of user, time and external item id.

    ``moment`` numbers the distinct (user, time, item) in that order: events of one moment
    lie on the same side of every cut. ``place`` is the event's position in the data set.
    """

    user: NDArray[np.int32]
    item: NDArray[np.int32]
    time: NDArray[np.int64]
    positive: NDArray[np.bool_]
    moment: NDArray[np.int64]
    place: NDArray[np.int64]

    @classmethod
    def of(cls, dataset: Dataset) -> _Line:
        events = dataset.events
        time = np.asarray(events.time)
        if not (time != NO_TIME).any():
            raise DataError(
                "the events have no times, so nothing can be split by time",
                source="data set",
                field="timestamp",
                remedy="read a file with a timestamp column",
            )
        ids = dataset.catalogue.ids.ids
        rank = np.empty(len(ids) + 1, dtype=np.int64)
        rank[sorted(range(len(ids)), key=lambda item: natural_key(ids[item]))] = np.arange(len(ids))
        rank[NO_ITEM] = -1
        ranks = rank[np.asarray(events.item)]
        order = np.lexsort((ranks, time, np.asarray(events.user)))
        order = order[time[order] != NO_TIME]
        user, item, time = events.user[order], events.item[order], time[order]
        new = np.ones(len(order), dtype=bool)
        new[1:] = (user[1:] != user[:-1]) | (time[1:] != time[:-1]) | (item[1:] != item[:-1])
        return cls(user, item, time, events.positive[order], np.cumsum(new) - 1, order)

    def first_positives(self) -> NDArray[np.int64]:
        """Positions on the line of the first positive event of each user with each item."""
        positive = np.flatnonzero(self.positive)
        pair = self.user[positive].astype(np.int64) << 32 | self.item[positive]
        _, first = np.unique(pair, return_index=True)
        found: NDArray[np.int64] = positive[np.sort(first)]
        return found

    def train(self, dataset: Dataset, kept: NDArray[np.bool_]) -> Dataset:
        """Return the data set with the events of the line where ``kept`` is true."""
        mask = np.zeros(len(dataset.events), dtype=bool)
        mask[self.place[kept]] = True
        return replace(dataset, events=dataset.events.take(mask))


def _unseen(train: Dataset, test: Mapping[int, NDArray[np.int32]]) -> dict[int, NDArray[np.int32]]:
    """Leave out items the user has met, for no recommender may offer them."""
    unseen = {}
    for user, items in test.items():
        left = items[~np.isin(items, train.seen(user))]
        if len(left):
            unseen[user] = left.astype(np.int32)
    return unseen
