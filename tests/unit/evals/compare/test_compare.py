"""Paired differences and the gate, on runs whose differences are known."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from recx_agent.errors import DataError
from recx_agent.evals.compare import check_gate, compare_runs
from recx_agent.evals.run import Run, read_run
from recx_agent.evals.samples import Sample, read_samples, write_samples
from tests.unit.evals.worlds import USERS

pytestmark = pytest.mark.usefixtures("known_judges")

Change = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.fixture
def changed(finished: Run, tmp_path: Path) -> Callable[..., Run]:
    """The finished run with other scores, texts, results or log."""

    def make(
        score: Change | None = None,
        sample: Callable[[Sample], Sample] | None = None,
        **contents: Mapping[str, Any],
    ) -> Run:
        folder = tmp_path / "changed"
        shutil.copytree(finished.folder, folder)
        if score is not None:
            lines = (folder / "scores.jsonl").read_text().splitlines()
            rows = [json.dumps(score(json.loads(line))) for line in lines]
            (folder / "scores.jsonl").write_text("\n".join(rows) + "\n")
        if sample is not None:
            samples = [sample(one) for one in read_samples(folder / "samples.jsonl")]
            write_samples(folder / "samples.jsonl", samples)
        for name, content in contents.items():
            path = folder / f"{name}.json"
            path.write_text(json.dumps({**json.loads(path.read_text()), **content}))
        return read_run(folder)

    return make


def not_named(row: dict[str, Any]) -> dict[str, Any]:
    """As if the item had been named in none of the templates' texts."""
    hit = row["scorer"] == "title_named" and row["writer"] == "template"
    return {**row, "value": 0.0} if hit else row


def twice(sample: Sample) -> Sample:
    """The same words again: half as many different ones, at most."""
    return replace(sample, text=f"{sample.text} {sample.text}")


def test_a_run_is_no_better_than_itself(finished: Run) -> None:
    found = compare_runs(finished, finished)
    assert len(found.differences) == 2 * 3
    assert {one.reading for one in found.differences} == {"no difference shown"}
    assert {one.figure.value for one in found.differences if one.figure} == {0.0}
    assert found.remarks == ()
    gate = check_gate(finished, finished)
    assert gate.passed
    assert "Nothing got worse." in gate.as_markdown()
    assert gate.compared == 4, "length has no direction"
    assert gate.level == pytest.approx(1 - 0.05 / 4)


def test_what_got_worse_is_named(finished: Run, changed: Callable[..., Run]) -> None:
    run = changed(score=not_named)
    found = compare_runs(run, finished)
    by_place = {(one.writer, one.metric): one for one in found.differences}
    worse = by_place["template", "title_named"]
    assert worse.figure is not None
    assert (worse.figure.value, worse.figure.n, worse.reading) == (-1.0, USERS, "worse")
    assert by_place["ranking", "title_named"].reading == "no difference shown"
    better = compare_runs(finished, run).differences
    assert {one.reading for one in better} == {"better", "no difference shown"}
    gate = check_gate(run, finished)
    assert not gate.passed
    assert [(one.writer, one.metric) for one in gate.worse] == [("template", "title_named")]
    assert "| template | title_named | -1.0000 [-1.0000, -1.0000] | 13 |" in gate.as_markdown()
    assert check_gate(finished, run).passed, "better is not worse"


def test_what_is_no_mean_is_computed_on_the_shared_cases(
    finished: Run, changed: Callable[..., Run]
) -> None:
    run = changed(sample=twice)
    found = {(o.writer, o.metric): o for o in compare_runs(run, finished).differences}
    one = found["ranking", "different_words"]
    own = {row.metric: row for row in finished.rows if row.writer == "ranking"}
    before = own["different_words"].value
    assert one.figure is not None and before is not None
    assert one.figure.value == pytest.approx(-before / 2)
    assert one.reading == "worse"
    assert [o.metric for o in check_gate(run, finished).worse] == ["different_words"] * 2


