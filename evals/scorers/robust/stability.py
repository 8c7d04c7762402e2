"""What becomes of a text when the history is a little different, or the same is asked again."""

from __future__ import annotations

from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers.against_base import AgainstBase
from recx_agent.evals.scorers.base import Score, Scorer, unscored
from recx_agent.evals.scorers.robust.causes import causes_of, jaccard

PERTURBED = ("reorder", "near_duplicates", "noise")
RERUN = "rerun"
FAMILY = "robust"


class Stability(AgainstBase):
    """A text about a changed case, or asked for again, held against the one before."""


def text_changed(text: Sample, base: Sample) -> Score:
    """1 if the text is another one, 0 if it is the same letter by letter.

    A reason that the model no longer has should go, so that no change is good by itself.
    """
    changed = text.text != base.text
    return Score(float(changed), "changed" if changed else "same", f"it was: {base.text}")


def cause_overlap(text: Sample, base: Sample) -> Score:
    """Causes that both texts tell of, over all that either does (Jaccard)."""
    one, other = causes_of(text), causes_of(base)
    value = jaccard(one, other)
    if value is None:
        return unscored("no causes", "neither text tells of a cause")
    gone, come = sorted(other - one), sorted(one - other)
    return Score(value, f"{len(one & other)} of {len(one | other)}", f"gone {gone}, come {come}")


def same_text(text: Sample, base: Sample) -> Score:
    """1 if the text written again is the same letter by letter, else 0."""
    same = text.text == base.text
    return Score(float(same), "same" if same else "changed", f"it was: {base.text}")


def same_causes(text: Sample, base: Sample) -> Score:
    """1 if the text written again tells of the same causes, else 0."""
    one, other = causes_of(text), causes_of(base)
    if not one | other:
        return unscored("no causes", "neither text tells of a cause")
    return Score(float(one == other), f"{len(one & other)} of {len(one | other)}")


class Untruth:
    """1 if a text about a changed history is untrue while that about the unchanged one was not.

    By the grounded scorer ``untrue``, which reads the changed interactions and the terms of
    the score by the changed history; texts that were untrue before are unscored.

    Parameters
    ----------
    before, after : Scorer or None
        The grounded scorer over the raw data, and over the changed ones.
    """

    def __init__(self, before: Scorer | None, after: Scorer | None) -> None:
        self._before, self._after = before, after
        self.__doc__ = type(self).__doc__

    def __call__(self, text: Sample, base: Sample) -> Score:
        """Judge both."""
        if self._before is None or self._after is None:
            return unscored("no raw data", "give the interactions and items files (CSV)")
        before, after = self._before.score(base), self._after.score(text)
        if before.value is None or after.value is None:
            return unscored(before.answer if before.value is None else after.answer, after.reason)
        if before.value:
            return unscored("untrue before", before.reason)
        return Score(after.value, after.answer, after.reason)


def stability_scorers(untruths: dict[str, Untruth]) -> tuple[Stability, ...]:
    """All of them; ``untruths`` by variant."""
    return (
        *(Stability(f"text_changed_{one}", text_changed, (one,), FAMILY) for one in PERTURBED),
        *(Stability(f"cause_overlap_{one}", cause_overlap, (one,), FAMILY) for one in PERTURBED),
        *(Stability(f"untrue_{one}", untruths[one], (one,), FAMILY, "lower") for one in PERTURBED),
        Stability("same_text_rerun", same_text, (RERUN,), FAMILY),
        Stability("same_causes_rerun", same_causes, (RERUN,), FAMILY, "higher"),
    )
