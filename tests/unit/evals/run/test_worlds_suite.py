"""The suite of planted worlds, small: it plants, fits, explains and judges."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from recx_agent.errors import SettingsError
from recx_agent.evals.run import Run, Suite, load_suite, run_suite
from recx_agent.evals.worlds import read_rules
from recx_agent.evals.worlds.rules import IN_EXTRA


def small(**world: Any) -> Suite:
    """The suite that ships with few users, who have one likely rule or none."""
    suite = load_suite("worlds")
    chosen = {"rules": ("attribute", "coin"), "users_per_rule": 12, "noise": 0.0, **world}
    spec = suite.cases.world.model_copy(update=chosen)
    fit = {**suite.cases.fit, "model": {"components": 16, "runs": 1, "epochs": 30}}
    return suite.with_cases(world=spec, per_user=1, fit=fit)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_suite(small(), tmp_path_factory.mktemp("worlds"), threads=1)


def figure(run: Run, metric: str, writer: str = "template") -> dict[str, Any]:
    (row,) = (r for r in run.results["rows"] if (r["metric"], r["writer"]) == (metric, writer))
    return dict(row)


def test_a_rule_that_can_be_learnt_is_carried_by_the_terms(done: Run) -> None:
    assert figure(done, "model_fits")["value"] > 0.9
    assert figure(done, "model_recall_attribute")["value"] > 0.9
    assert figure(done, "model_evidence")["value"] == 1.0
    assert figure(done, "evidence_precision")["value"] == 1.0
    assert figure(done, "abstained_wrongly")["n"] == figure(done, "rule_recall")["n"] > 10


def test_what_does_not_apply_is_unscored_and_not_nought(done: Run) -> None:
    coin = figure(done, "abstained_coin")
    assert (coin["n"], coin["users"], coin["unscored"]) == (12, 12, 12)
    assert figure(done, "twin_told")["value"] is None
    assert figure(done, "rule_recall_alike")["n"] == 0
    assert done.results["faults"] == []


def test_the_rules_lie_beside_the_data_and_reach_the_judges_alone(done: Run) -> None:
    rules = read_rules(done.folder / "world")
    assert len(rules) == len(done.samples) / 2 == 24
    for sample in done.samples:
        assert sample.extra[IN_EXTRA] == rules[sample.user_id].as_dict() | {
            name: list(getattr(rules[sample.user_id], name)) for name in ("parts", "items", "twins")
        }
        assert "rule" not in sample.text


def test_a_second_run_finds_everything_done(done: Run) -> None:
    before = (done.folder / "journal.jsonl").read_bytes()
    again = run_suite(small(), done.folder, threads=1)
    assert (done.folder / "journal.jsonl").read_bytes() == before
    assert again.results == done.results


def test_it_plants_its_own_data(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="'worlds' plants its own data; leave out --data"):
        run_suite(small(), tmp_path / "out", data=tmp_path)
