"""Fitting the witnesses of a data set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets import Dataset
from recx_agent.recommenders.witness.mixture import fit_mixture
from recx_agent.recommenders.witness.places import newest_likes
from recx_agent.recommenders.witness.usual import Likes
from recx_agent.recommenders.witness.witness import Witness
from recx_agent.recommenders.witness.witnesses import FOLDS, FittedWitnesses, fold_of

MIN_USERS = 100
"""Users with ``MIN_LIKES`` likes; with fewer there are no witnesses."""
MIN_LIKES = 3
_MOST_HISTORIES = 2000
"""Histories of a fold that the usual and the mixture are taken from, drawn at random."""
_SEEN = 400
"""As many histories as these are wanted for the usual: few are seen from several likes each."""
_MOST_TIMES = 4


@dataclass(frozen=True)
class Factors:
    """What a witness needs of a fit: ``p_h`` and ``q_i``, shape (n_items, d), and the half-life."""

    history: NDArray[np.float32]
    items: NDArray[np.float32]
    half_life: float | None


FitApart = Callable[[Sequence[Dataset]], Sequence[Factors]]
"""Fits one single run on each data set; all of them have the same users and items."""


def why_no_witnesses(dataset: Dataset) -> str | None:
    """Why there can be no witnesses for a data set; ``None`` if there can."""
    enough = int(np.count_nonzero(np.diff(dataset.positives.indptr) >= MIN_LIKES))
    if enough >= MIN_USERS:
        return None
    return (
        f"only {enough} users have {MIN_LIKES} likes or more, and {MIN_USERS} are needed to judge "
        "whether a history foretells itself"
    )


def fit_witnesses(dataset: Dataset, fit_apart: FitApart, seed: int = 0) -> FittedWitnesses:
    """Fit one witness for each fold of users, and the mixture of all histories.

    Parameters
    ----------
    dataset : Dataset
        One that :func:`why_no_witnesses` has nothing against.
    fit_apart : callable
    seed : int
        Of which histories are taken.
    """
    fold = np.array([fold_of(user_id) for user_id in dataset.users.ids])
    events = dataset.events
    others = [
        replace(dataset, events=events.take(fold[events.user] != number)) for number in range(FOLDS)
    ]
    random = np.random.default_rng(seed)
    witnesses, places = [], []
    for number, factors in enumerate(fit_apart(others)):
        own = _histories(dataset, np.flatnonzero(fold == number), random)
        times = max(1, min(_MOST_TIMES, _SEEN // max(1, len(own))))
        witness = Witness.of(factors.history, factors.items, own * times, factors.half_life, random)
        witnesses.append(witness)
        places += [witness.places(*likes) for likes in own]
    return FittedWitnesses(witnesses, fit_mixture(places, seed))


def _histories(
    dataset: Dataset, users: NDArray[np.intp], random: np.random.Generator
) -> list[Likes]:
    lengths = np.diff(dataset.positives.indptr)
    enough = users[lengths[users] >= MIN_LIKES]
    if len(enough) > _MOST_HISTORIES:
        enough = np.sort(random.choice(enough, _MOST_HISTORIES, replace=False))
    n_items = len(dataset.catalogue)
    return [newest_likes(dataset.history(user), n_items) for user in enough.tolist()]
