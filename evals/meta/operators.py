"""Every operator in one form: a place with a true text, out of it the same with one fault."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Literal

from recx_agent.evals.meta.first import LIES, Lie
from recx_agent.evals.meta.place import LEAST, Place, Plant, record_of
from recx_agent.evals.meta.second import SECOND
from recx_agent.evals.meta.stage import Stage
from recx_agent.evals.samples import Sample, Sentence

Half = Literal["first", "second", "by hand"]
"""Where a fault comes from: an operator of either half, or somebody who wrote it."""


@dataclass(frozen=True)
class Operator:
    """Plants one kind of fault.

    Attributes
    ----------
    name : str
    half : str
        ``first``: there before the scorers were finished; ``second``: written afterwards.
    plant : callable
    """

    name: str
    half: Half
    plant: Plant


def operators() -> list[Operator]:
    """All of them, the first half first."""
    first = [Operator(name, "first", _of_pair(make)) for name, make in LIES.items()]
    return first + [Operator(name, "second", plant) for name, plant in SECOND.items()]


def _of_pair(make: Lie) -> Plant:
    """The untrue one of a pair as a sample of one sentence."""

    def plant(place: Place) -> Sample | None:
        stage = Stage(place.raw, record_of(place.sample), place.dice)
        if not stage.causes:
            return None
        made = make(stage)
        if made is None or (made[0] == made[1] and len(made) == 2):
            return None
        cites = made[2] if len(made) == 3 else stage.evidence_of(made[0])
        return _alone(place.sample, made[1], cites)

    return plant


def frames(place: Place) -> list[Sample]:
    """True sentences in other words: the ways of putting a reason that the first half knows."""
    stage = Stage(place.raw, record_of(place.sample), place.dice)
    told = sum(place.terms.get(title, 0.0) for _, title, _ in stage.causes)
    if told < LEAST * place.total:
        return []  # it helped, which is less than to be the reason
    texts = [make(stage.item, stage.causes) for make in stage.frames.reasons if stage.causes]
    return [_alone(place.sample, text, stage.evidence_of(text)) for text in texts]


def _alone(sample: Sample, text: str, cites: list[str]) -> Sample:
    return replace(sample, text=text, sentences=(Sentence(text, tuple(cites)),))


def dice_of(seed: int, *names: str) -> random.Random:
    """Dice of one operator and language, whatever was thrown before."""
    return random.Random(f"{seed}/{'/'.join(names)}")
