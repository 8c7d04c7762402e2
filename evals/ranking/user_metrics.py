"""Metrics of one user's list; the figure of a recommender is their mean over users.

The definitions are those of RecTools 0.19 where it has the metric, and are tested against
values that RecTools gave; it cannot be installed beside this package (see
``docs/scorers.md``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recx_agent.evals.ranking.facts import Facts
from recx_agent.evals.ranking.metrics import NOTHING, hits, ndcg, recall
from recx_agent.evals.scorers.base import Better

Values = NDArray[np.float64]
"""One a user, shape (n_users,); not a number where a list cannot be judged."""


@dataclass(frozen=True)
class UserMetric:
    """One value a user.

    Attributes
    ----------
    name : str
        Without the length of the list.
    about : str
        In a sentence, with its source.
    of : callable
        Lists of shape (n_users, k), best first, and facts; to :data:`Values`.
    low, high : float or None
        Ends of the range of a value.
    better : str
        Which direction is good.
    """

    name: str
    about: str
    of: Callable[[NDArray[np.int32], Facts], Values]
    low: float | None = 0.0
    high: float | None = 1.0
    better: Better = "higher"


def hit_rate(ranked: NDArray[np.int32], facts: Facts) -> Values:
    """1 where any held-out item is on the list."""
    return np.asarray(hits(ranked, facts.relevant).any(axis=1), dtype=np.float64)


def reciprocal_rank(ranked: NDArray[np.int32], facts: Facts) -> Values:
    """``1 / rank`` of the first held-out item on the list, 0 where none is (Voorhees 1999)."""
    found = hits(ranked, facts.relevant)
    first = found.argmax(axis=1)
    reciprocal: Values = np.where(found.any(axis=1), 1.0 / (first + 1.0), 0.0)
    return reciprocal


def novelty(ranked: NDArray[np.int32], facts: Facts) -> Values:
    """Mean of ``-log2(p_i)`` in bits, ``p_i`` the share of users who liked the item.

    Mean self-information (Zhou et al. 2010), "mean inverse user frequency" (Castells, Vargas &
    Wang 2011). An item that nobody liked counts as one that a single user liked.
    """
    shares = np.maximum(facts.counts, 1) / max(1, facts.likers)
    return _mean_over_list(ranked, -np.log2(shares))


def popularity(ranked: NDArray[np.int32], facts: Facts) -> Values:
    """Mean share of users who liked the listed items: average recommendation popularity.

    Yin et al. 2012 ("Challenging the long tail recommendation"), in shares of users in the
    place of counts.
    """
    return _mean_over_list(ranked, facts.popularity)


def popularity_lift(ranked: NDArray[np.int32], facts: Facts) -> Values:
    """How much more popular the list is than the user's own history: ``list / history - 1``.

    0: as popular as what he liked; 1: twice as popular. The change of group average popularity
    of Abdollahpouri et al. 2019 ("The unfairness of popularity bias in recommendation"), of
    each user in the place of a group.
    """
    liked = np.diff(facts.histories.indptr)
    total = np.asarray(facts.histories @ facts.popularity)
    own = np.divide(total, liked, out=np.full(len(liked), np.nan), where=liked > 0)
    return np.asarray(popularity(ranked, facts) / own - 1.0)


def diversity(ranked: NDArray[np.int32], facts: Facts) -> Values:
    """Mean distance of two listed items: 1 less the Jaccard similarity of their attribute values.

    Intra-list diversity (Smyth & McClave 2001; Ziegler et al. 2005). Items without any
    attribute are left out; a list with fewer than two others cannot be judged.
    """
    found = np.full(len(ranked), np.nan)
    sizes = np.diff(facts.attributes.indptr)
    for row, items in enumerate(ranked):
        there = items[items != NOTHING]
        there = there[sizes[there] > 0]
        if len(there) < 2:
            continue
        own = facts.attributes[there]
        shared = np.asarray((own @ own.T).todense())
        counts = sizes[there]
        either = counts[:, None] + counts[None, :] - shared
        pairs = np.triu_indices(len(there), 1)
        found[row] = float(np.mean(1.0 - shared[pairs] / either[pairs]))
    return found


def _mean_over_list(ranked: NDArray[np.int32], of_item: NDArray[np.float64]) -> Values:
    there = ranked != NOTHING
    length = there.sum(axis=1)
    total = np.where(there, of_item[np.where(there, ranked, 0)], 0.0).sum(axis=1)
    mean: Values = np.divide(total, length, out=np.full(len(ranked), np.nan), where=length > 0)
    return mean


USER_METRICS = (
    UserMetric(
        "recall",
        "Held-out items on the list, of those that could be: hits / min(k, held-out items).",
        lambda ranked, facts: recall(ranked, facts.relevant),
    ),
    UserMetric(
        "ndcg",
        "Gains of held-out items, discount 1/log2(rank + 1), over those of the best list there "
        "could be (Järvelin & Kekäläinen 2002).",
        lambda ranked, facts: ndcg(ranked, facts.relevant),
    ),
    UserMetric(
        "mrr",
        "1 / rank of the first held-out item, 0 where none is on the list (Voorhees 1999).",
        reciprocal_rank,
    ),
    UserMetric("hit_rate", "Lists with any held-out item on them.", hit_rate),
    UserMetric(
        "novelty",
        "Mean of -log2(share of users who liked the item), in bits (Zhou et al. 2010; Castells, "
        "Vargas & Wang 2011).",
        novelty,
        high=None,
    ),
    UserMetric(
        "diversity",
        "Mean of 1 - Jaccard similarity of the attribute values of two listed items (intra-list "
        "diversity; Smyth & McClave 2001, Ziegler et al. 2005).",
        diversity,
    ),
    UserMetric(
        "popularity",
        "Mean share of users who liked the listed items (average recommendation popularity; Yin "
        "et al. 2012).",
        popularity,
        better="lower",
    ),
    UserMetric(
        "popularity_lift",
        "Mean popularity of the list over that of the user's own history, less 1 (after "
        "Abdollahpouri et al. 2019).",
        popularity_lift,
        low=-1.0,
        high=None,
        better="neither",
    ),
)
