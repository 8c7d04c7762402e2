"""What a scorer is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias, TypeGuard

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
    curves : mapping of str to tuple of float
        Points behind the value, from 0 on, by name; the report draws their means.
    """

    value: float | None
    answer: str = ""
    reason: str = ""
    curves: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    def as_list(self) -> list[Any]:
        """Plain JSON values; without curves there are three."""
        plain: list[Any] = [self.value, self.answer, self.reason]
        if self.curves:
            plain.append({name: list(own) for name, own in self.curves.items()})
        return plain

    @classmethod
    def of_list(cls, content: Sequence[Any]) -> Score:
        """Read back what :meth:`as_list` gave."""
        value, answer, reason, *more = content
        return cls(value, answer, reason, _curves(more[0] if more else {}))


def _curves(content: Mapping[str, Sequence[float]]) -> Mapping[str, tuple[float, ...]]:
    return {name: tuple(own) for name, own in content.items()}


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


def variants_of(scorer: AnyScorer) -> tuple[str, ...]:
    """Variants of cases whose texts a scorer judges: ordinary ones (``""``) if it says nothing.

    A scorer says so by an attribute ``variants``; see :class:`recx_agent.evals.cases.Case`.
    """
    return tuple(getattr(scorer, "variants", ("",)))


def judges(scorer: AnyScorer, sample: Sample) -> bool:
    """Whether a scorer is asked about this sample."""
    return sample.variant in variants_of(scorer)


def is_group(scorer: AnyScorer) -> TypeGuard[GroupScorer]:
    """Whether it judges all samples of a writer at once."""
    return hasattr(scorer, "value")
