"""Whether a text appeals to what the user holds."""

from __future__ import annotations

from recx_agent.evals.scorers.base import Score, unscored
from recx_agent.evals.scorers.grounded.case import Case


def preference_inconsistency(case: Case) -> Score:
    """1 if the text names an attribute that the item has and no film the user liked has, else 0.

    The mean over samples is the share of explanations that are true of the item and false of
    the user, as P-EHR of PURE (arXiv 2603.03080; by its abstract, which alone was read). Lower is
    better. Years are no preference. Unscored where no attribute of the item is named, and for a
    user without likings.
    """
    film = case.raw.films[case.sample.item_id]
    own = {value for values in film.values.values() for value in values if not value.isdigit()}
    told = sorted(case.attributes & own)
    if not told:
        return unscored("no attribute")
    liked = case.raw.liked_by(case.sample.user_id)
    if not liked:
        return unscored("no likings")
    held = {
        value for id in liked for values in case.raw.films[id].values.values() for value in values
    }
    foreign = [value for value in told if value not in held]
    reason = f"no film the user liked has {foreign}" if foreign else ""
    return Score(float(bool(foreign)), f"{len(foreign)} of {len(told)}", reason)
