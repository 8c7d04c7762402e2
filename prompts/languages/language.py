"""What a language has to say for itself: the rules that templates cannot hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True)
class Noun:
    """What items are called.

    Attributes
    ----------
    one, many : str
        One item and several.
    measure : str
        Measure word between a number and the noun; empty in languages without any.
    sort : str
        Sort of thing, such as ``film``, in the words of the language's tables; it may
        choose verbs and title marks. Empty if not known.
    """

    one: str
    many: str
    measure: str = ""
    sort: str = ""


class Language(Protocol):
    """Rules of one language.

    A language is a module of this package with an object ``LANGUAGE`` that has these
    methods, a folder of templates of the same code under ``templates``, and a line in
    ``templates/manifest.toml``.
    """

    @property
    def code(self) -> str:
        """ISO 639 code, the name of the folder of templates."""
        ...

    @property
    def joint(self) -> str:
        """What stands between two sentences."""
        ...

    @property
    def filters(self) -> Mapping[str, Callable[..., Any]]:
        """What the templates can use, by name."""
        ...

    def noun(self, name: str, measure: str) -> Noun:
        """Find out about the noun an operator gave; ``measure`` is theirs too, or empty."""
        ...

    def title(self, data: object, noun: Noun) -> str:
        """Put an item's title between marks that it cannot close."""
        ...

    def quoted(self, text: str) -> str:
        """Put a clean text between quotes that it cannot close."""
        ...

    def value(self, data: object) -> str:
        """Word an attribute's value: as it is if it reads like a name, else in quotes."""
        ...

    def attribute_name(self, name: str, count: int) -> str:
        """Name an attribute with so many values."""
        ...

    def unit(self, unit: str, value: float) -> str:
        """Put the unit of ratings in the form that a number asks for."""
        ...

    def moment(self, when: datetime) -> str:
        """Word a date and time with its zone."""
        ...

    def listed(self, items: list[str]) -> str:
        """Join words as a list."""
        ...

    def others(self, count: int) -> str:
        """Say how many more values there are."""
        ...

    def line(self, text: str) -> str:
        """Put what a macro wrote on one line."""
        ...

    def sentence(self, text: str) -> str:
        """Finish what a macro wrote as a sentence: one line, how it begins, how it ends."""
        ...
