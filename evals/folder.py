"""The data set of a folder; MovieLens 100K where there is none yet."""

from __future__ import annotations

from pathlib import Path

from recx_agent.datasets import Dataset
from recx_agent.datasets.movielens import fetch_ml_100k
from recx_agent.datasets.reader import read_dataset
from recx_agent.errors import DataError
from recx_agent.settings import DataSettings

ENDINGS = (".csv", ".parquet")


def read_folder(folder: Path, settings: DataSettings | None = None) -> Dataset:
    """Read ``interactions`` and, if there, ``items`` (CSV or Parquet) of a folder.

    Parameters
    ----------
    folder : Path
        If it does not exist or is empty, MovieLens 100K is put there first.
    settings : DataSettings, optional
        How the files are read; its paths are replaced by those of the folder.

    Raises
    ------
    DataError
        The folder holds other things, or the files cannot be used.
    SourceUnavailable
        MovieLens could be had from nowhere.
    """
    interactions, items = files_of(folder)
    paths = {"interactions": interactions, "items": items, "users": None}
    dataset, _ = read_dataset((settings or DataSettings()).model_copy(update=paths))
    return dataset


def files_of(folder: Path) -> tuple[Path, Path | None]:
    """Find ``interactions`` and, if there, ``items`` in a folder; see :func:`read_folder`.

    Raises
    ------
    DataError, SourceUnavailable
    """
    folder = Path(folder)
    if not folder.exists() or not any(folder.iterdir()):
        fetch_ml_100k(folder)
    interactions = _find(folder, "interactions")
    if interactions is None:
        raise DataError(
            "no interactions.csv or interactions.parquet here",
            source=folder,
            remedy="give the folder that holds it, or a new one for MovieLens 100K",
        )
    return interactions, _find(folder, "items")


def users_of(folder: Path) -> Path | None:
    """Find ``users`` in a folder: what is known of users, such as age or gender."""
    return _find(Path(folder), "users")


def _find(folder: Path, name: str) -> Path | None:
    paths = (folder / f"{name}{ending}" for ending in ENDINGS)
    return next((path for path in paths if path.is_file()), None)
