"""One witness: what a model that has not seen some users makes of their histories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recx_agent.recommenders.witness.places import Float64, places_among, speaks, weights_around
from recx_agent.recommenders.witness.usual import Likes, usual_of

Float32 = NDArray[np.float32]


@dataclass(frozen=True)
class Witness:
    """Factors fitted without a fold of users, and what the histories of that fold say usually.

    Attributes
    ----------
    history_factors, item_factors : float32 array, shape (n_items, d)
        ``p_h`` and ``q_i`` of one run.
    usual : float32 array, shape (n_items, n_quantiles)
    half_life : float or None
        Events after which a weight halves, as in the model; ``None``: never.
    """

    history_factors: Float32
    item_factors: Float32
    usual: Float32
    half_life: float | None

    @classmethod
    def of(
        cls,
        history_factors: Float32,
        item_factors: Float32,
        histories: Sequence[Likes],
        half_life: float | None,
        random: np.random.Generator,
    ) -> Witness:
        """Make one of factors and of histories that these have not seen."""
        usual = usual_of(history_factors, item_factors, histories, half_life, random)
        return cls(history_factors, item_factors, usual, half_life)

    def __len__(self) -> int:
        """Return the number of items that are known."""
        return len(self.usual)

    def places(self, items: NDArray[np.int32], ages: Float64) -> Float64:
        """The place of each like, seen from the others, among what is usual for it; 0 to 1.

        Left out are items that nobody but the user's fold knew: of them all histories say the
        same. Shape (at most n,).

        Parameters
        ----------
        items : int32 array, shape (n,)
            Below ``len(self)``.
        ages : float64 array, shape (n,)
        """
        usual = self.usual[items].astype(np.float64)
        own = self.history_factors[items].astype(np.float64)
        left = weights_around(ages, self.half_life) @ own
        said, directed = speaks(left, self.item_factors[items])
        judged = directed & (usual[:, -1] > usual[:, 0])
        return places_among(said[judged], usual[judged])
