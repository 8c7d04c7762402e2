"""True texts written by hand, and ways to change them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from recx_agent.evals.meta.world import hand_written, world
from recx_agent.evals.samples import Sample, Sentence
from recx_agent.evals.scorers.base import Score
from recx_agent.evals.scorers.grounded.judges import grounded_scorers

Told = Sequence[tuple[str, Sequence[str]]]
Saying = Callable[[Told], Sample]
Judge = Callable[[str, Sample], Score]


@pytest.fixture(scope="session")
def heat() -> Sample:
    """Why "Heat": H1 Fargo (5, .62), H2 Reservoir Dogs (4, .41), H3 The Godfather (5, .20)."""
    return next(s for s in hand_written("en") if s.item_id == "heat")


@pytest.fixture
def saying(heat: Sample) -> Saying:
    """The suggestion of "Heat" with other sentences, each with what it cites."""

    def say(told: Told) -> Sample:
        sentences = tuple(Sentence(text, tuple(cites)) for text, cites in told)
        return replace(heat, sentences=sentences, text=" ".join(text for text, _ in told))

    return say


@pytest.fixture(scope="session")
def judge() -> Judge:
    """What a scorer of some name says of a sample."""
    scorers = {scorer.name: scorer for scorer in grounded_scorers(world())}
    return lambda name, sample: scorers[name].score(sample)
