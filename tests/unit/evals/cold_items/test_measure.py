from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from recx_agent.cli.app import app
from recx_agent.datasets import Dataset
from recx_agent.errors import SettingsError
from recx_agent.evals.cold_items import run_cold_items
from recx_agent.evals.cold_items.report import LABELS
from recx_agent.recommenders import lightfm_trainer
from recx_agent.settings import ModelSettings

SETTINGS = ModelSettings(components=8, runs=1, epochs=20, learning_rate=0.05)


def run(data: Dataset, out: Path, **rest: Any) -> Any:
    return run_cold_items(data, out, settings=SETTINGS, k=2, **rest)


def test_ours_finds_the_half_an_item_belongs_to_and_chance_does_not(
    halves: Dataset, tmp_path: Path
) -> None:
    report = run(halves, tmp_path)
    ours, chance = report.row("ours", "recall"), report.row("chance", "recall")
    assert ours.value > 0.85
    assert chance.high < 0.7 < ours.low
    gap = report.difference("chance", "recall")
    assert gap.value == pytest.approx(chance.value - ours.value)
    assert gap.reading == "worse"
    assert gap.n == ours.n == 40
    assert len(ours.splits) == 10


def test_a_user_counts_once_however_many_splits_he_is_in(halves: Dataset, tmp_path: Path) -> None:
    report = run(halves, tmp_path, splits=3)
    records = [json.loads(line) for line in (tmp_path / "splits.jsonl").read_text().splitlines()]
    of_users: dict[int, list[float]] = {}
    for record in records:
        values = record["values"]["attribute_profile"]["ndcg"]
        for user, value in zip(record["users"], values, strict=True):
            of_users.setdefault(user, []).append(value)
    assert any(len(own) > 1 for own in of_users.values())
    row = report.row("attribute_profile", "ndcg")
    assert row.value == pytest.approx(np.mean([np.mean(own) for own in of_users.values()]))
    assert row.n == len(of_users)


def test_every_fit_has_seeds_of_its_own(halves: Dataset, tmp_path: Path) -> None:
    run(halves, tmp_path, splits=3)
    keys = [
        json.loads(json.loads(line)["key"])
        for line in (tmp_path / "splits.jsonl").read_text().splitlines()
    ]
    assert sorted(key["settings"]["seed"] for key in keys) == [0, 1, 2]
    assert sorted(key["part"] for key in keys) == [0, 1, 2]


def test_an_interrupted_run_goes_on_to_the_identical_result(
    halves: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = run(halves, tmp_path / "whole", splits=3)
    fit, fits = lightfm_trainer.fit, 0

    def counted(*args: Any, **rest: Any) -> Any:
        nonlocal fits
        fits += 1
        if fits == 3:
            raise KeyboardInterrupt
        return fit(*args, **rest)

    monkeypatch.setattr(lightfm_trainer, "fit", counted)
    with pytest.raises(KeyboardInterrupt):
        run(halves, tmp_path / "cut", splits=3, threads=1)
    assert run(halves, tmp_path / "cut", splits=3) == expected
    assert fits == 4  # two that ended, the one cut off, and that one again
    again = (tmp_path / "cut/results.json").read_text()
    assert again == (tmp_path / "whole/results.json").read_text()
    table = (tmp_path / "cut/cold-items.md").read_text()
    assert all(label in table for label in LABELS.values())


@pytest.mark.parametrize("splits", [0, 11])
def test_impossible_splits_are_refused(halves: Dataset, tmp_path: Path, splits: int) -> None:
    with pytest.raises(SettingsError, match="--splits"):
        run(halves, tmp_path, splits=splits)


def test_the_command_writes_and_prints_the_table(halves: Dataset, tmp_path: Path) -> None:
    events, names = halves.events, ("user", "item", "value", "time")
    lines = ["user_id,item_id,value,timestamp"]
    lines += [
        f"{u},{i},{v:g},{t}"
        for u, i, v, t in zip(*(getattr(events, name) for name in names), strict=True)
    ]
    data = tmp_path / "data"
    data.mkdir()
    (data / "interactions.csv").write_text("\n".join(lines) + "\n")
    rows = [f"{i},Item {i},{halves.catalogue.values(i, 'genre')[0]}" for i in range(40)]
    (data / "items.csv").write_text("\n".join(["item_id,title,genre", *rows]) + "\n")
    out = tmp_path / "out"
    told = CliRunner().invoke(
        app, ["eval", "cold-items", "--quick", "--data", str(data), "--out", str(out)]
    )
    assert told.exit_code == 0, told.output
    assert "figures mean nothing" in told.output
    written = json.loads((out / "results.json").read_text())
    assert {row["model"] for row in written["rows"]} == set(LABELS)
    assert written["setup"]["splits"] == 2
