"""A true sentence and where it stands, for untruths to be planted into it."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from tests.e2e.raw_check import ListCheck
from tests.e2e.raw_data import Raw, Shown, causes_of
from tests.e2e.raw_text import Told


@dataclass(frozen=True)
class Scene:
    """A true sentence and where it stands."""

    check: ListCheck
    n: int
    position: int
    random: random.Random

    @property
    def raw(self) -> Raw:
        return self.check.raw

    @property
    def shown(self) -> Shown:
        return self.check.shown[self.n]

    @property
    def text(self) -> str:
        return str(self.shown.public["sentences"][self.position]["text"])

    @property
    def cited(self) -> list[str]:
        return list(self.shown.public["sentences"][self.position]["evidence"])

    @property
    def told(self) -> Told:
        told = self.shown.told[self.position]
        assert told is not None
        return told

    @property
    def item(self) -> str:
        return f"“{self.shown.title}”"

    def is_kind(self, *kinds: str) -> bool:
        return self.told.kind in kinds

    def cause(self) -> str | None:
        """A film that the sentence gives as a reason."""
        films = causes_of(self.told) if self.is_kind("because_history") else ()
        return self.random.choice(films) if films else None

    def other_than(self, titles: Sequence[str]) -> str:
        """One of the titles that does not stand in the list or this user's reasons."""
        taken = {shown.title for shown in self.check.shown} | set(self.shown.causes)
        return self.random.choice([title for title in titles if title not in taken])

    def cited_film(self, title: str) -> str | None:
        """Id of the evidence of a film."""
        pieces = self.shown.evidence.values()
        return next((p["id"] for p in pieces if p["fields"].get("title") == title), None)


def plain(text: str, pattern: str, new: str) -> str | None:
    """Replace the first match outside quotes; ``None`` if there is none."""
    parts = re.split("(“[^“”]*”)", text)
    for place in range(0, len(parts), 2):
        changed = re.sub(pattern, new, parts[place], count=1)
        if changed != parts[place]:
            parts[place] = changed
            return "".join(parts)
    return None


def ordinal(value: int) -> str:
    ending = (
        "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    )
    return f"{value:,}{ending}"


def quoted(titles: Sequence[str]) -> str:
    named = [f"“{title}”" for title in titles]
    comma = "," if len(named) > 2 else ""
    return f"{', '.join(named[:-1])}{comma} and {named[-1]}" if len(named) > 1 else named[0]


def renamed(scene: Scene, old: str | None, new: str) -> str | None:
    return scene.text.replace(f"“{old}”", f"“{new}”") if old else None


def off_by_one(s: Scene, name: str) -> str | None:
    if name not in s.told.numbers:
        return None
    true = s.told.numbers[name]
    return plain(s.text, rf"\b{true:,}\b", f"{true + s.random.choice((-1, 1)):,}")
