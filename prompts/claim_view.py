"""What a template sees of a claim: names and numbers in words, ready to be put in.

Everything a view holds has gone through :mod:`recx_agent.prompts.cleaning`, so a template
cannot show raw data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recx_agent.errors import PromptError
from recx_agent.prompts.cleaning import clean, number, plain_value, quoted
from recx_agent.prompts.deeds import Deed, EventWords, Group, Phrase, grouped, phrased
from recx_agent.prompts.evidence_fields import Fields, whole_number
from recx_agent.prompts.filters import named, plural
from recx_agent.protocols import Claim, Plan

CITES = {
    "because_history": "H",
    "because_attr": "A",
    "weighed_most": "HA",
    "without": "HA",
    "in_common": "HF",
    "against": "HA",
    "everyone": "B",
    "everyone_against": "B",
    "fact": "F",
    "no_single_cause": "T",
    "rests_everyone": "B",
    "no_history": "B",
    "own_item": "HF",
    "outside": "T",
    "speaks_for": "HA",
}
"""First letters of the evidence each kind of claim can cite."""

_OF_ONE_CAUSE = {"weighed_most", "without"}
_ABOUT_OTHERS = {"weighed_most", "without", "in_common", "against"}
_AGAINST = {"against", "everyone_against"}
_MAX_VALUES = 5
_DID = "have it in their history as a positive"


@dataclass(frozen=True)
class Attribute:
    """An attribute, named in the right number, and its values."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Ranks:
    """The rank of the item as it is and without a cause; ``k`` is 0 if not told."""

    rank: int
    without: int
    k: int

    @property
    def out(self) -> bool:
        """Whether the item is among the top ``k`` only with the cause."""
        return self.without > self.k >= self.rank and self.k > 1

    @property
    def worse(self) -> bool:
        """Whether the item stands lower without the cause."""
        return self.without > self.rank


@dataclass(frozen=True)
class Everyone:
    """How an item does with everyone; ``share`` is ``None`` if not told.

    ``did`` completes "298 users …" with "it" for the item, ``did_named`` with its title.
    """

    liked_by: int
    users: int
    did: str
    did_named: str
    share: float | None

    @property
    def names_item(self) -> bool:
        """Whether ``did_named`` really has the title in it."""
        return self.did_named != self.did


@dataclass(frozen=True)
class Whole:
    """The history as a whole; ``share`` is ``None`` if not told."""

    count: int
    share: float | None


@dataclass(frozen=True)
class Place:
    """Where an item stands that is not among the top ``k``."""

    rank: int
    candidates: int
    k: int


