"""What may be said of one item: the language rules, as numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from recx_agent.evidence import EvidenceSet
from recx_agent.explainer.reason import Reason, find_reason
from recx_agent.protocols import Claim
from recx_agent.schemas import Evidence
from recx_agent.settings import EvidenceSettings

_MOSTLY = 0.5
"""Share of Σ|terms| from which one term is called what a score mostly rests on."""

_CONTEXTS = 2
"""Values of the context told at most."""


@dataclass(frozen=True)
class ListContext:
    """What the list around an item has told already, and will tell.

    Attributes
    ----------
    told : set of str
        External ids of history items told for an earlier item of the list.
    later : mapping of str to tuple of str
        Title of a later item of the list to the history items its own cause rests on.
    """

    told: frozenset[str] = frozenset()
    later: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Planner:
    """Decides the claims of one explanation.

    Parameters
    ----------
    settings : EvidenceSettings
        The thresholds.
    attribute_items : mapping of (str, str) to int
        Number of items that have an attribute value, to prefer the telling ones.
    several : set of str
        Names of the attributes that have several values for some item.
    """

    settings: EvidenceSettings
    attribute_items: Mapping[tuple[str, str], int]
    several: frozenset[str] = frozenset()

    def told_causes(self, evidence: EvidenceSet) -> list[Evidence]:
        """The history items that the explanation tells as its reason."""
        reason = self._reason(evidence)
        return [piece for piece in reason.causes if piece.id.startswith("H")] if reason else []

    def plan(self, evidence: EvidenceSet, k: int, context: ListContext) -> list[Claim]:
        """Claims in the order they are told.

        An abstention where no cause is strong enough, or the history does not foretell itself.
        """
        reason = self._reason(evidence)
        elsewhere = bool(evidence.of("R"))
        outside = not elsewhere and evidence.rank is not None and evidence.rank > k
        opening = _chosen(evidence)
        if outside:
            opening.append(Claim("outside", ("T1",), {"k": k}))
        if self._unforetold(evidence):
            return opening + self._without_history(evidence)
        if reason is None:
            around = self._around(None, evidence) if outside else self._abstain(evidence)
            return opening + around
        if outside or elsewhere:
            opening += [Claim("speaks_for", ids) for ids in reason.groups]
        else:
            opening += _because(reason, context)
            opening += self._weight(reason, evidence, k)
        return opening + self._around(reason, evidence)

    def _unforetold(self, evidence: EvidenceSet) -> bool:
        judged = evidence.foretold
        return judged is not None and judged.likelihood < self.settings.foretold_from

    def _reason(self, evidence: EvidenceSet) -> Reason | None:
        return None if self._unforetold(evidence) else find_reason(evidence, self.settings)

    def _without_history(self, evidence: EvidenceSet) -> list[Claim]:
        """No term of the history is told, for or against; what does not rest on it is."""
        claims = [Claim("unforetold", ("T1",)), *self._context(evidence)]
        bias = evidence.by_id.get("B1")
        if bias is not None:
            claims += self._everyone(None, bias)
        return claims + _facts(evidence) + _beside(evidence)

    def _weight(self, reason: Reason, evidence: EvidenceSet, k: int) -> list[Claim]:
        if not reason.causes:
            return []
        first, *rest = reason.causes
        values: dict[str, Any] = {}
        rank = evidence.rank
        if rank is not None and first.rank_without is not None and first.rank_without > rank:
            values = {"rank": rank, "rank_without": first.rank_without, "k": k}
        # No ranking word is told where an item that is not to be named weighs as much.
        second = max([value_of(piece) for piece in rest] + [evidence.unnamed_most])
        most = bool(rest) and not reason.others
        if most and value_of(first) >= self.settings.most_ratio * second:
            return [Claim("weighed_most", (first.id,), values)]
        return [Claim("without", (first.id,), values)] if values else []

    def _around(self, reason: Reason | None, evidence: EvidenceSet) -> list[Claim]:
        """What stands beside the reason."""
        claims = self._context(evidence) + _against(evidence)
        bias = evidence.by_id.get("B1")
        if bias is not None:
            claims += self._everyone(reason, bias)
        common = self._in_common(reason, evidence)
        return claims + ([common] if common else _facts(evidence)) + _beside(evidence)

    def _context(self, evidence: EvidenceSet) -> list[Claim]:
        floor = self.settings.against_share * evidence.history_total
        large = [p for p in evidence.of("C") if value_of(p) > 0 and value_of(p) >= floor]
        large = sorted(large, key=value_of, reverse=True)[:_CONTEXTS]
        return [Claim("context", _ids(large))] if large else []

    def _everyone(self, reason: Reason | None, bias: Evidence) -> list[Claim]:
        share = bias.fields["share"]
        if value_of(bias) > 0 and share >= self.settings.everyone_share:
            told = reason is not None
            largest = max((value_of(piece) for piece in reason.pieces), default=0) if reason else 0
            most = told and value_of(bias) >= self.settings.most_ratio * largest
            return [Claim("everyone", ("B1",), {"most": most})]
        if value_of(bias) < 0 and share >= self.settings.against_share:
            return [Claim("everyone_against", ("B1",))]
        return []

    def _in_common(self, reason: Reason | None, evidence: EvidenceSet) -> Claim | None:
        """The most telling attribute value that the item and all told history items have.

        The one with the largest term, and none that has no such term: what stands beside a
        reason is taken for one. Of a model without terms of attributes, one of an attribute
        with several values (genres, tags) before one of an attribute with a single value (a
        year), then the rarest.
        """
        causes = reason.causes if reason else ()
        if not causes or not all(piece.id.startswith("H") for piece in causes):
            return None
        terms = {(p.fields["name"], p.fields["value"]): value_of(p) for p in evidence.of("A")}
        shared = [
            (
                -terms.get((fact.fields["name"], value), 0.0),
                fact.fields["name"] not in self.several,
                self.attribute_items.get((fact.fields["name"], value), 0),
                fact,
                value,
            )
            for fact in _fixed(evidence)
            for value in fact.fields["values"]
            if not evidence.attribute_total or (fact.fields["name"], value) in terms
            if all(
                value in piece.fields["attributes"].get(fact.fields["name"], ()) for piece in causes
            )
        ]
        if not shared:
            return None
        *_, fact, value = min(shared, key=lambda entry: entry[:3])
        values = {"name": fact.fields["name"], "value": value}
        return Claim("in_common", (*_ids(causes), fact.id), values)

    def _abstain(self, evidence: EvidenceSet) -> list[Claim]:
        """No reason is told: say what the score rests on, as far as that may be said."""
        bias = evidence.by_id.get("B1")
        beside = [*_facts(evidence), *_beside(evidence)]
        if bias is not None and value_of(bias) > 0 and bias.fields["share"] >= _MOSTLY:
            rests = Claim("rests_everyone", ("B1",))
            return [rests, *self._context(evidence), *_against(evidence), *beside]
        # That nothing in the history stands out would be untrue of an item not to be named.
        if evidence.unnamed_most < self.settings.min_share * evidence.history_total:
            none = Claim("no_single_cause", ("T1",))
            return [none, *self._context(evidence), *_against(evidence), *beside]
        return self._around(None, evidence) or [_at_least(evidence)]


def plan_known(evidence: EvidenceSet) -> list[Claim]:
    """The plan for an item that the user knows already."""
    carried = evidence.of("H") or evidence.of("F")
    return [*_chosen(evidence), Claim("own_item", _ids(carried[:1]))]


def plan_popular(evidence: EvidenceSet) -> list[Claim]:
    """The plan for an item that stands on what everyone likes alone."""
    chosen = _chosen(evidence)
    # What another recommender chose need not be one of the best liked.
    first = _everyone_at_all(evidence.by_id["B1"]) if chosen else Claim("no_history", ("B1",))
    return [*chosen, first, *_facts(evidence), *_beside(evidence)]


def _chosen(evidence: EvidenceSet) -> list[Claim]:
    return [Claim("chosen_elsewhere", _ids(evidence.of("R")))] if evidence.of("R") else []


def _at_least(evidence: EvidenceSet) -> Claim:
    """Something true of an item of which nothing else may be told."""
    if "B1" in evidence.by_id:
        return _everyone_at_all(evidence.by_id["B1"])
    return Claim("speaks_for" if evidence.of("R") else "because_others", ("O1",))


def _everyone_at_all(bias: Evidence) -> Claim:
    if value_of(bias) < 0:
        return Claim("everyone_against", ("B1",))
    return Claim("everyone", ("B1",), {"most": False})


def _because(reason: Reason, context: ListContext) -> list[Claim]:
    claims = []
    if reason.causes:
        by_history = reason.causes[0].id.startswith("H")
        claims.append(
            _because_history(reason.causes, context)
            if by_history
            else Claim("because_attr", _ids(reason.causes))
        )
    if reason.others:
        claims.append(Claim("because_others", (reason.others.id,)))
    return claims


def _because_history(causes: Sequence[Evidence], context: ListContext) -> Claim:
    own = frozenset(piece.fields["item_id"] for piece in causes)
    later = tuple(title for title, rests_on in context.later.items() if own <= rests_on)
    values = {
        "again": tuple(p.id for p in causes if p.fields["item_id"] in context.told),
        # Where all of it was told before, so was what else it stands behind.
        "also_for": () if own <= context.told else later,
    }
    return Claim("because_history", _ids(causes), values)


def _against(evidence: EvidenceSet) -> list[Claim]:
    negative = [piece for piece in evidence.of("H") if value_of(piece) < 0]
    return [Claim("against", (min(negative, key=value_of).id,))] if negative else []


def _fixed(evidence: EvidenceSet) -> list[Evidence]:
    return [piece for piece in evidence.of("F") if piece.fields.get("as_of") is None]


def _facts(evidence: EvidenceSet) -> list[Claim]:
    facts = _fixed(evidence)
    return [Claim("fact", _ids(facts))] if facts else []


def _beside(evidence: EvidenceSet) -> list[Claim]:
    """Facts that change, and texts of the user's own: told, but no reasons."""
    current = [piece for piece in evidence.of("F") if piece.fields.get("as_of") is not None]
    claims = []
    if current:
        oldest = min(piece.fields["as_of"] for piece in current)
        claims.append(Claim("current_fact", _ids(current), {"as_of": oldest}))
    return claims + [Claim("support", (piece.id,)) for piece in evidence.of("S")]


def _ids(pieces: Sequence[Evidence]) -> tuple[str, ...]:
    return tuple(piece.id for piece in pieces)


def value_of(piece: Evidence) -> float:
    """The contribution of a cause."""
    assert piece.contribution is not None
    return piece.contribution
