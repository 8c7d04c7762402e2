"""A run that asks the model: seeds, variants and curves, unbroken and gone on with."""

from __future__ import annotations

from pathlib import Path

import pytest

from recx_agent.evals.run import Run, Suite, read_run, run_suite

SUITE = Suite.model_validate(
    {
        "name": "asked",
        "scorers": ["faithful"],
        "cases": {"users": 6, "sanity": 2, "seeds": 1},
        "writers": {"template": {"kind": "template"}, "ranking": {"kind": "ranking"}},
    }
)


@pytest.fixture(scope="module")
def unbroken(planted_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_suite(SUITE, tmp_path_factory.mktemp("run"), workspace=planted_workspace)


def test_every_figure_that_the_planted_world_has_is_there(unbroken: Run) -> None:
    assert unbroken.results["faults"] == []
    found = {(row.writer, row.metric): row for row in unbroken.rows}
    for metric in ("comprehensiveness", "deletion_gain", "insertion", "seed_overlap"):
        assert found["template", metric].n == 6
    assert found["template", "other_user_changed"].n == 2
    assert found["template", "shuffled_changed"].n == 2
    gap = found["template", "additivity_gap"]
    assert gap.value is not None and gap.value < 1e-5
    told = found["template", "comprehensiveness_gain"]
    assert told.low is not None and told.low > 0, "what it tells carries more than chance"


def test_curves_are_read_back(unbroken: Run) -> None:
    scores = read_run(unbroken.folder).scores["template", "deletion"]
    assert len(scores) == 6
    for score in scores.values():
        assert score.curves.keys() == {"told", "by chance"}
        assert len(score.curves["told"]) == len(score.curves["by chance"]) >= 2


def test_it_goes_on_where_it_was_killed(
    unbroken: Run, planted_workspace: Path, tmp_path: Path
) -> None:
    lines = (unbroken.folder / "journal.jsonl").read_text().splitlines(keepends=True)
    (tmp_path / "journal.jsonl").write_text("".join(lines[::2]))
    again = run_suite(SUITE, tmp_path, workspace=planted_workspace)
    assert (tmp_path / "results.json").read_bytes() == (
        unbroken.folder / "results.json"
    ).read_bytes()
    assert again.scores == unbroken.scores
