"""What a scorer is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias, TypeGuard

from recx_agent.evals.samples import Sample

Better = Literal["higher", "lower", "neither"]
"""Which direction is good; ``neither`` describes a text and judges it not."""


@dataclass(frozen=True)
class Score:
    """What a scorer found in one sample.

    Attributes
    ----------
    value : float or None
        ``None`` is unscored: it is counted as such, enters no mean, and is never 0.
    answer : str
        In a word or two, such as ``yes``, ``3 of 4`` or ``no reference``.
    reason : str
        What was found, for whoever reads the worst samples.
    """

    value: float | None
    answer: str = ""
    reason: str = ""


def unscored(answer: str, reason: str = "") -> Score:
    """A sample that cannot be judged: no reference, a judge's answer that is none."""
    return Score(None, answer, reason)


class Scorer(Protocol):
    """Judges one sample; its figure is the mean over samples.

    It has to give equal scores to equal samples, and is called from several threads.

    Attributes
    ----------
    name : str
        Unique among all scorers; stands in tables and files.
    family : str
        ``text``, ``grounded``, …: scorers are asked for by family or name.
    low, high : float or None
        Ends of the range of a value; ``None`` where there is no end.
    better : str
        ``higher``, ``lower`` or ``neither``.
    """

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def family(self) -> str: ...  # noqa: D102

    @property
    def low(self) -> float | None: ...  # noqa: D102

    @property
    def high(self) -> float | None: ...  # noqa: D102

    @property
    def better(self) -> Better: ...  # noqa: D102

    def score(self, sample: Sample) -> Score:
        """Judge one sample."""
        ...


class GroupScorer(Protocol):
    """Gives one figure for all samples of a writer, where that is no mean over samples.

    Such as distinct-n or corpus BLEU. Its interval is a jackknife over users; the attributes
    are those of :class:`Scorer`.
    """

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def family(self) -> str: ...  # noqa: D102

    @property
    def low(self) -> float | None: ...  # noqa: D102

    @property
    def high(self) -> float | None: ...  # noqa: D102

    @property
    def better(self) -> Better: ...  # noqa: D102

    def value(self, samples: Sequence[Sample]) -> float | None:
        """The figure; ``None`` where these samples have none, such as none with a reference."""
        ...


AnyScorer: TypeAlias = Scorer | GroupScorer


def is_group(scorer: AnyScorer) -> TypeGuard[GroupScorer]:
    """Whether it judges all samples of a writer at once."""
    return hasattr(scorer, "value")
