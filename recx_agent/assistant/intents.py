"""What a person asks for, as far as words alone tell: the way without a language model.

It answers where no model does, and it is asked before anything is changed: a model that calls
``give_feedback`` is not believed unless the person's own words say so.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

TALK = "talk"


@dataclass(frozen=True)
class Pattern:
    """One way to say what is wanted; ``kind`` is that of feedback or of talk."""

    tool: str
    kind: str
    found: re.Pattern[str]

    def finds(self, said: str) -> bool:
        """Whether words say it; a question likes and dislikes nothing."""
        asks = said.endswith(("?", "？")) and self.kind in ("like", "dislike")
        return not asks and bool(self.found.search(said))


@dataclass(frozen=True)
class Intents:
    """The patterns of one language, in the order in which they decide."""

    patterns: tuple[Pattern, ...]
    words: Mapping[str, Any]

    def of(self, text: str) -> Pattern | None:
        """What the words ask for; ``None`` if they do not say."""
        said = plain(text)
        return next((one for one in self.patterns if one.finds(said)), None)

    def feedback_kinds(self, text: str) -> frozenset[str]:
        """The kinds of feedback that the words may give, whatever else they say."""
        said = plain(text)
        return frozenset(
            one.kind for one in self.patterns if one.tool == "give_feedback" and one.finds(said)
        )

    def points(self, text: str) -> bool:
        """Whether the words point at what was talked about: this, that."""
        return bool(re.search(self.words["this"], plain(text)))

    def is_left_out(self, before: str) -> bool:
        """Whether what follows these words is not wanted: "no", "without"."""
        return bool(re.search(self.words["without"], plain(before) + " "))

    def place(self, text: str) -> int | None:
        """The place in a list that is named, from 0; ``None`` if none is."""
        return _index_of(self.words["ordinals"], plain(text))

    def count(self, text: str) -> int | None:
        """How many are asked for."""
        said = plain(text)
        if found := re.search(r"(?<![\d#.,])([1-9]|1\d|20)(?![\d.,])", said):
            return int(found[1])
        place = _index_of(self.words["counts"], said)
        return None if place in (None, 0) else place + 1


def plain(text: str) -> str:
    """Lower case, straight apostrophes, single spaces."""
    return " ".join(text.replace("’", "'").lower().split())


def language_of_text(text: str) -> str:
    """``zh`` where there are more than one or two Chinese characters to the words, else ``en``."""
    han = len(re.findall(r"[\u3400-\u9fff]", text))
    return "zh" if han >= 2 or (han and not re.search(r"[A-Za-z]", text)) else "en"


@functools.cache
def intents_of(language: str) -> Intents:
    """Load the patterns of a language."""
    file = resources.files("recx_agent.assistant").joinpath("phrases", f"{language}.toml")
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    patterns = tuple(
        Pattern(one["tool"], one.get("kind", ""), re.compile(one["pattern"], re.DOTALL))
        for one in table["intent"]
    )
    return Intents(patterns, table["words"])


def _index_of(groups: list[list[str]], said: str) -> int | None:
    for number, words in enumerate(groups):
        for word in words:
            edge = r"\b" if word[0].isascii() and word[0].isalnum() else ""
            end = r"\b" if word[-1].isascii() and word[-1].isalnum() else ""
            if re.search(f"{edge}{re.escape(word)}{end}", said):
                return number
    return None
