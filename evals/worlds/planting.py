"""Who likes what in a planted world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.evals.worlds.catalogue import (
    ERAS,
    GENRES,
    SERIES,
    TAGS,
    TONES,
    TWINS,
    World,
    make_catalogue,
    pairs_of_tags,
)
from recx_agent.evals.worlds.rules import Rule, RuleKind
from recx_agent.evals.worlds.spec import WorldSpec

HIGH, LOW = (4, 5), (1, 2)
"""Ratings of what is liked and of what is not, on a scale of 1 to 5."""
_EVENING = 18
_FIRST_DAY = 1_700_006_400
"""A midnight in UTC; each user meets one item a day from here on."""
_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60
_PRIVATE_SHARE = 6
"""A private property is that of a sixth of the items: as many as a genre has."""
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Planted:
    """A planted world.

    Attributes
    ----------
    items : dict of str to list
        Columns of the items file.
    interactions : list of (user_id, item_id, value, timestamp)
    rules : dict of str to Rule
        By external user id.
    """

    items: dict[str, Any]
    interactions: list[tuple[str, str, int, int]]
    rules: dict[str, Rule]


def plant(spec: WorldSpec) -> Planted:
    """Make a world; equal settings give equal worlds.

    Parameters
    ----------
    spec : WorldSpec
    """
    random = np.random.default_rng(spec.seed)
    world = make_catalogue(spec.items, random)
    ids, pairs = world.ids, random.permutation(pairs_of_tags())
    rules: dict[str, Rule] = {}
    rows: list[tuple[str, str, int, int]] = []
    for kind in spec.rules:
        for number in range(spec.users_per_rule):
            user = f"{kind}-{number}"
            rule, liked = _rule(kind, number, world, pairs, random)
            rules[user] = rule
            items, likes = _met(liked, spec, random)
            times = _times(likes, random, by_hour=kind == "hour")
            values = np.where(
                likes, random.choice(HIGH, len(items)), random.choice(LOW, len(items))
            )
            met = zip(items.tolist(), values.tolist(), times, strict=True)
            rows += [(user, ids[item], value, time) for item, value, time in met]
    return Planted(world.columns(), rows, rules)


def _rule(
    kind: RuleKind,
    number: int,
    world: World,
    pairs: NDArray[np.int64],
    random: np.random.Generator,
) -> tuple[Rule, Mask | None]:
    """One user's rule and the items that follow it; ``None`` where liking hangs on no item."""
    if kind in ("hour", "coin"):
        return Rule(kind), None
    parts: tuple[str, ...] = ()
    twins: tuple[str, ...] = ()
    if kind == "attribute":
        genre = TWINS + number % (len(GENRES) - TWINS)
        parts, liked = (_named("genre", GENRES, genre),), world.genre == genre
    elif kind == "conjunction":
        genre = TWINS + number % (len(GENRES) - TWINS)
        era = number // (len(GENRES) - TWINS) % len(ERAS)
        parts = (_named("genre", GENRES, genre), _named("era", ERAS, era))
        liked = (world.genre == genre) & (world.era == era)
    elif kind == "correlated":
        genre = number % TWINS
        parts, liked = (_named("genre", GENRES, genre),), world.genre == genre
        twins = (_named("tone", TONES, genre),)
    elif kind == "alike":
        liked = world.series == number % SERIES
    elif kind == "either":
        one, other = pairs[number]
        parts = (_named("tags", TAGS, one), _named("tags", TAGS, other))
        liked = world.tags[:, one] != world.tags[:, other]
    else:
        size = len(world.ids) // _PRIVATE_SHARE
        liked = np.zeros(len(world.ids), dtype=bool)
        liked[random.choice(len(world.ids), size, replace=False)] = True
    ids = world.ids
    items = tuple(ids[item] for item in np.flatnonzero(liked))
    return Rule(kind, parts, items, twins), liked


def _named(name: str, values: Sequence[str], number: int) -> str:
    return f"{name}={values[number]}"


def _met(
    liked: Mask | None, spec: WorldSpec, random: np.random.Generator
) -> tuple[NDArray[np.int64], Mask]:
    """What a user meets in order of time, and whether it is liked.

    A share of the likes follows no rule; nothing that follows it is rated low.
    """
    everything = random.permutation(spec.items)
    by_chance = spec.likes if liked is None else round(spec.noise * spec.likes)
    follows = np.ones(spec.items, dtype=bool) if liked is None else liked
    ruled = everything[follows[everything]][: spec.likes - by_chance]
    by_chance = spec.likes - len(ruled)  # more where few items follow the rule
    # Drawn anew: the first of a permutation that are left over are none that follow the rule.
    left = random.permutation(everything[~np.isin(everything, ruled)])
    noise = left[:by_chance]
    low = left[by_chance:]
    low = (low if liked is None else low[~follows[low]])[: spec.dislikes]
    items = np.concatenate([ruled, noise, low])
    likes = np.arange(len(items)) < spec.likes
    order = random.permutation(len(items))
    return items[order], likes[order]


def _times(likes: Mask, random: np.random.Generator, *, by_hour: bool) -> list[int]:
    """Seconds since 1970; where the hour rules, what is liked was met in the evening."""
    hours = random.integers(0, 24, len(likes))
    if by_hour:
        evening = random.integers(_EVENING, 24, len(likes))
        hours = np.where(likes, evening, random.integers(0, _EVENING, len(likes)))
    minutes = random.integers(0, 60, len(likes))
    days = _FIRST_DAY + _DAY * np.arange(len(likes))
    times: list[int] = (days + _HOUR * hours + _MINUTE * minutes).tolist()
    return times
