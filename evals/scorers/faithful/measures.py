"""The measures: a case in, a score out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from recx_agent.evals.scorers.base import Score, unscored
from recx_agent.evals.scorers.faithful.case import Case, Curve
from recx_agent.evals.scorers.faithful.curves import area
from recx_agent.evals.scorers.faithful.cuts import Evidence
from recx_agent.evals.scorers.faithful.ranks_told import rank_told

LISTED = 10


def additivity_gap(case: Case) -> Score:
    """How far the terms of the record are from adding up to the model's score; 0 is exact.

    |baseline + Σ terms - score| / (|baseline| + Σ|terms|), the largest of all views of the
    record. The score is asked of the model anew. It is the record's, whoever writes from it.
    """
    record = case.sample.extra.get("explanation")
    if not isinstance(record, Mapping) or "attribution" not in record:
        return unscored("no record", "the terms of the score are not known")
    told = record["attribution"]
    score, baseline = case.cuts.whole.score, float(told["baseline"])
    gaps = {}
    for view, terms in told["views"].items():
        values = np.array([term["value"] for term in terms or ()], dtype=np.float64)
        weighed = abs(baseline) + float(np.abs(values).sum())
        if len(values) and weighed:
            gaps[view] = abs(baseline + float(values.sum()) - score) / weighed
    if not gaps:
        return unscored("no terms")
    view = max(gaps, key=lambda name: gaps[name])
    return Score(gaps[view], f"{gaps[view]:.1e}", f"of the {view} view; the score is {score:.4f}")


def comprehensiveness(case: Case) -> Score:
    """Score lost when all that is told is deleted, as a share of Σ|terms|.

    m(x) - m(x without r) of DeYoung et al., "ERASER" (ACL 2020), section 4.2, with the score in
    the place of a probability. 0.3: the causes told carry 30 % of all that was weighed.
    """
    if not len(case.evidence):
        return _nothing(case)
    return _share(case, _lost(case, 0))


def comprehensiveness_gain(case: Case) -> Score:
    """Comprehensiveness less that of as many causes taken by chance.

    0 for a writer that names causes by chance. For a score that is a sum it is the gain in
    sufficiency too.
    """
    if not len(case.evidence):
        return _nothing(case)
    by_chance = float(np.mean([_lost(case, n) for n in range(1, len(case.deleted))]))
    return _share(case, _lost(case, 0) - by_chance)


def sufficiency(case: Case) -> Score:
    """Score missing when only what is told is left, as a share of Σ|terms|; 0 lacks nothing.

    m(x) - m(r) of the same source; below 0 where what is left out counts against the item.
    """
    if not len(case.evidence):
        return _nothing(case)
    return _share(case, case.deleted[0][0].score - case.inserted[0][-1].score)


def deletion(case: Case) -> Score:
    """Area under what the item's place is worth while the causes told are deleted.

    As of Petsiuk et al., "RISE" (BMVC 2018); a place is worth 1/log2(1 + rank).
    """
    return _area(case, "deleted")


def insertion(case: Case) -> Score:
    """Area under what the item's place is worth while the causes told come to an empty history."""
    return _area(case, "inserted")


def deletion_gain(case: Case) -> Score:
    """Area when as many causes by chance are deleted, less that of those told."""
    return _gain(case, "deleted")


def insertion_gain(case: Case) -> Score:
    """Area when the causes told come, less that of as many by chance."""
    return _gain(case, "inserted")


def counterfactual(case: Case, k: int) -> Score:
    """1 if the item leaves the top ``k`` without some of the history items told, else 0.

    Validity of a counterfactual. What does not stand in the top ``k`` cannot leave it and is
    unscored.
    """
    if not case.evidence.history:
        return _nothing(case)
    if (rank := case.cuts.whole.rank) > k:
        return unscored("not listed", f"its rank is {rank}")
    found = case.smallest_out_of(k)
    if found is not None:
        [place] = case.cuts.without([Evidence(found)])
        return Score(1.0, "leaves", f"without {_titles(case, found)} it ranks {place.rank}")
    [place] = case.cuts.without([Evidence(case.evidence.history)])
    return Score(0.0, "stays", f"without all that is told it ranks {place.rank}")


