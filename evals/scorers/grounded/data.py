"""The raw data files, read without the rest of the project."""

from __future__ import annotations

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from recx_agent.evals.scorers.grounded.files import Columns, events_of, items_of
from recx_agent.evals.scorers.grounded.known.values import shown
from recx_agent.evals.scorers.house import FILMS, House

IGNORED = frozenset(("search", "dislike", "disliked"))
"""Event types that are no sign of liking, unless others are set."""

_ARTICLES = frozenset(
    "the a an le la les un une il lo gli el los las una das der die ein eine det den o os".split()
)
_UNKNOWN = {"unknown", "unkonwn"}
_FILM_COLUMNS = ("year", "genre")


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
    """One line of the interactions file; ``rating`` and ``day`` may be unknown."""

    user: str
    item: str
    rating: float | None
    day: str = ""
    text: str = ""
    kind: str = "rating"


class Unrated(float):
    """What stands for the rating of an item that was not rated: equal to none that can be told."""

    def __repr__(self) -> str:
        """Without a number."""
        return "no rating"


LIKED_UNRATED, UNRATED = Unrated("inf"), Unrated("-inf")
"""Of an item that the user liked, by what was done with it; of any other."""


@dataclass(frozen=True)
class Scale:
    """Lowest and highest rating, and the lowest that is a liking."""

    low: float = 1
    high: float = 5
    liked: float = 4


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


def films_as(language: str) -> House:
    """What things are called where nothing is known of it."""
    return FILMS["zh" if language == "zh" else "en"]


