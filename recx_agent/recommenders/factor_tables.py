"""Factors made elsewhere, as they lie in Parquet: an id and a vector a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from recx_agent.errors import DataError

ID_COLUMNS = ("item_id", "id")
_REMEDY = "write one row an item: a column 'id' and a column with its vector"


@dataclass(frozen=True)
class FactorTable:
    """Vectors by id.

    Attributes
    ----------
    ids : tuple of str
        Whole numbers are in their decimal form.
    vectors : float32 array, shape (n, d)
    """

    ids: tuple[str, ...]
    vectors: NDArray[np.float32]


def read_factor_table(path: Path) -> FactorTable:
    """Read a Parquet file, or a folder of them as Spark writes it.

    The vectors are the one column of lists of numbers; the ids are the column ``item_id`` or
    ``id``, or the only other one.

    Raises
    ------
    DataError
        Names file, row (counted from 0) and column of what cannot be used.
    """
    parts = [(file, _read_part(file)) for file in _files(path)]
    first_file, first = parts[0]
    width = first.vectors.shape[1]
    for file, part in parts:
        if part.vectors.shape[1] != width:
            raise DataError(
                f"vectors of {part.vectors.shape[1]} numbers, and those of {first_file.name} "
                f"have {width}",
                source=file,
                remedy="export all factors of one model together",
            )
    _refuse_repeated(parts)
    return FactorTable(
        ids=tuple(id for _, part in parts for id in part.ids),
        vectors=np.concatenate([part.vectors for _, part in parts]),
    )


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        found = sorted(
            file
            for file in path.iterdir()
            if file.suffix == ".parquet" and not file.name.startswith((".", "_"))
        )
        # Spark writes a file for each partition, the empty ones too.
        full = [file for file in found if _opened(file).metadata.num_rows]
        if full:
            return full
        problem = "no Parquet file here has a row" if found else "there is no Parquet file here"
        raise DataError(problem, source=path, remedy=_REMEDY)
    if not path.exists():
        raise DataError("there is no such file or folder", source=path, remedy="check the path")
    if not _opened(path).metadata.num_rows:
        raise DataError("there are columns but no rows", source=path, remedy="export it again")
    return [path]


def _opened(file: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(file)
    except (OSError, pa.ArrowException) as error:
        raise DataError(
            f"not readable as Parquet ({error})", source=file, remedy="export it again"
        ) from error


def _read_part(file: Path) -> FactorTable:
    opened = _opened(file)
    id_name, vector_name = _columns(opened.schema_arrow, file)
    try:
        table = opened.read(columns=[id_name, vector_name])
    except (OSError, pa.ArrowException) as error:
        raise DataError(
            f"not readable as Parquet ({error})", source=file, remedy="export it again"
        ) from error
    ids = _ids(table.column(id_name).combine_chunks(), file, id_name)
    return FactorTable(ids, _vectors(table.column(vector_name).combine_chunks(), file, vector_name))


def _columns(schema: pa.Schema, file: Path) -> tuple[str, str]:
    vectors = [entry.name for entry in schema if _is_vector(entry.type)]
    others = [name for name in schema.names if name not in vectors]
    named = [name for name in ID_COLUMNS if name in others] or others
    if len(vectors) != 1 or len(named) != 1:
        raise DataError(
            f"the columns are {', '.join(schema.names)}: one of vectors and one of ids are needed",
            source=file,
            remedy=_REMEDY,
        )
    return named[0], vectors[0]


def _is_vector(kind: pa.DataType) -> bool:
    lists = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)
    return any(is_one(kind) for is_one in lists) and pa.types.is_floating(kind.value_type)


def _ids(column: pa.Array, file: Path, field: str) -> tuple[str, ...]:
    if not (
        pa.types.is_integer(column.type)
        or pa.types.is_string(column.type)
        or pa.types.is_large_string(column.type)
    ):
        raise DataError(
            f"ids of type {column.type} are neither whole numbers nor text",
            source=file,
            field=field,
            remedy="cast the ids to integers or strings",
        )
    ids = tuple("" if id is None else str(id) for id in column.to_pylist())
    if "" in ids:
        raise DataError(
            "there is no id", source=file, row=ids.index(""), field=field, remedy=_REMEDY
        )
    return ids


def _vectors(column: pa.Array, file: Path, field: str) -> NDArray[np.float32]:
    if column.null_count:
        row = column.is_null().to_pylist().index(True)
        raise DataError("there is no vector", source=file, row=row, field=field, remedy=_REMEDY)
    lengths = column.value_lengths().to_numpy(zero_copy_only=False)
    width = int(lengths[0])
    if (lengths != width).any():
        row = int(np.flatnonzero(lengths != width)[0])
        raise DataError(
            f"a vector of {lengths[row]} numbers, and the first has {width}",
            source=file,
            row=row,
            field=field,
            remedy="export the factors again; all must have the model's rank",
        )
    if not width:
        raise DataError("vectors of no number", source=file, field=field, remedy=_REMEDY)
    with np.errstate(over="ignore"):
        numbers = column.flatten().to_numpy(zero_copy_only=False).astype(np.float32)
    vectors: NDArray[np.float32] = numbers.reshape(len(column), width)
    bad = ~np.isfinite(vectors).all(axis=1)
    if bad.any():
        raise DataError(
            "a number that is missing or infinite in single precision",
            source=file,
            row=int(np.flatnonzero(bad)[0]),
            field=field,
            remedy="train again with more regularisation, or leave the row out",
        )
    return vectors


def _refuse_repeated(parts: Sequence[tuple[Path, FactorTable]]) -> None:
    known: dict[str, str] = {}
    for file, part in parts:
        for row, id in enumerate(part.ids):
            if id in known:
                raise DataError(
                    f"the id {id!r} was in {known[id]} already",
                    source=file,
                    row=row,
                    remedy="export the factors of one model, each id once",
                )
            known[id] = f"{file.name}, row {row}"
