"""``recx eval run``, ``compare``, ``gate``, ``report``, ``export``."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from recx_agent.cli.app import app
from recx_agent.errors import SettingsError
from recx_agent.evals.run import Run

pytestmark = pytest.mark.usefixtures("known_judges")

SUITE = """
scorers = ["judges"]
[writers.ours]
kind = "template"
"""


def recx(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=True)


def test_a_suite_is_run_read_and_held_against_itself(
    planted_workspace: Path, tmp_path: Path
) -> None:
    suite, out = tmp_path / "mine.toml", tmp_path / "out"
    suite.write_text(SUITE)
    texts = tmp_path / "texts.csv"
    pd.DataFrame({"user_id": ["x"], "item_id": ["y"], "text": ["z"]}).to_csv(texts, index=False)
    ran = recx(
        *("eval", "run", suite, "--out", out, "--users", "3", "--texts", f"theirs={texts}"),
        *("-w", planted_workspace),
    )
    assert ran.exit_code == 0, ran.output
    assert "# mine: 3 cases" in ran.stdout
    assert "No text of 'theirs' for 3 cases" in ran.stdout
    assert recx("eval", "report", out).exit_code == 0
    assert (out / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    compared = recx("eval", "compare", out, out, "--writer", "ours")
    assert "no difference shown" in compared.stdout
    passed = recx("eval", "gate", out, "--against", out)
    assert (passed.exit_code, "Nothing got worse." in passed.stdout) == (0, True)
    assert recx("eval", "export", out, "--to", "parquet", "--out", tmp_path / "p").exit_code == 0
    assert sorted(path.name for path in (tmp_path / "p").iterdir()) == [
        "results.parquet",
        "scores.parquet",
    ]
    assert recx("eval", "export", out, "--to", "lm-eval").exit_code == 0
    assert json.loads((out / "lm_eval_results.json").read_text())["results"]["recx_mine_ours"]


def test_the_gate_exits_with_1_and_says_what_got_worse(finished: Run, tmp_path: Path) -> None:
    worse = tmp_path / "worse"
    shutil.copytree(finished.folder, worse)
    scores = (worse / "scores.jsonl").read_text().replace('"value": 1.0', '"value": 0.0')
    (worse / "scores.jsonl").write_text(scores)
    found = recx("eval", "gate", worse, "--against", finished.folder)
    assert found.exit_code == 1
    assert "title_named" in found.stdout


@pytest.mark.parametrize("entry", ["theirs", "=a.csv", "theirs="])
def test_texts_are_given_a_name(tmp_path: Path, entry: str) -> None:
    found = recx("eval", "run", "quick", "--out", tmp_path, "--texts", entry)
    assert isinstance(found.exception, SettingsError)
    assert "write it as name=file" in str(found.exception)


def test_the_other_writer_needs_a_first(finished: Run) -> None:
    found = recx("eval", "compare", finished.folder, finished.folder, "--other", "ranking")
    assert isinstance(found.exception, SettingsError)
