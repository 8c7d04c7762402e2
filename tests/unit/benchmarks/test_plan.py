from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks import plan
from benchmarks.plan import Results, Stage, stages
from benchmarks.sizes import FULL, QUICK, Effort

DATA = Stage("data", "m:data", makes=("d",))
FIT = Stage("fit", "m:fit", (3,), needs=("d",), makes=("m",))
ASK = Stage("ask", "m:ask", needs=("d", "m"))
ALL = (DATA, FIT, ASK)


class Worker:
    """Stands in for the processes: makes the folders and notes what it was asked."""

    def __init__(self, results: Results, break_at: str | None = None) -> None:
        self.results, self.break_at = results, break_at
        self.asked: list[str] = []
        self.there: list[set[str]] = []

    def __call__(self, work: str, arguments: tuple[Any, ...]) -> dict[str, Any]:
        name = work.partition(":")[2]
        self.there.append({p.name for p in self.results.work.glob("*")})
        if name == self.break_at:
            raise KeyboardInterrupt
        self.asked.append(name)
        for folder in next(stage for stage in ALL if stage.work == work).makes:
            (self.results.work / folder).mkdir(parents=True)
        return {"result": {}, "seconds": 1.0, "peak_mb": 1.0, "load": [0.0, 0.0]}


def run(out: Path, monkeypatch: pytest.MonkeyPatch, break_at: str | None = None) -> Worker:
    results = Results(out)
    worker = Worker(results, break_at)
    monkeypatch.setattr(plan, "in_own_process", worker)
    results.run(ALL, lambda text: None)
    return worker


def test_every_stage_is_done_once_and_what_is_not_needed_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = run(tmp_path, monkeypatch)
    assert worker.asked == ["data", "fit", "ask"]
    assert worker.there == [set(), {"d"}, {"d", "m"}]
    assert list(Results(tmp_path).work.glob("*")) == []
    assert run(tmp_path, monkeypatch).asked == []


def test_an_interrupted_stage_is_all_that_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, monkeypatch, break_at="fit")
    assert run(tmp_path, monkeypatch).asked == ["fit", "ask"]


def test_a_half_made_folder_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, monkeypatch, break_at="fit")
    (Results(tmp_path).work / "m").mkdir()
    assert run(tmp_path, monkeypatch).there[0] == {"d"}


def test_a_lost_figure_brings_back_what_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path, monkeypatch)
    (Results(tmp_path).figures / "ask.json").unlink()
    assert run(tmp_path, monkeypatch).asked == ["data", "fit", "ask"]


def test_other_arguments_and_versions_are_measured_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path, monkeypatch)
    results = Results(tmp_path)
    assert results.get(FIT) is not None
    assert results.get(Stage("fit", "m:fit", (4,))) is None
    monkeypatch.setattr(plan, "version", lambda package: "0")
    assert results.get(FIT) is None


def test_a_figure_that_was_cut_off_is_no_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path, monkeypatch)
    path = Results(tmp_path).figures / "fit.json"
    path.write_text(path.read_text()[:20])
    assert Results(tmp_path).get(FIT) is None


@pytest.mark.parametrize("effort", [FULL, QUICK])
def test_what_a_stage_needs_is_made_before(effort: Effort) -> None:
    made: set[str] = set()
    names = []
    for stage in stages(effort, Path("films")):
        assert set(stage.needs) <= made
        made.update(stage.makes)
        names.append(stage.name)
        module, _, function = stage.work.partition(":")
        assert module.startswith("benchmarks.") and function
    assert len(set(names)) == len(names)
