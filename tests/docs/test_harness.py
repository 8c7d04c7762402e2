"""The commands and examples of docs/harness.md are run, one after the other, on a few films."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pandas as pd
import pytest

from recx_agent import build
from recx_agent.evals.run import load_suite, suite_names
from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers import Sources
from recx_agent.evals.writers.making import WriterSpec
from tests.docs.pages import Page, fit_films, run

PAGE = Page("harness.md")


def test_the_commands_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    fit_films(Path("films"), "alice", ["Fargo", "Heat", "Alien"])
    build.index("films")
    shop = {"user_id": ["alice"], "item_id": ["m2"], "text": ["Buy it!"]}
    pd.DataFrame(shop).to_csv("shop.csv", index=False)
    (suite,) = (block for block in PAGE.blocks("toml") if "[cases]" in block)
    Path("mine.toml").write_text(suite, encoding="utf-8")
    assert len(PAGE.commands) == 7
    for command in PAGE.commands:
        result = run(command)
        assert result.exit_code == 0, f"{command}: {result.output}"
    left = {path.name for path in Path("results/quick").iterdir()}
    named = {"results.json", "run.json", "cases.jsonl", "samples.jsonl", "scores.jsonl"}
    assert left >= {*named, "journal.jsonl", "report.html", "results.parquet", "scores.parquet"}
    assert "lm_eval_results.json" in left
    assert all(f"`{name}`" in PAGE.text for name in named)


def test_the_python_examples_run(capsys: pytest.CaptureFixture[str]) -> None:
    names = PAGE.run_examples()
    assert names["found"].values["words"].tolist() == [3.0, 3.0]
    assert "usr" in capsys.readouterr().out
    (scorer,) = names["make_scorers"](Sources())
    assert scorer.score(Sample("k", "w", "u", "i", "zh", "好！wow!")).value == 2.0


def test_every_suite_and_kind_of_writer_is_listed() -> None:
    for name in suite_names():
        assert f"\n| `{name}` |" in PAGE.text
        assert load_suite(name).about
    kinds = WriterSpec.model_json_schema()["properties"]["kind"]["enum"]
    assert [kind for kind in kinds if f"\n| `{kind}` |" not in PAGE.text] == []


def test_the_entry_point_is_the_one_that_is_looked_for() -> None:
    from recx_agent.evals.scorers.registry import GROUP

    (block,) = (block for block in PAGE.blocks("toml") if "entry-points" in block)
    assert GROUP in tomllib.loads(block)["project"]["entry-points"]
