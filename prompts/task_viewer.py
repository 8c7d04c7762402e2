"""From claims of a comparison, a what-if or a profile to what a template sees."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from recx_agent.errors import PromptError
from recx_agent.prompts.claim_view import Attribute
from recx_agent.prompts.deeds import phrased
from recx_agent.prompts.evidence_fields import Fields, whole_number
from recx_agent.prompts.task_view import ChangeView, Entry, Listing, Standing, TaskView
from recx_agent.prompts.viewer import Viewer
from recx_agent.protocols import Plan

STYLES = 3
"""Wordings of each claim; the plan's variant chooses."""

LETTERS = "IWLE"
"""First letters of evidence that only these tasks have."""

CITES: Mapping[str, str] = {
    "ahead": "II",
    "level": "II",
    "because_more": "II(H{1,3}|A{1,3})",
    "because_others_more": "IIO",
    "more_for_other": "IIH",
    "everyone_more": "IIE",
    "no_single_difference": "IIT",
    "list_replaced": "WL",
    "list_same": "WL",
    "list_reordered": "WL",
    "list_grows": "WL",
    "leaves": "WLI",
    "enters": "WLI",
    "gone": "WLI",
    "moves": "WLI",
    "history_counts": "T",
    "leans_to": "A{1,3}",
    "leans_away": "A{1,2}",
    "weighs_now": "H{1,3}",
    "nothing_counts": "T",
}
"""First letters of the evidence each kind of claim cites, in order."""


def cited(plan: Plan, position: int) -> list[Fields]:
    """The fields of what a claim cites.

    Raises
    ------
    PromptError
        It is of no known kind, or cites what does not carry it.
    """
    claim = plan.claims[position]
    where = f"claim {claim.kind!r}"
    if claim.kind not in CITES:
        raise PromptError(f"{where}: there is no such kind; known are {', '.join(CITES)}")
    for id in claim.evidence:
        if id not in plan.evidence:
            raise PromptError(f"{where} cites {id!r}, which is not in the plan")
    if not re.fullmatch(CITES[claim.kind], "".join(id[:1] for id in claim.evidence)):
        raise PromptError(f"{where} cannot rest on {', '.join(claim.evidence) or 'nothing'}")
    return [Fields(id, plan.evidence[id].fields) for id in claim.evidence]


class TaskViewer:
    """Sees claims and evidence as templates do.

    Parameters
    ----------
    viewer : Viewer
        Of the same language and wording.
    """

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer

    def claim(self, plan: Plan, position: int) -> TaskView:
        """View the claim at ``position`` of a plan.

        Raises
        ------
        PromptError
            See :func:`cited`; or a field is missing.
        """
        claim, found = plan.claims[position], cited(plan, position)
        kinds = {one.kind for one in plan.claims[:position]}
        groups = self._viewer.groups([f for f in found if f.letter == "H"])
        by_letter = {f.letter: f for f in found}
        return TaskView(
            noun=self._viewer.noun,
            style=plan.variant % STYLES,
            first=not position,
            second=position == 1,
            more=bool(kinds & {"because_more", "because_others_more"}),
            against="more_for_other" in kinds,
            causes=sum(f.letter in "HA" for f in found),
            entries=tuple(self._entry(f) for f in found if f.letter == "I"),
            groups=groups,
            phrases=phrased(groups),
            titles=tuple(self._viewer.title(f["title"]) for f in found if f.letter == "H"),
            attributes=self._attributes([f for f in found if f.letter == "A"]),
            change=self._change(by_letter["W"]) if "W" in by_letter else None,
            listing=_listing(by_letter["L"]) if "L" in by_letter else None,
            standing=_standing(by_letter["E"]) if "E" in by_letter else None,
            count=by_letter["T"].count("count") if "T" in by_letter else 0,
            most=bool(claim.values.get("most")),
        )

    def evidence(self, given: Fields) -> TaskView:
        """View one piece of evidence by itself, of a letter that only these tasks have."""
        letter = given.letter
        return TaskView(
            noun=self._viewer.noun,
            entries=(self._entry(given),) if letter == "I" else (),
            change=self._change(given) if letter == "W" else None,
            listing=_listing(given) if letter == "L" else None,
            standing=_standing(given) if letter == "E" else None,
        )

    def _entry(self, given: Fields) -> Entry:
        def rank(name: str) -> int:
            value = given.all.get(name)
            return 0 if value is None else whole_number(value, f"{name!r} of {given.id!r}")

        title = self._viewer.title(given["title"])
        return Entry(title, rank("rank"), rank("rank_before"), rank("rank_after"))

    def _change(self, given: Fields) -> ChangeView:
        def titles(name: str) -> tuple[str, ...]:
            return tuple(self._viewer.title(title) for title in given.all.get(name) or ())

        return ChangeView(
            remove=titles("remove"),
            add=titles("add"),
            exclude=titles("exclude"),
            mute=self._named(given.all.get("mute") or ()),
            exclude_values=self._named(given.all.get("exclude_values") or ()),
            unnamed=bool(given.all.get("unnamed")),
        )

    def _attributes(self, found: Sequence[Fields]) -> tuple[Attribute, ...]:
        return self._named([(f["name"], f["value"]) for f in found])

    def _named(self, pairs: Sequence[Sequence[Any]]) -> tuple[Attribute, ...]:
        values: dict[str, list[Any]] = {}
        for name, value in pairs:
            values.setdefault(name, []).append(value)
        return tuple(self._viewer.attribute(name, own) for name, own in values.items())


def _listing(given: Fields) -> Listing:
    return Listing(given.count("k"), given.count("replaced"))


def _standing(given: Fields) -> Standing:
    counts = (given.count(name) for name in ("liked_by", "other_liked_by", "users"))
    return Standing(*counts)
