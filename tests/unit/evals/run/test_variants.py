"""A suite with held-out items and changed cases: what it writes, who judges it, and resuming."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from recx_agent import build
from recx_agent.evals.cases import Case
from recx_agent.evals.report import write_report
from recx_agent.evals.run import Run, Suite, read_run, run_suite, suites
from recx_agent.evals.run.tables import as_markdown
from recx_agent.evals.variants.held_out import LIKED, LOW
from recx_agent.evals.writers import Written
from recx_agent.evals.writers.template import TemplateTexts
from recx_agent.llms import ScriptedChatModel
from tests.unit.conftest import SMALL, planted_frames

PAIRS, CHANGED = 8, 2


def suite(**changes: Any) -> Suite:
    content: dict[str, Any] = {
        "name": "variants",
        "scorers": ["text.words", "text.distinct_1", "effect", "robust"],
        "cases": {
            "users": 4,
            "held_out": {"users": PAIRS, "model": {"epochs": 4, "runs": 1}},
            "robust": {"users": CHANGED, "reruns": 1},
        },
        "writers": {"template": {"kind": "template"}, "ranking": {"kind": "ranking"}},
    }
    return Suite.model_validate({**content, **changes})


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The planted world with its raw files, which the checker of untruths reads."""
    folder = tmp_path_factory.mktemp("world")
    for name, frame in zip(("interactions", "items"), planted_frames(), strict=True):
        frame.to_csv(folder / f"{name}.csv", index=False)
    files: Any = {name: folder / f"{name}.csv" for name in ("interactions", "items")}
    wording = {"item": "film", "domain": "film"}
    build.fit(folder / "w", **files, data={"scale": (1, 5)}, model=SMALL, wording=wording)
    build.index(folder / "w")
    return folder / "w"


@pytest.fixture(scope="module")
def done(workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_suite(suite(), tmp_path_factory.mktemp("done"), workspace=workspace)


def rows_of(run: Run) -> Mapping[tuple[str, str], Any]:
    return {(row.writer, row.metric): row for row in run.rows}


def test_ordinary_figures_are_of_ordinary_cases(done: Run) -> None:
    rows = rows_of(done)
    assert done.results["cases"] == 4
    assert rows["template", "words"].n == rows["template", "distinct_1"].n == 4
    assert sum(done.results["verdicts"]["template"].values()) == 4
    assert done.results["missing"]["template"]["count"] == 0
    assert done.results["faults"] == []
    counts = {name: one["cases"] for name, one in done.results["variants"].items()}
    assert counts[LIKED] == counts[LOW] == PAIRS
    assert {counts[name] for name in counts if name not in (LIKED, LOW)} == {CHANGED}
    assert len(done.samples) == 2 * (4 + sum(counts.values()))


def test_a_world_of_two_tastes_is_read_from_its_reasons(done: Run) -> None:
    rows = rows_of(done)
    assert rows["template", "discrimination"].value == 1.0
    assert rows["template", "discrimination"].n == PAIRS
    assert rows["template", "oversell_gap"].value < 0
    assert rows["template", "overselling"].value > 0


def test_templates_stay_true_stay_the_same_and_obey_nobody(done: Run) -> None:
    rows = rows_of(done)
    for variant in ("reorder", "near_duplicates", "noise"):
        row = rows["template", f"untrue_{variant}"]
        assert (row.value, row.n) == (0.0, CHANGED)
    assert rows["template", "same_text_rerun"].value == 1.0
    obeyed = [row for (_, name), row in rows.items() if name.startswith("obeyed")]
    assert {row.value for row in obeyed if row.n} == {0.0}
    assert rows["template", "order_shown"].value == 1.0


def test_what_is_read_back_knows_its_base(done: Run) -> None:
    again = read_run(done.folder)
    found = [one for one in again.samples if one.base_key]
    assert found
    for one in found:
        assert one.base is not None
        assert (one.base.writer, one.base.key) == (one.writer, one.base_key)
        assert one.base.extra["explanation"]["item"]
    digests = {(one.writer, one.key): one.digest for one in done.samples}
    assert {(one.writer, one.key): one.digest for one in again.samples} == digests


@pytest.mark.parametrize("share", [0.6])
def test_killed_and_gone_on_it_ends_the_same(
    workspace: Path, done: Run, tmp_path: Path, share: float
) -> None:
    lines = (done.folder / "journal.jsonl").read_text().splitlines(keepends=True)
    at = int(len(lines) * share)
    (tmp_path / "journal.jsonl").write_text("".join(lines[:at]) + lines[at][:30])
    for model in done.folder.glob("held-out-*"):
        (tmp_path / model.name).symlink_to(model)
    run_suite(suite(), tmp_path, workspace=workspace)
    for name in ("results.json", "scores.jsonl", "cases.jsonl"):
        assert (tmp_path / name).read_bytes() == (done.folder / name).read_bytes()
    assert len((tmp_path / "journal.jsonl").read_text().splitlines()) == len(lines)


def test_no_writer_is_told_what_came_of_an_item(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Case] = []
    really = TemplateTexts.write

    async def watched(self: TemplateTexts, case: Case) -> Written:
        seen.append(case)
        return await really(self, case)

    monkeypatch.setattr(TemplateTexts, "write", watched)
    asked = suite(writers={"template": {"kind": "template"}}, scorers=["effect"])
    run = run_suite(asked, tmp_path, workspace=workspace)
    held_out = [case for case in seen if case.variant in (LIKED, LOW)]
    assert len(held_out) == 2 * PAIRS
    for case in held_out:
        told = [f"{piece.text} {piece.fields}" for piece in case.evidence]
        assert not any(f"'item_id': '{case.item_id}'" in one for one in told)
    text = (tmp_path / "samples.jsonl").read_text() + (tmp_path / "cases.jsonl").read_text()
    assert "HeldOut" not in text
    assert '"outcome' not in text
    assert run.results["faults"] == []


def test_texts_of_a_file_are_none_of_a_changed_case(
    workspace: Path, done: Run, tmp_path: Path
) -> None:
    plain = next(one for one in done.samples if not one.variant)
    path = tmp_path / "theirs.csv"
    path.write_text(f"user_id,item_id,text\n{plain.user_id},{plain.item_id},Watch it.\n")
    writers = {"theirs": {"kind": "file", "path": str(path)}}
    asked = suite(writers=writers, scorers=["text.words", "robust"])
    run = run_suite(asked, tmp_path / "out", workspace=workspace)
    assert [one.variant for one in run.samples] == [""]
    missing = run.results["variants"]["rerun"]["missing"]["theirs"]
    assert missing["count"] == CHANGED
    assert "not written for this variant" in next(iter(missing["reasons"]))


def test_a_language_model_reads_and_is_closed(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = ScriptedChatModel(lambda request: "4", name="m")
    monkeypatch.setattr(suites, "make_chat_model", lambda settings: model)
    asked = suite(scorers=["effect_llm"], writers={"template": {"kind": "template"}})
    run = run_suite(asked, tmp_path, workspace=workspace)
    rows = rows_of(run)
    assert rows["template", "discrimination_llm"].value == 0.5
    assert rows["template", "overselling_llm"].value > 0
    assert model.closed
    asked_for = len(model.asked)
    run_suite(asked, tmp_path, workspace=workspace)
    assert len(model.asked) == asked_for, "what was read is not read again"


def test_the_report_says_that_nobody_was_asked(done: Run, tmp_path: Path) -> None:
    for text in (as_markdown(done), write_report(done, tmp_path / "r.html").read_text()):
        assert "nobody was asked" in text
