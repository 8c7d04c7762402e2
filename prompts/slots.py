"""The placeholders of a plan, and the words that code puts in their place.

============================  ========  ==================================================
name                          role      words
============================  ========  ==================================================
``ITEM``                      item      title of the item explained
``H1``                        title     title of a history item
``H1.deed``                   deed      what the user did, after "you": ``rated “Heat” 4
                                        out of 5``
``H1.rating``                 rating    ``4 out of 5``, where it was rated once
``A1``, ``A1.name``           value,    value and name of an attribute
                              name
``F1``, ``F1.name``           value,    values and name of a fact that is told as such; of
                              name      one that changes, with the time at which it was so
``SHARED``, ``SHARED.name``   value,    what history items and item have in common
                              name
``B1``, ``B1.deed``           count,    ``298 of 943 users``, ``rated “Fargo” 4 or higher``:
                              liked     the title, for "it" may not be clear
``C1``                        context   ``it is Monday``
``S1``, ``S1.deed``           quote,    a text of the user's own in quotes; after "you":
                              deed      ``wrote of “Heat”: “…”``
``RANK``, ``RANK_WITHOUT``    rank      ordinals, where a claim tells the rank without a
                                        cause
============================  ========  ==================================================

There is one for each piece of evidence that a claim of the plan cites, and for no other: what
no claim allows cannot be named. All words have gone through
:mod:`recx_agent.prompts.cleaning`.
"""

from __future__ import annotations

from collections.abc import Iterator

from recx_agent.prompts import claim_rules
from recx_agent.prompts.claim_view import EvidenceView
from recx_agent.prompts.cleaning import without_braces
from recx_agent.prompts.evidence_fields import Fields
from recx_agent.prompts.template_set import SLOTS, TemplateSet
from recx_agent.prompts.viewer import Viewer
from recx_agent.protocols import Claim, Plan, Slot
from recx_agent.protocols.writing import SlotRole

_TOLD_AS_FACTS = frozenset({"fact", "current_fact"})


def slots_of(plan: Plan, templates: TemplateSet, viewer: Viewer) -> dict[str, Slot]:
    """The placeholders of a plan, by name, in the order of its claims.

    Parameters
    ----------
    plan : Plan
    templates : TemplateSet
        Of the plan's language.
    viewer : Viewer
        Of the same language, with the plan's wording.

    Raises
    ------
    PromptError
        A claim cites what is not there or does not carry it, or a field is missing.
    """
    maker = _Maker(templates, viewer)
    found = {"ITEM": _slot("ITEM", None, "item", viewer.title(plan.item_title))}
    for claim in plan.claims:
        for slot in maker.of_claim(plan, claim):
            found.setdefault(slot.name, slot)
    return found


class _Maker:
    def __init__(self, templates: TemplateSet, viewer: Viewer) -> None:
        self._templates = templates
        self._viewer = viewer

    def of_claim(self, plan: Plan, claim: Claim) -> Iterator[Slot]:
        item = self._viewer.title(plan.item_title)
        cited = claim_rules.cited(plan, claim)
        for fields in cited:
            if fields.letter != "F" or claim.kind in _TOLD_AS_FACTS:
                yield from self._of_evidence(fields, item)
        if claim.kind == "in_common":
            yield from self._shared(claim, next(f.id for f in cited if f.letter == "F"))
        ranks = claim.values if claim.kind in claim_rules.OF_ONE_CAUSE else {}
        for name, key in (("RANK", "rank"), ("RANK_WITHOUT", "rank_without")):
            if ranks.get(key) is not None:
                yield _slot(name, cited[0].id, "rank", self._word("rank", ranks[key]))

    def _of_evidence(self, fields: Fields, item: str) -> Iterator[Slot]:
        id = fields.id
        match fields.letter:
            case "H":
                yield from self._history(id, self._viewer.evidence(fields))
            case "A" | "F":
                view = self._viewer.evidence(fields)
                assert view.attribute is not None
                values = self._word("values", view.attribute, view.as_of)
                yield _slot(id, id, "value", values)
                yield _slot(f"{id}.name", id, "name", view.attribute.name)
            case "B":
                everyone = self._viewer.evidence(fields).everyone
                yield _slot(id, id, "count", self._word("count", everyone))
                yield _slot(f"{id}.deed", id, "liked", self._word("liked", everyone, item))
            case "C":
                now = self._viewer.evidence(fields).context
                yield _slot(id, id, "context", self._word("context", now))
            case "S":
                words = self._viewer.evidence(fields).words
                assert words is not None
                yield _slot(id, id, "quote", words.text)
                yield _slot(f"{id}.deed", id, "deed", self._word("wrote", words))

    def _history(self, id: str, view: EvidenceView) -> Iterator[Slot]:
        (group,) = view.groups
        yield _slot(id, id, "title", group.titles[0])
        yield _slot(f"{id}.deed", id, "deed", self._word("deed", group))
        ratings = [given for deed in group.deeds for given in deed.ratings]
        if len(ratings) == 1:
            yield _slot(f"{id}.rating", id, "rating", self._word("rating", ratings[0]))

    def _shared(self, claim: Claim, fact: str) -> Iterator[Slot]:
        values = Fields("in_common", claim.values)
        shared = self._viewer.attribute(values["name"], [values["value"]])
        yield _slot("SHARED", fact, "value", self._word("values", shared))
        yield _slot("SHARED.name", fact, "name", shared.name)

    def _word(self, sort: str, *view: object) -> str:
        return self._templates.language.line(self._templates.word(SLOTS, sort, *view))


def _slot(name: str, evidence: str | None, role: SlotRole, text: str) -> Slot:
    return Slot(name, evidence, role, without_braces(text))
