"""What may be said of two items: which is ahead, and what makes the difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.attribution import ItemAttribution
from recx_agent.datasets.catalogue import folded
from recx_agent.evidence import EvidenceSet
from recx_agent.explainer.person import Person
from recx_agent.explainer.reason import Reason, find_reason
from recx_agent.explainer.teller import Script, Teller
from recx_agent.protocols import Claim
from recx_agent.schemas import Evidence, View

Array = NDArray[np.float64]

_BOTH = ("I1", "I2")
"""Evidence ids of the one that is ahead and of the other."""


@dataclass(frozen=True)
class Pair:
    """The one that is ahead, which evidence calls ``I1``, and the other, ``I2``."""

    ahead: ItemAttribution
    behind: ItemAttribution

    @classmethod
    def of(cls, item: ItemAttribution, other: ItemAttribution) -> Pair:
        """Which of the two is ahead: the higher score, among equal ones the better rank."""
        places = [(-a.score, a.rank or np.inf, a.item) for a in (item, other)]
        return cls(other, item) if places[1] < places[0] else cls(item, other)

    @property
    def level(self) -> bool:
        """Whether both scores are exactly the same."""
        return self.ahead.score == self.behind.score

    @cached_property
    def history(self) -> Array:
        """What each history item adds to the one ahead less what it adds to the other."""
        return self.ahead.history_values - self.behind.history_values

    @property
    def bias(self) -> float:
        """The same of how the two do with everyone."""
        return self.ahead.item_bias - self.behind.item_bias

    @cached_property
    def features(self) -> dict[int, tuple[float, float]]:
        """What each feature adds to the one ahead and to the other."""
        sides = [
            dict(zip(a.features.tolist(), a.feature_values.tolist(), strict=True))
            for a in (self.ahead, self.behind)
        ]
        both = dict.fromkeys([*sides[0], *sides[1]])
        return {f: (sides[0].get(f, 0.0), sides[1].get(f, 0.0)) for f in both}

    @property
    def history_total(self) -> float:
        """Σ|differences| of the history view, context and standing with everyone included."""
        context = self.ahead.context_values - self.behind.context_values
        return float(np.abs(self.history).sum() + np.abs(context).sum() + abs(self.bias))

    @property
    def attribute_total(self) -> float:
        """Σ|differences| of the attribute view."""
        return float(sum(abs(up - down) for up, down in self.features.values()))


def _sides(ahead: float, behind: float) -> dict[str, float]:
    return {"to_ahead": float(ahead), "to_behind": float(behind)}


def compare_script(teller: Teller, person: Person, pair: Pair, view: View | None) -> Script:
    """Claims and evidence of a comparison.

    Parameters
    ----------
    teller : Teller
    person : Person
    pair : Pair
    view : str or None
        ``history`` or ``attribute``: the only one that reasons are taken from; else the
        history, and attributes where that gives none.
    """
    return _Planning(teller, person, pair).script(view)


class _Planning:
    def __init__(self, teller: Teller, person: Person, pair: Pair) -> None:
        self._teller, self._person, self._pair = teller, person, pair
        self._events = teller.events(person)
        self._unnamed = [
            n for n, item in enumerate(pair.ahead.history.items) if int(item) in person.unnamed
        ]

    def script(self, view: View | None) -> Script:
        pair, teller = self._pair, self._teller
        totals = {"history": pair.history_total, "attribute": pair.attribute_total}
        both = self._both()
        if pair.level:
            return Script("compare", [Claim("level", _BOTH)], both, totals)
        for_ahead, for_other = self._history() if view != "attribute" else ((), ())
        causes = [*for_ahead, *(self._others() if view != "attribute" else [])]
        if view != "history":
            causes += self._attributes()
        found = EvidenceSet(
            item=pair.ahead.item,
            evidence=tuple(causes),
            history_total=pair.history_total,
            attribute_total=pair.attribute_total,
            rank=pair.ahead.rank,
            unnamed_most=self._unnamed_most() if view != "attribute" else 0.0,
        )
        reason = find_reason(found, teller.settings)
        evidence = [*both, *causes, *for_other]
        claims = [Claim("ahead", _BOTH), *self._because(reason)]
        if reason is None and view != "attribute":
            none, whole = self._none_stands_out()
            claims, evidence = [*claims, *none], [*evidence, *whole]
        claims += [Claim("more_for_other", (*_BOTH[::-1], p.id)) for p in for_other]
        standing = self._everyone()
        for piece in standing:
            ahead = (piece.contribution or 0.0) > 0
            ids = _BOTH if ahead else _BOTH[::-1]
            claims.append(Claim("everyone_more", (*ids, piece.id)))
        return Script("compare", claims, [*evidence, *standing], totals)

    def _because(self, reason: Reason | None) -> list[Claim]:
        if reason is None:
            return []
        claims = []
        if reason.causes:
            ids = tuple(piece.id for piece in reason.causes)
            claims.append(Claim("because_more", (*_BOTH, *ids)))
        if reason.others:
            claims.append(Claim("because_others_more", (*_BOTH, reason.others.id)))
        return claims

    def _both(self) -> list[Evidence]:
        pair, catalogue = self._pair, self._teller.dataset.catalogue
        return [
            self._teller.piece(
                id,
                {
                    "item_id": catalogue.ids.external(one.item),
                    "title": catalogue.titles[one.item],
                    "rank": one.rank,
                    "score": one.score,
                },
            )
            for id, one in zip(_BOTH, (pair.ahead, pair.behind), strict=True)
        ]

    def _history(self) -> tuple[list[Evidence], list[Evidence]]:
        """What adds more to the one ahead, largest first, and what adds most to the other."""
        pair, settings = self._pair, self._teller.settings
        up: list[int] = []
        down: list[int] = []
        titles: set[str] = set()
        for position in (int(p) for p in np.argsort(-pair.history, kind="stable")):
            item = int(pair.ahead.history.items[position])
            title = folded(self._teller.dataset.catalogue.titles[item])
            named = item not in self._person.unnamed and self._events.get(item)
            if not named or title in titles or pair.ahead.history.disliked[position]:
                continue
            titles.add(title)
            # It "adds" only where its own term is positive, not where it takes away less.
            if pair.history[position] > 0 and pair.ahead.history_values[position] > 0:
                up.append(position)
            elif pair.history[position] < 0 and pair.behind.history_values[position] > 0:
                down.append(position)
        floor = settings.against_share * pair.history_total
        other = [p for p in down[-1:] if -pair.history[p] >= floor]
        pieces = [
            self._item(f"H{number}", position)
            for number, position in enumerate([*up[: settings.history_budget], *other], start=1)
        ]
        return pieces[: len(pieces) - len(other)], pieces[len(pieces) - len(other) :]

    def _item(self, id: str, position: int) -> Evidence:
        pair = self._pair
        item = int(pair.ahead.history.items[position])
        piece = self._teller.pieces.history(
            id,
            item,
            self._events[item],
            disliked=False,
            contribution=float(pair.history[position]),
        )
        values = pair.ahead.history_values[position], pair.behind.history_values[position]
        return piece.model_copy(update={"fields": {**piece.fields, **_sides(*values)}})

    def _others(self) -> list[Evidence]:
        if not self._unnamed:
            return []
        pair, own = self._pair, self._unnamed
        piece = self._teller.pieces.others(float(pair.history[own].sum()), pair.history_total)
        sums = pair.ahead.history_values[own].sum(), pair.behind.history_values[own].sum()
        # Where it adds nothing itself it only takes less away: no reason.
        if sums[0] <= 0:
            return []
        return [piece.model_copy(update={"fields": {**piece.fields, **_sides(*sums)}})]

    def _unnamed_most(self) -> float:
        return float(max(self._pair.history[self._unnamed], default=0.0))

    def _attributes(self) -> list[Evidence]:
        pair, model, limit = self._pair, self._teller.model, self._teller.settings.max_causes
        found: list[Evidence] = []
        larger = sorted(pair.features.items(), key=lambda entry: entry[1][1] - entry[1][0])
        for number, (up, down) in larger:
            feature = model.features[number]
            named = self._teller.sensitive.names_value(feature.name, feature.value)
            if feature.kind != "attribute" or not named or up <= 0 or up <= down:
                continue
            if len(found) == limit:
                break
            fields: dict[str, Any] = {"name": feature.name, "value": feature.value}
            fields |= _sides(up, down)
            found.append(self._teller.piece(f"A{len(found) + 1}", fields, "cause", up - down))
        return found

    def _none_stands_out(self) -> tuple[list[Claim], list[Evidence]]:
        """That no history item stands out, where not even one that is not named does."""
        pair = self._pair
        enough = self._teller.settings.min_share * pair.history_total
        if not len(pair.history) or float(np.abs(pair.history).max()) >= enough:
            return [], []
        whole = self._teller.piece("T1", {"count": len(pair.history), "share": None})
        return [Claim("no_single_difference", (*_BOTH, whole.id))], [whole]

    def _everyone(self) -> Sequence[Evidence]:
        pair, dataset = self._pair, self._teller.dataset
        total = pair.history_total
        if not pair.bias or abs(pair.bias) < self._teller.settings.everyone_share * total:
            return []
        liked, other = (int(dataset.popularity[p.item]) for p in (pair.ahead, pair.behind))
        fields: dict[str, Any] = {"liked_by": liked, "other_liked_by": other}
        fields |= {"users": len(dataset.users)}
        fields |= _sides(pair.ahead.item_bias, pair.behind.item_bias)
        return [self._teller.piece("E1", fields, "cause", pair.bias)]