def counterfactual_size(case: Case, k: int) -> Score:
    """How many of the history items told it takes, at least, for the item to leave the top k."""
    found = counterfactual(case, k)
    if not found.value:
        return found if found.value is None else unscored(found.answer, found.reason)
    smallest = case.smallest_out_of(k) or ()
    return Score(float(len(smallest)), str(len(smallest)), found.reason)


def counterfactual_minimal(case: Case, k: int) -> Score:
    """1 if no search of the whole history takes the item out of the top k with fewer items."""
    found = counterfactual(case, k)
    if not found.value:
        return found if found.value is None else unscored(found.answer, found.reason)
    size = len(case.smallest_out_of(k) or ())
    fewer = case.fewer_out_of(k, size)
    return Score(float(not fewer), "fewer do" if fewer else "minimal", found.reason)


def ranks_told(case: Case) -> Score:
    """Share of the ranks "without X" that are those of the model, asked anew without X.

    A rank told beside it, as of now, has to be right as well. Unscored where none is told.
    """
    said, wrong = 0, []
    for causes, words in case.reader.suppositions():
        told = rank_told(words)
        if told is None:
            continue
        said += 1
        gone = case.evidence_of(causes)
        [place] = case.cuts.without([gone])
        if not len(gone):
            wrong.append(f"rank {told.without} without what is no term of the score")
        elif place.rank != told.without:
            wrong.append(f"rank {told.without} told, it is {place.rank}")
        elif told.rank not in (None, case.cuts.whole.rank):
            wrong.append(f"rank {told.rank} told, it is {case.cuts.whole.rank}")
    if not said:
        return unscored("none told")
    return Score(1 - len(wrong) / said, f"{said - len(wrong)} of {said}", "; ".join(wrong))


def seed_overlap(case: Case) -> Score:
    """Share of the history items told that are among as many largest of another training.

    The mean over the models of other seeds (``[cases] seeds`` of a suite). 1: whatever the
    seed, these are the causes.
    """
    if not case.served.others:
        return unscored("no other seeds", "set seeds under [cases], or give --seeds")
    told = case.evidence.history
    if not told:
        return _nothing(case)
    shares = [case.shared_with(model) for model in case.served.others]
    return Score(float(np.mean(shares)), f"{np.mean(shares):.2f}", f"of {len(told)} told")


def _nothing(case: Case) -> Score:
    named = "; ".join([*case.told.items, *case.told.attributes])
    reason = f"told are {named}, which are no terms of the score" if named else ""
    return unscored("no cause told", reason)


def _lost(case: Case, order: int) -> float:
    places = case.deleted[order]
    return places[0].score - places[-1].score


def _share(case: Case, difference: float) -> Score:
    share = difference / case.weighed if case.weighed else 0.0
    return Score(share, f"{share:.2f}", f"{difference:.3f} of {case.weighed:.3f} weighed")


def _curve(case: Case, which: str) -> Curve:
    return case.deletion if which == "deleted" else case.insertion


def _area(case: Case, which: str) -> Score:
    if not len(case.evidence):
        return _nothing(case)
    curve = _curve(case, which)
    ranks = [place.rank for place in getattr(case, which)[0]]
    told = area(curve.told)
    curves = {
        "told": tuple(curve.told.tolist()),
        "by chance": tuple(curve.random.mean(axis=0).tolist()),
    }
    return Score(told, f"{told:.2f}", f"ranks {' → '.join(map(str, ranks))}", curves)


def _gain(case: Case, which: str) -> Score:
    if not len(case.evidence):
        return _nothing(case)
    curve = _curve(case, which)
    told, by_chance = area(curve.told), float(np.mean([area(one) for one in curve.random]))
    gain = by_chance - told if which == "deleted" else told - by_chance
    return Score(gain, f"{gain:+.2f}", f"{told:.3f} as told, {by_chance:.3f} by chance")


def _titles(case: Case, positions: tuple[int, ...]) -> str:
    catalogue, items = case.served.dataset.catalogue, case.cuts.standing.history.items
    return ", ".join(repr(catalogue.titles[int(items[p])]) for p in positions)
