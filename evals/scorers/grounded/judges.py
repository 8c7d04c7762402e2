"""The checks as scorers of samples."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers.base import Better, Score, unscored
from recx_agent.evals.scorers.grounded.case import Case, Unfit
from recx_agent.evals.scorers.grounded.citations import citation_precision, citation_recall
from recx_agent.evals.scorers.grounded.claims import (
    claim_precision,
    claim_recall,
    contradictions,
    exact,
    f1,
)
from recx_agent.evals.scorers.grounded.data import Raw
from recx_agent.evals.scorers.grounded.marking import Marker
from recx_agent.evals.scorers.grounded.preference import preference_inconsistency

FAMILY = "grounded"
_KEPT = 256
Measure = Callable[[Case], Score]


class Bench:
    """Reads each sample once for all scorers; the last few are kept."""

    def __init__(self, raw: Raw) -> None:
        self._raw, self._marker = raw, Marker(raw)
        self._kept: OrderedDict[int, tuple[Sample, Case]] = OrderedDict()
        self._lock = threading.Lock()

    def case(self, sample: Sample) -> Case:
        """The sample as the checker looks at it.

        Raises
        ------
        Unfit
            It cannot be held against the files.
        """
        with self._lock:  # a check is no object of several threads
            kept = self._kept.get(id(sample))
            if kept is None or kept[0] is not sample:
                kept = sample, Case(self._raw, sample, self._marker)
                self._kept[id(sample)] = kept
                if len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            return kept[1]


@dataclass(frozen=True)
class Grounded:
    """A check of one sample against the raw data.

    Parameters
    ----------
    name : str
    measure : callable
    bench : Bench or None
        ``None`` without raw files: every sample is unscored.
    """

    name: str
    measure: Measure
    bench: Bench | None
    better: Better = "higher"
    family: str = FAMILY
    low: float = 0.0
    high: float = 1.0

    def score(self, sample: Sample) -> Score:
        """What the check says of one sample."""
        if self.bench is None:
            return unscored("no raw data", "give the interactions and items files (CSV)")
        if not sample.text:
            return unscored("no text")
        try:
            case = self.bench.case(sample)
        except Unfit as error:
            return unscored("unfit", str(error))
        return self.measure(case)


def untrue(case: Case) -> Score:
    """1 if any sentence says what is not so or cites what does not say it, else 0.

    Ours; it is what "unsupported statements shown: 0" promises, and what the evaluation of the
    scorers calls an alarm.
    """
    found = [p for at in range(len(case.texts)) for p in case.problems(at)]
    return Score(float(bool(found)), "untrue" if found else "true", "; ".join(found[:5]))


def refuted(case: Case) -> Score:
    """1 if the raw data contradict something the text says, else 0.

    Ours. Unlike :func:`untrue` it says nothing of words whose meaning is not known, of what is
    only supposed, nor of citations: for writers whose words are free. What it calls refuted is a
    title, rating, liking, number, date or attribute that is not so, or a cause that is none; in a
    sentence that is not read whole (:func:`unread`), only what no reading of it makes true.
    """
    found = list(contradictions(case))
    return Score(float(bool(found)), "refuted" if found else "not", "; ".join(found[:5]))


def unread(case: Case) -> Score:
    """1 if any sentence has words or suppositions that the checker cannot read, else 0.

    Ours. It says how far the others go: what is not read, :func:`untrue` holds against the writer
    and :func:`refuted` leaves out.
    """
    found = [told for at in range(len(case.texts)) for told in case.unread(at)]
    return Score(float(bool(found)), "unread" if found else "read", "; ".join(found[:5]))


def true_sentences(case: Case) -> Score:
    """Share of the sentences that say nothing untrue, whatever they cite."""
    wrong = [case.untruths(at) for at in range(len(case.texts))]
    true = sum(not found for found in wrong)
    reason = "; ".join(problem for found in wrong for problem in found[:3])
    return Score(true / len(wrong), f"{true} of {len(wrong)}", reason)


def claim_f1(case: Case) -> Score:
    """Harmonic mean of claim precision and recall; unscored where one of them is."""
    precision, recall = claim_precision(case), claim_recall(case)
    if precision.value is None or recall.value is None:
        return unscored("no claims" if precision.value is None else recall.answer)
    return Score(f1(precision.value, recall.value))


def grounded_scorers(raw: Raw | None) -> tuple[Grounded, ...]:
    """All of them; without raw data every sample is unscored."""
    bench = Bench(raw) if raw is not None else None
    higher: dict[str, Measure] = {
        "true_sentences": true_sentences,
        "citation_precision": citation_precision,
        "citation_recall": citation_recall,
        "claim_precision": claim_precision,
        "claim_recall": claim_recall,
        "claim_f1": claim_f1,
        "exact_titles": lambda case: exact(case, "title"),
        "exact_numbers": lambda case: exact(case, "rating", "number"),
        "exact_dates": lambda case: exact(case, "date"),
        "exact_attributes": lambda case: exact(case, "attribute"),
        "exact_names": lambda case: exact(case, "name"),
        "exact_quotes": lambda case: exact(case, "quote"),
    }
    lower: dict[str, Measure] = {
        "untrue": untrue,
        "refuted": refuted,
        "unread": unread,
        "preference_inconsistency": preference_inconsistency,
    }
    return (
        *(Grounded(name, measure, bench) for name, measure in higher.items()),
        *(Grounded(name, measure, bench, "lower") for name, measure in lower.items()),
    )
