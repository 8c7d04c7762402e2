"""The model that served a run's cases, for scorers that ask it what would have been."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from recx_agent.attribution import Standing
from recx_agent.datasets import Dataset
from recx_agent.protocols import AdditiveModel

if TYPE_CHECKING:
    from recx_agent.recx import Recx


@dataclass(frozen=True)
class Served:
    """Model and histories as the users of the cases were served by them.

    Attributes
    ----------
    dataset : Dataset
        Ids and titles; histories are those of ``standings``.
    standings : mapping of str to Standing
        By user. What a standing has worked out stays with it, so :meth:`standing` hands out a
        new one for each use: the scores of many users would not fit into memory.
    others : sequence of AdditiveModel
        Trained on the same data with other seeds; empty unless a run asks for them.
    """

    dataset: Dataset
    standings: Mapping[str, Standing]
    others: Sequence[AdditiveModel] = ()

    @classmethod
    def of(cls, recx: Recx, user_ids: Iterable[str]) -> Served:
        """Read from an open workspace; it may be closed afterwards."""
        users = dict.fromkeys(user_ids)
        return cls(recx.dataset, {user: recx.standing(user) for user in users})

    def standing(self, user_id: str) -> Standing | None:
        """All scores of one user; ``None`` for a user of no case."""
        known = self.standings.get(user_id)
        return None if known is None else replace(known)

    @cached_property
    def digest(self) -> str:
        """Of all that a figure may hang on, so that no score is kept for another model."""
        digest = hashlib.sha256(self.dataset.fingerprint.encode())
        for model in self.others:
            digest.update(model.fingerprint.encode())
        for user_id, standing in sorted(self.standings.items()):
            history = standing.history
            digest.update(f"\x1f{user_id} {standing.model.fingerprint}".encode())
            for array in (history.items, history.ages, history.disliked, standing.excluded):
                digest.update(array.tobytes())
        return digest.hexdigest()[:16]
