"""Percentiles of the seconds that texts took, by stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers.base import Better

STAGES = {
    "evidence": "finding the evidence and planning what is told, without the writing",
    "model": "waiting for the language model, repairs included",
    "own": "writing, less what was waited for the language model",
    "writing": "writing, from the plan to the checked text",
    "total": "evidence and writing",
}
PERCENTILES = (50, 95)


@dataclass(frozen=True)
class Seconds:
    """A percentile of the seconds of one stage, linear between two texts.

    Parameters
    ----------
    stage : str
        Of :data:`STAGES`.
    percentile : int
    """

    stage: str
    percentile: int
    family: str = "service"
    low: float | None = 0.0
    high: float | None = None
    better: Better = "neither"
    reads_costs: bool = True

    @property
    def name(self) -> str:
        """Such as ``total_seconds_p95``."""
        return f"{self.stage}_seconds_p{self.percentile}"

    @property
    def about(self) -> str:
        """What is timed."""
        return f"Percentile {self.percentile} of the seconds for {STAGES[self.stage]}."

    def value(self, samples: Sequence[Sample]) -> float | None:
        """The percentile over the texts that say how long they took."""
        known = [seconds(sample, self.stage) for sample in samples]
        there = [one for one in known if one is not None]
        return float(np.percentile(there, self.percentile)) if there else None


def seconds(sample: Sample, stage: str) -> float | None:
    """How long a stage of a text took; ``None`` where nobody knows."""
    took = sample.took
    writing, model = took.get("seconds"), took.get("model_seconds")
    evidence = took.get("evidence_seconds")
    if stage == "evidence":
        return evidence
    if stage == "model":
        return model
    if stage == "own":
        return None if writing is None or model is None else max(0.0, writing - model)
    if stage == "writing":
        return writing
    return None if writing is None or evidence is None else writing + evidence


def time_scorers() -> tuple[Seconds, ...]:
    """Every stage, in the middle and at the slow end."""
    return tuple(Seconds(stage, percentile) for stage in STAGES for percentile in PERCENTILES)
