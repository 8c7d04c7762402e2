"""The checks as scorers of samples."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
from recx_agent.evals.scorers.kept import Kept

FAMILY = "grounded"
_KEPT = 256
Measure = Callable[[Case], Score]


@dataclass(frozen=True)
class Grounded:
    """A check of one sample against the raw data.

    Parameters
    ----------
    name, about : str
    measure : callable
    cases : Kept of Case, or None
        Reads a sample once for all scorers; ``None`` without raw files: every sample is unscored.
    """

    name: str
    about: str
    measure: Measure
    cases: Kept[Case] | None
    better: Better = "higher"
    family: str = FAMILY
    low: float = 0.0
    high: float = 1.0

    def score(self, sample: Sample) -> Score:
        """What the check says of one sample."""
        if self.cases is None:
            return unscored("no raw data", "give the interactions and items files (CSV)")
        if not sample.text:
            return unscored("no text")
        try:
            case = self.cases.of(sample)
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

    Ours, for writers whose words are free. It reads the sentences of the templates, and of all
    others the phrases that can be read in one way only (:mod:`.free.phrases`): a title, rating,
    liking, number, date, attribute, cause or weight, bound to the film it is told of. It says
    nothing of any other words, of what a clause denies, supposes or asks, nor of citations.
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


_EXACT: Mapping[str, tuple[tuple[str, ...], str]] = {
    "exact_titles": (
        ("title",),
        "Share of the titles told that are the item's or of the user's history, letter by letter.",
    ),
    "exact_numbers": (
        ("rating", "number"),
        "Share of the ratings, counts, ranks and numbers of users told that are so.",
    ),
    "exact_dates": (("date",), "Share of the days and months told on which the film was rated."),
    "exact_attributes": (
        ("attribute",),
        "Share of the attributes and years told that the film has of which they are told.",
    ),
    "exact_names": (("name",), "Share of the names of people that the item's attributes have."),
    "exact_quotes": (("quote",), "Share of the quotes that the user wrote, word by word."),
}


def grounded_scorers(raw: Raw | None) -> tuple[Grounded, ...]:
    """All of them; without raw data every sample is unscored."""
    cases = None
    if raw is not None:
        marker, files = Marker(raw), raw
        cases = Kept(lambda sample: Case(files, sample, marker), _KEPT)

    def made(measure: Measure, better: Better = "higher") -> Grounded:
        about = " ".join((measure.__doc__ or "").partition("\n\n")[0].split())
        return Grounded(measure.__name__, about, measure, cases, better)

    def exactly(name: str) -> Grounded:
        kinds, about = _EXACT[name]
        return Grounded(name, about, lambda case: exact(case, *kinds), cases)

    return (
        made(true_sentences),
        made(citation_precision),
        made(citation_recall),
        made(claim_precision),
        made(claim_recall),
        made(claim_f1),
        *(exactly(name) for name in _EXACT),
        made(untrue, "lower"),
        made(refuted, "lower"),
        made(unread, "lower"),
        made(preference_inconsistency, "lower"),
    )
