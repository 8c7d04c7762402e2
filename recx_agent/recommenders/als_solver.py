"""A user's factor, solved anew from the history for fixed item factors, and its terms.

Hu, Koren & Volinsky, "Collaborative Filtering for Implicit Feedback Datasets" (2008). With
item factors ``y_i``, confidence ``c_h`` of each history item and 1 of every other item::

    A = YᵀY + λ I + Σ_h (c_h - 1) y_h y_hᵀ        x = A⁻¹ Σ_h c_h y_h

so the score ``⟨x, y_i⟩`` is the sum of ``⟨t_h, y_i⟩`` with ``t_h = c_h A⁻¹ y_h`` (section 5
of the paper). It is exact, but ``A`` hangs on the whole history: without an item the other
terms change too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets import History

Float64 = NDArray[np.float64]

_AT_ONCE = 256
"""Systems built side by side, so that many of them need no more memory than a few."""


@dataclass(frozen=True)
class UserSolver:
    """The equation of one user, with the conventions of whoever made the item factors.

    Attributes
    ----------
    gram : float64 array, shape (d, d)
        ``YᵀY`` over every item that the factors were trained with.
    regularization : float
        ``λ``.
    alpha : float
        Confidence of a positive.
    half_life : float or None
        Events after which ``alpha`` halves; ``None``: never.
    added : float
        ``c_h = added + alpha · 2^(-age / half_life)``: 0 in ``implicit``, 1 in the paper
        and in Spark.
    by_length : bool
        Whether ``λ`` is multiplied by the number of history items, as in Spark (Zhou et al.,
        "Large-scale Parallel Collaborative Filtering for the Netflix Prize", 2008).
    """

    gram: Float64
    regularization: float
    alpha: float
    half_life: float | None = None
    added: float = 0.0
    by_length: bool = False

    def confidences(self, ages: Float64) -> Float64:
        """``c_h`` of history items of the given ages."""
        ages = np.asarray(ages, dtype=np.float64)
        decay = np.ones_like(ages) if self.half_life is None else 2.0 ** (-ages / self.half_life)
        return self.added + self.alpha * decay

    def solve(self, history: History, vectors: Float64) -> Float64:
        """``x``, shape (d,), of a history whose items have the given ``y_h``, shape (n, d)."""
        user = _Equation.of(self, history, vectors)
        if not user.liked.any():
            return np.zeros(vectors.shape[1])
        return np.asarray(np.linalg.solve(user.matrix(user.count), user.right))

    def terms(self, history: History, vectors: Float64) -> Float64:
        """``t_h`` of each history item, shape (n, d); zero for an item with a low rating."""
        user = _Equation.of(self, history, vectors)
        if not user.liked.any():
            return np.zeros(vectors.shape)
        inverse = np.linalg.inv(user.matrix(user.count))
        return np.asarray(user.pull[:, None] * (vectors @ inverse))

    def solve_without(
        self, history: History, vectors: Float64, sets: Sequence[Sequence[int]]
    ) -> Float64:
        """``x`` after each set of history positions is removed, shape (n_sets, d).

        Few removals are a low-rank change of ``A``, undone by Woodbury's identity; many are
        solved anew.
        """
        user = _Equation.of(self, history, vectors)
        found = np.zeros((len(sets), vectors.shape[1]))
        alike: dict[tuple[int, int], list[int]] = defaultdict(list)
        for number, positions in enumerate(sets):
            left = user.count - int(user.liked[list(positions)].sum())
            alike[len(positions), left].append(number)
        for (size, left), numbers in alike.items():
            if not left:
                continue  # nothing is left to be near to
            solve = user.downdated if 2 * size <= vectors.shape[1] else user.anew
            for start in range(0, len(numbers), _AT_ONCE):
                some = numbers[start : start + _AT_ONCE]
                taken = np.array([sets[n] for n in some], dtype=np.int64).reshape(len(some), size)
                found[some] = solve(taken, left)
        return found


@dataclass(frozen=True)
class _Equation:
    """``A`` and the right side of one history, in parts that can be taken away."""

    solver: UserSolver
    vectors: Float64
    liked: NDArray[np.bool_]
    pull: Float64
    extra: Float64

    @classmethod
    def of(cls, solver: UserSolver, history: History, vectors: Float64) -> _Equation:
        liked = ~history.disliked
        # A low rating is no sign of liking: such an item is one of "every other item".
        pull = np.where(liked, solver.confidences(history.ages), 0.0)
        return cls(solver, vectors, liked, pull, np.where(liked, pull - 1.0, 0.0))

    @property
    def count(self) -> int:
        return int(self.liked.sum())

    @property
    def right(self) -> Float64:
        return np.asarray(self.pull @ self.vectors)

    def matrix(self, count: int) -> Float64:
        """``A`` of the whole history, regularised as for one of ``count`` items."""
        weight = self.solver.regularization * (count if self.solver.by_length else 1)
        changed = self.solver.gram + (self.vectors.T * self.extra) @ self.vectors
        return np.asarray(changed + weight * np.eye(len(changed)))

    def downdated(self, taken: NDArray[np.int64], left: int) -> Float64:
        """``(A - UᵀEU)⁻¹ r`` with ``U`` the vectors taken away and ``E`` their ``c - 1``."""
        inverse = np.linalg.inv(self.matrix(left))
        away, extra = self.vectors[taken], self.extra[taken]
        right = self.right - np.einsum("mk,mkd->md", self.pull[taken], away)
        by_inverse = away @ inverse
        whole = right @ inverse
        small = np.eye(taken.shape[1]) - extra[:, :, None] * (by_inverse @ away.swapaxes(1, 2))
        missed = extra * np.einsum("mkd,md->mk", away, whole)
        given_back = np.linalg.solve(small, missed[:, :, None])[:, :, 0]
        return np.asarray(whole + np.einsum("mk,mkd->md", given_back, by_inverse))

    def anew(self, taken: NDArray[np.int64], left: int) -> Float64:
        """The same by as many equations as there are sets."""
        away = self.vectors[taken]
        gone = (away.swapaxes(1, 2) * self.extra[taken][:, None, :]) @ away
        right = self.right - np.einsum("mk,mkd->md", self.pull[taken], away)
        return np.asarray(np.linalg.solve(self.matrix(left) - gone, right[:, :, None])[:, :, 0])
