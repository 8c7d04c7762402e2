from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from recx_agent.datasets import Dataset
from recx_agent.errors import SettingsError, TrainingDiverged
from recx_agent.evals.intervals import Interval
from recx_agent.evals.journal import Journal, Pulse
from recx_agent.evals.ranking import run_ranking
from recx_agent.evals.ranking.command import ranking
from recx_agent.evals.ranking.entrants import Ease, Popularity
from recx_agent.evals.ranking.metrics import ndcg
from recx_agent.evals.ranking.ranker import Config, Scorer, Space
from recx_agent.evals.ranking.report import reading_of
from recx_agent.evals.ranking.search import Effort, draw_configs, search
from recx_agent.evals.ranking.task import RULES, tasks_of

RULE = {"leave_last_3": RULES["leave_last_3"]}


class Leaning:
    """Random scores plus ``pull`` on the user's own half; stands in for ``ours_recency``."""

    variants = ("ours_recency",)
    seeded = True
    follows = None
    space: Space = {"pull": (0.0, 1.0, 2.0, 9.0)}

    def __init__(self, break_after: int | None = None) -> None:
        self.fits = 0
        self.break_after = break_after

    def fit(self, train: Dataset, config: Config, seed: int, pulse: Pulse) -> Mapping[str, Scorer]:
        if self.break_after is not None and self.fits >= self.break_after:
            raise KeyboardInterrupt
        if config["pull"] == 9.0:
            raise TrainingDiverged(0, "too strong")
        self.fits += 1
        return {"ours_recency": _Leaning(len(train.catalogue), config["pull"], seed)}


class _Leaning:
    def __init__(self, n_items: int, pull: float, seed: int) -> None:
        self.n_items, self.pull, self.seed = n_items, pull, seed

    def score(self, users: NDArray[np.int64]) -> NDArray[np.float64]:
        own = np.arange(self.n_items) * 2 // self.n_items == users[:, None] % 2
        noise = [np.random.default_rng([self.seed, int(u)]).random(self.n_items) for u in users]
        return np.asarray(np.array(noise) + self.pull * own)


class Counting(Leaning):
    """Notes how many epochs it was asked for."""

    space: Space = {"epochs": (2, 60, 90), "pull": (1.0,)}

    def __init__(self) -> None:
        super().__init__()
        self.epochs: set[int] = set()

    def fit(self, train: Dataset, config: Config, seed: int, pulse: Pulse) -> Mapping[str, Scorer]:
        self.epochs.add(config["epochs"])
        return super().fit(train, config, seed, pulse)


def run(data: Dataset, out: Path, leaning: Leaning, **rest: Any) -> Any:
    entrants = (Popularity(), Ease(), leaning)
    return run_ranking(data, out, budget=4, seeds=3, rules=RULE, entrants=entrants, **rest)


def test_the_best_configuration_is_chosen_and_its_figures_reported(
    halves: Dataset, tmp_path: Path
) -> None:
    report = run(halves, tmp_path, Leaning())
    chosen = {choice["model"]: choice for choice in report.choices}
    assert chosen["ours_recency"]["config"]["pull"] in (1.0, 2.0)
    assert chosen["ours_recency"]["trials"] == chosen["ease_flat"]["trials"] == 4
    assert chosen["popularity"]["validation"] is None
    row = report.row("leave_last_3", "ours_recency", "ndcg")
    gap = report.difference("leave_last_3", "popularity", "ndcg")
    other = report.row("leave_last_3", "popularity", "ndcg")
    assert gap.value == pytest.approx(other.value - row.value)
    assert row.low <= row.value <= row.high
    assert row.n == gap.n == report.setup["splits"]["leave_last_3"]["users"] == 40
    written = json.loads((tmp_path / "results.json").read_text())
    assert set(written["rows"][0]) == {"split", "model", "metric", "value", "low", "high", "n"}
    assert written["rows"] == report.as_json()["rows"]
    table = (tmp_path / "ranking.md").read_text()
    assert f"{row.value:.4f} [{row.low:.4f}, {row.high:.4f}]" in table


