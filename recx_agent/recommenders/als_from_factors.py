"""A model of item factors made elsewhere: nothing is trained, they are taken as they are.

A user's factor is solved from the history at hand; for a Spark model by Spark's own equation
(``c = 1 + alpha``, ``regParam`` times the number of the user's items), so that it equals the
one Spark has. Spark takes the rating as strength, ``c = 1 + alpha · r``; a history has no
ratings, and ``r`` is 1. Where the users' factors were saved too, some are compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets import Dataset
from recx_agent.errors import DataError
from recx_agent.recommenders.als_model import AlsModel
from recx_agent.recommenders.factor_tables import FactorTable
from recx_agent.recommenders.spark_factors import USERS, FactorsElsewhere, read_factors
from recx_agent.settings import AlsSettings

_COMPARED_USERS = 200
_SAME = 1e-3
_OTHERS = 0.5
"""Median distance from the saved users, relative, from which the model is another one."""


def model_of_factors(
    dataset: Dataset, settings: AlsSettings, path: Path, ids: Path | None = None
) -> AlsModel:
    """Make a model of factors that were trained elsewhere.

    Parameters
    ----------
    dataset : Dataset
        The catalogue and the events that the model is to answer for.
    settings : AlsSettings
        ``alpha`` and ``regularization`` are what the factors were trained with, and must be
        given unless they lie with the factors; ``half_life`` only counts if it is given.
    path : Path
        Folder of a Spark ``ALSModel``, or a Parquet file or folder with ids and vectors.
    ids : Path, optional
        CSV or Parquet file with the columns ``id`` and ``item_id``, where the factors' ids
        are not the items' own.

    Raises
    ------
    DataError
        A file cannot be used, the ids do not match, or the model is not one of implicit
        feedback; names file, row and remedy.
    """
    found = read_factors(path)
    options = _solver_options(found, settings)
    table = found.items if ids is None else _renamed(found.items, ids)
    factors, matched = _by_item(dataset, table, path)
    every = found.items.vectors.astype(np.float64)
    model = AlsModel.of(factors, gram=every.T @ every, **options)
    positives = dataset.popularity > 0
    without = int(np.count_nonzero(positives & ~matched))
    origin: dict[str, Any] = {
        "source": str(path),
        "made_by": "spark" if found.spark else "unknown",
        "vectors": len(table.ids),
        "items_with_a_vector": int(matched.sum()),
        "items_with_positives_but_no_vector": without,
    }
    remarks = []
    if without:
        remarks.append(
            f"{without:,} items with positive events have no factors: they are no reasons, and "
            "score 0 for everyone"
        )
    # Where the items' ids are told apart, the users' may be other ones too.
    if found.users is not None and ids is None:
        origin |= _compared_with_own_users(model, dataset, found.users, path)
        remarks += _told(origin)
    notes = {
        "settings": settings.model_dump(mode="json"),
        "data": dataset.fingerprint,
        "origin": origin,
        "remarks": remarks,
    }
    return replace(model, notes=notes)


def _solver_options(found: FactorsElsewhere, settings: AlsSettings) -> dict[str, Any]:
    options = dict(found.parameters)
    for name in ("alpha", "regularization"):
        if name in settings.model_fields_set:
            options[name] = getattr(settings, name)
    missing = [name for name in ("alpha", "regularization") if name not in options]
    if missing:
        raise DataError(
            f"{' and '.join(missing)} of the training do not lie with the factors",
            source=found.source,
            remedy="give what they were trained with: "
            + ", ".join(f"als.{name} (RECX_ALS__{name.upper()})" for name in missing),
        )
    conventions = {"added": 1.0, "by_length": True} if found.spark else {}
    # Our default is for our factors: what was made elsewhere is served as it was trained.
    half_life = settings.half_life if "half_life" in settings.model_fields_set else None
    return {**options, **conventions, "half_life": half_life}


def _renamed(table: FactorTable, ids: Path) -> FactorTable:
    from recx_agent.datasets.tables import read_table

    columns = read_table(ids, "ids of the item factors").columns
    for name in ("id", "item_id"):
        if name not in columns:
            raise DataError(
                f"there is no column {name!r}; there are {', '.join(columns)}",
                source=ids,
                remedy="give the factors' ids as 'id' and the items' as 'item_id'",
            )
    pairs = list(zip(columns["id"].texts(), columns["item_id"].texts(), strict=True))
    names = dict(pairs)
    for which, values in (("id", names), ("item_id", set(names.values()))):
        if len(values) != len(pairs):
            raise DataError(
                "an id occurs twice", source=ids, field=which, remedy="give each id one item"
            )
    # An id that is not told has no item: it must not be taken for one of the same name.
    known = [number for number, id in enumerate(table.ids) if id in names]
    return FactorTable(tuple(names[table.ids[n]] for n in known), table.vectors[known])


def _by_item(
    dataset: Dataset, table: FactorTable, path: Path
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Vectors by internal id, zero where there is none, and where there is one."""
    ids = dataset.catalogue.ids
    factors = np.zeros((len(ids), table.vectors.shape[1]), dtype=np.float32)
    matched = np.zeros(len(ids), dtype=bool)
    for row, id in enumerate(table.ids):
        if id in ids:
            item = ids.internal(id)
            factors[item] = table.vectors[row]
            matched[item] = True
    positives = dataset.popularity > 0
    if 2 * np.count_nonzero(positives & matched) < np.count_nonzero(positives):
        theirs = ", ".join(table.ids[:3]) or "none"
        raise DataError(
            f"of {np.count_nonzero(positives):,} items with positive events only "
            f"{np.count_nonzero(positives & matched):,} have factors; ids there are such as "
            f"{theirs}, and the items' such as {', '.join(ids.ids[:3])}",
            source=path,
            remedy="give the items' own ids, or say which is which with item_factor_ids",
        )
    return factors, matched


