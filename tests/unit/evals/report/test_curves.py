"""The curves behind a figure: means over texts, drawn where they are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from recx_agent.evals.report.curves import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    carried_on,
    curve_chart,
)
from recx_agent.evals.run import Run
from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers import Score


def run_of(tmp_path: Path, curves: dict[str, list[tuple[float, ...]]]) -> Run:
    """A run in which writers have these curves, one text a user; by chance all stays at 1."""
    run = Run(tmp_path, {}, {})
    samples, scores = [], {}
    for writer, own in curves.items():
        scores[writer, "deletion"] = {
            str(n): Score(0.5, curves={"told": one, "by chance": tuple(1.0 for _ in one)})
            for n, one in enumerate(own)
        }
        samples += [Sample(str(n), writer, f"u{n}", "i", "en", "text") for n in range(len(own))]
    run.__dict__.update(samples=samples, scores=scores)
    return run


def test_every_point_is_the_mean_over_the_same_texts(tmp_path: Path) -> None:
    run = run_of(tmp_path, {"a": [(1.0, 0.5), (1.0, 0.75, 0.25)]})
    chart = curve_chart(run, "deletion", {"a": 3})
    assert chart is not None
    told, by_chance = chart.lines
    assert told.text == "1.000 → 0.625 → 0.375", "a text that told all stays at 0.5"
    assert by_chance.text == "1.000 → 1.000 → 1.000"
    assert (told.colour, told.dashed, by_chance.dashed, chart.n) == (3, False, True, 2)
    assert [point.x for point in told.points] == [LEFT, (LEFT + WIDTH - RIGHT) / 2, WIDTH - RIGHT]
    down = HEIGHT - TOP - BOTTOM
    assert [point.y for point in told.points] == pytest.approx(
        [TOP, TOP + down * 0.375, TOP + down * 0.625], abs=0.1
    )
    assert told.points[1].low is not None and told.points[1].low > told.points[1].y
    assert [tick.text for tick in chart.across] == ["0", "1", "2"]
    assert [tick.text for tick in chart.up] == ["0", "0.2", "0.4", "0.6", "0.8", "1"]


def test_one_user_has_a_curve_without_intervals(tmp_path: Path) -> None:
    chart = curve_chart(run_of(tmp_path, {"a": [(1.0, 0.5)]}), "deletion", {"a": 0})
    assert chart is not None
    assert [(point.low, point.high) for point in chart.lines[0].points] == [(None, None)] * 2


def test_writers_stand_side_by_side_and_those_without_curves_are_left_out(tmp_path: Path) -> None:
    run = run_of(tmp_path, {"a": [(1.0, 0.5)], "b": [(1.0, 0.4)], "c": []})
    chart = curve_chart(run, "deletion", {"a": 0, "b": 1, "c": 2})
    assert chart is not None
    assert [line.writer for line in chart.lines] == ["a", "a", "b", "b"]
    assert chart.lines[0].points[0].x < chart.lines[2].points[0].x
    assert curve_chart(run, "insertion", {"a": 0}) is None


def test_a_long_curve_is_cut_and_a_short_one_goes_on() -> None:
    assert carried_on((1.0, 0.5), 4) == [1.0, 0.5, 0.5, 0.5]
    assert carried_on((1.0, 0.5, 0.2), 2) == [1.0, 0.5]


def test_curves_are_kept_with_a_score() -> None:
    score = Score(0.5, "half", "why", {"told": (1.0, 0.5)})
    assert Score.of_list(score.as_list()) == score
    plain = replace(score, curves={})
    assert plain.as_list() == [0.5, "half", "why"]
    assert Score.of_list(plain.as_list()) == plain
