"""A true sentence and where it stands, for untruths to be planted into it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from recx_agent.evals.scorers.grounded.data import Raw
from recx_agent.evals.scorers.grounded.known.check import ListCheck
from recx_agent.evals.scorers.grounded.known.reading import Told
from recx_agent.evals.scorers.grounded.shown import Shown, causes_of


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
        return self.mark(self.shown.title)

    def mark(self, title: str) -> str:
        """A title in the marks of the language."""
        opening, closing = self.check.tongue.title_marks
        return f"{opening}{title}{closing}"

    def marked(self, titles: Sequence[str]) -> str:
        """Titles in their marks, listed."""
        return self.check.tongue.list_titles([self.mark(title) for title in titles])

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

    def plain(self, pattern: str, new: str) -> str | None:
        """Replace the first match outside of marks; ``None`` if there is none."""
        marked = self.check.tongue.marked
        place = 0
        spans = [found.span() for found in marked.finditer(self.text)]
        for start, end in [*spans, (len(self.text), len(self.text))]:
            changed = re.sub(pattern, new, self.text[place:start], count=1)
            if changed != self.text[place:start]:
                return self.text[:place] + changed + self.text[start:]
            place = end
        return None

    def renamed(self, old: str | None, new: str) -> str | None:
        """The sentence with another title."""
        return self.text.replace(self.mark(old), self.mark(new)) if old else None

    def off_by_one(self, name: str) -> str | None:
        """The sentence with a number that is one off."""
        if name not in self.told.numbers:
            return None
        show = self.check.tongue.show
        true = self.told.numbers[name]
        wrong = true + self.random.choice((-1, 1))
        return self.plain(rf"(?<!\d){show(true)}(?!\d)", show(wrong))


Lie = Callable[[Scene], "str | tuple[str, list[str]] | None"]
Lies = dict[str, Lie]


def enter(lies: Lies) -> Callable[[Lie], Lie]:
    """Enter a kind of untruth under its own name."""

    def entered(make: Lie) -> Lie:
        lies[make.__name__.replace("_", " ")] = make
        return make

    return entered
