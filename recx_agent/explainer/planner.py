"""What may be said of one item: the language rules, as numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from recx_agent.evidence import EvidenceSet
from recx_agent.protocols import Claim
from recx_agent.schemas import Evidence
from recx_agent.settings import EvidenceSettings

_MOSTLY = 0.5
"""Share of Σ|terms| from which one term is called what a score mostly rests on."""


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
        """The history items that may be told as one group with "because".

        Up to ``max_causes``, each positive, together at least ``min_share`` of
        Σ|terms|; a small one beside a large one is left out where the rest suffices.
        """
        return self._group(evidence.of("H"), evidence.history_total)

    def plan(self, evidence: EvidenceSet, k: int, context: ListContext) -> list[Claim]:
        """Claims in the order they are told; an abstention where no cause is strong enough."""
        causes = self.told_causes(evidence)
        if not causes:
            causes = self._group(evidence.of("A"), evidence.attribute_total)
        outside = evidence.rank is not None and evidence.rank > k
        opening = [Claim("outside", ("T1",), {"k": k})] if outside else []
        if not causes:
            around = self._around([], evidence) if outside else self._abstain(evidence)
            return opening + around
        if outside:
            opening.append(Claim("speaks_for", _ids(causes)))
        elif causes[0].id.startswith("H"):
            opening.append(_because_history(causes, context))
        else:
            opening.append(Claim("because_attr", _ids(causes)))
        weight = [] if outside else self._weight(causes, evidence.rank, k)
        return opening + weight + self._around(causes, evidence)

    def _group(self, pieces: Sequence[Evidence], total: float) -> list[Evidence]:
        causes = [p for p in pieces if _value(p) > 0]
        causes = sorted(causes, key=_value, reverse=True)[: self.settings.max_causes]
        if not causes:
            return []
        floor = self.settings.min_fraction_of_first * _value(causes[0])
        large = [p for p in causes if _value(p) >= floor]
        for group in (large, causes):
            if sum(map(_value, group)) >= self.settings.min_share * total:
                return group
        return []

    def _weight(self, causes: Sequence[Evidence], rank: int | None, k: int) -> list[Claim]:
        first = causes[0]
        others = [_value(p) for p in causes[1:]]
        most = bool(others) and _value(first) >= self.settings.most_ratio * others[0]
        values: dict[str, Any] = {}
        if rank is not None and first.rank_without is not None and first.rank_without > rank:
            values = {"rank": rank, "rank_without": first.rank_without, "k": k}
        if most:
            return [Claim("weighed_most", (first.id,), values)]
        return [Claim("without", (first.id,), values)] if values else []

    def _around(self, causes: Sequence[Evidence], evidence: EvidenceSet) -> list[Claim]:
        claims = _against(evidence)
        bias = evidence.by_id["B1"]
        share = bias.fields["share"]
        if _value(bias) > 0 and share >= self.settings.everyone_share:
            most = bool(causes) and (_value(bias) >= self.settings.most_ratio * _value(causes[0]))
            claims.append(Claim("everyone", ("B1",), {"most": most}))
        elif _value(bias) < 0 and share >= self.settings.against_share:
            claims.append(Claim("everyone_against", ("B1",)))
        common = self._in_common(causes, evidence)
        return claims + ([common] if common else self._facts(evidence))

    def _in_common(self, causes: Sequence[Evidence], evidence: EvidenceSet) -> Claim | None:
        """The most telling attribute value that the item and all told history items have.

        One of an attribute with several values (genres, tags) before one of an attribute
        with a single value (a year), then the rarest.
        """
        if not causes or not all(piece.id.startswith("H") for piece in causes):
            return None
        shared = [
            (
                fact.fields["name"] not in self.several,
                self.attribute_items.get((fact.fields["name"], value), 0),
                fact,
                value,
            )
            for fact in evidence.of("F")
            for value in fact.fields["values"]
            if all(
                value in piece.fields["attributes"].get(fact.fields["name"], ()) for piece in causes
            )
        ]
        if not shared:
            return None
        *_, fact, value = min(shared, key=lambda entry: entry[:2])
        values = {"name": fact.fields["name"], "value": value}
        return Claim("in_common", (*_ids(causes), fact.id), values)

    def _abstain(self, evidence: EvidenceSet) -> list[Claim]:
        bias = evidence.by_id["B1"]
        most = _value(bias) > 0 and bias.fields["share"] >= _MOSTLY
        claim = Claim("rests_everyone", ("B1",)) if most else Claim("no_single_cause", ("T1",))
        return [claim, *_against(evidence), *self._facts(evidence)]

    @staticmethod
    def _facts(evidence: EvidenceSet) -> list[Claim]:
        facts = evidence.of("F")
        return [Claim("fact", _ids(facts))] if facts else []


def plan_known(evidence: EvidenceSet) -> list[Claim]:
    """The plan for an item that the user knows already."""
    carried = evidence.of("H") or evidence.of("F")
    return [Claim("own_item", _ids(carried[:1]))]


def plan_popular(evidence: EvidenceSet) -> list[Claim]:
    """The plan for an item that stands on what everyone likes alone."""
    facts = evidence.of("F")
    claims = [Claim("no_history", ("B1",))]
    return claims + ([Claim("fact", _ids(facts))] if facts else [])


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
    negative = [piece for piece in evidence.of("H") if _value(piece) < 0]
    return [Claim("against", (negative[0].id,))] if negative else []


def _ids(pieces: Sequence[Evidence]) -> tuple[str, ...]:
    return tuple(piece.id for piece in pieces)


def _value(piece: Evidence) -> float:
    assert piece.contribution is not None
    return piece.contribution
