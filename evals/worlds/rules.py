"""What the users of a planted world follow, and whether a recommender could know it.

Knowable: the rule can be told from the data that a recommender is given.

================  ================================================================
rule              what is liked
================  ================================================================
``attribute``     items of one genre
``conjunction``   items of one genre and one era: both are needed
``correlated``    items of one genre that nine times in ten have one tone, too;
                  the tone is no part of the rule
``alike``         items like one item: a series that no attribute names, and that
                  other users like too. The reason is told by items
================  ================================================================

Unknowable: it cannot, and the honest answer to "why?" is that there is no clear reason.

================  ================================================================
``either``        items with one of two tags but not both. A sum over attributes has
                  no such term, and no other user has the same two tags
``private``       items with a property that the catalogue does not have and that
                  nobody else cares for
``hour``          whatever is met in the evening; the hour is not told to the model
``coin``          a coin is tossed
================  ================================================================

A property that the catalogue lacks is not unknowable as such: where many users share it, it
shows in what they like together. That is ``alike``, and why the others are one user's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

KnowableKind = Literal["attribute", "conjunction", "correlated", "alike"]
UnknowableKind = Literal["either", "private", "hour", "coin"]
RuleKind = KnowableKind | UnknowableKind
KNOWABLE: tuple[KnowableKind, ...] = get_args(KnowableKind)
UNKNOWABLE: tuple[UnknowableKind, ...] = get_args(UnknowableKind)
RULES: tuple[RuleKind, ...] = (*KNOWABLE, *UNKNOWABLE)

IN_EXTRA = "rule"
"""Under which a sample's ``extra`` has the rule of its user."""


@dataclass(frozen=True)
class Rule:
    """The rule of one user.

    Attributes
    ----------
    kind : str
    parts : tuple of str
        Attributes that the rule is made of, ``name=value``; none where it is told by items.
        Of an unknowable rule they are what nobody should be able to name.
    items : tuple of str
        External ids of every item that follows the rule; none where liking hangs on no item.
    twins : tuple of str
        Attributes that go together with the parts and are no part of the rule.
    """

    kind: RuleKind
    parts: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    twins: tuple[str, ...] = ()

    @property
    def knowable(self) -> bool:
        """Whether a recommender could know it."""
        return self.kind in KNOWABLE

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)

    @classmethod
    def of_dict(cls, content: Mapping[str, Any]) -> Rule:
        """Read back what :meth:`as_dict` gave."""
        lists = {name: tuple(content[name]) for name in ("parts", "items", "twins")}
        return cls(content["kind"], **lists)


def value_of(attribute: str) -> str:
    """The value in ``name=value``."""
    return attribute.partition("=")[2]
