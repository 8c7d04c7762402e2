"""Persuasiveness, effectiveness and discrimination, whoever reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from recx_agent.evals.outcomes import HeldOut
from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers.base import Better, Score, unscored
from recx_agent.evals.scorers.effect.reading import Reader, Reading, masked
from recx_agent.evals.scorers.sources import Sources

LIKED, LOW = "held_out", "held_out_low"
"""Variants of cases, as in :mod:`recx_agent.evals.variants.held_out`."""
NO_PERSON = "A simulated reader, no person: "


@dataclass(frozen=True)
class Told:
    """A text about a held-out item, read: all that a measure may use.

    Attributes
    ----------
    outcome : HeldOut
    read, unread : Reading
        With the text, and without a word.
    other : Reading or None
        Of the text about the liked item of the same user, if this one is the disliked one.
    width : float
        Of the scale.
    """

    outcome: HeldOut
    read: Reading
    unread: Reading
    other: Reading | None
    width: float


Measure = Callable[[Told], float]


def persuasiveness(told: Told) -> float:
    """Acceptance with the text less acceptance without (Tintarev & Masthoff 2012).

    Whether that is good depends on the item: see ``overselling``.
    """
    return told.read.acceptance - told.unread.acceptance


def effectiveness(told: Told) -> float:
    """Expected rating less the true one, in shares of the scale (Bilgic & Mooney 2005).

    0 is best; above 0 the texts promise too much, below too little.
    """
    return (told.read.rating - told.outcome.rating) / told.width


def overselling(told: Told) -> float:
    """``effectiveness`` of texts about items that the user came to dislike: what they promise."""
    return effectiveness(told)


def oversell_gap(told: Told) -> float:
    """Expected rating of the disliked item less that of the liked one, in shares of the scale.

    Both are one user's, held out together. Above 0 the worse item is the better sold.
    """
    assert told.other is not None
    return (told.read.rating - told.other.rating) / told.width


def discrimination(told: Told) -> float:
    """1 if the liked item's text raises more hope than the disliked one's, 0 if less, else ½.

    Its mean over pairs is the area under the ROC curve within users: ½ is chance.
    """
    assert told.other is not None
    one, other = told.other.acceptance, told.read.acceptance
    if one == other:  # a model's yes or no says less than its rating
        one, other = told.other.rating, told.read.rating
    return 0.5 if abs(one - other) < 1e-12 else float(one > other)


@dataclass(frozen=True)
class Effect:
    """A measure of what a text does to a simulated reader.

    Parameters
    ----------
    name, family : str
    measure : callable
    reader : Reader or None
        ``None`` where there is none to ask: every sample is unscored.
    outcomes : mapping of (str, str) to HeldOut
        By user and item. Only the difference to what a reader said is made of them.
    """

    name: str
    family: str
    measure: Measure
    reader: Reader | None
    outcomes: Mapping[tuple[str, str], HeldOut] = field(repr=False)
    width: float = 4.0
    low: float = -1.0
    high: float = 1.0
    better: Better = "neither"
    variants: tuple[str, ...] = (LIKED, LOW)
    of_pairs: bool = False

    @property
    def about(self) -> str:
        """What it is, and that nobody was asked."""
        words = (self.measure.__doc__ or "").partition("\n\n")[0]
        return NO_PERSON + words

    @property
    def settings(self) -> dict[str, str]:
        """Those of the reader."""
        return {} if self.reader is None else self.reader.settings

    def score(self, sample: Sample) -> Score:
        """Read the text, and its pair's where the measure is of pairs."""
        outcome = self.outcomes.get((sample.user_id, sample.item_id))
        if self.reader is None:
            return unscored("no reader", "set llm.base_url: a language model has to read")
        if outcome is None:
            return unscored("no outcome", "what the user thought of the item is not known")
        if not sample.text or (self.of_pairs and (sample.base is None or not sample.base.text)):
            return unscored("no text")
        read, unread = self._read(sample), self.reader.unread(sample.user_id, sample.language)
        other = self._read(sample.base) if self.of_pairs and sample.base else None
        if read is None or unread is None or (self.of_pairs and other is None):
            return unscored("no answer", "the reader gave no rating, or has learnt of too few")
        value = self.measure(Told(outcome, read, unread, other, self.width))
        reason = f"expects {read.rating:.2f}, without a word {unread.rating:.2f}"
        if other is not None:
            reason += f", of the liked item {other.rating:.2f}"
        return Score(value, f"{value:+.2f}", f"{reason}; it was {outcome.rating:g}")

    def _read(self, sample: Sample) -> Reading | None:
        assert self.reader is not None
        return self.reader.read(masked(sample), sample.user_id, sample.language)


def effect_scorers(
    reader: Reader | None, sources: Sources, *, suffix: str = "", family: str = "effect"
) -> tuple[Effect, ...]:
    """All measures by one reader."""
    outcomes = {(one.user_id, one.item_id): one for one in sources.outcomes}
    low, high = sources.data.scale or (1.0, 5.0)

    def made(
        measure: Measure,
        better: Better = "neither",
        *,
        low_end: float = -1.0,
        variants: tuple[str, ...] = (LIKED, LOW),
        of_pairs: bool = False,
    ) -> Effect:
        return Effect(
            name=measure.__name__ + suffix,
            family=family,
            measure=measure,
            reader=reader,
            outcomes=outcomes,
            width=(high - low) or 1.0,
            low=low_end,
            better=better,
            variants=variants,
            of_pairs=of_pairs,
        )

    return (
        made(persuasiveness),
        made(effectiveness),
        made(overselling, "lower", variants=(LOW,)),
        made(oversell_gap, "lower", variants=(LOW,), of_pairs=True),
        made(discrimination, "higher", low_end=0.0, variants=(LOW,), of_pairs=True),
    )
