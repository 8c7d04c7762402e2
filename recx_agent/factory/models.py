"""Trains, grows and loads recommenders."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from recx_agent.datasets import Dataset
from recx_agent.errors import SettingsError, UsageError
from recx_agent.protocols import (
    AdditiveModel,
    Progress,
    no_progress,
)
from recx_agent.recommenders import als_trainer, lightfm_trainer
from recx_agent.recommenders.als_from_factors import model_of_factors
from recx_agent.recommenders.als_model import AlsModel
from recx_agent.recommenders.chosen_terms import check_terms, fit_with_chosen_terms
from recx_agent.recommenders.fold_in import fold_in
from recx_agent.recommenders.popularity import popularity_model
from recx_agent.recommenders.saved_model import SavedModel, load_saved
from recx_agent.recommenders.witness.fitting import why_no_witnesses
from recx_agent.recommenders.witness.of_als import als_witnesses
from recx_agent.recommenders.witness.of_lightfm import lightfm_witnesses
from recx_agent.recommenders.witness.witnesses import FittedWitnesses
from recx_agent.settings import (
    AlsSettings,
    ModelSettings,
    Settings,
)


def train_model(
    dataset: Dataset,
    settings: Settings,
    *,
    checkpoints: Path | None = None,
    progress: Progress = no_progress,
) -> SavedModel:
    """Train the recommender of ``settings.recommender``, or take factors made elsewhere.

    Raises
    ------
    DataError, SettingsError, TrainingDiverged
        See the ``fit`` of the trainer, and
        :func:`recx_agent.recommenders.als_from_factors.model_of_factors`.
    """
    if settings.item_factors is not None:
        if "recommender" in settings.model_fields_set and settings.recommender != "als":
            raise SettingsError(
                f"item_factors makes an ALS model, and recommender is {settings.recommender!r}; "
                "leave one of them out"
            )
        return model_of_factors(
            dataset, settings.als, settings.item_factors, settings.item_factor_ids
        )
    if settings.recommender == "als":
        return als_trainer.fit(dataset, settings.als, progress=progress)
    return fit_with_chosen_terms(
        dataset, settings.model, checkpoints=checkpoints, progress=progress
    )


def update_model(
    model: SavedModel,
    dataset: Dataset,
    epochs: int,
    *,
    checkpoints: Path | None = None,
    progress: Progress = no_progress,
) -> SavedModel:
    """Go on from a model over a data set that has grown, with the settings it was fitted with.

    Parameters
    ----------
    epochs : int
        Further passes; 0 takes new users, events and items up without training.
    """
    if not epochs:
        return grow_model(model, dataset)
    trained: SavedModel
    if isinstance(model, AlsModel):
        als = AlsSettings(**{**model.notes["settings"], "iterations": epochs})
        trained = als_trainer.fit(dataset, als, start=model, progress=progress)
    else:
        lightfm = ModelSettings(**{**model.notes["settings"], "epochs": epochs})
        trained = lightfm_trainer.fit(
            dataset, lightfm, start=model, checkpoints=checkpoints, progress=progress
        )
    # Else a later training anew would be as short as this one.
    return replace(trained, notes={**trained.notes, "settings": model.notes["settings"]})


def retrain_model(
    model: SavedModel,
    dataset: Dataset,
    *,
    checkpoints: Path | None = None,
    progress: Progress = no_progress,
) -> SavedModel:
    """Train anew what a model is, with the settings it was fitted with, whatever they are now.

    Raises
    ------
    UsageError
        Its factors were made elsewhere.
    """
    if isinstance(model, AlsModel):
        if "origin" in model.notes:
            raise UsageError(
                "the item factors were made elsewhere and cannot be trained here; make new "
                "ones there, and fit with --item-factors"
            )
        als = AlsSettings(**model.notes["settings"])
        return als_trainer.fit(dataset, als, progress=progress)
    lightfm = ModelSettings(**model.notes["settings"])
    return lightfm_trainer.fit(dataset, lightfm, checkpoints=checkpoints, progress=progress)


def grow_model(model: SavedModel, dataset: Dataset) -> SavedModel:
    """Take new users, events and items up without training."""
    if isinstance(model, AlsModel):
        return model.grown(len(dataset.catalogue))
    return fold_in(model, dataset)


def train_witnesses(
    dataset: Dataset,
    settings: Settings,
    *,
    checkpoints: Path | None = None,
    progress: Progress = no_progress,
) -> tuple[FittedWitnesses | None, tuple[str, ...]]:
    """Train who tells whether a history foretells itself, and what is to be told of it.

    There are none where they are switched off, for factors made elsewhere, and for too few
    users; the last is told. An interrupted training goes on if it comes before that of the
    model, which clears the checkpoints.

    Raises
    ------
    SettingsError, TrainingDiverged
        What the training of the model would raise too, later.
    """
    own = settings.als if settings.recommender == "als" else settings.model
    if settings.item_factors is not None or not own.witnesses:
        return None, ()
    why = why_no_witnesses(dataset)
    if why is not None:
        return None, (f"no witnesses: {why}",)
    if isinstance(own, ModelSettings):
        check_terms(dataset, own)
    witnesses = _witnesses(dataset, own, checkpoints, progress)
    return witnesses, (witnesses.remark,)


def retrain_witnesses(
    model: SavedModel,
    dataset: Dataset,
    *,
    checkpoints: Path | None = None,
    progress: Progress = no_progress,
) -> FittedWitnesses | None:
    """Train the witnesses of a model anew, with the settings that it was fitted with.

    ``None`` if too few users are left.
    """
    if why_no_witnesses(dataset) is not None:
        return None
    kind = AlsSettings if isinstance(model, AlsModel) else ModelSettings
    return _witnesses(dataset, kind(**model.notes["settings"]), checkpoints, progress)


def _witnesses(
    dataset: Dataset,
    settings: ModelSettings | AlsSettings,
    checkpoints: Path | None,
    progress: Progress,
) -> FittedWitnesses:
    if isinstance(settings, AlsSettings):
        return als_witnesses(dataset, settings, progress=progress)
    return lightfm_witnesses(dataset, settings, checkpoints=checkpoints, progress=progress)


def load_witnesses(folder: Path | None) -> FittedWitnesses | None:
    """Load the witnesses of a version; ``None`` for one that has none."""
    return None if folder is None else FittedWitnesses.load(folder)


def load_model(folder: Path) -> SavedModel:
    """Load a saved recommender of any kind."""
    return load_saved(folder)


def fallback_model(dataset: Dataset) -> AdditiveModel:
    """The model for users without a usable history."""
    return popularity_model(dataset)
