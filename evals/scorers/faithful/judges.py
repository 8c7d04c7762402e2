"""The measures as scorers of samples."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers.base import Better, Score, unscored
from recx_agent.evals.scorers.faithful import measures
from recx_agent.evals.scorers.faithful.case import DRAWS, Case, Unfit
from recx_agent.evals.scorers.kept import Kept
from recx_agent.evals.served import Served

FAMILY = "faithful"
KS = (3, 10)
"""Lists that an item has to leave; the first place alone is too easily lost."""

_KEPT = 8  # all scorers are asked of a sample before the next one, on a few threads
Measure = Callable[[Case], Score]


@dataclass(frozen=True)
class Faithful:
    """What the model says of the causes that a text tells.

    Parameters
    ----------
    name, about : str
    measure : callable
    cases : Kept of Case, or None
        Asks the model once of a sample for all scorers; ``None`` where no model is known: every
        sample is unscored.
    """

    name: str
    about: str
    measure: Measure
    cases: Kept[Case] | None
    better: Better = "higher"
    low: float | None = 0.0
    high: float | None = 1.0
    family: str = FAMILY

    @property
    def settings(self) -> Mapping[str, Any]:
        """What figures hang on."""
        return {"draws": DRAWS}

    def score(self, sample: Sample) -> Score:
        """What the measure says of one sample."""
        if self.cases is None:
            return unscored("no model", "the cases are of no workspace")
        if not sample.text:
            return unscored("no text")
        try:
            case = self.cases.of(sample)
        except Unfit as error:
            return unscored("unfit", str(error))
        return self.measure(case)


def faithful_scorers(served: Served | None) -> tuple[Faithful, ...]:
    """All of them; without a model every sample is unscored."""
    cases = Kept(lambda sample: Case(served, sample), _KEPT) if served is not None else None

    def made(name: str, measure: Measure, better: Better = "higher", **rest: Any) -> Faithful:
        words = (getattr(measure, "func", measure).__doc__ or "").partition("\n\n")[0]
        about = " ".join(words.replace("``", "").split())
        if isinstance(measure, partial):
            about = about.replace("top k", f"top {measure.keywords['k']}")
        return Faithful(name, about, measure, cases, better, **rest)

    def of_lists(
        name: str, measure: Callable[..., Score], better: Better, **rest: Any
    ) -> list[Faithful]:
        return [made(f"{name}_{k}", partial(measure, k=k), better, **rest) for k in KS]

    return (
        made("additivity_gap", measures.additivity_gap, "lower", high=None),
        made("comprehensiveness", measures.comprehensiveness, low=None, high=None),
        made("comprehensiveness_gain", measures.comprehensiveness_gain, low=None, high=None),
        made("sufficiency", measures.sufficiency, "lower", low=None, high=None),
        made("deletion", measures.deletion, "lower"),
        made("deletion_gain", measures.deletion_gain, low=-1.0),
        made("insertion", measures.insertion),
        made("insertion_gain", measures.insertion_gain, low=-1.0),
        *of_lists("counterfactual", measures.counterfactual, "higher"),
        *of_lists("counterfactual_size", measures.counterfactual_size, "lower", high=None),
        *of_lists("counterfactual_minimal", measures.counterfactual_minimal, "higher"),
        made("ranks_told", measures.ranks_told),
        made("seed_overlap", measures.seed_overlap),
    )
