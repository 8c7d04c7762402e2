"""What texts cost, added up by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from recx_agent.evals.prices import Prices
from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers import Score, Sources, scorers_of
from recx_agent.evals.scorers.service.times import STAGES, Seconds, seconds


def sample(verdict: str = "supported", **took: float) -> Sample:
    return Sample("k", "w", "u", "i", "en", "x", verdict=verdict, took=took)


def scored(name: str, one: Sample, **sources: Any) -> Score:
    (scorer,) = scorers_of([f"service.{name}"], Sources(**sources))
    found: Score = scorer.score(one)  # type: ignore[union-attr]
    return found


def test_stages_add_up() -> None:
    one = sample(evidence_seconds=0.5, seconds=2.0, model_seconds=1.25)
    told = {stage: seconds(one, stage) for stage in STAGES}
    assert told == {"evidence": 0.5, "model": 1.25, "own": 0.75, "writing": 2.0, "total": 2.5}
    assert {stage: seconds(sample(), stage) for stage in STAGES} == dict.fromkeys(STAGES)
    assert seconds(sample(seconds=1.0, model_seconds=1.1), "own") == 0.0


def test_percentiles_over_the_texts_that_say() -> None:
    texts = [sample(seconds=float(n)) for n in range(1, 101)] + [sample()]
    assert Seconds("writing", 50).value(texts) == pytest.approx(50.5)
    assert Seconds("writing", 95).value(texts) == np.percentile(np.arange(1, 101), 95)
    assert Seconds("model", 95).value(texts) is None
    assert Seconds("writing", 95).name == "writing_seconds_p95"


def test_money_by_the_prices_of_the_suite() -> None:
    prices = Prices(prompt=0.5, completion=2.0, currency="EUR")
    one = sample(prompt_tokens=400, completion_tokens=50)
    cost = scored("cost_1000", one, prices=prices)
    # 1,000 texts: 400,000 tokens read at 0.50 a million, 50,000 written at 2.00 a million.
    assert cost.value == pytest.approx(0.4 * 0.5 + 0.05 * 2.0)
    assert "EUR" in cost.answer
    assert scored("cost_1000", one).answer == "no prices"
    assert scored("cost_1000", sample(), prices=prices).value is None


def test_tokens_and_requests_are_those_of_the_sample() -> None:
    one = sample(requests=2, prompt_tokens=400, completion_tokens=50)
    for name, value in (("requests", 2), ("prompt_tokens", 400), ("completion_tokens", 50)):
        assert scored(name, one).value == value
        assert scored(name, sample()).value is None


@pytest.mark.parametrize(
    ("verdict", "requests", "fallback", "repaired", "abstained"),
    [
        ("supported", 1, 0.0, 0.0, 0.0),
        ("repaired", 2, 0.0, 1.0, 0.0),
        ("template", 2, 1.0, 0.0, 0.0),
        ("template", 0, None, None, 0.0),  # templates were asked for
        ("abstained", 0, None, None, 1.0),
        ("", 1, None, None, None),
    ],
)
def test_how_a_text_ended(
    verdict: str,
    requests: float,
    fallback: float | None,
    repaired: float | None,
    abstained: float | None,
) -> None:
    one = sample(verdict, requests=requests)
    assert scored("fallback", one).value == fallback
    assert scored("repaired", one).value == repaired
    assert scored("abstained", one).value == abstained


def test_no_gate_hangs_on_times_and_every_scorer_says_what_it_is() -> None:
    for scorer in scorers_of(["service"], Sources()):
        assert scorer.reads_costs  # type: ignore[union-attr]
        assert len(scorer.about) > 20  # type: ignore[union-attr]
        if isinstance(scorer, Seconds):
            assert scorer.better == "neither"