@dataclass(frozen=True)
class ClaimView:
    """One claim in the words a template needs; what the claim has not is empty.

    Attributes
    ----------
    item : str
        The item's title in quotes.
    it : str
        The same, or "it" where that is clear.
    noun, nouns : str
        What one item and several are called.
    more : bool
        Whether a reason was told before.
    told : int
        How many causes were told before.
    groups, phrases : tuple
        History items with what was done; those told for an earlier item left out.
    own : tuple of Phrase
        What was done with the item itself, which is "it".
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
    causes : int
        How many causes the claim cites.
    also_for : tuple of str
        Titles of later items.
    ranks : Ranks or None
    place : Place or None
    everyone : Everyone or None
    whole : Whole or None
    most : bool
        Whether it adds more than any cause told.
    against_again : bool
        Whether something against the item was told before.
    """

    item: str
    it: str
    noun: str
    nouns: str
    more: bool
    told: int
    causes: int
    groups: tuple[Group, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    own: tuple[Phrase, ...] = ()
    again: tuple[str, ...] = ()
    repeated: bool = False
    titles: tuple[str, ...] = ()
    all_told: bool = False
    attributes: tuple[Attribute, ...] = ()
    also_for: tuple[str, ...] = ()
    ranks: Ranks | None = None
    place: Place | None = None
    everyone: Everyone | None = None
    whole: Whole | None = None
    most: bool = False
    against_again: bool = False


class Viewer:
    """Makes the views of one wording.

    Parameters
    ----------
    events : EventWords
    wording : mapping
        See :class:`recx_agent.settings.WordingSettings`.
    """

    def __init__(self, events: EventWords, wording: Mapping[str, Any]) -> None:
        self._events = events
        self._unit = clean(wording.get("scale_unit") or "")
        self._names: Mapping[str, str] = wording.get("attribute_names") or {}
        self.noun = clean(wording.get("item") or "item")
        self.nouns = plural(self.noun)

    def claim(self, plan: Plan, position: int) -> ClaimView:
        """View the claim at ``position`` of a plan.

        Raises
        ------
        PromptError
            It cites no evidence, evidence that is not in the plan or of a sort that
            does not carry it, or something it needs is missing.
        """
        claim = plan.claims[position]
        cited = self._cited(plan, claim)
        before = plan.claims[:position]
        title = quoted(plan.item_title)
        reasons = [c for c in before if c.kind.startswith("because_")]
        again = set(claim.values.get("again") or ())
        events = [f for f in cited if f.letter == "H"]
        new = self.groups([f for f in events if f.id not in again])
        own = claim.kind == "own_item"
        return ClaimView(
            item=title,
            it="it" if before and _leaves_item_in_mind(before[-1]) else title,
            noun=self.noun,
            nouns=self.nouns,
            more=bool(reasons),
            told=len({id for c in reasons for id in c.evidence}),
            causes=len(cited),
            groups=new,
            phrases=phrased(new),
            own=phrased(self.groups(events, called="it")) if own else (),
            again=tuple(quoted(f["title"]) for f in events if f.id in again),
            repeated=again.issuperset(claim.evidence),
            titles=tuple(quoted(f["title"]) for f in events),
            all_told=_are_causes_told(claim, before),
            attributes=self._attributes(claim, cited),
            also_for=tuple(quoted(t) for t in claim.values.get("also_for") or ()),
            ranks=_ranks(claim),
            place=_place(claim, cited),
            everyone=next((self.everyone(f, title) for f in cited if f.letter == "B"), None),
            whole=next((self.whole(f) for f in cited if f.letter == "T"), None),
            most=bool(claim.values.get("most")),
            against_again=any(c.kind in _AGAINST for c in before),
        )

    def _cited(self, plan: Plan, claim: Claim) -> list[Fields]:
        where = f"claim {claim.kind!r}"
        if claim.kind not in CITES:
            raise PromptError(f"{where}: there is no such kind; known are {', '.join(CITES)}")
        if not claim.evidence:
            raise PromptError(f"{where} cites no evidence")
        for id in claim.evidence:
            if id not in plan.evidence:
                raise PromptError(f"{where} cites {id!r}, which is not in the plan")
            if id[0] not in CITES[claim.kind]:
                raise PromptError(f"{where} cannot rest on evidence {id!r}")
        one_sort = claim.kind == "in_common" or len({id[0] for id in claim.evidence}) == 1
        if not one_sort or (claim.kind in _OF_ONE_CAUSE and len(claim.evidence) > 1):
            raise PromptError(f"{where} cannot rest on {', '.join(claim.evidence)} together")
        return [Fields(id, plan.evidence[id].fields) for id in claim.evidence]

    def groups(self, events: Sequence[Fields], called: str = "") -> tuple[Group, ...]:
        """Group history items by what was done with them."""
        told = [(called or quoted(f["title"]), self._deeds(f)) for f in events]
        return grouped(dict.fromkeys(told) if called else told)

    def _deeds(self, fields: Fields) -> tuple[Deed, ...]:
        try:
            return self._events.deeds(fields.all, self._unit)
        except PromptError as error:
            raise PromptError(f"evidence {fields.id!r}: {error}") from error

    def attribute(self, name: str, values: Sequence[Any]) -> Attribute:
        """Name an attribute with these values."""
        called = clean(self._names.get(name, str(name).replace("_", " ")))
        told = tuple(plain_value(value) for value in values[:_MAX_VALUES])
        others = len(values) - len(told)
        return Attribute(named(called, len(values)), (*told, _others(others)) if others else told)

    def _attributes(self, claim: Claim, cited: Sequence[Fields]) -> tuple[Attribute, ...]:
        if claim.kind == "in_common":
            shared = Fields("in_common", claim.values)
            if not any(f.letter == "H" for f in cited):
                raise PromptError("claim 'in_common' cites no history item")
            return (self.attribute(shared["name"], [shared["value"]]),)
        if claim.kind == "own_item":
            return ()
        values: dict[str, list[Any]] = {}
        for f in cited:
            if f.letter in "AF":
                values.setdefault(f["name"], []).extend(f.values)
        attributes = [self.attribute(name, told) for name, told in values.items()]
        return tuple(sorted(attributes, key=lambda attribute: len(attribute.values)))

    def everyone(self, fields: Fields, title: str = "it") -> Everyone:
        """View how the item does with everyone."""
        liked_by, users = fields.count("liked_by"), fields.count("users")
        did = clean(fields.all.get("liked_by_text") or _DID)
        if liked_by == 1:
            did = re.sub(r"^have\b", "has", did)
        with_title = re.sub(r"\bit\b", lambda _: title, did, count=1)
        return Everyone(liked_by, users, did, with_title, fields.share)

    def whole(self, fields: Fields) -> Whole:
        """View the history as a whole."""
        return Whole(fields.count("count"), fields.share)


def _are_causes_told(claim: Claim, before: Sequence[Claim]) -> bool:
    """Whether a claim is about all causes told, with no other thing told in between."""
    while before and before[-1].kind in _OF_ONE_CAUSE:
        before = before[:-1]
    if [c.kind for c in before] != ["because_history"]:
        return False
    told = set(before[0].evidence)
    return len(told) > 1 and told == {id for id in claim.evidence if id[0] == "H"}


def _leaves_item_in_mind(claim: Claim) -> bool:
    """Whether "it" in the next sentence is understood as the item."""
    ends_with_other = claim.kind in _ABOUT_OTHERS and claim.evidence[0][0] == "H"
    ends_with_item = claim.values.get("rank_without") is not None
    return (ends_with_item or not ends_with_other) and not claim.values.get("also_for")


def _others(count: int) -> str:
    return f"{number(count)} {plural('other', count)}"


def _ranks(claim: Claim) -> Ranks | None:
    if claim.kind not in _OF_ONE_CAUSE:
        return None
    given = {name: claim.values.get(name) for name in ("rank", "rank_without", "k")}
    if given["rank"] is None or given["rank_without"] is None:
        if claim.kind == "without":
            raise PromptError("claim 'without' lacks the value 'rank' or 'rank_without'")
        return None
    rank, without, k = (
        whole_number(value or 0, f"value {name!r} of claim {claim.kind!r}")
        for name, value in given.items()
    )
    return Ranks(rank, without, k)


def _place(claim: Claim, cited: Sequence[Fields]) -> Place | None:
    if claim.kind != "outside":
        return None
    k = claim.values.get("k")
    if k is None:
        raise PromptError("claim 'outside' lacks the value 'k'")
    whole = cited[0]
    return Place(whole.count("rank"), whole.count("candidates"), whole_number(k, "value 'k'"))
