"""The raw data files, read without the rest of the project."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

COLUMNS = ("year", "genre")
"""Attributes that the sentences speak of."""

_ARTICLES = frozenset(
    "the a an le la les un une il lo gli el los las una das der die ein eine det den o os".split()
)
_UNKNOWN = {"unknown", "unkonwn"}


def spoken(title: str) -> str:
    """``"Piano, The (X, Le)"`` as it is said: ``"The Piano (Le X)"``."""
    parts = title.replace("(", "\0(\0").replace(")", "\0)").split("\0")
    said = []
    for part in parts:
        name, comma, last = part.strip().rpartition(", ")
        if comma and last == "L'":
            part = f"L'{name} "
        elif comma and last.lower() in _ARTICLES:
            part = f"{last} {name} "
        said.append(part)
    return " ".join("".join(said).replace("( ", "(").replace(" )", ")").split())


class Event(NamedTuple):
    """One line of the interactions file."""

    user: str
    item: str
    rating: int
    day: str
    text: str = ""


@dataclass(frozen=True)
class Scale:
    """Lowest and highest rating, and the lowest that is a liking."""

    low: int = 1
    high: int = 5
    liked: int = 4


@dataclass(frozen=True)
class Film:
    """One line of the items file."""

    title: str
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def attribute(self, column: str) -> tuple[str, ...]:
        """Values in a column, as text."""
        return self.values.get(column, ())

    @property
    def genres(self) -> tuple[str, ...]:
        """Values of the column ``genre``."""
        return self.attribute("genre")

    @property
    def year(self) -> str:
        """The only value of the column ``year``; empty if there is none."""
        return "".join(self.attribute("year")[:1])


class Raw:
    """The two raw files, and nothing else.

    Some films are listed twice: entries of one title and one year are one film here.
    Different films of one title may be told with the year, as in "Sabrina (1954)".
    With ``entries_are_films`` it is entries that are counted, in all counts of films and users.

    Parameters
    ----------
    films : mapping of str to Film
        By item id.
    events : iterable of Event
        Of the same user and item the last counts.
    scale : Scale
    entries_are_films : bool
    """

    def __init__(
        self,
        films: Mapping[str, Film],
        events: Iterable[Event],
        scale: Scale | None = None,
        *,
        entries_are_films: bool = False,
    ) -> None:
        self._entries_are_films = entries_are_films
        self.scale = scale or Scale()
        self.films = dict(films)
        self.genres = frozenset(genre for film in self.films.values() for genre in film.genres)
        self.ids: defaultdict[str, list[str]] = defaultdict(list)
        for id, film in self.films.items():
            for name in {film.title, f"{film.title} ({film.year})"}:
                self.ids[name].append(id)
        self.ratings: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self.days: dict[tuple[str, str], str] = {}
        fans: defaultdict[str, set[str]] = defaultdict(set)
        texts: defaultdict[str, set[str]] = defaultdict(set)
        for user, id, rating, day, text in events:
            self.ratings[user][id] = rating
            texts[user].add(" ".join(text.split()))
            self.days[user, id] = day
            if rating >= self.scale.liked:
                fans[self.film(id)].add(user)
        self.texts = {user: frozenset(own - {""}) for user, own in texts.items()}
        self.liked = {id: len(fans[self.film(id)]) for id in self.films}

    @classmethod
    def of_csv(
        cls,
        interactions: Path,
        items: Path,
        *,
        names: Mapping[str, str] | None = None,
        scale: Scale | None = None,
        separator: str = "|",
    ) -> Raw:
        """Read the files that a recommender was fitted on.

        Parameters
        ----------
        interactions, items : Path
            CSV files with a header.
        names : mapping of str to str, optional
            Our column name to the file's, of ``user_id, item_id, value, timestamp, text, title``.
        scale : Scale, optional
            1 to 5 with 4 as a liking, if not given.
        separator : str
            Between the values of one attribute.

        Raises
        ------
        ValueError
            A column is missing, or a rating is no whole number.
        """
        called = {name: (names or {}).get(name, name) for name in _NAMES}
        films = {
            row[called["item_id"]]: Film(
                row[called["title"]],
                {c: tuple(filter(None, (row.get(c) or "").split(separator))) for c in COLUMNS},
            )
            for row in _rows(items, (called["item_id"], called["title"]))
        }
        return cls(films, _events(interactions, called), scale)

    @classmethod
    def of_atomic(cls, inter: Path, item: Path, *, entries_are_films: bool = False) -> Raw:
        """Read MovieLens 100K as RecBole ships it: tabs, and titles as in a card index."""
        films = {}
        for line in item.read_text(encoding="utf-8").splitlines()[1:]:
            id, title, year, genres = line.split("\t")
            known = tuple(g for g in genres.split() if g not in _UNKNOWN)
            if found := re.search(r" \((\d{4})\)$", title):  # one title has its year
                title, year = title[: found.start()], found[1]
            said = id if title in _UNKNOWN else spoken(title)
            films[id] = Film(said, {"year": (year,) if year.isdigit() else (), "genre": known})
        rows = (line.split("\t") for line in inter.read_text("utf-8").splitlines()[1:])
        events = [Event(u, i, int(float(rating)), day_of(time)) for u, i, rating, time in rows]
        return cls(films, events, entries_are_films=entries_are_films)

    def film(self, id: str) -> str:
        """What counts as one film: the first entry of the same, or the entry itself."""
        return id if self._entries_are_films else self.same(id)

    def same(self, id: str) -> str:
        """The first entry of the same film."""
        return self.ids[f"{self.films[id].title} ({self.films[id].year})"][0]

    def named(self, title: str) -> set[str]:
        """The films that a title can mean, each by its first entry."""
        return {self.film(id) for id in self.ids.get(title, ())}

    def rated(self, user: str, title: str) -> dict[str, int]:
        """What the user gave the film, by entry."""
        own = self.ratings.get(user, {})
        return {id: own[id] for id in self.ids.get(title, ()) if id in own}

    def candidates(self, user: str) -> int:
        """How many films the user has not rated."""
        rated = {self.same(id) for id in self.ratings.get(user, {})}
        return len({self.film(id) for id in self.films if self.same(id) not in rated})

    def liked_by(self, user: str) -> set[str]:
        """The films that the user liked, each by its first entry."""
        return {
            self.film(id) for id, r in self.ratings.get(user, {}).items() if r >= self.scale.liked
        }


_NAMES = ("user_id", "item_id", "value", "timestamp", "text", "title")


def day_of(time: str) -> str:
    """The day in UTC, as ``1998-04-09``, of seconds since 1970 or of an ISO date."""
    if re.fullmatch(r"\d+(?:\.\d+)?", time):
        return f"{datetime.fromtimestamp(float(time), UTC):%Y-%m-%d}"
    moment = datetime.fromisoformat(time)
    return f"{moment.astimezone(UTC) if moment.tzinfo else moment:%Y-%m-%d}"


def _rows(path: Path, wanted: Iterable[str]) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if lacking := [name for name in wanted if name not in (reader.fieldnames or ())]:
            raise ValueError(f"{path}: no column {lacking[0]!r}; map the names of the columns")
        yield from reader


def _events(path: Path, called: Mapping[str, str]) -> Iterator[Event]:
    user, item, value, time, text = (called[name] for name in _NAMES[:5])
    for row in _rows(path, (user, item, value, time)):
        rating = float(row[value])
        if not rating.is_integer():
            raise ValueError(f"{path}: rating {row[value]}: only whole ratings can be read back")
        yield Event(row[user], row[item], int(rating), day_of(row[time]), row.get(text) or "")
