"""The raw MovieLens files, and an explanation as it is shown."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.e2e.raw_text import Told, Tongue

LIKED, MAXIMUM = 4, 5
REASONS = {"because_history", "because_attr", "because_others", "speaks_for"}
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


@dataclass(frozen=True)
class Film:
    """One line of the items file."""

    title: str
    year: str
    genres: tuple[str, ...]

    def attribute(self, column: str) -> tuple[str, ...]:
        return ((self.year,) if self.year else ()) if column == "year" else self.genres


class Raw:
    """The two raw files, and nothing else.

    Some films are listed twice: entries of one title and one year are one film here.
    Different films of one title may be told with the year, as in "Sabrina (1954)".
    With ``entries_are_films`` it is entries that are counted, in all counts of films and users.
    """

    def __init__(self, inter: Path, item: Path, *, entries_are_films: bool = False) -> None:
        self._entries_are_films = entries_are_films
        self.films: dict[str, Film] = {}
        for line in item.read_text(encoding="utf-8").splitlines()[1:]:
            id, title, year, genres = line.split("\t")
            known = tuple(g for g in genres.split() if g not in _UNKNOWN)
            if found := re.search(r" \((\d{4})\)$", title):  # one title has its year
                title, year = title[: found.start()], found[1]
            said = id if title in _UNKNOWN else spoken(title)
            self.films[id] = Film(said, year if year.isdigit() else "", known)
        self.ids: defaultdict[str, list[str]] = defaultdict(list)
        for id, film in self.films.items():
            for name in (film.title, f"{film.title} ({film.year})"):
                self.ids[name].append(id)
        self.ratings: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self.days: dict[tuple[str, str], str] = {}
        fans: defaultdict[str, set[str]] = defaultdict(set)
        for line in inter.read_text(encoding="utf-8").splitlines()[1:]:
            user, id, rating, time = line.split("\t")
            self.ratings[user][id] = int(float(rating))
            self.days[user, id] = f"{datetime.fromtimestamp(int(time), UTC):%Y-%m-%d}"
            if int(rating) >= LIKED:
                fans[self.film(id)].add(user)
        self.liked = {id: len(fans[self.film(id)]) for id in self.films}

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

    def told_once(self, user: str, text: str, tongue: Tongue) -> str:
        """The text with one rating where it truly tells both of a film that is listed twice."""

        def one(match: re.Match[str]) -> str:
            first, second = int(match["first"]), int(match["second"])
            if sorted(self.rated(user, match["title"]).values()) != sorted((first, second)):
                return match[0]
            return tongue.once(match, second)

        return tongue.doubled.sub(one, text)

    def candidates(self, user: str) -> int:
        """How many films the user has not rated."""
        rated = {self.same(id) for id in self.ratings.get(user, {})}
        return len({self.film(id) for id in self.films if self.same(id) not in rated})

    def liked_by(self, user: str) -> set[str]:
        """The films that the user liked, each by its first entry."""
        return {self.film(id) for id, r in self.ratings.get(user, {}).items() if r >= LIKED}


@dataclass
class Shown:
    """One explanation as it is shown, with what its first sentences told."""

    public: Mapping[str, Any]
    tongue: Tongue
    told: list[Told | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.told = [self.tongue.read(sentence["text"]) for sentence in self.public["sentences"]]
        self.user: str = self.public["user_id"]
        self.title: str = self.public["item"]["title"]
        self.id: str = self.public["item"]["item_id"]

    @cached_property
    def reason(self) -> Told | None:
        return next((t for t in self.told if t and t.kind in REASONS), None)

    @cached_property
    def causes(self) -> tuple[str, ...]:
        return causes_of(self.reason) if self.reason else ()

    @cached_property
    def terms(self) -> dict[str, float]:
        """History item id or ``genre=Drama`` to its term; ``*`` is how it does with everyone."""
        views = self.public["attribution"]["views"]
        terms = {}
        for term in [*views["history"], *views["attribute"]]:
            bias = term["source"]["kind"] == "item_bias"
            terms["*" if bias else term["source"]["id"]] = float(term["value"])
        return terms

    def total(self, view: str) -> float:
        """Σ|terms| of a view."""
        return math.fsum(abs(term["value"]) for term in self.public["attribution"]["views"][view])

    @cached_property
    def history(self) -> dict[str, float]:
        terms = self.public["attribution"]["views"]["history"]
        return {t["source"]["id"]: t["value"] for t in terms if t["source"]["kind"] == "history"}

    @cached_property
    def evidence(self) -> dict[str, Mapping[str, Any]]:
        return {piece["id"]: piece for piece in self.public["evidence"]}


def causes_of(told: Told) -> tuple[str, ...]:
    """Titles, or ``genre=Drama``, that a sentence gives as reasons."""
    if told.attributes:
        return tuple(f"{name}={v}" for name, vs in told.attributes.items() for v in vs)
    return (*(title for group in told.deeds for title in group.titles), *told.again)
