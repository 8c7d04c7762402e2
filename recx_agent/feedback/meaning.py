"""Which item or attribute somebody means."""

from __future__ import annotations

from dataclasses import dataclass

from recx_agent.errors import (
    NotOffered,
    ReasonCandidate,
    UnclearReason,
    UnknownAttribute,
    UnknownItem,
    UsageError,
    Withheld,
)
from recx_agent.explainer.explainer import Explainer
from recx_agent.explainer.person import Person
from recx_agent.people import People
from recx_agent.protocols import FeedbackKind, FeedbackTarget

TELL_CAUSES = frozenset({"because_history", "because_attr", "speaks_for"})
"""Claims that give a history item or an attribute as the reason."""

OF_ITEMS: tuple[FeedbackKind, ...] = ("like", "dislike")
"""Feedback that can be about an item alone."""


@dataclass(frozen=True)
class Meant:
    """An item, by external id, or an attribute.

    Attributes
    ----------
    target : str
    name, value : str
        Of an attribute; ``""`` and the id for an item.
    """

    target: FeedbackTarget
    value: str
    name: str = ""

    @property
    def what(self) -> str:
        """As it is given by callers."""
        return self.value if self.target == "item" else f"{self.name}={self.value}"


def meant_by(text: str, kind: FeedbackKind, people: People, person: Person) -> Meant:
    """Find what is written: an item by id or title, an attribute by ``name=value`` or value.

    Parameters
    ----------
    text : str
    kind : str
        Liked or disliked are items alone.
    people : People
    person : Person

    Raises
    ------
    UnclearReason
        It is a title and an attribute's value as well.
    UnknownItem, UnknownAttribute, Withheld
    """
    item = _item(text, people, person)
    if kind in OF_ITEMS:
        return item or Meant("item", people.dataset.catalogue.ids.external(people.find(text)))
    attribute = None if _is_id(text, people) else _attribute(text, people)
    if item is not None and attribute is not None:
        raise UnclearReason(text, [_candidate(item, people), _candidate(attribute, people)])
    if attribute is not None:
        people.find_attribute_told(attribute.what)
    found = attribute or item
    if found is None:
        raise _nothing_so_called(text, people)
    return found


def told_reason_of(
    about: str, people: People, person: Person, explainer: Explainer, k: int
) -> Meant:
    """What an item is told to be there for: "not because of that".

    Parameters
    ----------
    about : str
        The item, by id or title.
    people : People
    person : Person
    explainer : Explainer
    k : int
        Length of the list it is explained in.

    Raises
    ------
    UnclearReason
        Several things are told as the reason, or none that can be named.
    UnknownItem, Withheld, UsageError
    """
    item = people.find_candidate(about, person)
    (prepared,) = explainer.prepare(person, [item], k)
    plan = prepared.plan
    cited = dict.fromkeys(
        id for claim in plan.claims if claim.kind in TELL_CAUSES for id in claim.evidence
    )
    found: list[Meant] = []
    for id in cited:
        fields = plan.evidence[id].fields
        if id.startswith("H"):
            found.append(Meant("item", fields["item_id"]))
        elif id.startswith("A"):
            found.append(Meant("attribute", str(fields["value"]), str(fields["name"])))
    if len(found) != 1:
        raise UnclearReason(about, [_candidate(one, people) for one in found])
    return found[0]


def check_offered(meant: Meant, kind: FeedbackKind, people: People) -> None:
    """See that the model can do without an attribute's term.

    Raises
    ------
    NotOffered
        It has no such term: muting it would change nothing.
    """
    if (meant.target, kind) != ("attribute", "mute"):
        return
    pair = meant.name, meant.value
    if "mute" not in people.model.what_ifs or not any(
        feature.kind == "attribute" and (feature.name, feature.value) == pair
        for feature in people.model.features
    ):
        raise NotOffered(
            f"muting {meant.what}: it is no term of the score; 'exclude' keeps its items out",
            people.model.kind,
        )


def label_of(meant: Meant, people: People) -> str:
    """Title of an item, empty if it is gone; an attribute as ``name=value``."""
    if meant.target == "attribute":
        return meant.what
    catalogue = people.dataset.catalogue
    own = catalogue.aliases.get(meant.value, meant.value)
    return catalogue.titles[catalogue.ids.internal(own)] if own in catalogue.ids else ""


def _item(text: str, people: People, person: Person) -> Meant | None:
    catalogue = people.dataset.catalogue
    if not (_is_id(text, people) or catalogue.titled(text) is not None):
        return None
    found = people.find(text)
    # The answer says the title, which a rule may keep from being told.
    if people.sensitive.items[found] or found in person.withheld - person.muted_items:
        raise Withheld(text)
    return Meant("item", catalogue.ids.external(found))


def _is_id(text: str, people: People) -> bool:
    catalogue = people.dataset.catalogue
    return text in catalogue.ids or text in catalogue.aliases


def _attribute(text: str, people: People) -> Meant | None:
    try:
        name, value = people.find_attribute(text)
    except UnknownAttribute:
        return None
    return Meant("attribute", value, name)


def _nothing_so_called(text: str, people: People) -> UnknownItem | UnknownAttribute:
    """The error that has something to suggest."""
    try:
        people.find(text)
    except UnknownItem as error:
        no_item = error
    try:
        people.find_attribute(text)
    except UnknownAttribute as error:
        if "=" in text or (error.closest and not no_item.closest):
            return error
    return no_item


def _candidate(meant: Meant, people: People) -> ReasonCandidate:
    return ReasonCandidate(meant.what, label_of(meant, people) or meant.what)


def of_nothing(what: str | None, about: str | None) -> UsageError:
    """What is wrong with naming both or neither."""
    if what is not None and about is not None:
        return UsageError("name what is meant, or the item whose reason is meant, not both")
    return UsageError(
        "what is meant? name an item or an attribute, or with 'about' the item whose reason is"
    )
