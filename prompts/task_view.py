"""What a template of a comparison, a what-if or a profile sees of a claim."""

from __future__ import annotations

from dataclasses import dataclass

from recx_agent.prompts.claim_view import MANY, Attribute
from recx_agent.prompts.deeds import Group, Phrase, one_scale
from recx_agent.prompts.languages import Noun


@dataclass(frozen=True)
class Entry:
    """An item compared or moved; a rank is 0 where it is none of the candidates."""

    title: str
    rank: int = 0
    before: int = 0
    after: int = 0

    @property
    def rises(self) -> bool:
        """Whether it stands higher afterwards."""
        return 0 < self.after < self.before


@dataclass(frozen=True)
class ChangeView:
    """What is different: titles and attributes in words.

    ``unnamed``: something is left out besides that is not to be named.
    """

    remove: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    mute: tuple[Attribute, ...] = ()
    exclude_values: tuple[Attribute, ...] = ()
    unnamed: bool = False

    @property
    def left_out(self) -> bool:
        """Whether anything may not come."""
        return bool(self.exclude or self.exclude_values or self.unnamed)

    @property
    def nothing(self) -> bool:
        """Whether all is as it was."""
        return not (self.remove or self.add or self.mute or self.left_out)


@dataclass(frozen=True)
class Listing:
    """The top list: its length, and how many of it are others."""

    k: int
    replaced: int


@dataclass(frozen=True)
class Standing:
    """How many users liked the first and the second item, of how many."""

    liked_by: int
    other_liked_by: int
    users: int


@dataclass(frozen=True)
class TaskView:
    """One claim in the words a template needs; what the claim has not is empty.

    Attributes
    ----------
    noun : Noun
        What items are called.
    style : int
        From 0 on: which of the wordings.
    first, second : bool
        Whether nothing, and whether one thing was told before.
    more : bool
        Whether a reason was told before.
    against : bool
        Whether something that speaks for the other item was told before.
    causes : int
        How many causes the claim cites.
    entries : tuple of Entry
        The items that the claim cites, in its order.
    groups, phrases, titles : tuple
        History items, with what was done and without.
    attributes : tuple of Attribute
    change : ChangeView or None
    listing : Listing or None
    standing : Standing or None
    count : int
        Items of the history.
    most : bool
        Whether nothing in the history weighs more.
    """

    noun: Noun
    style: int = 0
    first: bool = True
    second: bool = False
    more: bool = False
    against: bool = False
    causes: int = 0
    entries: tuple[Entry, ...] = ()
    groups: tuple[Group, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    titles: tuple[str, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    change: ChangeView | None = None
    listing: Listing | None = None
    standing: Standing | None = None
    count: int = 0
    most: bool = False

    @property
    def one_scale(self) -> bool:
        """Whether all ratings in ``groups`` are on one scale."""
        return one_scale(self.groups)

    @property
    def many(self) -> bool:
        """Whether "many" can be said of the history items."""
        return self.count >= MANY
