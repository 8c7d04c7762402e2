from __future__ import annotations

from typing import Any

import pytest

from benchmarks.names import AT_ONCE, EACH, FIRST, OPENING, PREDICT, REQUESTS, SUMMED
from benchmarks.promises import Run, ratios, wrong
from benchmarks.report import page
from benchmarks.sizes import QUICK
from recx_agent.settings import ModelSettings

MACHINE = dict.fromkeys(("date", "processor", "cores", "memory", "system", "versions"), "?")
EXACT = {
    "users": 5,
    "gap": 1e-14,
    "relative": 1e-15,
    "mean_relative": 1e-16,
    "base": 0.0,
    "same_first": 5,
}


def ratio(value: float) -> dict[str, float]:
    return {"value": value, "low": value / 2, "high": value * 2, "pairs": 9}


def predicted(value: float, **lists: int) -> dict[str, Any]:
    ways = {PREDICT: ratio(value), SUMMED: ratio(2.0)}
    return {"items": 1_000, "batch_1": {"users": 1, "ratios": ways, "lists": lists}}


def requests(*kinds: str) -> dict[str, Any]:
    latency = {"p50": 1.25, "p95": 2.5, "max": 3.5, "n": 9}
    spread = {"p50": 20.0, "p95": 90.0, "max": 200.0}
    return {"latency": dict.fromkeys((*REQUESTS.values(), *kinds), latency), "history": spread}


def made(
    by_query: float = 20.0,
    by_predict: float = 5.0,
    quick: bool = False,
    more: dict[str, Any] | None = None,
) -> Run:
    settings = ModelSettings().model_dump(mode="json")
    records: dict[str, Any] = {
        "flat": {"ratios": {what: ratio(1.1) for what in REQUESTS.values()}},
        "by-query": {"events": 9_000, "ratios": {EACH: ratio(by_query), AT_ONCE: ratio(2.0)}},
        "movielens": {"settings": settings},
        "by-predict-movielens": predicted(3.0, same=8, level=1),
        "by-predict-everything-10000": predicted(by_predict, same=9),
        "shapley": {
            "served": EXACT,
            "predict": {**EXACT, "relative": 1e-7},
            "als": {**EXACT, "relative": 0.5, "same_first": 4},
        },
    }
    for number, size in enumerate(QUICK.sizes):
        records |= {
            f"{size.name}-fit": {"seconds_per_epoch": 0.5, "settings": settings},
            f"{size.name}-index": {"seconds": 2.0, "events_per_second": 1e4, "megabytes": 7.0},
            f"{size.name}-top-k": requests(),
            f"{size.name}-evidence": requests(OPENING, *([FIRST] if number else [])),
            f"{size.name}-attribution": requests(),
        }
    peaks = {name: 123.0 for name in records}
    return Run(QUICK, records | (more or {}), peaks, [0.5, 3.5], quick)


def test_a_ratio_that_falls_short_is_missed() -> None:
    assert [r for r in ratios(made()) if r.missed] == []
    assert [r.what for r in ratios(made(by_query=19.9)) if r.missed] == [EACH]
    assert [r.what for r in ratios(made(by_predict=4.9)) if r.missed] == [PREDICT]
    assert [r for r in ratios(made(by_query=1.0, quick=True)) if r.missed] == []


def test_the_page_tells_what_was_missed_and_which_lists_are_the_same() -> None:
    good, bad = (page(made(by_query=v), MACHINE, "make bench", "p.svg") for v in (20.0, 19.9))
    assert "missed" not in good
    assert "≥ 20, **missed**" in bad
    assert "8 of 9 lists the same, 1 but for items level in single precision" in good
    assert "load of the machine during the run: 0.5 to 3.5" in good.lower()
    assert "quick" not in good
    assert "quick" in page(made(quick=True), MACHINE, "make bench", "p.svg")


def test_every_line_of_a_table_has_as_many_cells_as_its_head() -> None:
    lines = page(made(), MACHINE, "make bench", "p.svg").splitlines()
    widths: list[set[int]] = [set()]
    for line in lines:
        if line.startswith("|"):
            widths[-1].add(line.replace("\\|", "").count("|"))
        elif widths[-1]:
            widths.append(set())
    assert [len(own) for own in widths if own] == [1, 1, 1]


def test_other_lists_and_other_contributions_are_wrong_whatever_the_time() -> None:
    assert wrong(made(by_query=1.0).records) == []
    lists = {"by-predict-movielens": predicted(9.0, same=8, different=1)}
    assert "1 lists differ" in wrong(made(more=lists).records)[0]
    for way, gap in (("served", 1e-8), ("predict", 1e-4)):
        found = {"served": EXACT, "predict": EXACT} | {way: {**EXACT, "relative": gap}}
        assert way in wrong(made(more={"shapley": found}).records)[0]


@pytest.mark.parametrize("word", ["users", "fit: seconds an epoch", OPENING, FIRST])
def test_growth_has_a_line_for_each_measure(word: str) -> None:
    text = page(made(), MACHINE, "make bench", "p.svg")
    (line,) = [own for own in text.splitlines() if own.startswith(f"| {word}")]
    assert line.count("|") == len(QUICK.sizes) + 2
