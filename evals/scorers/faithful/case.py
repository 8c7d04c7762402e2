"""A sample, and what the model says of the causes that its text tells."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from recx_agent.attribution import find_removal, history_terms
from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers.faithful.curves import prefixes, worth
from recx_agent.evals.scorers.faithful.cuts import Cuts, Evidence, Float64, Place
from recx_agent.evals.scorers.faithful.told import Reader, Told
from recx_agent.evals.served import Served
from recx_agent.protocols import AdditiveModel

DRAWS = 20
"""Random orders of other evidence that a text's causes are held against."""

_SUBSETS_OF = 6


class Unfit(ValueError):
    """A sample that the model cannot be asked about; the message says why."""


@dataclass(frozen=True)
class Curve:
    """An item's place while evidence goes, or comes: nothing, the first, the first two, ….

    Attributes
    ----------
    told : float64 array, shape (m + 1,)
        In the order of the text.
    random : float64 array, shape (DRAWS, m + 1)
        In orders by chance.
    """

    told: Float64
    random: Float64


class Case:
    """One sample beside the model that served it.

    Parameters
    ----------
    served : Served
    sample : Sample

    Raises
    ------
    Unfit
        The user or item is none of this model's, the item is no candidate, or the model
        cannot rank without a history item.
    """

    def __init__(self, served: Served, sample: Sample) -> None:
        ids = served.dataset.catalogue.ids
        standing = served.standing(sample.user_id)
        if standing is None or sample.item_id not in ids:
            raise Unfit(f"{sample.user_id!r}, {sample.item_id!r}: of no case of this workspace")
        if "remove" not in standing.model.what_ifs:
            raise Unfit(f"the model ({standing.model.kind}) cannot rank without a history item")
        item = ids.internal(sample.item_id)
        if not standing.candidates[item]:
            raise Unfit("the user knows the item: it has no rank")
        self.sample, self.served = sample, served
        self.cuts = Cuts(standing, item)
        self._positions = {
            ids.external(int(own)): place for place, own in enumerate(standing.history.items)
        }

    @cached_property
    def reader(self) -> Reader:
        """What names what in the text."""
        catalogue = self.served.dataset.catalogue
        titles: dict[str, list[str]] = {}
        for id in self._positions:
            titles.setdefault(catalogue.titles[catalogue.ids.internal(id)], []).append(id)
        return Reader(self.sample, {title: ids[0] for title, ids in titles.items()})

    @cached_property
    def told(self) -> Told:
        """The causes that the text tells."""
        return self.reader.told()

    @cached_property
    def evidence(self) -> Evidence:
        """All that is told and is a term of the score, in the order in which it is told."""
        return self.evidence_of(self.told)

    def evidence_of(self, told: Told) -> Evidence:
        """Where causes stand in the history and among the item's features, if they are terms."""
        model = self.cuts.standing.model
        known = {model.features[f].id: f for f in self.cuts.attributes()}
        return Evidence(
            tuple(self._positions[id] for id in told.items if id in self._positions),
            tuple(known[name] for name in told.attributes if name in known),
        )

    @cached_property
    def weighed(self) -> float:
        """``Σ|terms|``: what score differences are shares of."""
        return self.cuts.weighed(self.evidence)

    @cached_property
    def _orders(self) -> list[list[Evidence]]:
        """The causes one after the other as told, then in ``DRAWS`` orders by chance.

        Chance takes as many history items from the whole history, and as many attributes from
        those of the item. It is the same for every writer of a case that tells as many.
        """
        history, features = self.evidence.history, self.evidence.features
        seed = hashlib.sha256(self.sample.key.encode()).digest()[:8]
        random = np.random.default_rng(int.from_bytes(seed, "little"))
        every = np.arange(len(self.cuts.standing.history))
        own = np.array(self.cuts.attributes(), dtype=np.int64)
        drawn = [
            (
                tuple(random.permutation(every)[: len(history)].tolist()),
                tuple(random.permutation(own)[: len(features)].tolist()),
            )
            for _ in range(DRAWS)
        ]
        return [_steps(*order) for order in [(history, features), *drawn]]

    @cached_property
    def deleted(self) -> list[list[Place]]:
        """Places while evidence goes: one list as told, then one a random order."""
        return _split(self.cuts.without([e for o in self._orders for e in o]), len(self.evidence))

    @cached_property
    def inserted(self) -> list[list[Place]]:
        """Places while evidence comes to nothing, likewise."""
        return _split(self.cuts.only([e for o in self._orders for e in o]), len(self.evidence))

    @cached_property
    def deletion(self) -> Curve:
        """What the item's place is worth while evidence goes."""
        return _worths(self.deleted)

    @cached_property
    def insertion(self) -> Curve:
        """What it is worth while evidence comes."""
        return _worths(self.inserted)

    def smallest_out_of(self, k: int) -> tuple[int, ...] | None:
        """The smallest set of the told history items without which the item leaves the top ``k``.

        Of equal size the one that takes it farthest down; ``None`` if there is none. Of more
        than six told items only those told first are tried together.
        """
        told = self.evidence.history[:_SUBSETS_OF]
        for size in range(1, len(told) + 1):
            sets = list(itertools.combinations(told, size))
            places = self.cuts.without([Evidence(one) for one in sets])
            rank, best = max((place.rank, one) for place, one in zip(places, sets, strict=True))
            if rank > k:
                return best
        return None

    def shared_with(self, model: AdditiveModel) -> float:
        """Share of the history items told that are among as many largest of another model."""
        told, history = self.evidence.history, self.cuts.standing.history
        [terms] = history_terms(model, history, [self.cuts.item])
        largest = np.argsort(-terms, kind="stable")[: len(told)]
        return len(set(told) & set(largest.tolist())) / len(told)

    def fewer_out_of(self, k: int, size: int) -> bool:
        """Whether a search of the whole history finds fewer items than that."""
        if size < 2:
            return False
        standing = self.cuts.standing
        every = range(len(standing.history))
        return find_removal(standing, self.cuts.item, k, size - 1, every).found


def _steps(history: tuple[int, ...], features: tuple[int, ...]) -> list[Evidence]:
    first = [Evidence(taken) for taken in prefixes(history)]
    return first + [Evidence(history, taken) for taken in prefixes(features)[1:]]


def _split(places: list[Place], size: int) -> list[list[Place]]:
    return [places[at : at + size + 1] for at in range(0, len(places), size + 1)]


def _worths(places: list[list[Place]]) -> Curve:
    values = np.array([[worth(place.rank) for place in one] for one in places])
    return Curve(values[0], values[1:])
