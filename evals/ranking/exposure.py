"""What all lists together show: how much of the catalogue, and how evenly.

None of these is a mean over users: they depend on how many lists there are, and are compared
between recommenders on the same users only.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recx_agent.evals.ranking.metrics import NOTHING
from recx_agent.evals.scorers.base import Better

Lists = NDArray[np.int32]
"""Shape (n_users, k), best first; ``NOTHING`` where a list ends early."""


@dataclass(frozen=True)
class ListMetric:
    """One figure of all lists.

    Attributes
    ----------
    name : str
        Without the length of the list.
    family : str
        ``recommendation`` or ``fair``.
    about : str
        In a sentence, with its source.
    of : callable
        Lists and the number of items in the catalogue; to the figure, or ``None``.
    low, high : float or None
    better : str
    """

    name: str
    family: str
    about: str
    of: Callable[[Lists, int], float | None]
    low: float | None = 0.0
    high: float | None = 1.0
    better: Better = "higher"


def exposures(ranked: Lists, n_items: int) -> NDArray[np.int64]:
    """On how many lists each item of the catalogue stands, shape (n_items,)."""
    listed = ranked[ranked != NOTHING]
    return np.bincount(listed, minlength=n_items).astype(np.int64)


def coverage(ranked: Lists, n_items: int) -> float:
    """Items that are on any list, over all items of the catalogue (Ge et al. 2010)."""
    return float(np.count_nonzero(exposures(ranked, n_items)) / n_items)


def gini(ranked: Lists, n_items: int) -> float | None:
    """Gini coefficient of the items' exposures: 0 all alike, near 1 a few items take all.

    ``Σ_i (2 i - n - 1) x_i / (n Σ x)`` over the ``n`` items of the catalogue, exposures ``x``
    ascending (Fleder & Hosanagar 2009; Shani & Gunawardana 2011, section 8.3.2). Each place of
    a list counts the same. ``None`` where nothing is listed.
    """
    found = np.sort(exposures(ranked, n_items))
    total = int(found.sum())
    if not total:
        return None
    rank = np.arange(1, n_items + 1)
    return float(((2 * rank - n_items - 1) * found).sum() / (n_items * total))


def top_decile_share(ranked: Lists, n_items: int) -> float | None:
    """Places that go to the tenth of the catalogue that is listed most, over all places.

    0.1 where all items are listed alike. ``None`` where nothing is listed.
    """
    found = np.sort(exposures(ranked, n_items))[::-1]
    total = int(found.sum())
    return float(found[: math.ceil(n_items / 10)].sum() / total) if total else None


def bias_disparity(
    ranked: Lists, histories: sp.csr_matrix, holders: NDArray[np.float64]
) -> float | None:
    """How much more of the lists than of the histories goes to items of one kind.

    ``share of places / share of liked items - 1`` (Tsintzou, Pitoura & Tsaparas 2018, equation
    3; what the kind's share of the catalogue divides there cancels). 0: as in the histories;
    -1: such items are never listed. ``None`` where no history holds such an item.

    Parameters
    ----------
    ranked : int32 array, shape (n_users, k)
    histories : csr_matrix, shape (n_users, n_items)
        1 where a user liked an item.
    holders : array, shape (n_items,)
        1 where an item is of the kind.
    """
    liked = float(histories.sum())
    listed = ranked[ranked != NOTHING]
    before = float(np.asarray(histories @ holders).sum())
    if not before or not len(listed):
        return None
    return float(holders[listed].mean() / (before / liked) - 1.0)


LIST_METRICS = (
    ListMetric(
        "coverage",
        "recommendation",
        "Items on any list over all items of the catalogue (Ge et al. 2010); grows with the "
        "number of users.",
        coverage,
    ),
    ListMetric(
        "exposure_gini",
        "fair",
        "Gini coefficient of how often items are listed: 0 all alike, 1 one item takes all "
        "(Fleder & Hosanagar 2009).",
        gini,
        better="lower",
    ),
    ListMetric(
        "exposure_top_decile",
        "fair",
        "Places on lists that go to the most listed tenth of the catalogue; 0.1 is even.",
        top_decile_share,
        better="lower",
    ),
)
