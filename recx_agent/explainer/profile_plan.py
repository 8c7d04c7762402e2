"""What may be said of a user: what counts, where the history leans."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recx_agent.explainer.person import Person
from recx_agent.explainer.teller import Script, Teller
from recx_agent.protocols import Claim
from recx_agent.schemas import AttributeLeaning, Evidence, Profile

_TOWARDS = 3
_AWAY = 2
_ITEMS = 3
"""Leanings to, leanings away and history items told at most."""


def profile_script(teller: Teller, person: Person, profile: Profile) -> Script:
    """Claims and evidence of a profile.

    Parameters
    ----------
    teller : Teller
    person : Person
    profile : Profile
        The numbers.
    """
    count = len(person.history)
    whole = teller.piece("T1", {"count": count, "share": None})
    if not count:
        return Script("profile", [Claim("nothing_counts", ("T1",))], [whole], {})
    towards, away = _leanings(teller, profile)
    items, most = _items(teller, person, profile)
    leaning = [*towards, *away]
    claims = [Claim("history_counts", ("T1",))]
    for kind, pieces in (("leans_to", towards), ("leans_away", away)):
        if pieces:
            claims.append(Claim(kind, tuple(piece.id for piece in pieces)))
    if items:
        ids = tuple(piece.id for piece in items)
        claims.append(Claim("weighs_now", ids, {"most": most}))
    return Script("profile", claims, [whole, *leaning, *items], {})


def _leanings(teller: Teller, profile: Profile) -> tuple[list[Evidence], list[Evidence]]:
    """Where the history leans to, and away from: what is not small beside the largest."""
    largest = max((abs(entry.leaning) for entry in profile.leanings), default=0.0)
    floor = teller.settings.min_fraction_of_first * largest
    # What no item of the history has is a guess of the factors; nobody would know himself in it.
    towards = [e for e in profile.leanings if e.leaning > 0 and e.items_in_history]
    towards = [e for e in towards if e.leaning >= floor][:_TOWARDS]
    away = [e for e in reversed(profile.leanings) if e.leaning < 0 and -e.leaning >= floor]
    numbered = enumerate([*towards, *away[:_AWAY]], start=1)
    pieces = [_leaning(teller, f"A{number}", entry) for number, entry in numbered]
    return pieces[: len(towards)], pieces[len(towards) :]


def _leaning(teller: Teller, id: str, entry: AttributeLeaning) -> Evidence:
    return teller.piece(id, entry.model_dump(), "cause", entry.leaning)


def _items(teller: Teller, person: Person, profile: Profile) -> tuple[Sequence[Evidence], bool]:
    """The named items that weigh most, and whether nothing else in the history weighs more."""
    history, events = person.history, teller.events(person)
    weights = teller.model.weights(history.ages)
    told: list[int] = []
    for position in (int(p) for p in np.argsort(-weights, kind="stable")):
        item = int(history.items[position])
        named = item not in person.unnamed and not history.disliked[position]
        if named and events.get(item) and len(told) < _ITEMS:
            told.append(position)
    if not told:
        return [], False
    rest = np.delete(weights, told)
    most = float(rest.max(initial=0.0)) <= float(weights[told].min())
    pieces = []
    for number, position in enumerate(told, start=1):
        item = int(history.items[position])
        piece = teller.pieces.history(f"H{number}", item, events[item], disliked=False)
        fields = {**piece.fields, "weight": float(weights[position])}
        pieces.append(piece.model_copy(update={"fields": fields}))
    return pieces, most
