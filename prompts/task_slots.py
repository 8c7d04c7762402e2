"""The placeholders of a comparison, a what-if or a profile.

=============================  ========  =================================================
name                           role      words
=============================  ========  =================================================
``I1``                         entry     title of an item compared or moved
``I1.rank``                    rank      its rank, in a comparison
``I1.from``, ``I1.to``         rank      its ranks before and after a change
``E1``                         standing  ``how they do with everyone``
``CHANGE``                     change    ``without “Heat” in your history``: all that a
                                         what-if changes, so that none of it can be left out
``TOP``                        list      ``your top 10``
``L1``                         count     ``3 of your top 10 films``
``T1``                         count     ``45 films in your history``
=============================  ========  =================================================

Those of ``H`` and ``A`` are the same as in explanations: see :mod:`recx_agent.prompts.slots`.
"""

from __future__ import annotations

from collections.abc import Iterator

from recx_agent.prompts.claim_view import EvidenceView
from recx_agent.prompts.cleaning import without_braces
from recx_agent.prompts.evidence_fields import Fields
from recx_agent.prompts.task_view import Entry
from recx_agent.prompts.task_viewer import TaskViewer, cited
from recx_agent.prompts.template_set import SLOTS, TemplateSet
from recx_agent.prompts.viewer import Viewer
from recx_agent.protocols import Plan, Slot
from recx_agent.protocols.writing import SlotRole


def task_slots(plan: Plan, templates: TemplateSet, viewer: Viewer) -> dict[str, Slot]:
    """The placeholders of a plan, by name, in the order of its claims.

    Raises
    ------
    PromptError
        A claim cites what is not there or does not carry it, or a field is missing.
    """
    maker = _Maker(templates, viewer)
    found: dict[str, Slot] = {}
    for position in range(len(plan.claims)):
        for fields in cited(plan, position):
            for slot in maker.of_evidence(fields):
                found.setdefault(slot.name, slot)
    return found


class _Maker:
    def __init__(self, templates: TemplateSet, viewer: Viewer) -> None:
        self._templates = templates
        self._viewer = viewer
        self._views = TaskViewer(viewer)

    def of_evidence(self, fields: Fields) -> Iterator[Slot]:
        id = fields.id
        match fields.letter:
            case "I":
                (entry,) = self._views.evidence(fields).entries
                yield _slot(id, id, "entry", entry.title)
                yield from self._ranks(id, entry)
            case "H":
                yield from self._history(id, self._viewer.evidence(fields))
            case "A":
                attribute = self._viewer.evidence(fields).attribute
                assert attribute is not None
                yield _slot(id, id, "value", self._word("values", attribute))
                yield _slot(f"{id}.name", id, "name", attribute.name)
            case "E":
                yield _slot(id, id, "standing", self._word("standing"))
            case "W":
                change = self._views.evidence(fields).change
                yield _slot("CHANGE", id, "change", self._word("change", change))
            case "L":
                listing = self._views.evidence(fields).listing
                yield _slot("TOP", id, "list", self._word("top", listing))
                if listing is not None and listing.replaced:
                    words = self._word("replaced", listing, self._viewer.noun)
                    yield _slot(id, id, "count", words)
            case "T":
                words = self._word("so_many", fields.count("count"), self._viewer.noun)
                yield _slot(id, id, "count", words)

    def _ranks(self, id: str, entry: Entry) -> Iterator[Slot]:
        for part, rank in (("rank", entry.rank), ("from", entry.before), ("to", entry.after)):
            if rank:
                yield _slot(f"{id}.{part}", id, "rank", self._word("rank", rank))

    def _history(self, id: str, view: EvidenceView) -> Iterator[Slot]:
        (group,) = view.groups
        yield _slot(id, id, "title", group.titles[0])
        yield _slot(f"{id}.deed", id, "deed", self._word("deed", group))

    def _word(self, sort: str, *view: object) -> str:
        return self._templates.language.line(self._templates.word(SLOTS, sort, *view))


def _slot(name: str, evidence: str, role: SlotRole, text: str) -> Slot:
    return Slot(name, evidence, role, without_braces(text))
