"""SASRec is handed the training part alone, and ranked and searched as the others are."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import sasrec
from recx_agent.datasets import Dataset
from recx_agent.evals.ranking import run_ranking
from recx_agent.evals.ranking.ranker import rank_users
from recx_agent.evals.ranking.task import RULES, tasks_of

STAND_IN = """
import csv, json, sys
split, out, *options = sys.argv[1:]
rows = list(csv.DictReader(open(f"{split}/train.csv")))
users = [row["user_id"] for row in csv.DictReader(open(f"{split}/users.csv"))]
told = {"rows": rows, "users": users, "options": options}
with open(__file__ + ".told", "a") as kept:
    print(json.dumps(told), file=kept)
if "--epochs=15" in options:
    sys.exit("no convergence")
items = sorted({row["item_id"] for row in rows}, reverse="--factors=128" in options)
with open(out, "w", newline="") as lists:
    writer = csv.writer(lists)
    writer.writerow(["user_id", "item_id", "rank"])
    for user in users:
        writer.writerows((user, item, rank) for rank, item in enumerate(items, 1))
"""
CONFIG = {"factors": 32, "learning-rate": 0.004, "epochs": 30}


def nothing() -> None:
    pass


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands in for RecTools, and notes what it was given."""
    path = tmp_path / "lists.py"
    path.write_text(STAND_IN, encoding="utf-8")
    monkeypatch.setattr(sasrec, "LISTS", path)
    return path


def told(script: Path) -> list[dict[str, Any]]:
    text = script.with_name(f"{script.name}.told").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_it_sees_the_training_part_and_its_lists_are_ranked(planted: Dataset, script: Path) -> None:
    _, task = tasks_of("leave_last_3", RULES["leave_last_3"], planted)
    found = sasrec.Sasrec(Path(sys.executable)).fit(task.train, CONFIG, 7, nothing)
    ranked = rank_users(found["SASRec"], task.train, task.users, 5)
    (given,) = told(script)
    assert given["options"] == [
        "--factors=32",
        "--learning-rate=0.004",
        "--epochs=30",
        "--seed=7",
    ]
    events = task.train.events
    assert len(given["rows"]) == len(events) < len(planted.events)
    positive = [row for row in given["rows"] if row["positive"] == "1"]
    assert len(positive) == int(np.asarray(events.positive).sum())
    ids = task.train.catalogue.ids.ids
    order = sorted(ids)
    for row, user in enumerate(task.users):
        assert task.train.users.external(int(user)) in given["users"]
        seen = {ids[item] for item in task.train.seen(int(user))}
        best = [item for item in order if item in {row["item_id"] for row in given["rows"]} - seen]
        assert [ids[item] for item in ranked[row]] == best[:5]


def test_a_training_that_fails_ends_the_search(planted: Dataset, script: Path) -> None:
    _, task = tasks_of("leave_last_3", RULES["leave_last_3"], planted)
    with pytest.raises(subprocess.CalledProcessError):
        sasrec.Sasrec(Path(sys.executable)).fit(task.train, {"epochs": 15}, 0, nothing)


def test_whoever_stops_the_run_stops_the_training(
    planted: Dataset, script: Path, tmp_path: Path
) -> None:
    script.write_text("import signal\nsignal.pause()\n", encoding="utf-8")
    _, task = tasks_of("leave_last_3", RULES["leave_last_3"], planted)
    beats = iter([None, KeyboardInterrupt()])

    def pulse() -> None:
        if (beat := next(beats)) is not None:
            raise beat

    with pytest.raises(KeyboardInterrupt):
        sasrec.Sasrec(Path(sys.executable)).fit(task.train, CONFIG, 0, pulse)


def test_the_best_on_validation_is_tested_with_several_seeds(
    planted: Dataset, script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sasrec.Sasrec, "space", {"factors": (32, 128)})
    report = run_ranking(
        planted,
        tmp_path / "out",
        budget=2,
        seeds=2,
        threads=1,
        entrants=(sasrec.Sasrec(Path(sys.executable)),),
        rules={sasrec.SPLIT: RULES[sasrec.SPLIT]},
    )
    searched, tested = told(script)[:2], told(script)[2:]
    assert {one["options"][0] for one in searched} == {"--factors=32", "--factors=128"}
    chosen = f"--factors={report.choices[0]['config']['factors']}"
    assert [one["options"] for one in tested] == [[chosen, f"--seed={n}"] for n in (1, 0)]
    assert len(tested[0]["rows"]) > len(searched[0]["rows"])
    assert {row.model for row in report.rows} == {"SASRec"}


def test_ours_is_what_was_chosen_for_it() -> None:
    assert sasrec.Ours.variants == ("ours_recency",)
    assert all(len(values) == 1 for values in sasrec.Ours.space.values())
    assert sasrec.Ours.space["half_life"] == (6.0,)
