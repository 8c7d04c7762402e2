"""Files and data frames as columns of text.

Everything is read as text first, so that a bad value can be named by its row and by the
name its column has in the source. Each column keeps every distinct text once, which
makes checking a million rows a matter of checking their distinct values.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from recx_agent.datasets.csvfile import looks_like_text, read_csv
from recx_agent.errors import BadRow, DataError

Progress = Callable[[str, int, int], None]
"""Called as ``progress(stage, done, total)``, like that of :mod:`recx_agent.protocols`."""

Source = str | Path | pd.DataFrame
"""What can be read: a CSV, TSV or Parquet file, or a pandas data frame."""

LIST_MARK = "\x1f"
"""Joins the values of a list; it is a control character, so no value can hold it."""

OUT_OF_RANGE = "<value out of range"
"""How Arrow writes a time that no calendar has."""

_NAMELESS = ("Unnamed: ", "__index_level_")


@dataclass(frozen=True)
class Column:
    """One column: row ``i`` holds ``values[codes[i]]``; a missing value is ``""``.

    ``name`` is the column's name in the source. Where ``is_list``, each value is a list
    joined by ``LIST_MARK``.
    """

    name: str
    codes: NDArray[np.int32]
    values: list[str]
    is_list: bool = False

    def texts(self) -> list[str]:
        """Return the text of every row."""
        return [self.values[code] for code in self.codes]

    def is_missing(self) -> NDArray[np.bool_]:
        """Return shape (n,): where the value is missing."""
        return np.array([not value for value in self.values], dtype=bool)[self.codes]


@dataclass
class Table:
    """The rows of one source.

    Attributes
    ----------
    source : str
        How messages call it: the path as given, or ``"items (data frame)"``.
    label : str
        A short name without folders, for references to single rows.
    rows : int64 array, shape (n,)
        Lines of a text file (the header is line 1); else rows counted from 0.
    columns : dict of str to Column
        By the names of the source.
    ragged : list of BadRow
        Rows that have too few or too many fields; they are not among ``rows``.
    notes : list of str
        What a user should know about the reading.
    """

    source: str
    label: str
    rows: NDArray[np.int64]
    columns: dict[str, Column]
    ragged: list[BadRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        """Return the number of rows, ragged ones not counted."""
        return len(self.rows)


def read_table(source: Source, role: str) -> Table:
    """Read a file or a data frame.

    Parameters
    ----------
    source : path or data frame
        Parquet is known by its content, tab-separated text by ``.tsv`` or its header.
    role : str
        ``"interactions"``, ``"items"`` or ``"users"``: what a data frame is called.

    Raises
    ------
    DataError
        There is no such file, or it is no table; names file, row and remedy.
    """
    if isinstance(source, pd.DataFrame):
        name = f"{role} (data frame)"
        return _from_frame(source, name)
    if not isinstance(source, str | Path):
        raise DataError(
            f"a {type(source).__name__} is neither a path nor a pandas data frame",
            source=role,
            remedy="give a CSV, TSV or Parquet file or a pandas.DataFrame",
        )
    path = Path(source)
    data = _bytes_of(path)
    if data.startswith(b"PAR1"):
        return _from_parquet(path)
    looks_like_text(data, path)
    text = read_csv(data, path)
    table = Table(str(path), path.name, text.rows, {}, ragged=text.ragged)
    _add_columns(table, text.header, text.columns)
    return table


def _bytes_of(path: Path) -> bytes:
    try:
        kind = path.stat().st_mode
        if not stat.S_ISREG(kind) and not stat.S_ISDIR(kind):
            # Reading it could wait for ever, or never come to an end.
            raise DataError(
                "this is a pipe or a device", source=path, remedy="write its content to a file"
            )
        data = path.read_bytes()
    except FileNotFoundError:
        raise DataError("there is no such file", source=path, remedy="check the path") from None
    except IsADirectoryError:
        raise DataError("this is a folder", source=path, remedy="name the file inside it") from None
    except (OSError, ValueError) as error:
        raise DataError(
            f"cannot be read ({getattr(error, 'strerror', error)})",
            source=path,
            remedy="check the path and its permissions",
        ) from error
    if not data.strip():
        raise DataError("the file is empty", source=path, remedy="export it again")
    return data


def _from_parquet(path: Path) -> Table:
    try:
        table = pq.ParquetFile(path).read()
        names = table.column_names
    except (OSError, ValueError, pa.ArrowException) as error:
        raise DataError(
            f"not readable as Parquet ({error})", source=path, remedy="export it again"
        ) from error
    if not table.num_rows:
        raise DataError("there are columns but no rows", source=path, remedy="export it again")
    result = Table(str(path), path.name, np.arange(table.num_rows, dtype=np.int64), {})
    _add_columns(result, names, table.columns)
    return result


def _from_frame(frame: pd.DataFrame, name: str) -> Table:
    if not len(frame):
        raise DataError("the data frame has no rows", source=name, remedy="pass a filled one")
    result = Table(name, name, np.arange(len(frame), dtype=np.int64), {})
    arrays = [_frame_array(frame.iloc[:, i]) for i in range(frame.shape[1])]
    _add_columns(result, [str(column) for column in frame.columns], arrays)
    return result


def _frame_array(series: pd.Series[Any]) -> Any:
    try:
        return pa.array(series, from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        # Objects of several types, such as ids that are numbers here and text there.
        return pa.array([_object_text(value) for value in series], pa.large_string())


def _object_text(value: Any) -> str | None:
    if isinstance(value, list | tuple | set | frozenset | np.ndarray):
        return LIST_MARK.join(str(part) for part in value)
    # Text from elsewhere can hold halves of characters, which UTF-8 cannot.
    return None if pd.isna(value) else str(value).encode("utf-8", "replace").decode("utf-8")


def _add_columns(table: Table, names: Sequence[str], arrays: Sequence[Any]) -> None:
    for position, (raw, array) in enumerate(zip(names, arrays, strict=True), start=1):
        name = raw.strip()
        if not name or name.startswith(_NAMELESS):
            table.notes.append(f"{table.label}: column {position} has no name and was left out")
        elif name in table.columns:
            raise DataError(
                "two columns have this name",
                source=table.source,
                field=name,
                remedy="rename one of them",
            )
        else:
            table.columns[name] = _column(name, array, table.source)


def _column(name: str, array: Any, source: str) -> Column:
    """Encode an Arrow array as distinct texts, without outer spaces."""
    try:
        texts, is_list = _as_text(array)
    except pa.ArrowException as error:
        raise DataError(
            f"values of type {array.type} cannot be read ({error})",
            source=source,
            field=name,
            remedy="store them as text, numbers, times or lists of text",
        ) from error
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    encoded = pc.fill_null(texts, "").dictionary_encode()
    try:
        values = [text.strip() for text in encoded.dictionary.to_pylist()]
    except UnicodeDecodeError as error:
        raise DataError(
            f"text that is not UTF-8 ({error.object!r})",
            source=source,
            field=name,
            remedy="export it again, as UTF-8",
        ) from error
    return recoded(name, encoded.indices.to_numpy(), values, is_list)


def recoded(name: str, codes: NDArray[Any], values: Sequence[str], is_list: bool = False) -> Column:
    """Make a column of values that need not be distinct: equal ones get one code."""
    known: dict[str, int] = {}
    places = [known.setdefault(value, len(known)) for value in values]
    return Column(name, np.array(places, dtype=np.int32)[codes], list(known), is_list)


def _as_text(array: Any) -> tuple[Any, bool]:
    kind = array.type
    if pa.types.is_dictionary(kind):
        return _as_text(array.cast(kind.value_type))
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        parts = [
            None if some is None else LIST_MARK.join("" if p is None else str(p) for p in some)
            for some in array.to_pylist()
        ]
        return pa.array(parts, pa.large_string()), True
    if pa.types.is_floating(kind):
        distinct = array.cast(pa.float64()).dictionary_encode()
        if isinstance(distinct, pa.ChunkedArray):
            distinct = distinct.combine_chunks()
        words = pa.array([number_text(v) for v in distinct.dictionary.to_pylist()], pa.string())
        return words.take(distinct.indices).cast(pa.large_string()), False
    if pa.types.is_timestamp(kind):
        # With a zone the stored instants are UTC already; without one they are read as UTC.
        texts = array.cast(pa.timestamp("us"), safe=False).cast(pa.large_string())
        return pc.replace_substring_regex(texts, r"( 00:00:00)?\.0+$", ""), False
    if pa.types.is_null(kind):
        return pa.array([None] * len(array), pa.large_string()), False
    return array.cast(pa.string()).cast(pa.large_string()), False


def number_text(number: float | None) -> str | None:
    """Write a number as a person would: ``7`` for ``7.0``, else its shortest form."""
    if number is None:
        return None
    if float(number).is_integer() and abs(number) < 1e15:
        return str(int(number))
    return repr(float(number))
