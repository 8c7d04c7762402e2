"""What a scorer is that holds a text against the same writer's text of the unchanged case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers.base import Better, Score, unscored

Compare = Callable[[Sample, Sample], Score]
"""Of the text and the one of the unchanged case."""


@dataclass(frozen=True)
class AgainstBase:
    """Compares two texts. A family has a class of its own, so that the digest is of its code.

    Parameters
    ----------
    name : str
    compare : callable
    variants : tuple of str
        Of the cases that are judged, each beside the text of its own base.
    family : str
    better : str
    said : str
        What it is; the first sentence of what ``compare`` says of itself, if not given.
    """

    name: str
    compare: Compare
    variants: tuple[str, ...]
    family: str
    better: Better = "neither"
    said: str = ""
    low: float = 0.0
    high: float = 1.0

    @property
    def about(self) -> str:
        """What is compared."""
        return self.said or (self.compare.__doc__ or "").partition("\n\n")[0]

    def score(self, sample: Sample) -> Score:
        """Compare; without a text of the unchanged case there is nothing to compare with."""
        if sample.base is None:
            return unscored("no base", "the writer has no text of the unchanged case")
        return self.compare(sample, sample.base)
