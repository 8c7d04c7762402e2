"""What a sentence asserts, in any language."""

from __future__ import annotations

from dataclasses import dataclass

ITEM = "ITEM"
"""The item explained, where ids of history items stand otherwise."""


@dataclass(frozen=True)
class Assertion:
    """One thing said.

    Attributes
    ----------
    kind : str
        ``told`` (words of a placeholder that tell a deed), ``deed``, ``rated``, ``level``,
        ``felt``, ``favourite``, ``suggested``, ``because``, ``only``, ``most``, ``has``,
        ``shares``, ``adds``, ``against``, ``ranks``, ``out``, ``users``, ``everyone``,
        ``everyone_most``, ``now``, ``wrote``,
        ``searched``, ``contrast``, ``opposed``, ``unclear``.
    about : tuple of str
        Ids of the history items (or `ITEM`) it is about; of ``because``: of the causes.
    slots : tuple of tuple of str
        Placeholders it names; each as the names of all slots with the same words.
    value : str
        Type of the deed, height of the rating or of the feeling, what was wrong.
    negated : bool
    sides : tuple of tuple of Assertion
        Of ``contrast`` (two statements with "but" between them) and ``opposed`` (a sentence that
        begins with "however"): what is said before the word and after it.
    """

    kind: str
    about: tuple[str, ...] = ()
    slots: tuple[tuple[str, ...], ...] = ()
    value: str = ""
    negated: bool = False
    sides: tuple[tuple[Assertion, ...], ...] = ()


@dataclass(frozen=True)
class Mentions:
    """Who was spoken of, in order: ids of history items and `ITEM`."""

    ids: tuple[str, ...] = ()

    @property
    def history(self) -> tuple[str, ...]:
        """History items, each once."""
        return tuple(dict.fromkeys(id for id in self.ids if id != ITEM))

    @property
    def item(self) -> bool:
        """Whether the item was mentioned."""
        return ITEM in self.ids
