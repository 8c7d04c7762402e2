"""The text must change when what it rests on changes: other factors, another user's evidence.

The test of Adebayo et al., "Sanity Checks for Saliency Maps" (NeurIPS 2018): an explanation that
stays the same when the model's parameters are shuffled does not explain the model.
"""

from __future__ import annotations

from dataclasses import dataclass

from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers.base import Better, Score, unscored
from recx_agent.evals.scorers.faithful.told import Reader

SHUFFLED, OTHER_USER = "shuffled", "other_user"
"""Variants of a case: the item's factors are another's; the evidence is another user's."""


@dataclass(frozen=True)
class TextChanged:
    """1 if the text is another one when what it rests on is another, else 0.

    Parameters
    ----------
    name, about : str
    variant : str
        Of the cases that are judged, each beside the text of its own base.
    """

    name: str
    about: str
    variant: str
    family: str
    low: float = 0.0
    high: float = 1.0
    better: Better = "higher"

    @property
    def variants(self) -> tuple[str, ...]:
        """Which cases it judges."""
        return (self.variant,)

    def score(self, sample: Sample) -> Score:
        """Hold a text against that of its base, white space aside."""
        base = sample.base
        if base is None:
            return unscored("no base", "the writer has no text of the case itself")
        changed = base.text.split() != sample.text.split()
        return Score(float(changed), "changed" if changed else "the same", base.text)


@dataclass(frozen=True)
class CausesKept:
    """Share of the history items told that are told as well when what they rest on is another.

    Parameters are those of :class:`TextChanged`.
    """

    name: str
    about: str
    variant: str
    family: str
    low: float = 0.0
    high: float = 1.0
    better: Better = "lower"

    @property
    def variants(self) -> tuple[str, ...]:
        """Which cases it judges."""
        return (self.variant,)

    def score(self, sample: Sample) -> Score:
        """Hold the causes of a text against those of its base."""
        base = sample.base
        if base is None:
            return unscored("no base", "the writer has no text of the case itself")
        before, after = (set(Reader(one, titles_of(base, sample)).told().items)
                         for one in (base, sample))  # fmt: skip
        if not before:
            return unscored("no cause told")
        kept = sorted(before & after)
        return Score(len(kept) / len(before), f"{len(kept)} of {len(before)}", ", ".join(kept))


def titles_of(*samples: Sample) -> dict[str, str]:
    """Title to id of every history item that is evidence of any of these."""
    return {
        str(piece.fields["title"]): str(piece.fields["item_id"])
        for sample in samples
        for piece in sample.evidence
        if piece.fields.get("item_id") and piece.fields.get("title")
    }


def sanity_scorers(family: str) -> tuple[TextChanged | CausesKept, ...]:
    """Both, for either change."""
    changed = {
        SHUFFLED: "when the factors of all items are shuffled",
        OTHER_USER: "when the evidence is another user's",
    }
    return tuple(
        scorer
        for variant, when in changed.items()
        for scorer in (
            TextChanged(f"{variant}_changed", f"1 if the text changes {when}.", variant, family),
            CausesKept(
                f"{variant}_causes_kept",
                f"Share of the history items told that stay {when}.",
                variant,
                family,
            ),
        )
    )
