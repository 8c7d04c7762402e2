"""The witnesses of one fit: which of them has not seen a user, and what he makes of a history."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from recx_agent.artefacts import (
    MANIFEST,
    load_array,
    new_folder,
    read_manifest,
    save_array,
    write_manifest,
)
from recx_agent.attribution.threads import one_blas_thread
from recx_agent.datasets import History
from recx_agent.errors import ArtefactDamaged
from recx_agent.protocols import Foretold
from recx_agent.recommenders.witness.mixture import BINS, Mixture
from recx_agent.recommenders.witness.places import newest_likes
from recx_agent.recommenders.witness.witness import Witness

FOLDS = 2
FORMAT_VERSION = 1
_KIND = "witnesses"
_ARRAYS = ("history_factors", "item_factors", "usual")


def fold_of(user_id: str) -> int:
    """The fold of a user: of the id alone, so that whoever comes later has one too."""
    return int.from_bytes(hashlib.sha256(user_id.encode()).digest()[:8]) % FOLDS


@dataclass(frozen=True)
class FittedWitnesses:
    """Witnesses as :class:`recx_agent.protocols.Witnesses` says.

    Attributes
    ----------
    folds : sequence of Witness, length FOLDS
        Each was fitted without the users of the fold of its number.
    mixture : Mixture
        Of the histories of all users at the time of the fit.
    """

    folds: Sequence[Witness]
    mixture: Mixture

    @property
    def remark(self) -> str:
        """What an operator should know of them."""
        if not self.mixture.share:
            return (
                "witnesses: no history foretells itself as far as other users show, so no "
                "explanation gives a reason (evidence.foretold_from = 0 gives them all the same)"
            )
        return f"witnesses: {self.mixture.share:.0%} of histories foretell themselves"

    @one_blas_thread
    def foretold(self, user_id: str, history: History) -> Foretold:
        """How likely it is that a history foretells itself, by who has not seen the user."""
        witness = self.folds[fold_of(user_id)]
        items, ages = newest_likes(history, len(witness))
        places = witness.places(items, ages)
        # Rounded: the last digits are those of the processor, and a text is kept by all of them.
        return Foretold(round(self.mixture.likelihood(places), 6), len(places))

    def save(self, folder: Path) -> None:
        """Write them, whole or not at all."""
        with new_folder(folder) as scratch:
            for number, witness in enumerate(self.folds):
                for name in _ARRAYS:
                    save_array(scratch, f"{name}-{number}", getattr(witness, name))
            own = {
                "kind": _KIND,
                "half_life": self.folds[0].half_life,
                "shares": list(self.mixture.shares),
                "density": list(self.mixture.density),
            }
            write_manifest(scratch, FORMAT_VERSION, own)

    @classmethod
    def load(cls, folder: Path) -> FittedWitnesses:
        """Read what :meth:`save` wrote; arrays stay on disk until touched.

        Raises
        ------
        ArtefactDamaged, ArtefactVersion
            See :mod:`recx_agent.artefacts`; shapes are compared with one another too.
        """
        manifest = read_manifest(folder, FORMAT_VERSION)
        try:
            half_life = manifest["half_life"]
            strong, weak = (float(share) for share in manifest["shares"])
            density = tuple(float(value) for value in manifest["density"])
            half_life = None if half_life is None else float(half_life)
        except (KeyError, TypeError, ValueError) as error:
            raise ArtefactDamaged(folder / MANIFEST, f"lacks a note ({error!r})") from error
        if len(density) != BINS:
            raise ArtefactDamaged(folder / MANIFEST, f"{len(density)} bins, not {BINS}")
        folds = []
        for number in range(FOLDS):
            arrays = {name: load_array(folder, f"{name}-{number}") for name in _ARRAYS}
            folds.append(Witness(**arrays, half_life=half_life))
        for number, witness in enumerate(folds):
            shapes = [getattr(witness, name).shape for name in _ARRAYS]
            if shapes[0] != shapes[1] or shapes[0][0] != shapes[2][0]:
                raise ArtefactDamaged(folder, f"shapes {shapes} of fold {number} do not agree")
        return cls(folds, Mixture((strong, weak), density))
