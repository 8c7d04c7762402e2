from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from recx_agent.datasets import Dataset
from recx_agent.errors import SettingsError
from recx_agent.evals import terms
from recx_agent.evals.terms import ARMS, LABELS, MEASURES, STAGES, TermsReport, run_terms
from recx_agent.settings import ModelSettings


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("terms")


@pytest.fixture(scope="module")
def report(halves: Dataset, small_settings: ModelSettings, out: Path) -> TermsReport:
    assert halves.time_meaning == "record"
    return run_terms(halves, out, seeds=2, settings=small_settings, quick=True)


def test_every_model_is_measured_at_every_stage(report: TermsReport) -> None:
    assert [(row.stage, row.measure, row.model) for row in report.rows] == [
        (stage, measure, model) for stage in STAGES for measure in MEASURES for model in LABELS
    ]
    assert {row.users for row in report.rows} == {40}
    for row in report.rows:
        value, low, high = row.ndcg
        assert 0 <= low <= value <= high <= 1


def test_differences_are_to_the_plain_model_by_user(report: TermsReport) -> None:
    plain = {(r.stage, r.measure): r.ndcg[0] for r in report.rows if r.model == "plain"}
    for row in report.rows:
        if row.gain is None:
            assert row.model == "plain"
        else:
            assert row.gain[0] == pytest.approx(row.ndcg[0] - plain[row.stage, row.measure])


def test_finished_fits_are_not_done_again(
    halves: Dataset,
    small_settings: ModelSettings,
    report: TermsReport,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = (out / "fits.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(STAGES) * len(ARMS) * 2
    monkeypatch.setattr(terms, "fit_runs", None)
    again = run_terms(halves, out, seeds=2, settings=small_settings, quick=True)
    assert again.rows == report.rows


def test_what_is_written_says_how_the_times_were_meant(report: TermsReport, out: Path) -> None:
    content = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert content["setup"]["time_meaning"] == "record"
    assert content["setup"]["contexts"] == ["time_of_day", "weekday"]
    table = (out / "terms.md").read_text(encoding="utf-8")
    assert table == report.as_markdown()
    assert table.count("| with context terms |") == 4
    record = json.loads((out / "fits.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert np.isfinite(record["told"]["by_moment"]).all()


def test_too_few_seeds_are_refused(halves: Dataset, tmp_path: Path) -> None:
    for seeds in (0, 1):  # what seeds make of it cannot be told from one
        with pytest.raises(SettingsError, match=f"--seeds: {seeds} is not possible"):
            run_terms(halves, tmp_path, seeds=seeds)
