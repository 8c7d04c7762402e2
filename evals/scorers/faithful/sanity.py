"""The text must change when what it rests on changes: other factors, another user's evidence.

The test of Adebayo et al., "Sanity Checks for Saliency Maps" (NeurIPS 2018): an explanation that
stays the same when the model's parameters are shuffled does not explain the model.
"""

from __future__ import annotations

from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers.against_base import AgainstBase, Compare
from recx_agent.evals.scorers.base import Better, Score, unscored
from recx_agent.evals.scorers.faithful.told import Reader

SHUFFLED, OTHER_USER = "shuffled", "other_user"
"""Variants of a case: the item's factors are another's; the evidence is another user's."""


class Sanity(AgainstBase):
    """A text of a case with other factors or evidence, held against the one of the case itself."""


def text_changed(text: Sample, base: Sample) -> Score:
    """1 if the text is another one when what it rests on is another, white space aside; else 0."""
    changed = base.text.split() != text.text.split()
    return Score(float(changed), "changed" if changed else "the same", base.text)


def causes_kept(text: Sample, base: Sample) -> Score:
    """Share of the history items told that are told as well when what they rest on is another."""
    titles = titles_of(base, text)
    before, after = (set(Reader(one, titles).told().items) for one in (base, text))
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


def sanity_scorers(family: str) -> tuple[Sanity, ...]:
    """Both, for either change."""
    changed = {
        SHUFFLED: "when the factors of all items are shuffled",
        OTHER_USER: "when the evidence is another user's",
    }
    return tuple(
        Sanity(f"{variant}_{name}", compare, (variant,), family, better, f"{said} {when}.")
        for variant, when in changed.items()
        for name, compare, better, said in _MEASURES
    )


_MEASURES: tuple[tuple[str, Compare, Better, str], ...] = (
    ("changed", text_changed, "higher", "1 if the text changes"),
    ("causes_kept", causes_kept, "lower", "Share of the history items told that stay"),
)
