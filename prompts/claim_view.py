"""What a template sees of a claim: names in words, numbers as numbers.

Every text in a view has gone through :mod:`recx_agent.prompts.cleaning`, so a template cannot
show raw data; numbers are worded by the templates' filters.
"""

from __future__ import annotations

from dataclasses import dataclass

from recx_agent.prompts.deeds import Deed, Group, Phrase, Rating, one_scale
from recx_agent.prompts.languages import Noun

MANY = 5


@dataclass(frozen=True)
class Attribute:
    """An attribute, named in the right number, and its values in words."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Ranks:
    """The rank of the item as it is and without causes; ``k`` is 0 if not told."""

    rank: int
    without: int
    k: int

    @property
    def out(self) -> bool:
        """Whether the item is among the top ``k`` only with the causes."""
        return self.without > self.k >= self.rank

    @property
    def worse(self) -> bool:
        """Whether the item stands lower without the causes."""
        return self.without > self.rank


@dataclass(frozen=True)
class Everyone:
    """How an item does with everyone; ``share`` is ``None`` if not told.

    What counts as liking it is a rating of ``bar`` or higher, or else ``deed``; where it is
    neither, having it in the history.
    """

    liked_by: int
    users: int
    bar: Rating | None
    deed: Deed | None
    share: float | None


@dataclass(frozen=True)
class Whole:
    """The history as a whole; ``share`` is ``None`` if not told."""

    count: int
    share: float | None

    @property
    def many(self) -> bool:
        """Whether "many" can be said of its items."""
        return self.count >= MANY


@dataclass(frozen=True)
class Place:
    """Where an item stands among the candidates; ``k`` is 0 if not told."""

    rank: int
    candidates: int
    k: int = 0


@dataclass(frozen=True)
class Elsewhere:
    """The recommender that chose an item, and where our own model ranks it."""

    name: str
    place: Place | None


@dataclass(frozen=True)
class Context:
    """When and how the user asks.

    ``weekday`` and ``time_of_day`` are one of the words that the templates know, or empty;
    everything else is in ``others``.
    """

    weekday: str
    time_of_day: str
    others: tuple[Attribute, ...]

    @property
    def count(self) -> int:
        """How many statements it makes: weekday and time of day are one."""
        return len(self.others) + bool(self.weekday or self.time_of_day)


@dataclass(frozen=True)
class Words:
    """A text of the user's own, in quotes; ``title`` is empty where it is of no item."""

    text: str
    title: str
    search: bool
    dates: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClaimView:
    """One claim in the words a template needs; what the claim has not is empty.

    Attributes
    ----------
    item : str
        The item's title in its marks.
    clear : bool
        Whether the item is what was spoken of last: "it" is understood.
    noun : Noun
        What items are called.
    first : bool
        Whether nothing was told before.
    more : bool
        Whether a reason was told before.
    told : int
        How many causes were told before.
    causes : int
        How many causes the claim cites.
    groups, phrases : tuple
        History items with what was done; those told for an earlier item left out.
    own : tuple of Group
        What was done with the item itself, whose title in them is empty.
    again : tuple of str
        Titles told for an earlier item.
    repeated : bool
        Whether everything in the claim was told for an earlier item.
    titles : tuple of str
        All history items.
    all_told : bool
        Whether these are just the causes told, and were the last to be told of.
    attributes : tuple of Attribute
        Those with few values first.
    among_others : bool
        Of what is in common: whether the item has other values of the attribute, too.
    also_for : tuple of str
        Titles of later items.
    as_of : str
        Time at which changing facts were so, in words.
    most : bool
        Whether it adds more than any cause told.
    favoured, against_again : bool
        Whether something for the item, and something against it, was told before.
    has_history : bool
        Whether the score rests on a history at all.
    chosen : bool
        Whether it was told that another recommender chose the item: it is no suggestion of ours.
    """

    item: str
    clear: bool
    noun: Noun
    first: bool
    more: bool
    told: int
    causes: int
    groups: tuple[Group, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    own: tuple[Group, ...] = ()
    again: tuple[str, ...] = ()
    repeated: bool = False
    titles: tuple[str, ...] = ()
    all_told: bool = False
    attributes: tuple[Attribute, ...] = ()
    among_others: bool = False
    also_for: tuple[str, ...] = ()
    as_of: str = ""
    ranks: Ranks | None = None
    place: Place | None = None
    elsewhere: Elsewhere | None = None
    context: Context | None = None
    words: Words | None = None
    everyone: Everyone | None = None
    whole: Whole | None = None
    most: bool = False
    favoured: bool = False
    against_again: bool = False
    has_history: bool = True
    chosen: bool = False

    @property
    def one_scale(self) -> bool:
        """Whether all ratings in ``groups`` are on one scale."""
        return one_scale(self.groups)


@dataclass(frozen=True)
class EvidenceView:
    """One piece of evidence in words; what it is not is empty."""

    noun: Noun
    groups: tuple[Group, ...] = ()
    attribute: Attribute | None = None
    as_of: str = ""
    everyone: Everyone | None = None
    whole: Whole | None = None
    elsewhere: Elsewhere | None = None
    context: Context | None = None
    words: Words | None = None
