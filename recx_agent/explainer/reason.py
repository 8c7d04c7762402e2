"""Which causes are strong enough, together, to be told as the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recx_agent.evidence import EvidenceSet
from recx_agent.schemas import Evidence
from recx_agent.settings import EvidenceSettings


@dataclass(frozen=True)
class Reason:
    """What is told as the reason.

    Attributes
    ----------
    causes : tuple of Evidence
        History items or attributes, the largest first; none if only ``others`` carry it.
    others : Evidence or None
        The history items that are not to be named, if they are part of the reason.
    """

    causes: tuple[Evidence, ...]
    others: Evidence | None = None

    @property
    def pieces(self) -> tuple[Evidence, ...]:
        """Everything that is told."""
        return (*self.causes, self.others) if self.others else self.causes

    @property
    def groups(self) -> list[tuple[str, ...]]:
        """The ids, those of the causes and that of the others apart."""
        named = tuple(piece.id for piece in self.causes)
        return [ids for ids in (named, (self.others.id,) if self.others else ()) if ids]


def find_reason(evidence: EvidenceSet, settings: EvidenceSettings) -> Reason | None:
    """What may be told with "because", or ``None`` if nothing reaches ``min_share``.

    Up to ``max_causes`` history items, each positive, together at least ``min_share`` of
    Σ|terms|; a small one beside a large one is left out where the rest suffices. The items
    that are not to be named come in where the named ones do not reach that without them, or
    where they weigh more than all of those that are told. Where neither will do, attributes
    are looked at in the same way.
    """
    named = _positive([p for p in evidence.of("H") if not p.fields.get("disliked")], settings)
    enough = settings.min_share * evidence.history_total
    others = next((piece for piece in evidence.of("O") if _value(piece) > 0), None)
    group = _smallest(named, settings, enough)
    if group:
        heavier = others is not None and _value(others) > sum(map(_value, group))
        return Reason(group, others if heavier else None)
    if others is not None:
        # The named ones stay where they are not negligible beside the others, or are needed.
        beside = _smallest(named, settings, enough - _value(others), at_least=_value(others))
        if beside is not None:
            return Reason(beside, others)
    attributes = _positive(evidence.of("A"), settings)
    group = _smallest(attributes, settings, settings.min_share * evidence.attribute_total)
    if group:
        return Reason(group)
    # One of them is reason enough by itself, though others of them take some of it away.
    alone = others is not None and evidence.unnamed_most >= enough
    return Reason((), others) if alone else None


def _positive(pieces: Sequence[Evidence], settings: EvidenceSettings) -> tuple[Evidence, ...]:
    causes = sorted((p for p in pieces if _value(p) > 0), key=_value, reverse=True)
    return tuple(causes[: settings.max_causes])


def _smallest(
    causes: tuple[Evidence, ...],
    settings: EvidenceSettings,
    enough: float,
    at_least: float = 0.0,
) -> tuple[Evidence, ...] | None:
    """The large ones of the causes if their sum is enough, else all of them if that is.

    Large is what has ``min_fraction_of_first`` of the first, or of ``at_least``.
    """
    largest = max([at_least, *map(_value, causes[:1])])
    large = tuple(p for p in causes if _value(p) >= settings.min_fraction_of_first * largest)
    for group in (large, causes):
        if sum(map(_value, group)) >= enough:
            return group
    return None


def _value(piece: Evidence) -> float:
    assert piece.contribution is not None
    return piece.contribution
