"""Which texts are worth reading: those that the scorers like least."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from recx_agent.evals.run.folder import Run
from recx_agent.evals.samples import Sample


@dataclass(frozen=True)
class Told:
    """One score of a text, and how far it is from the good end: 0 best, 1 worst."""

    scorer: str
    value: float
    answer: str
    reason: str
    badness: float


@dataclass(frozen=True)
class Bad:
    """A text and what was found in it, worst first."""

    sample: Sample
    badness: float
    scores: tuple[Told, ...]


def worst_samples(run: Run, writer: str, count: int) -> list[Bad]:
    """The worst texts of a writer; a text that nobody found fault with is none.

    A score counts by its distance from the good end of its range, so only scorers with a
    range and a direction do; every family weighs the same, however many scorers it has.
    """
    judging = {
        one["name"]: one
        for one in run.log["scorers"]
        if one["better"] != "neither" and one["low"] is not None and one["high"] is not None
    }
    found = []
    for sample in run.samples:
        if sample.writer != writer:
            continue
        told = _scores(run, sample, judging)
        if not told:
            continue
        by_family: dict[str, list[float]] = {}
        for one in told:
            by_family.setdefault(judging[one.scorer]["family"], []).append(one.badness)
        badness = sum(sum(own) / len(own) for own in by_family.values()) / len(by_family)
        if badness > 0:
            found.append(Bad(sample, badness, tuple(sorted(told, key=lambda t: -t.badness))))
    found.sort(key=lambda bad: (-bad.badness, bad.sample.key))
    return found[:count]


def _scores(run: Run, sample: Sample, judging: Mapping[str, Mapping[str, Any]]) -> list[Told]:
    told = []
    for name, about in judging.items():
        score = run.scores.get((sample.writer, name), {}).get(sample.key)
        if score is None or score.value is None:
            continue
        share = (score.value - about["low"]) / (about["high"] - about["low"])
        badness = 1 - share if about["better"] == "higher" else share
        told.append(Told(name, score.value, score.answer, score.reason, badness))
    return told
