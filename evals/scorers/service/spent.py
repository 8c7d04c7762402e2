"""Tokens, requests and money of a text; whether its writer was the one asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from recx_agent.evals.prices import Prices
from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers.base import Better, Score, unscored

Measure = Callable[[Sample], Score]


@dataclass(frozen=True)
class Spent:
    """What a text took, or how it ended.

    Parameters
    ----------
    name : str
    measure : callable
    """

    name: str
    measure: Measure
    better: Better = "lower"
    high: float | None = None
    family: str = "service"
    low: float | None = 0.0
    reads_costs: bool = True

    @property
    def about(self) -> str:
        """What is counted."""
        return (getattr(self.measure, "__doc__", None) or "").partition("\n\n")[0]

    def score(self, sample: Sample) -> Score:
        """Read it off the sample."""
        return self.measure(sample)


def requests(sample: Sample) -> Score:
    """Requests to the language model."""
    return _counted(sample, "requests")


def prompt_tokens(sample: Sample) -> Score:
    """Tokens that the language model read."""
    return _counted(sample, "prompt_tokens")


def completion_tokens(sample: Sample) -> Score:
    """Tokens that the language model wrote."""
    return _counted(sample, "completion_tokens")


def fallback(sample: Sample) -> Score:
    """1 if a template had to stand in for the language model that was asked, else 0."""
    return _ended(sample, "template")


def repaired(sample: Sample) -> Score:
    """1 if the language model had to be asked again for what failed the check, else 0."""
    return _ended(sample, "repaired")


def abstained(sample: Sample) -> Score:
    """1 if the writer says that it gives no reason, else 0. Where evidence is thin it should."""
    if not sample.verdict:
        return unscored("no verdict", "the writer does not say")
    return Score(float(sample.verdict == "abstained"), sample.verdict)


class Cost:
    """Price of a thousand such texts, by the prices of the suite and the tokens of this one."""

    def __init__(self, prices: Prices | None) -> None:
        self._prices = prices
        self.__doc__ = type(self).__doc__
        if prices is not None:
            self.__doc__ = f"{self.__doc__} In {prices.currency}."

    def __call__(self, sample: Sample) -> Score:
        """Multiply."""
        if self._prices is None:
            return unscored("no prices", "give [prices] in the suite")
        read, wrote = (_counted(sample, f"{name}_tokens") for name in ("prompt", "completion"))
        if read.value is None or wrote.value is None:
            return unscored("no tokens", "the writer does not say")
        cost = self._prices.of_texts(read.value, wrote.value)
        return Score(cost, f"{cost:.4f} {self._prices.currency}")


def spent_scorers(prices: Prices | None) -> tuple[Spent, ...]:
    """All of them."""
    return (
        Spent("requests", requests),
        Spent("prompt_tokens", prompt_tokens),
        Spent("completion_tokens", completion_tokens),
        Spent("cost_1000", Cost(prices)),
        Spent("fallback", fallback, high=1.0),
        Spent("repaired", repaired, high=1.0),
        Spent("abstained", abstained, "neither", high=1.0),
    )


def _counted(sample: Sample, name: str) -> Score:
    count = sample.took.get(name)
    if count is None:
        return unscored("not known", f"the writer does not say how many {name} it took")
    return Score(float(count), f"{count:g}")


def _ended(sample: Sample, verdict: str) -> Score:
    asked = sample.took.get("requests")
    if not asked:
        return unscored("asked no model")
    if not sample.verdict:
        return unscored("no verdict", "the writer does not say")
    return Score(float(sample.verdict == verdict), sample.verdict)
