"""What lies in a folder that Spark's ``ALSModel.save`` wrote, or in a plain Parquet file.

Spark keeps neither ``alpha`` nor ``regParam`` with an ``ALSModel``, nor whether it is one of
implicit feedback; they are read where something else has put them into the metadata.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from recx_agent.errors import DataError
from recx_agent.recommenders.factor_tables import FactorTable, read_factor_table

ITEMS, USERS, METADATA = "itemFactors", "userFactors", "metadata"
_REMEDY = "save the model again, or name the folder with its item factors alone"


@dataclass(frozen=True)
class FactorsElsewhere:
    """What was found in a file or folder.

    Attributes
    ----------
    source : Path
    items : FactorTable
    users : FactorTable or None
        The users' factors, where they were saved too.
    spark : bool
        Whether Spark made them.
    parameters : mapping of str to float
        ``alpha`` and ``regularization`` of the training, where they are known.
    """

    source: Path
    items: FactorTable
    users: FactorTable | None
    spark: bool
    parameters: Mapping[str, float]


def read_factors(path: Path) -> FactorsElsewhere:
    """Read a Spark model's folder, or a plain Parquet file or folder.

    Raises
    ------
    DataError
        It is neither, or a Spark model of another sort.
    """
    if (path / "stages").is_dir():
        raise DataError(
            "this is a pipeline of Spark, not a model",
            source=path,
            remedy="name the folder of its ALS model, such as stages/0_ALS_…",
        )
    if not (path / ITEMS).is_dir():
        if (path / METADATA).is_dir():
            raise DataError(
                f"a folder of Spark without {ITEMS}",
                source=path,
                remedy="name the folder that ALSModel.save wrote",
            )
        return FactorsElsewhere(path, read_factor_table(path), None, False, {})
    parameters = _parameters(path)
    users = read_factor_table(path / USERS) if (path / USERS).is_dir() else None
    return FactorsElsewhere(path, read_factor_table(path / ITEMS), users, True, parameters)


def _parameters(path: Path) -> dict[str, float]:
    parts = sorted((path / METADATA).glob("part-*")) if (path / METADATA).is_dir() else []
    if not parts:
        return {}
    try:
        content = json.loads(parts[0].read_text(encoding="utf-8"))
        found = {**content.get("defaultParamMap", {}), **content.get("paramMap", {})}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise DataError(
            f"not readable as Spark's metadata ({error})",
            source=parts[0],
            remedy=_REMEDY,
        ) from error
    if found.get("implicitPrefs") is False:
        raise DataError(
            "a model of explicit ratings: its score is a predicted rating, which a history "
            "without ratings cannot give again, so its reasons would not be true",
            source=parts[0],
            field="implicitPrefs",
            remedy="train ALS with implicitPrefs=True",
        )
    if found.get("nonnegative") is True:
        raise DataError(
            "a model with constraints: its score is no sum over the history",
            source=parts[0],
            field="nonnegative",
            remedy="train ALS with nonnegative=False",
        )
    ours = {"alpha": "alpha", "regParam": "regularization"}
    try:
        return {ours[name]: float(found[name]) for name in ours if name in found}
    except (TypeError, ValueError) as error:
        raise DataError(
            f"alpha or regParam is no number ({error})", source=parts[0], remedy=_REMEDY
        ) from error
