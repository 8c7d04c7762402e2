"""The two ways in which MovieLens 100K is laid out, made one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from recx_agent.datasets.idmap import natural_key
from recx_agent.datasets.titles import split_year, spoken_title
from recx_agent.errors import DataError

GROUPLENS = ("u.data", "u.item", "u.user")
RECBOLE = ("ml-100k.inter", "ml-100k.item", "ml-100k.user")
MEMBERS = (GROUPLENS, RECBOLE)

GENRES = (
    "unknown|Action|Adventure|Animation|Children's|Comedy|Crime|Documentary|Drama|Fantasy|"
    "Film-Noir|Horror|Musical|Mystery|Romance|Sci-Fi|Thriller|War|Western"
).split("|")
"""The genre flags of ``u.item``, in order."""

_UNKNOWN = {"", "unknown", "unkonwn"}  # RecBole's copy has the second spelling.
_FLAGS_FROM = 5


@dataclass(frozen=True)
class Tables:
    """Rows of text in a fixed order: by user and time, by item, by user."""

    ratings: list[tuple[str, str, str, str]]
    items: list[tuple[str, str, str, str]]
    users: list[tuple[str, str, str, str]]


def parse(raw: Mapping[str, bytes]) -> Tables:
    """Read the files of either layout.

    Parameters
    ----------
    raw : mapping of str to bytes
        File name to content, the three names of ``GROUPLENS`` or of ``RECBOLE``.

    Raises
    ------
    DataError
        A line is not as it should be; names file and row.
    """
    if GROUPLENS[0] in raw:
        ratings = [(f[0], f[1], f[2], f[3]) for f in _fields(raw, "u.data", "\t", 4)]
        items = [_grouplens_item(f) for f in _fields(raw, "u.item", "|", 24)]
        users = [(f[0], f[1], f[2], f[3]) for f in _fields(raw, "u.user", "|", 5)]
    else:
        names = ("user_id", "item_id", "rating", "timestamp")
        ratings = [(f[0], f[1], f[2], f[3]) for f in _atomic(raw, RECBOLE[0], names)]
        names = ("item_id", "movie_title", "release_year", "class")
        items = [_recbole_item(f) for f in _atomic(raw, RECBOLE[1], names)]
        names = ("user_id", "age", "gender", "occupation")
        users = [(f[0], f[1], f[2], f[3]) for f in _atomic(raw, RECBOLE[2], names)]
    # Sources differ in the order of their rows; the files made of them must not.
    ratings.sort(key=lambda f: (natural_key(f[0]), natural_key(f[3]), natural_key(f[1])))
    items.sort(key=lambda f: natural_key(f[0]))
    users.sort(key=lambda f: natural_key(f[0]))
    return Tables(ratings, items, users)


def _grouplens_item(fields: Sequence[str]) -> tuple[str, str, str, str]:
    flags = fields[_FLAGS_FROM:]
    genres = [genre for genre, flag in zip(GENRES, flags, strict=True) if flag == "1"]
    title, year = split_year(fields[1])
    return _item(fields[0], title, year, genres)


def _recbole_item(fields: Sequence[str]) -> tuple[str, str, str, str]:
    title, year = split_year(fields[1])
    if not year and fields[2].isdigit():
        year = fields[2]
    return _item(fields[0], title, year, fields[3].split())


def _item(item: str, title: str, year: str, genres: Sequence[str]) -> tuple[str, str, str, str]:
    known = [genre for genre in genres if genre not in _UNKNOWN]
    # One film of the set has no title; its id stands for it, as in any catalogue without.
    shown = item if title in _UNKNOWN else spoken_title(title)
    return item, shown, year, "|".join(known)


def _fields(raw: Mapping[str, bytes], name: str, separator: str, width: int) -> Iterator[list[str]]:
    # GroupLens' files are Latin-1, in which no byte is wrong.
    for number, line in enumerate(raw[name].decode("latin-1").split("\n"), start=1):
        if line.strip():
            fields = [field.strip() for field in line.split(separator)]
            if len(fields) != width:
                raise _wrong(name, number, f"{len(fields)} fields, expected {width}")
            yield fields


def _atomic(raw: Mapping[str, bytes], name: str, columns: Sequence[str]) -> Iterator[list[str]]:
    """Read RecBole's layout: tabs, and a header of ``name:type``."""
    try:
        lines = raw[name].decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise DataError(
            f"not UTF-8: byte {error.start}", source=name, remedy="take an unchanged copy"
        ) from error
    header = [column.partition(":")[0].strip() for column in lines[0].split("\t")]
    missing = [column for column in columns if column not in header]
    if missing:
        raise _wrong(name, 1, f"no column {missing[0]!r}; there are {', '.join(header)}")
    places = [header.index(column) for column in columns]
    for number, line in enumerate(lines[1:], start=2):
        if line.strip():
            fields = [field.strip() for field in line.split("\t")]
            if len(fields) != len(header):
                raise _wrong(name, number, f"{len(fields)} fields, expected {len(header)}")
            yield [fields[place] for place in places]


def _wrong(name: str, row: int, problem: str) -> DataError:
    return DataError(problem, source=name, row=row, remedy="take an unchanged copy")
