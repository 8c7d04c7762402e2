"""How high a rating is on its own scale, and which words that carries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_LIKES = {"like", "liked"}
_DISLIKES = {"dislike", "disliked"}
_RANGES = {
    "top": (1.0, 1.0),
    "love": (0.9, 1.0),
    "high": (0.7, 1.0),
    "like": (0.7, 1.0),
    "mid": (0.35, 0.65),
    "low": (0.0, 0.3),
    "bottom": (0.0, 0.0),
}
_NEGATED = {"top": "", "love": "low", "high": "low", "like": "low"}


def carries(
    events: Iterable[Mapping[str, Any]], word: str, negated: bool, *, thumbs: bool = False
) -> bool:
    """Whether every event bears a word of this height; ``negated``: "did not like".

    Parameters
    ----------
    events : iterable of mapping
        With ``event_type``, ``rating``, ``rating_min`` and ``rating_max``.
    word : str
        One of ``top``, ``love``, ``high``, ``like``, ``mid``, ``low``, ``bottom``.
    negated : bool
    thumbs : bool, optional
        Whether a rating is a thumb up or down.

    Notes
    -----
    A height is the rating's place between the ends of the scale, 0 to 1. What has no rating
    bears no word but that of its own type ("liked"). On a scale of two values the upper is
    ``like`` and the lower ``low``, never more. "Not loved" could mean anything below, so it
    stands for ``low``; "not disliked" is never decided, so never true.
    """
    wanted = _NEGATED.get(word, "") if negated else word
    judged = [_bears(event, wanted, thumbs) for event in events]
    told = [one for one in judged if one is not None]
    return bool(told) and all(told)


def _bears(event: Mapping[str, Any], word: str, thumbs: bool) -> bool | None:
    """Whether one event bears the word; ``None`` if it says nothing about liking."""
    kind = str(event.get("event_type", "")).lower()
    rating = event.get("rating")
    if rating is None:
        if kind in _LIKES:
            return word == "like"
        return word == "low" if kind in _DISLIKES else None
    low, high = event.get("rating_min"), event.get("rating_max")
    if low is None or high is None or not low < high or word not in _RANGES:
        return False
    height = (rating - low) / (high - low)
    if (thumbs or high - low <= 1) and word in ("top", "love", "bottom"):
        return False
    least, most = _RANGES[word]
    return bool(least - 1e-9 <= height <= most + 1e-9)
