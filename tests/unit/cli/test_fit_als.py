"""``recx fit`` with the second model, and with factors made elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from recx_agent import Recx

SPARK = Path(__file__).resolve().parents[2] / "data" / "spark_als"


def run(*arguments: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    recx = Path(sys.executable).with_name("recx")
    return subprocess.run(
        [str(recx), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "200", **env},
    )


@pytest.fixture
def songs(tmp_path: Path) -> Path:
    plays = pd.read_csv(SPARK / "plays.csv", dtype=str)
    items = pd.DataFrame({"item_id": sorted(plays["item_id"].unique())})
    items["title"] = "Song " + items["item_id"]
    items.to_csv(tmp_path / "songs.csv", index=False)
    return tmp_path / "songs.csv"


def test_als_is_fitted_and_explains(songs: Path, tmp_path: Path) -> None:
    files = ("--interactions", SPARK / "plays.csv", "--items", songs, "-w", tmp_path / "w")
    made = run("fit", *files, "--recommender", "als", "--epochs", "7", RECX_ALS__FACTORS="3")
    assert made.returncode == 0, made.stderr
    assert run("index", "-w", tmp_path / "w").returncode == 0
    told = json.loads(run("explain", "10", "-k", "2", "-f", "json", "-w", tmp_path / "w").stdout)
    assert len(told) == 2
    assert told[0]["attribution"]["views"]["attribute"] is None
    notes = Recx.open(tmp_path / "w").model.notes  # type: ignore[attr-defined]
    assert (notes["settings"]["iterations"], notes["settings"]["factors"]) == (7, 3)


def test_a_spark_model_is_taken_as_it_is_and_told_how_near_it_is(
    songs: Path, tmp_path: Path
) -> None:
    files = ("--interactions", SPARK / "plays.csv", "--items", songs, "-w", tmp_path / "w")
    refused = run("fit", *files, "--item-factors", SPARK / "implicit")
    assert refused.returncode == 1
    assert "RECX_ALS__ALPHA" in refused.stderr
    assert "Traceback" not in refused.stderr
    made = run(
        *("fit", *files, "--item-factors", SPARK / "implicit"),
        RECX_ALS__ALPHA="4",
        RECX_ALS__REGULARIZATION="0.05",
    )
    assert made.returncode == 0, made.stderr
    assert "the factors of 12 users solved here are those saved with the model" in made.stderr


def test_an_update_takes_no_other_model(songs: Path, tmp_path: Path) -> None:
    refused = run("fit", "--update", "--recommender", "als", "--items", songs, "-w", tmp_path)
    assert refused.returncode == 2
    assert "an update goes on from the model there is" in refused.stderr
