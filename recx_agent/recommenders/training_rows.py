"""What LightFM is trained on: one row for each user and context, with the items liked there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recx_agent.datasets import Dataset
from recx_agent.datasets.contexts import NO_VALUE
from recx_agent.recommenders.history_sampling import draw_history
from recx_agent.recommenders.user_columns import UserColumns
from recx_agent.settings import ModelSettings

MIN_POSITIVES = 20
"""Positive events a value of a context needs to have a term; a rarer one is left out."""


@dataclass(frozen=True)
class TrainingRows:
    """Rows of training.

    Attributes
    ----------
    columns : UserColumns
        What the columns of the user features stand for.
    liked : csr_matrix, shape (n_users, n_items)
        1 where the user has a positive event with the item.
    disliked : csr_matrix, shape (n_users, n_items), or None
        1 where the item is there for its low rating; ``None`` if those are no terms.
    owner : int64 array, shape (n_rows,)
        The user of each row.
    positives : csr_matrix, shape (n_rows, n_items)
        1 where the user has a positive event with the item in the row's context.
    context : csr_matrix, shape (n_rows, n_contexts)
        ``context_weight`` where the row has the context.
    context_weight : float
        In training: that of one drawn history item.
    """

    columns: UserColumns
    liked: sp.csr_matrix
    disliked: sp.csr_matrix | None
    owner: NDArray[np.int64]
    positives: sp.csr_matrix
    context: sp.csr_matrix
    context_weight: float

    @cached_property
    def never_negative(self) -> sp.csr_matrix:
        """Shape (n_rows, n_items): what no row may have as a negative.

        That is everything its user likes, in whatever context: to like an item in the
        evening is no sign against it in the morning. Each row holds all of its user's
        items: 8 bytes for each positive of a user and each of the user's contexts.
        """
        return sp.csr_matrix(self.liked[self.owner]) if self.columns.contexts else self.liked

    def draw(self, size: int, random: np.random.RandomState) -> sp.csr_matrix:
        """Draw user features of all rows for one epoch.

        All rows of a user have the same drawn items, so that what rows with a context
        learn differs from what users learn without one by the context alone.

        Returns
        -------
        csr_matrix, shape (n_rows, columns.total), float32
        """
        drawn = draw_history(self.liked, size, random)
        if self.disliked is not None:
            low = draw_history(self.disliked, size, random)
            drawn = sp.hstack([drawn, low], format="csr")
        if not self.columns.contexts:
            return drawn
        return sp.csr_matrix(sp.hstack([drawn[self.owner], self.context], format="csr"))

    def never_drawn(self) -> NDArray[np.bool_]:
        """Columns that no draw can hold, shape (columns.total,): nothing is learnt of them."""
        parts = [self.liked, self.disliked, self.context]
        counts = [
            np.bincount(part.indices, minlength=part.shape[1]) for part in parts if part is not None
        ]
        return np.asarray(np.concatenate(counts) == 0)

    def centre(self, factors: NDArray[np.float32]) -> None:
        """Take their mean from the factors of each context's values, in place.

        Nearly every training pair has some value of a context, so its mean would be a
        term of every score that tells nothing of the moment. Without it a context's term
        is what sets this moment apart from the average one, and where no context is told
        the average one is meant. The mean is over the training pairs; one without a value
        counts as one with the factors 0, as it was in training.

        Parameters
        ----------
        factors : float32 array, shape (columns.total, d)
        """
        own = factors[self.columns.of_contexts]
        names = np.array([name for name, _ in self.columns.contexts])
        for name in dict.fromkeys(names.tolist()):
            values = names == name
            own[values] -= (self.context_shares[values] @ own[values]).astype(np.float32)

    @cached_property
    def context_shares(self) -> NDArray[np.float64]:
        """Part of the training pairs that has each context, shape (n_contexts,)."""
        pairs = np.diff(self.positives.indptr)
        return np.asarray(self.context.astype(bool).T @ pairs) / max(1, int(pairs.sum()))


def training_rows(
    dataset: Dataset, settings: ModelSettings, known: Sequence[tuple[str, str]] = ()
) -> TrainingRows:
    """Make the rows.

    Parameters
    ----------
    dataset : Dataset
    settings : ModelSettings
        ``context`` and ``disliked`` say what is a term, as far as the data have it:
        ``"on"`` or ``"off"``.
    known : sequence of (str, str)
        Contexts of an earlier model; they keep their places, new ones come behind.
    """
    low = dataset.low_rated if settings.disliked == "on" and dataset.low_rated.nnz else None
    contexts = known_contexts(dataset, known) if settings.context == "on" else ()
    columns = UserColumns(len(dataset.catalogue), low is not None, contexts)
    weight = settings.drawn_history**-0.5
    if contexts:
        owner, positives, context = _context_rows(dataset, contexts)
        context = context * np.float32(weight)
    else:
        positives = dataset.positives
        owner = np.arange(len(dataset.users))
        context = sp.csr_matrix(np.empty((len(owner), 0), dtype=np.float32))
    return TrainingRows(columns, dataset.positives, low, owner, positives, context, weight)


def why_no_disliked(dataset: Dataset) -> str | None:
    """Say why low ratings can be no terms; ``None`` if they can."""
    if dataset.low_rated.nnz:
        return None
    if dataset.disliked_to is None:
        return "no value is a low rating; set data.disliked_to"
    return f"no item has a rating of {dataset.disliked_to:g} or lower"


def why_no_context(dataset: Dataset) -> str | None:
    """Say why contexts can be no terms; ``None`` if they can."""
    if not dataset.context_names:
        return (
            "no context is named; name columns in data.context, or time_of_day and weekday "
            "where times are times of use"
        )
    if not known_contexts(dataset):
        return f"no value of {', '.join(dataset.context_names)} has {MIN_POSITIVES} positive events"
    return None


def known_contexts(
    dataset: Dataset, known: Sequence[tuple[str, str]] = ()
) -> tuple[tuple[str, str], ...]:
    """Find name and value of every context with at least ``MIN_POSITIVES`` positive events.

    Parameters
    ----------
    dataset : Dataset
    known : sequence of (str, str)
        Come first, however rare.
    """
    contexts = dataset.contexts
    codes = contexts.codes[np.asarray(dataset.events.positive)]
    found = []
    for column, (name, values) in enumerate(zip(contexts.names, contexts.values, strict=True)):
        own = codes[:, column]
        counts = np.bincount(own[own != NO_VALUE], minlength=len(values))
        found += [(name, values[code]) for code in np.flatnonzero(counts >= MIN_POSITIVES)]
    return tuple(dict.fromkeys([*known, *found]))


def _context_rows(
    dataset: Dataset, contexts: Sequence[tuple[str, str]]
) -> tuple[NDArray[np.int64], sp.csr_matrix, sp.csr_matrix]:
    """Owner, positives and context of the distinct (user, context) of positive events."""
    positive = np.asarray(dataset.events.positive)
    places = _places(dataset, contexts)[positive]
    user, item = dataset.events.user[positive], dataset.events.item[positive]
    key = np.column_stack([user, places])
    rows, row_of = np.unique(key, axis=0, return_inverse=True)
    ones = np.ones(len(item), dtype=np.float32)
    positives = sp.csr_matrix(
        (ones, (row_of.ravel(), item)), shape=(len(rows), len(dataset.catalogue))
    )
    positives.sum_duplicates()
    positives.data[:] = 1.0
    row, column = np.nonzero(rows[:, 1:] != NO_VALUE)
    context = sp.csr_matrix(
        (np.ones(len(row), dtype=np.float32), (row, rows[row, column + 1])),
        shape=(len(rows), len(contexts)),
    )
    return rows[:, 0].astype(np.int64), positives, context


def _places(dataset: Dataset, contexts: Sequence[tuple[str, str]]) -> NDArray[np.int64]:
    """For each event and name the position among ``contexts``, shape (n_events, n_names)."""
    place = {pair: i for i, pair in enumerate(contexts)}
    own = dataset.contexts
    places = np.full(own.codes.shape, NO_VALUE, dtype=np.int64)
    for column, (name, values) in enumerate(zip(own.names, own.values, strict=True)):
        # One more for what has no value: it stands last, where a code of -1 points to.
        of_value = np.array([place.get((name, v), NO_VALUE) for v in values] + [NO_VALUE])
        places[:, column] = of_value[own.codes[:, column]]
    return places
