"""The examples of docs/scorers.md and docs/meta_evaluation.md are run; every scorer is listed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from recx_agent.evals.meta.operators import operators
from recx_agent.evals.meta.world import hand_written
from recx_agent.evals.ranking.exposure import LIST_METRICS
from recx_agent.evals.ranking.making import Kind, RankingSpec
from recx_agent.evals.ranking.user_metrics import USER_METRICS
from recx_agent.evals.run import load_suite
from recx_agent.evals.run.grouping import FairSpec
from recx_agent.evals.scorers import scorers_of
from tests.docs.pages import Page, run

SCORERS, META = Page("scorers.md"), Page("meta_evaluation.md")


def test_the_examples_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    SCORERS.run_examples()
    assert capsys.readouterr().out.splitlines()[0] == "true"
    by_hand, with_films = META.commands
    told = run(by_hand)
    assert told.exit_code == 0, told.output
    assert "### What falls short" in told.output
    assert {path.name for path in (tmp_path / "results/meta").iterdir()} == {
        "results.json",
        "meta.md",
    }
    refused = run(with_films)  # no workspace here: one line says so
    assert refused.exit_code != 0 and "Traceback" not in refused.output


def test_every_scorer_is_listed() -> None:
    families = [
        "text",
        "grounded",
        "faithful",
        "worlds",
        "bertscore",
        "effect",
        "effect_llm",
        "robust",
        "service",
    ]
    names = {scorer.name for scorer in scorers_of(families)}
    assert listed_under("scorer") | listed_under("scorers") == names


def listed_under(head: str) -> set[str]:
    """Names between back quotes in the first column of the tables with this head."""
    tables = [part for part in SCORERS.text.split("\n\n") if part.startswith(f"| {head} |")]
    first = [line.split(" | ")[0] for table in tables for line in table.splitlines()[2:]]
    return set(re.findall(r"`([^`]+)`", " ".join(first)))


def test_every_metric_of_lists_and_every_option_is_listed() -> None:
    known = {f"{metric.name}@k" for metric in (*USER_METRICS, *LIST_METRICS)}
    assert listed_under("metric") | listed_under("row") >= known
    assert listed_under("metric") <= known, "none that is not there"
    assert listed_under("option of `[ranking]`") == RankingSpec.model_fields.keys()
    assert listed_under("option") == FairSpec.model_fields.keys()
    assert listed_under("`kind`") == set(get_args(Kind))


def test_the_suites_of_the_page_are_suites(tmp_path: Path) -> None:
    changed, recommenders, fair = SCORERS.blocks("toml")
    path = tmp_path / "mine.toml"
    path.write_text(f"{recommenders}\n{fair}", encoding="utf-8")
    suite = load_suite(path)
    assert list(suite.recommenders) == ["ours", "popularity", "als", "theirs"]
    assert suite.fair.by == ("activity", "gender", "*")
    path.write_text(changed, encoding="utf-8")
    cases = load_suite(path).cases
    assert (cases.held_out and cases.held_out.users, cases.robust and cases.robust.reruns) == (
        40,
        2,
    )


def test_every_operator_is_listed_with_its_half() -> None:
    rows = re.findall(r"^\| ([a-z ]+) \| (first|second) \|", META.text, re.MULTILINE)
    assert rows == [(operator.name, operator.half) for operator in operators()]
    counts = re.findall(r"half\*\* \((\d+)\)", META.text)
    halves = [operator.half for operator in operators()]
    assert counts == [str(halves.count("first")), str(halves.count("second"))]
    assert f"{len(hand_written('en'))} texts in each language" in META.text
    assert len(hand_written("zh")) == len(hand_written("en"))
