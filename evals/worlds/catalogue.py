"""The items of a planted world.

Each value belongs to one attribute alone and stands in no title, so that a text that speaks of
it can be found out by the word.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

GENRES = ("Comedy", "Western", "Horror", "Drama", "Romance", "Mystery")
TONES = ("Sunlit", "Windswept", "Moonlit", "Candlelit", "Firelit", "Starlit")
TWINS = 3
"""The first genres have a tone of their own; that of the others says nothing."""
TOGETHER = 0.9
"""Share of the items of such a genre that have its tone."""
ERAS = ("Prewar", "Postwar", "Millennial")
TAGS = (
    *("Railways", "Islands", "Lighthouses", "Orchards"),
    *("Clockwork", "Harbours", "Mountains", "Ballrooms"),
)
TAGGED = 0.5
"""Share of the items that have a tag: then exactly one of two tags says nothing of either."""
PAIRS = len(TAGS) * (len(TAGS) - 1) // 2
SERIES = 3
_SERIES_SHARE = 15
"""A fifteenth of the items are of one series."""
_FIRST = (
    *("Amber", "Brass", "Copper", "Crimson", "Distant", "Emerald", "Frozen", "Gilded", "Hollow"),
    *("Ivory", "Jade", "Lonely", "Marble", "Nameless", "Opal", "Paper", "Quiet", "Russet"),
    *("Silver", "Tangled", "Umber", "Velvet", "Woven", "Yellow"),
)
_SECOND = (
    *("Anchor", "Bridge", "Candle", "Door", "Ember", "Falcon", "Gate", "Hammer", "Inkwell"),
    *("Journey", "Key", "Lantern", "Mirror", "Needle", "Oath", "Pearl", "Quarry", "River"),
    *("Stair", "Thread", "Umbrella", "Valley", "Window", "Yard"),
)
TITLES = len(_FIRST) * len(_SECOND)
LEAST_ITEMS = 72


@dataclass(frozen=True)
class World:
    """The items, and what no catalogue says of them.

    Attributes
    ----------
    titles : tuple of str, length n_items
    genre, tone, era : int array, shape (n_items,)
        Which of the values each has.
    tags : bool array, shape (n_items, n_tags)
    series : int array, shape (n_items,)
        Which series each is of, -1 for none. No attribute says so.
    """

    titles: tuple[str, ...]
    genre: NDArray[np.int64]
    tone: NDArray[np.int64]
    era: NDArray[np.int64]
    tags: NDArray[np.bool_]
    series: NDArray[np.int64]

    @property
    def ids(self) -> tuple[str, ...]:
        """External ids."""
        return tuple(f"i{number}" for number in range(len(self.titles)))

    def columns(self) -> dict[str, Any]:
        """What the catalogue says, as columns of an items file."""
        return {
            "item_id": list(self.ids),
            "title": list(self.titles),
            "genre": [GENRES[value] for value in self.genre],
            "tone": [TONES[value] for value in self.tone],
            "era": [ERAS[value] for value in self.era],
            "tags": ["|".join(np.array(TAGS)[row]) for row in self.tags],
        }


def make_catalogue(items: int, random: np.random.Generator) -> World:
    """Draw so many items; attributes but genre and tone have nothing to do with one another.

    Parameters
    ----------
    items : int
    random : numpy.random.Generator
    """
    genre = random.permutation(np.arange(items) % len(GENRES))
    tone = random.integers(0, len(TONES), items)
    twins = (genre < TWINS) & (random.random(items) < TOGETHER)
    tone[twins] = genre[twins]
    series = np.full(items, -1)
    size = items // _SERIES_SHARE
    members = random.permutation(items)[: SERIES * size]
    series[members] = np.repeat(np.arange(SERIES), size)
    names = [f"{first} {second}" for first, second in product(_FIRST, _SECOND)]
    return World(
        titles=tuple(names[at] for at in random.permutation(len(names))[:items]),
        genre=genre,
        tone=tone,
        era=random.permutation(np.arange(items) % len(ERAS)),
        tags=random.random((items, len(TAGS))) < TAGGED,
        series=series,
    )


def pairs_of_tags() -> list[tuple[int, int]]:
    """All pairs of tags."""
    return list(combinations(range(len(TAGS)), 2))
