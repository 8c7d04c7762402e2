"""What users thought of items that nobody was told about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class HeldOut:
    """What a user thought of an item that nobody was told about.

    Attributes
    ----------
    user_id, item_id : str
    rating : float
        On the data's scale.
    liked : bool
    evidence : tuple of str
        What is known, in words: what a reader may learn from, if the user is another one.
    language : str
        Of the evidence.
    """

    user_id: str
    item_id: str
    rating: float
    liked: bool
    evidence: tuple[str, ...] = ()
    language: str = "en"
