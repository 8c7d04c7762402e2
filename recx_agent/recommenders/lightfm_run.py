"""One LightFM in training, epoch by epoch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from lightfm import LightFM

from recx_agent.artefacts import (
    load_array,
    new_folder,
    read_manifest,
    save_array,
    write_manifest,
)
from recx_agent.errors import ArtefactError, TrainingDiverged
from recx_agent.recommenders.training_rows import TrainingRows
from recx_agent.settings import ModelSettings

CHECKPOINT_VERSION = 1
_PARTS = [
    f"{side}_{part}"
    for side in ("item", "user")
    for part in (
        "embeddings",
        "embedding_gradients",
        "embedding_momentum",
        "biases",
        "bias_gradients",
        "bias_momentum",
    )
]


class RowLightFM(LightFM):  # type: ignore[misc]
    """LightFM that is told what no row may have as a negative.

    By itself it takes whatever is no positive of the row; with several rows a user that
    would make an item liked in one context a negative in another.

    Parameters
    ----------
    never_negative : csr_matrix, shape (n_rows, n_items)
    **rest
        See :class:`lightfm.LightFM`.
    """

    def __init__(self, never_negative: sp.csr_matrix, **rest: Any) -> None:
        super().__init__(**rest)
        # WARP looks an item up by bisection.
        in_order = never_negative.has_sorted_indices
        self._never_negative = never_negative if in_order else never_negative.sorted_indices()

    def _get_positives_lookup_matrix(self, interactions: Any) -> sp.csr_matrix:
        return self._never_negative


class Run:
    """One LightFM in training.

    Parameters
    ----------
    settings : ModelSettings
    seed : int
    rows : TrainingRows
    item_features : csr_matrix, shape (n_items, n_features)
    """

    def __init__(
        self,
        settings: ModelSettings,
        seed: int,
        rows: TrainingRows,
        item_features: sp.csr_matrix,
    ) -> None:
        self._settings = settings
        self._rows = rows
        self._interactions = rows.positives.tocoo()
        self._item_features = item_features
        self.epochs_done = 0
        self.model = RowLightFM(
            rows.never_negative,
            no_components=settings.components,
            loss="warp",
            learning_rate=settings.learning_rate,
            max_sampled=settings.max_sampled,
            item_alpha=settings.item_alpha,
            user_alpha=settings.user_alpha,
            random_state=seed,
        )
        self.model._initialize(settings.components, item_features.shape[1], rows.columns.total)

    def epoch(self) -> None:
        """Train one epoch on a history drawn anew."""
        drawn = self._rows.draw(self._settings.drawn_history, self.model.random_state)
        try:
            with np.errstate(invalid="ignore", over="ignore"):
                self.model.fit_partial(
                    self._interactions, user_features=drawn, item_features=self._item_features
                )
        except ValueError as error:
            raise TrainingDiverged(self.epochs_done, str(error)) from error
        # They are equal for all items of a user, so they change no ranking, but they
        # grow without bound and would stand in every score.
        self.model.user_biases[:] = 0.0
        self._rows.centre(self.model.user_embeddings)
        self.epochs_done += 1

    def save(self, folder: Path, key: str) -> None:
        """Write everything needed to go on exactly where this run stands."""
        _, keys, position, has_gauss, gauss = self.model.random_state.get_state()
        with new_folder(folder) as scratch:
            for part in _PARTS:
                save_array(scratch, part, getattr(self.model, part))
            save_array(scratch, "random_keys", keys)
            state = {"position": position, "has_gauss": has_gauss, "gauss": gauss}
            notes = {"key": key, "epochs_done": self.epochs_done, "random": state}
            write_manifest(scratch, CHECKPOINT_VERSION, notes)

    def restore(self, folder: Path, key: str) -> bool:
        """Take up a saved state; ``False`` if it is damaged or of another training."""
        try:
            manifest = read_manifest(folder, CHECKPOINT_VERSION)
            if manifest["key"] != key:
                return False
            arrays = {part: np.array(load_array(folder, part)) for part in _PARTS}
            keys = np.array(load_array(folder, "random_keys"))
        except ArtefactError:
            return False
        for part, array in arrays.items():
            setattr(self.model, part, array)
        state = manifest["random"]
        self.model.random_state.set_state(
            ("MT19937", keys, state["position"], state["has_gauss"], state["gauss"])
        )
        self.epochs_done = int(manifest["epochs_done"])
        return True
