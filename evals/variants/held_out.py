"""Cases whose outcome is known: an item a user came to like and one he came to dislike.

Both are left out before the recommender is trained, with all that the user did from the older
of the two on: neither the model, the evidence nor a text can know what he thought of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from recx_agent.batch import of_sample
from recx_agent.datasets import NO_ITEM, Dataset
from recx_agent.datasets.events import NO_TIME
from recx_agent.errors import SettingsError, Withheld
from recx_agent.evals.cases import Case
from recx_agent.evals.cases.workspace import explained_case
from recx_agent.evals.outcomes import HeldOut
from recx_agent.evals.variants.altered import Altered
from recx_agent.factory import load_model, train_model
from recx_agent.protocols import AdditiveModel, Progress, no_progress
from recx_agent.recommenders.saved_model import SavedModel
from recx_agent.recx import Recx
from recx_agent.settings import Settings

STAGE = "held-out evidence"
LIKED, LOW = "held_out", "held_out_low"
"""Variants: the liked item of a pair, and the disliked one, which is a variant of the first.
Nothing a writer reads says which is which."""
KEPT = 5
"""Liked items that a user must have before both; with fewer there is little to explain by."""


@dataclass(frozen=True)
class Pair:
    """Two items of one user, and what lies before both.

    Attributes
    ----------
    user : int
    liked, low : int
        Items.
    cut : int
        Time of the older of the two: what lies before it may be known.
    """

    user: int
    liked: int
    low: int
    cut: int


def find_pairs(dataset: Dataset, users: int) -> list[Pair]:
    """The last liked and the last disliked item of so many users, always the same ones.

    Both were new to the user when he rated them, nothing he did before the older one tells of
    them, and at least ``KEPT`` items that he liked are older than both. Users without such a
    pair are passed over.

    Parameters
    ----------
    dataset : Dataset
        With values and times; without them there are no pairs.
    users : int
        How many at most.
    """
    found: list[Pair] = []
    for group in of_sample(dataset.users, len(dataset.users)):
        if len(found) == users:
            break
        pair = _pair_of(dataset, dataset.users.internal(group.user_id))
        if pair is not None:
            found.append(pair)
    return found


def _pair_of(dataset: Dataset, user: int) -> Pair | None:
    events, where = dataset.events, dataset.events.of_user(user)
    item, time = np.asarray(events.item[where]), np.asarray(events.time[where])
    first = _first_met(item, time)
    valued = first & np.isfinite(events.value[where])
    liked = np.flatnonzero(valued & np.asarray(events.positive[where]))
    low = np.flatnonzero(valued & dataset.disliked[where])
    if not len(liked) or not len(low):
        return None
    cut = int(min(time[liked[-1]], time[low[-1]]))
    before = np.asarray(events.positive[where]) & (time < cut) & (item != NO_ITEM)
    if len(np.unique(item[before])) < KEPT or (time == NO_TIME).any():
        return None
    pair = Pair(user, int(item[liked[-1]]), int(item[low[-1]]), cut)
    known = dataset.with_twins(np.unique(item[(time < cut) & (item != NO_ITEM)]))
    return None if np.isin([pair.liked, pair.low], known).any() else pair


def _first_met(item: np.ndarray[Any, Any], time: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Events with an item that the user meets once: of others it is not clear what he thought."""
    _, place, counts = np.unique(item, return_inverse=True, return_counts=True)
    alone: np.ndarray[Any, Any] = (counts[place] == 1) & (item != NO_ITEM) & (time != NO_TIME)
    return alone


def without(dataset: Dataset, pairs: list[Pair]) -> Dataset:
    """The data set less all that the users did from their cut on."""
    kept = np.ones(len(dataset.events), dtype=bool)
    for pair in pairs:
        where = dataset.events.of_user(pair.user)
        kept[where] = dataset.events.time[where] < pair.cut
    return replace(dataset, events=dataset.events.take(kept))