class Raw:
    """The two raw files, and nothing else.

    Items are called films here, whatever they are. Some are listed twice: entries of one title
    and of equal attributes (of films, of one year) are one film here. Different films of one
    title may be told with the year, or another attribute that only one of them has, as in
    "Sabrina (1954)", or with the id. With ``entries_are_films`` it is entries that are counted,
    in all counts of films and users.

    Parameters
    ----------
    films : mapping of str to Film
        By item id.
    events : iterable of Event
        Of the ratings that a user gave an item the last counts.
    scale : Scale
    entries_are_films : bool
    ignored : collection of str
        Event types that are no sign of liking.
    house : callable
        What things are called, by language.
    hides : bool
        Whether rules keep some items and attributes out of texts.

    Attributes
    ----------
    columns : tuple of str
        Attributes of the films.
    genres : set of str
        Every value of an attribute that is no number.
    ratings : mapping
        User to item id to the rating; to an :class:`Unrated` where there is none.
    events : mapping
        User and item id to all events.
    """

    def __init__(
        self,
        films: Mapping[str, Film],
        events: Iterable[Event],
        scale: Scale | None = None,
        *,
        entries_are_films: bool = False,
        ignored: Iterable[str] = IGNORED,
        house: Callable[[str], House] = films_as,
        hides: bool = False,
    ) -> None:
        self._entries_are_films = entries_are_films
        self._ignored = frozenset(ignored)
        self.house, self.hides = functools.cache(house), hides
        self.scale = scale or Scale()
        self.films = {id: replace(film, title=shown(film.title)) for id, film in films.items()}
        self.columns = (
            tuple(dict.fromkeys([c for film in self.films.values() for c in film.values]))
            or _FILM_COLUMNS
        )
        self.genres = frozenset(
            v for f in self.films.values() for vs in f.values.values() for v in vs
            if not v.isdigit()
        )  # fmt: skip
        self._same = self._merged()
        self.ids = self._named()
        self.ratings: defaultdict[str, dict[str, float]] = defaultdict(dict)
        self.days: dict[tuple[str, str], str] = {}
        self.events: defaultdict[tuple[str, str], list[Event]] = defaultdict(list)
        fans: defaultdict[str, set[str]] = defaultdict(set)
        texts: defaultdict[str, set[str]] = defaultdict(set)
        for event in events:
            user, id = event.user, event.item
            texts[user].add(" ".join(event.text.split()))
            own = self.ratings[user]
            if not id:
                continue
            self.events[user, id].append(event)
            self.days[user, id] = event.day
            if event.rating is not None:
                own[id] = event.rating
            else:
                own.setdefault(id, UNRATED)
                if self.likes(event) and own[id] == UNRATED:
                    own[id] = LIKED_UNRATED
            if self.likes(event):
                fans[self.film(id)].add(user)
        self._fans = fans
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
        columns: Columns | None = None,
        ignored: Iterable[str] = IGNORED,
        house: Callable[[str], House] = films_as,
        hides: bool = False,
    ) -> Raw:
        """Read the files that a recommender was fitted on, CSV or Parquet.

        Parameters
        ----------
        interactions, items : Path
        names : mapping of str to str, optional
            Our column name to the file's, of ``user_id, item_id, value, timestamp, event_type,
            text, title``.
        scale : Scale, optional
            1 to 5 with 4 as a liking, if not given.
        separator : str
            Between the values of one attribute.
        columns : Columns, optional
            Which columns are attributes, and what an event without a type is.
        ignored, house, hides
            See :class:`Raw`.

        Raises
        ------
        ValueError
            A column is missing, or a rating is no number.
        """
        asked = columns or Columns()
        listed = items_of(items, names or {}, separator, asked)
        films = {id: Film(title, values) for id, (title, values) in listed.items()}
        told = (Event(*one) for one in events_of(interactions, names or {}, asked, day_of))
        return cls(films, told, scale, ignored=ignored, house=house, hides=hides)

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

    def _merged(self) -> dict[str, str]:
        """The first entry of the same, of each entry."""
        first: dict[tuple[object, ...], str] = {}
        by_year = "year" in self.columns
        same = {}
        for id, film in self.films.items():
            rest = film.year if by_year else sorted(film.values.items())
            same[id] = first.setdefault((film.title, str(rest)), id)
        return same

    def _named(self) -> defaultdict[str, list[str]]:
        """By title, and by title with what tells it from others in brackets: the entries."""
        ids: defaultdict[str, list[str]] = defaultdict(list)
        shared = Counter(film.title for film in self.films.values())
        for id, film in self.films.items():
            marks = {v for vs in film.values.values() if len(vs) == 1 for v in vs} | {id}
            apart = {f"{film.title} ({m})" for m in marks} if shared[film.title] > 1 else set()
            for name in {film.title, f"{film.title} ({film.year})", *apart}:
                ids[name].append(id)
        return ids

    def likes(self, event: Event) -> bool:
        """Whether an event is a sign of liking: by its value, or else by its type."""
        if event.kind in self._ignored or not event.item:
            return False
        return event.rating is None or event.rating >= self.scale.liked

    def film(self, id: str) -> str:
        """What counts as one film: the first entry of the same, or the entry itself."""
        return id if self._entries_are_films else self.same(id)

    def same(self, id: str) -> str:
        """The first entry of the same film; an entry that is not listed is its own."""
        return self._same.get(id, id)

    def named(self, title: str) -> set[str]:
        """The films that a title can mean, each by its first entry."""
        return {self.film(id) for id in self.ids.get(title, ())}

    def rated(self, user: str, title: str) -> dict[str, float]:
        """What the user gave the film, by entry; see :class:`Unrated`."""
        own = self.ratings.get(user, {})
        return {id: own[id] for id in self.ids.get(title, ()) if id in own}

    def done(self, user: str, title: str) -> list[Event]:
        """All that the user did with the film."""
        return [e for id in self.ids.get(title, ()) for e in self.events.get((user, id), ())]

    def done_with(self, user: str, id: str) -> list[Event]:
        """All that the user did with a film, by any of its entries."""
        return [e for one in self._entries_of(id) for e in self.events.get((user, one), ())]

    def rated_it(self, user: str, id: str) -> bool:
        """Whether the user gave a film, by any of its entries, a rating that is a liking."""
        mine = self.done_with(user, id)
        return any(event.rating is not None and self.likes(event) for event in mine)

    def _entries_of(self, id: str) -> list[str]:
        return [one for one in self.ids[self.films[id].title] if self.film(one) == self.film(id)]

    def candidates(self, user: str) -> int:
        """How many films the user has nothing to do with yet."""
        known = {self.same(id) for id in self.ratings.get(user, {})}
        return len({self.film(id) for id in self.films if self.same(id) not in known})

    def liked_by(self, user: str) -> set[str]:
        """The films that the user liked, each by its first entry."""
        return {
            self.film(id) for id in self.ratings.get(user, {}) if user in self._fans[self.film(id)]
        }

    def fans(self, id: str) -> set[str]:
        """The users who liked a film."""
        return self._fans.get(self.film(id), set())


def day_of(time: str) -> str:
    """The day in UTC, as ``1998-04-09``, of an ISO date or of seconds since 1970.

    Larger numbers are milli-, micro- and nanoseconds. Empty for no time.
    """
    if not time:
        return ""
    if re.fullmatch(r"\d+(?:\.\d+)?(?:[eE]\+?\d+)?", time):
        seconds = float(time)
        while seconds >= 1e10:
            seconds /= 1000
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}"
    moment = datetime.fromisoformat(time)
    return f"{moment.astimezone(UTC) if moment.tzinfo else moment:%Y-%m-%d}"
