"""The examples of docs/scorers.md and docs/meta_evaluation.md are run; every scorer is listed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from recx_agent.evals.meta.operators import operators
from recx_agent.evals.meta.world import hand_written
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
    names = {scorer.name for scorer in scorers_of(["text", "grounded", "bertscore"])}
    tables = [line for line in SCORERS.text.splitlines() if line.startswith("| `")]
    listed = set(re.findall(r"`(\w+)`", " ".join(line.split(" | ")[0] for line in tables)))
    assert listed == names


def test_every_operator_is_listed_with_its_half() -> None:
    rows = re.findall(r"^\| ([a-z ]+) \| (first|second) \|", META.text, re.MULTILINE)
    assert rows == [(operator.name, operator.half) for operator in operators()]
    counts = re.findall(r"half\*\* \((\d+)\)", META.text)
    halves = [operator.half for operator in operators()]
    assert counts == [str(halves.count("first")), str(halves.count("second"))]
    assert f"{len(hand_written('en'))} texts in each language" in META.text
    assert len(hand_written("zh")) == len(hand_written("en"))
