"""Makes what a template sees of a claim out of the claim and the fields of its evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from recx_agent.errors import PromptError
from recx_agent.prompts import claim_rules
from recx_agent.prompts.claim_view import (
    Attribute,
    ClaimView,
    Context,
    Elsewhere,
    Everyone,
    EvidenceView,
    Place,
    Ranks,
    Whole,
    Words,
)
from recx_agent.prompts.cleaning import clean, excerpt
from recx_agent.prompts.deeds import Deed, Group, grouped, phrased
from recx_agent.prompts.event_words import EventWords, event_key
from recx_agent.prompts.evidence_fields import Fields, point_in_time, whole_number
from recx_agent.prompts.languages import Language
from recx_agent.protocols import Claim, Plan

_MOST_VALUES = 7
_SHOWN_OF_MORE = 5
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FINAL_STOP = re.compile("(?<![.。])[.。]$")
_TIMES = ("night", "morning", "afternoon", "evening")
_ATTRIBUTE_REASONS = frozenset({"because_history", "because_attr"})


class Viewer:
    """Makes the views of one wording in one language.

    Parameters
    ----------
    language : Language
    events : EventWords
        Of the same language.
    wording : mapping
        See :class:`recx_agent.settings.WordingSettings`.
    """

    def __init__(self, language: Language, events: EventWords, wording: Mapping[str, Any]) -> None:
        self._language = language
        self._events = events
        self._unit = clean(wording.get("scale_unit") or "")
        self._names: Mapping[str, str] = wording.get("attribute_names") or {}
        self.noun = language.noun(
            clean(wording.get("item") or "item"), clean(wording.get("measure_word") or "")
        )

    def claim(self, plan: Plan, position: int) -> ClaimView:
        """View the claim at ``position`` of a plan.

        Raises
        ------
        PromptError
            It cites no evidence, evidence that is not in the plan or of a sort that
            does not carry it, or something it needs is missing.
        """
        claim = plan.claims[position]
        cited = claim_rules.cited(plan, claim)
        before = plan.claims[:position]
        reasons = [c for c in before if c.kind.startswith("because_")]
        again = set(claim.values.get("again") or ())
        events = [f for f in cited if f.letter == "H"]
        new = self.groups([f for f in events if f.id not in again])
        own = claim.kind == "own_item"
        first = cited[0]
        return ClaimView(
            item=self.title(plan.item_title),
            clear=bool(before) and claim_rules.leaves_item_in_mind(before[-1]),
            noun=self.noun,
            first=not before,
            more=bool(reasons),
            told=len({id for c in reasons if c.kind in _ATTRIBUTE_REASONS for id in c.evidence}),
            causes=len(cited),
            groups=new,
            phrases=phrased(new),
            own=self.groups(events, unnamed=True) if own else (),
            again=tuple(self.title(f["title"]) for f in events if f.id in again),
            repeated=again.issuperset(claim.evidence),
            titles=tuple(self.title(f["title"]) for f in events),
            all_told=claim_rules.are_causes_told(claim, before),
            attributes=() if own else self._attributes(claim, cited),
            among_others=any(f.letter == "F" and len(f.values) > 1 for f in cited),
            also_for=tuple(self.title(t) for t in claim.values.get("also_for") or ()),
            as_of=self._as_of(claim, cited),
            ranks=_ranks(claim),
            place=_place(claim, cited),
            elsewhere=self._elsewhere(first) if first.letter == "R" else None,
            context=self._context(cited) if first.letter == "C" else None,
            words=self._words(first) if first.letter == "S" else None,
            everyone=self._everyone(first) if first.letter == "B" else None,
            whole=_whole(first) if first.letter == "T" else None,
            most=bool(claim.values.get("most")),
            favoured=any(c.kind in claim_rules.FOR for c in before),
            against_again=any(c.kind in claim_rules.AGAINST for c in before),
            has_history=any(id[0] in "HOT" for id in plan.evidence),
            chosen=any(c.kind == "chosen_elsewhere" for c in before),
        )

    def evidence(self, given: Fields) -> EvidenceView:
        """View one piece of evidence by itself.

        Raises
        ------
        PromptError
            It is of no known letter or lacks a field.
        """
        noun = self.noun
        match given.letter:
            case "H":
                return EvidenceView(noun, groups=self.groups([given]))
            case "A" | "F":
                named = self.attribute(given["name"], given.values)
                as_of = given.all.get("as_of")
                return EvidenceView(
                    noun,
                    attribute=named,
                    as_of=self._moment(as_of, f"evidence {given.id!r}") if as_of else "",
                )
            case "B":
                return EvidenceView(noun, everyone=self._everyone(given))
            case "T":
                return EvidenceView(noun, whole=_whole(given))
            case "C":
                return EvidenceView(noun, context=self._context([given]))
            case "O":
                return EvidenceView(noun)
            case "R":
                return EvidenceView(noun, elsewhere=self._elsewhere(given))
            case "S":
                return EvidenceView(noun, words=self._words(given))
        raise PromptError(f"evidence {given.id!r} is of no sort that has a text")

    def title(self, title: object) -> str:
        """Put an item's title between its marks."""
        return self._language.title(title, self.noun)

    def groups(self, events: Sequence[Fields], unnamed: bool = False) -> tuple[Group, ...]:
        """Group history items by what was done with them."""
        told = [("" if unnamed else self.title(f["title"]), self._deeds(f)) for f in events]
        return grouped(dict.fromkeys(told) if unnamed else told)

    def _deeds(self, fields: Fields) -> tuple[Deed, ...]:
        try:
            return self._events.deeds(fields.all, self._unit, self.noun)
        except PromptError as error:
            raise PromptError(f"evidence {fields.id!r}: {error}") from error

    def attribute(self, name: str, values: Sequence[Any]) -> Attribute:
        """Name an attribute with these values."""
        called = clean(self._names.get(name, str(name).replace("_", " ")))
        several = len(values) > _MOST_VALUES
        told = [self._language.value(v) for v in (values[:_SHOWN_OF_MORE] if several else values)]
        if several:
            told.append(self._language.others(len(values) - len(told)))
        return Attribute(self._language.attribute_name(called, len(values)), tuple(told))

    def _attributes(self, claim: Claim, cited: Sequence[Fields]) -> tuple[Attribute, ...]:
        if claim.kind == "in_common":
            shared = Fields("in_common", claim.values)
            return (self.attribute(shared["name"], [shared["value"]]),)
        values: dict[str, list[Any]] = {}
        for f in cited:
            if f.letter in "AF":
                values.setdefault(f["name"], []).extend(f.values)
        attributes = [self.attribute(name, told) for name, told in values.items()]
        return tuple(sorted(attributes, key=lambda attribute: len(attribute.values)))

    def _as_of(self, claim: Claim, cited: Sequence[Fields]) -> str:
        if claim.kind != "current_fact":
            return ""
        given = claim.values.get("as_of")
        if given is not None:
            return self._moment(given, "claim 'current_fact'")
        oldest = min(point_in_time(f["as_of"], f"'as_of' of evidence {f.id!r}") for f in cited)
        return self._language.moment(oldest)

    def _moment(self, given: object, where: str) -> str:
        return self._language.moment(point_in_time(given, f"'as_of' of {where}"))

    def _context(self, cited: Sequence[Fields]) -> Context:
        weekday = time_of_day = ""
        others: list[Attribute] = []
        for f in cited:
            value = str(f["value"]).lower()
            if f["name"] == "weekday" and value in _WEEKDAYS:
                weekday = value
            elif f["name"] == "time_of_day" and value in _TIMES:
                time_of_day = value
            else:
                others.append(self.attribute(f["name"], f.values))
        return Context(weekday, time_of_day, tuple(others))

    def _words(self, fields: Fields) -> Words:
        search = event_key(fields.all.get("event_type") or "") in self._events.meanings.searches
        title = fields.all.get("title")
        return Words(
            # The sentence has its own full stop.
            text=self._language.quoted(_FINAL_STOP.sub("", excerpt(fields["text"]))),
            title=self.title(title) if title and not search else "",
            search=search,
            dates=(clean(fields["date"]),) if fields.all.get("date") else (),
        )

    def _elsewhere(self, fields: Fields) -> Elsewhere:
        ranked = fields.all.get("rank") is not None
        place = Place(fields.count("rank"), fields.count("candidates")) if ranked else None
        return Elsewhere(self._language.value(fields["name"]), place)

    def _everyone(self, fields: Fields) -> Everyone:
        value, event = fields.number("liked_from"), fields.all.get("liked_event")
        bar = None if value is None else self._events.rating(value, None, None, self._unit)
        bar, deed = self._events.liked(bar, event, self._unit, self.noun)
        liked_by, users = fields.count("liked_by"), fields.count("users")
        return Everyone(liked_by, users, bar, deed, fields.share)


def _whole(fields: Fields) -> Whole:
    return Whole(fields.count("count"), fields.share)


def _ranks(claim: Claim) -> Ranks | None:
    if claim.kind not in claim_rules.OF_ONE_CAUSE:
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
