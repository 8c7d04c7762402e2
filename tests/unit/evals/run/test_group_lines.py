"""Figures by groups of users, as lines of a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from recx_agent.evals.run import Run
from recx_agent.evals.run.group_lines import group_lines, is_group_row
from recx_agent.evals.run.tables import as_markdown


def told_by_group(metric: str, **changes: Any) -> dict[str, Any]:
    """What a run keeps of one figure by one way to group."""

    def figure(value: float, **more: Any) -> dict[str, Any]:
        return {"value": value, "low": value - 0.1, "high": value + 0.1, "n": 9, "users": 9, **more}

    content = {
        "writer": "template",
        "family": "faithful",
        "metric": metric,
        "by": "activity",
        "better": "higher",
        "groups": [figure(0.25, group="few"), figure(0.75, group="many")],
        "left_out": {},
        "ungrouped": 0,
        "worst": figure(0.25, group="few"),
        "gap": figure(0.5),
        "gap_by_chance": {"value": 0.2, "low": 0.0, "high": 0.4, "p": 0.01},
    }
    return {**content, **changes}


def run_of(*told: dict[str, Any]) -> Run:
    return Run(Path(), {}, {"fair": list(told)})


def test_a_line_holds_the_worst_group_the_gap_and_that_of_chance() -> None:
    [line] = group_lines(run_of(told_by_group("untrue")))
    assert (line.writer, line.metric, line.by) == ("template", "untrue", "activity")
    assert line.worst == "few: 0.250 [0.150, 0.350]"
    assert line.gap == "0.500 [0.400, 0.600]"
    assert (line.by_chance, line.p, line.clear) == ("0.200 [0.000, 0.400]", "0.01", True)
    assert line.groups == "few 0.250, many 0.750"


def test_what_could_not_be_told_apart_is_no_line_and_no_group_row_is_a_picture() -> None:
    assert group_lines(run_of(told_by_group("untrue", gap=None))) == []
    assert group_lines(Run(Path(), {}, {})) == []
    often = {"value": 0.2, "low": None, "high": None, "p": 0.4}
    [line] = group_lines(run_of(told_by_group("fcr", worst=None, gap_by_chance=often)))
    assert (line.worst, line.by_chance, line.clear) == ("", "0.200", False)
    assert is_group_row("untrue/gender/gap") and not is_group_row("exposure/genre")


def test_the_table_has_the_lines_that_chance_does_not_give(finished: Run) -> None:
    often = {"value": 0.2, "low": None, "high": None, "p": 0.4}
    told = [told_by_group("often", gap_by_chance=often), told_by_group("seldom")]
    table = as_markdown(Run(finished.folder, finished.log, {**finished.results, "fair": told}))
    assert "| template | seldom | activity | few: 0.250 [0.150, 0.350] |" in table
    assert "often" not in table
    assert "1 of 2 gaps between groups have p < 0.05" in table
    assert "gaps between groups" not in as_markdown(finished)