def test_two_writers_of_one_run_are_compared(finished: Run) -> None:
    found = compare_runs(finished, finished, writers=[("ranking", "template")])
    lines = {one.metric: one for one in found.differences}
    assert lines["length"].reading == "different", "no direction, so not worse"
    assert lines["title_named"].reading == "worse"
    text = found.as_markdown()
    assert "| ranking less template | title_named |" in text
    assert "Of 2 figures with a direction, 0.1 are clear of 0 by chance alone." in text


def test_few_cases_show_nothing(finished: Run, changed: Callable[..., Run]) -> None:
    one = finished.samples[0].key

    def of_one(row: dict[str, Any]) -> dict[str, Any]:
        return not_named(row) if row["key"] == one else row

    assert check_gate(changed(score=of_one), finished).worse == ()


def test_what_is_lost_does_not_pass(finished: Run, changed: Callable[..., Run]) -> None:
    rows = [row.as_dict() for row in finished.rows]
    rows[1] = {**rows[1], "unscored": 4, "n": USERS - 4}
    rows[2] = {**rows[2], "value": None}
    missing = {"template": {"count": 2, "reasons": {}}, "ranking": {"count": 0, "reasons": {}}}
    run = changed(results={"rows": rows[:-1], "missing": missing})
    gate = check_gate(run, finished)
    assert not gate.passed
    assert set(gate.lost) == {
        "title_named of 'template': 4 samples no longer scored",
        "different_words of 'template'",
        "different_words of 'ranking'",
        "2 texts of 'template'",
    }
    assert check_gate(finished, run).passed, "what is new is not lost"


def test_a_writer_that_is_gone_is_lost(finished: Run, changed: Callable[..., Run]) -> None:
    run = changed(run={"writers": {"template": {}}})
    gate = check_gate(run, finished)
    assert gate.lost == ("writer 'ranking'",)
    nobody = replace(run, log={**run.log, "writers": {"other": {}}})
    assert set(check_gate(nobody, finished).lost) >= {"writer 'ranking'", "writer 'template'"}


def test_other_data_are_no_baseline(finished: Run, changed: Callable[..., Run]) -> None:
    other = {**finished.log["data"], "fingerprint": "0" * 16}
    run = changed(run={"data": other})
    with pytest.raises(DataError, match="other data .*run the baseline anew"):
        check_gate(run, finished)
    assert "The data are not the same" in compare_runs(run, finished).as_markdown()


def test_changed_scorers_are_told(finished: Run, changed: Callable[..., Run]) -> None:
    scorers = [{**one, "code": "other"} for one in finished.log["scorers"][:1]]
    run = changed(run={"scorers": [*scorers, *finished.log["scorers"][1:]]})
    (remark,) = compare_runs(run, finished).remarks
    assert "Scorers have changed in between (length)" in remark
    assert remark in check_gate(run, finished).as_markdown()


def test_what_cannot_be_paired_is_refused(finished: Run, changed: Callable[..., Run]) -> None:
    with pytest.raises(DataError, match="no writer 'essay'; there are template, ranking"):
        compare_runs(finished, finished, writers=[("essay", "template")])
    run = changed(sample=lambda one: replace(one, key=f"other {one.key}"))
    with pytest.raises(DataError, match="no case in common"):
        compare_runs(run, finished)
    alien = replace(finished, log={**finished.log, "writers": {"other": {}}})
    with pytest.raises(DataError, match="no writer or recommender of it"):
        compare_runs(alien, finished)


def test_a_folder_without_a_run_is_refused(tmp_path: Path, finished: Run) -> None:
    with pytest.raises(DataError, match=r"run.json: there is no finished run.*recx eval run"):
        read_run(tmp_path)
    (tmp_path / "run.json").write_text("{}")
    (tmp_path / "results.json").write_text("{}")
    with pytest.raises(DataError, match="no 'suite'"):
        read_run(tmp_path)
    (tmp_path / "run.json").write_text("[")
    with pytest.raises(DataError, match="not readable as JSON"):
        read_run(tmp_path)