def held_out_cases(
    recx: Recx,
    pairs: list[Pair],
    model: AdditiveModel,
    language: str | None = None,
    progress: Progress = no_progress,
) -> tuple[list[Case], list[HeldOut]]:
    """Explain both items of each pair by a model that was trained without them.

    Parameters
    ----------
    recx : Recx
    pairs : list of Pair
    model : AdditiveModel
        Trained on :func:`without`.
    language : str, optional
    progress : callable

    Returns
    -------
    cases : list of Case
        Liked and disliked by turns; of pairs that nothing may be said about there are none.
    outcomes : list of HeldOut
        What came of them; no case holds it.
    """
    data, ids = recx.dataset, recx.dataset.catalogue.ids
    cases: list[Case] = []
    outcomes: list[HeldOut] = []
    with Altered(recx, without(data, pairs), model) as known:
        for number, pair in enumerate(pairs, start=1):
            user_id = data.users.external(pair.user)
            try:
                liked = explained_case(
                    known, user_id, ids.external(pair.liked), language, variant=LIKED
                )
                low = explained_case(
                    known,
                    user_id,
                    ids.external(pair.low),
                    language,
                    variant=LOW,
                    base_key=liked.key,
                )
            except Withheld:  # what nothing may be said about is no case
                continue
            cases += [liked, low]
            for case, item in ((liked, pair.liked), (low, pair.low)):
                outcomes.append(_outcome(data, case, pair.user, item))
            progress(STAGE, number, len(pairs))
    return cases, outcomes


def _outcome(dataset: Dataset, case: Case, user: int, item: int) -> HeldOut:
    where = dataset.events.of_user(user)
    (at,) = np.flatnonzero(np.asarray(dataset.events.item[where]) == item)
    return HeldOut(
        user_id=case.user_id,
        item_id=case.item_id,
        rating=float(dataset.events.value[where][at]),
        liked=bool(dataset.events.positive[where][at]),
        evidence=tuple(piece.text for piece in case.told),
        language=case.language,
    )


def trained_without(
    recx: Recx,
    pairs: list[Pair],
    folder: Path,
    changes: Mapping[str, Any],
    progress: Progress = no_progress,
) -> SavedModel:
    """A model like that of the workspace, trained without what is held out; kept on disk.

    Parameters
    ----------
    recx : Recx
    pairs : list of Pair
    folder : Path
        Takes one folder a model.
    changes : mapping
        Settings of the model that are to differ from the workspace's, such as ``epochs``.
    progress : callable
    """
    settings, dataset = recipe(recx, changes), without(recx.dataset, pairs)
    decides = settings.model_dump(mode="json", include={"model", "als"})
    asked = [dataset.fingerprint, recx.model.kind, decides]
    stamp = hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()
    place = folder / f"held-out-{stamp[:12]}"
    if not place.exists():
        train_model(dataset, settings, progress=progress).save(place)
    return load_model(place)


def recipe(recx: Recx, changes: Mapping[str, Any]) -> Settings:
    """Settings that train such a model as the workspace has."""
    section = "als" if recx.model.kind.startswith("als") else "model"
    own = getattr(recx.settings, section)
    known_names = {*type(recx.settings.model).model_fields, *type(recx.settings.als).model_fields}
    if unknown := sorted(changes.keys() - known_names):
        raise SettingsError(
            f"[cases.held_out] model: no model has a setting {unknown[0]!r}; leave it out"
        )
    # A suite for any workspace names the epochs of the one model that has some.
    changes = {name: value for name, value in changes.items() if name in type(own).model_fields}
    noted = dict(load_model(recx.version.model).notes.get("settings", {}))
    known = {name: value for name, value in noted.items() if name in type(own).model_fields}
    wanted = type(own)(**{**own.model_dump(), **known, **changes})
    recommender = "als" if section == "als" else "lightfm"
    update = {section: wanted, "recommender": recommender, "item_factors": None}
    return recx.settings.model_copy(update=update)
