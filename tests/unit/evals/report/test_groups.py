"""Figures by groups of users, on the page."""

from __future__ import annotations

from pathlib import Path

from recx_agent.evals.report import write_report
from recx_agent.evals.run import Run
from tests.unit.evals.run.test_group_lines import told_by_group


def test_they_stand_on_the_page(finished: Run, tmp_path: Path) -> None:
    results = {**finished.results, "fair": [told_by_group("length")]}
    run = Run(finished.folder, finished.log, results)
    page = write_report(run, tmp_path / "r.html", worst=0).read_text(encoding="utf-8")
    assert "few: 0.250 [0.150, 0.350]" in page and 'href="#groups"' in page
    plain = write_report(finished, tmp_path / "p.html", worst=0).read_text(encoding="utf-8")
    assert "#groups" not in plain


def test_lines_that_chance_gives_as_well_are_folded(finished: Run, tmp_path: Path) -> None:
    often = {"value": 0.2, "low": None, "high": None, "p": 0.4}
    told = [told_by_group("often", gap_by_chance=often), told_by_group("seldom")]
    run = Run(finished.folder, finished.log, {**finished.results, "fair": told})
    page = write_report(run, tmp_path / "r.html", worst=0).read_text(encoding="utf-8")
    section = page[page.index('<section id="groups">') :].partition("</section>")[0]
    open_, _, folded = section.partition("<details><summary>1 more, none of them marked")
    assert "<td>seldom</td>" in open_ and "<td>often</td>" not in open_
    assert "<td>often</td>" in folded and "<td>seldom</td>" not in folded