def test_an_interrupted_run_goes_on_to_the_identical_result(
    halves: Dataset, tmp_path: Path
) -> None:
    whole = Leaning()
    expected = run(halves, tmp_path / "whole", whole)
    broken = Leaning(break_after=2)
    with pytest.raises(KeyboardInterrupt):
        run(halves, tmp_path / "cut", broken, threads=1)
    rest = Leaning()
    assert run(halves, tmp_path / "cut", rest) == expected
    assert whole.fits == 3 + 3  # three trials that do not diverge, three seeds
    assert broken.fits == 2
    assert broken.fits + rest.fits == whole.fits
    nothing = Leaning(break_after=0)
    assert run(halves, tmp_path / "cut", nothing) == expected
    assert (tmp_path / "cut/results.json").read_text() == (
        tmp_path / "whole/results.json"
    ).read_text()


def test_a_trial_that_diverges_is_a_bad_trial(halves: Dataset, tmp_path: Path) -> None:
    validation, _ = tasks_of("leave_last_3", RULES["leave_last_3"], halves)
    journal = Journal(tmp_path / "t.jsonl")
    chosen = search((Leaning(),), validation, Effort(budget=4), journal)
    assert chosen["ours_recency"].config["pull"] != 9.0
    assert "too strong" in (tmp_path / "t.jsonl").read_text()


def test_other_data_are_another_run(halves: Dataset, make_dataset: Any, tmp_path: Path) -> None:
    run(halves, tmp_path, Leaning())
    rows = [(u, (7 * u + 3 * t) % 40, 5.0, 100 * t + u) for u in range(40) for t in range(9)]
    again = Leaning()
    run(make_dataset(rows, 40, 40), tmp_path, again)
    assert again.fits > 0


def test_budgets_are_equal_distinct_and_repeatable() -> None:
    space: Space = {"a": (1, 2, 3), "b": (True, False)}
    drawn = draw_configs(space, 4)
    assert drawn == draw_configs(space, 4)
    assert len({json.dumps(config) for config in drawn}) == 4
    assert len(draw_configs(space, 100)) == 6
    assert draw_configs({}, 5) == [{}]


def test_a_quick_run_makes_few_passes(halves: Dataset, tmp_path: Path) -> None:
    validation, _ = tasks_of("leave_last_3", RULES["leave_last_3"], halves)
    entrant = Counting()
    journal = Journal(tmp_path / "t.jsonl")
    search((entrant,), validation, Effort(budget=3, quick=True), journal)
    assert entrant.epochs == {2, 5}


def test_seeds_are_measured_apart_and_averaged(halves: Dataset, tmp_path: Path) -> None:
    report = run(halves, tmp_path, Leaning())
    records = [json.loads(line) for line in (tmp_path / "trials.jsonl").read_text().splitlines()]
    lists = [
        np.array(r["ranked"]["ours_recency"], dtype=np.int32)
        for r in records
        if "ours_recency" in r.get("ranked", {})
    ]
    _, task = tasks_of("leave_last_3", RULES["leave_last_3"], halves)
    tests = [ndcg(own, task.relevant) for own in lists]
    assert len({tuple(values) for values in tests}) == 3
    row = report.row("leave_last_3", "ours_recency", "ndcg")
    assert row.value == pytest.approx(np.mean(tests))


def test_readings() -> None:
    assert reading_of(Interval(0.1, -0.01, 0.2, 9)) == "means nothing"
    assert reading_of(Interval(0.1, 0.01, 0.2, 9)) == "better"
    assert reading_of(Interval(-0.1, -0.2, -0.01, 9)) == "worse"


@pytest.mark.parametrize("name", ["trials", "seeds"])
def test_the_command_refuses_no_work(name: str, tmp_path: Path) -> None:
    values: dict[str, Any] = {name: 0}
    with pytest.raises(SettingsError, match=f"--{name}"):
        ranking(tmp_path, tmp_path / "out", **values)


def test_the_command_reads_the_folder(
    halves: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = halves.events
    lines = ["user_id,item_id,value,timestamp"]
    lines += [
        f"{u},{i},{v:g},{t}"
        for u, i, v, t in zip(events.user, events.item, events.value, events.time, strict=True)
    ]
    data = tmp_path / "data"
    data.mkdir()
    (data / "interactions.csv").write_text("\n".join(lines) + "\n")
    entrants = (Popularity(), Leaning())
    monkeypatch.setattr("recx_agent.evals.ranking.contest.all_entrants", lambda: entrants)
    report = ranking(data, tmp_path / "out", trials=3, quick=True)
    assert report.setup["quick"] is True
    assert report.setup["budget"] == 3
    assert report.setup["seeds"] == 1
    assert "figures mean nothing" in (tmp_path / "out/ranking.md").read_text()