def _compared_with_own_users(
    model: AlsModel, dataset: Dataset, users: FactorTable, path: Path
) -> dict[str, Any]:
    """How far the users solved here are from the saved ones, relative, in the median.

    Raises
    ------
    DataError
        They have nothing to do with one another.
    """
    distances: list[float] = []
    for row, id in enumerate(users.ids):
        if id not in dataset.users or len(distances) == _COMPARED_USERS:
            continue
        history = dataset.history(dataset.users.internal(id))
        own = users.vectors[row].astype(np.float64)
        if len(history) and own.any():
            ageless = replace(history, ages=np.zeros(len(history)))  # as in the training
            solved = model.represent(ageless)
            distances.append(float(np.linalg.norm(solved - own) / np.linalg.norm(own)))
    if not distances:
        return {"users_compared": 0}
    median = float(np.median(distances))
    if median > _OTHERS:
        raise DataError(
            f"users' factors solved from these item factors are {median:.0%} off the saved ones "
            "in the median: alpha, regularization, events or users' ids are not those of the "
            "training, or it was one with implicitPrefs=False or nonnegative=True, whose scores "
            "are no sums over a history of positives",
            source=path / USERS,
            remedy="give als.alpha, als.regularization and the events of the training, or "
            "leave userFactors out if users or events are others on purpose",
        )
    return {"users_compared": len(distances), "median_distance": median}


def _told(origin: Mapping[str, Any]) -> list[str]:
    if not origin["users_compared"]:
        return ["no user of the factors is in the data, so none could be compared"]
    count, median = origin["users_compared"], origin["median_distance"]
    if median <= _SAME:
        return [f"the factors of {count} users solved here are those saved with the model"]
    return [
        f"the factors of {count} users solved here are {median:.1%} off the saved ones in the "
        "median: alpha, regularization, ratings or events are not those of the training"
    ]
