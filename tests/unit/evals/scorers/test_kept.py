"""What is made of a sample is made once, and the last few are kept."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from recx_agent.evals.meta.world import hand_written
from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers.kept import Kept

ONE, TWO, THREE = hand_written("en", 1)[:3]


def test_it_is_made_once_of_the_very_sample() -> None:
    numbers = itertools.count(1)
    kept = Kept(lambda _: next(numbers), 2)
    assert [kept.of(sample) for sample in (ONE, ONE, TWO, ONE)] == [1, 1, 2, 1]
    assert kept.of(replace(ONE)) == 3  # an equal one is another: nobody compares whole samples


def test_the_first_made_goes_first() -> None:
    made: list[str] = []
    kept: Kept[None] = Kept(lambda sample: made.append(sample.key), 2)
    for sample in (ONE, TWO, THREE, THREE, TWO, ONE):
        kept.of(sample)
    assert made == [one.key for one in (ONE, TWO, THREE, ONE)]


def test_what_fails_is_tried_again() -> None:
    calls: list[Sample] = []

    def make(sample: Sample) -> str:
        calls.append(sample)
        raise ValueError("not fit")

    kept = Kept(make, 2)
    for _ in range(2):
        with pytest.raises(ValueError, match="not fit"):
            kept.of(ONE)
    assert len(calls) == 2
