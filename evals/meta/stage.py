"""An explanation for untruths to be planted into, and what is true in it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from recx_agent.evals.meta.frames import FRAMES, Frames
from recx_agent.evals.scorers.grounded.data import Raw


@dataclass(frozen=True)
class Stage:
    """An explanation, what is true in it, and the dice.

    ``causes`` are (evidence id, title, rating) of the largest positive terms of films that the
    user rated so, enough of them to carry a reason; ``low`` is a film rated but no reason.
    """

    raw: Raw
    explanation: Mapping[str, Any]
    dice: random.Random

    @property
    def user(self) -> str:
        """Whose explanation it is."""
        return str(self.explanation["user_id"])

    @property
    def item(self) -> str:
        """Title of the item."""
        return str(self.explanation["item"]["title"])

    @property
    def genres(self) -> tuple[str, ...]:
        """Genres of the item."""
        return self.raw.films[self.explanation["item"]["item_id"]].genres

    @property
    def frames(self) -> Frames:
        """How things are put in its language."""
        return FRAMES[self.explanation["writer"]["language"]]

    @property
    def causes(self) -> list[tuple[str, str, int]]:
        """The causes that the explanation itself tells first."""
        for sentence in self.explanation["sentences"]:
            pieces = [p for p in self.explanation["evidence"] if p["id"] in sentence["evidence"]]
            if pieces and all(p["id"][0] == "H" and p["contribution"] > 0 for p in pieces):
                return [(p["id"], p["fields"]["title"], int(p["fields"]["rating"])) for p in pieces]
        return []

    @property
    def history(self) -> list[str]:
        """Titles of all that the user rated."""
        own = self.raw.ratings[self.user]
        return sorted({self.raw.films[id].title for id in own})

    def strange(self) -> str:
        """A film that the user did not rate."""
        known = {*self.history, self.item}
        films = sorted({f.title for f in self.raw.films.values()} - known)
        return self.dice.choice([t for t in films if not self.raw.rated(self.user, t)])

    def marked(self, title: str) -> str:
        """A title in its marks."""
        return self.frames.mark(title)

    def reason(self) -> str:
        """A true sentence that gives the reason."""
        made = [make(self.item, self.causes) for make in self.frames.reasons]
        return str(self.dice.choice([text for text in made if text]))

    def evidence_of(self, text: str) -> list[str]:
        """Ids of the evidence that a sentence speaks of."""
        cited = [id for id, title, _ in self.causes if self.marked(title) in text]
        return cited or [self.causes[0][0]]

    def renamed(self, text: str, old: str, new: str) -> str:
        """The text with another title."""
        return text.replace(self.marked(old), self.marked(new))
