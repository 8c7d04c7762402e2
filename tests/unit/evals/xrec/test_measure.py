"""The comparison from a file to its table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from recx_agent.errors import DataError, SettingsError
from recx_agent.evals.scorers.text.overlap import rouge_l
from recx_agent.evals.xrec import run_xrec
from recx_agent.evals.xrec.rows import read_sample

NO_MODEL: dict[str, Any] = {"llm": {"base_url": None}}


def test_three_systems_stand_side_by_side(rows_file: Path, tmp_path: Path) -> None:
    report = run_xrec(rows_file, tmp_path / "out", rows=8, **NO_MODEL)
    ours, xrec, reference = (report.figures[name] for name in ("ours", "XRec", "reference"))
    assert ours["words_carried"].value > 0.8 > 0.1 > xrec["words_carried"].value
    assert xrec["jaccard"].value == xrec["opening"].value == 1.0
    assert "rouge_l" not in reference and 0 < xrec["rouge_l"].value < 1
    assert report.verdicts == {"ours": {"template": 8}}
    table = report.as_markdown()
    assert "templates" in table and "| content words carried by the summaries |" in table
    assert report.for_reading(3).count("(template)") == 3
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert written == {"results.json", "texts.jsonl", "xrec.md", "reading.md"}
    assert len((tmp_path / "out" / "texts.jsonl").read_text("utf-8").splitlines()) == 8


def test_several_drafts_need_a_model(rows_file: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no language model"):
        run_xrec(rows_file, tmp_path / "out", rows=6, best_of=4, **NO_MODEL)


def test_a_smaller_sample_is_the_beginning_of_a_larger_one(rows_file: Path) -> None:
    drawn = read_sample(rows_file, 8, 1)
    assert drawn == read_sample(rows_file, 99, 1)[:8]
    assert drawn[:3] == read_sample(rows_file, 3, 1) != read_sample(rows_file, 3)
    assert len(read_sample(rows_file, 99)) == 10


def test_rows_can_be_drawn_of_some_users_alone(rows_file: Path) -> None:
    of_one = read_sample(rows_file, 99, among=lambda user_id: user_id == "1")
    assert [row.user_id for row in of_one] == ["1"] * 3
    with pytest.raises(DataError, match="trained with every user"):
        read_sample(rows_file, 99, among=lambda user_id: False)


def test_a_row_without_a_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"title": "A"}\n', encoding="utf-8")
    with pytest.raises(DataError, match="row 1, field 'user_summary'"):
        read_sample(path, 3)


def test_rouge_l_is_the_longest_common_subsequence() -> None:
    # Of three words two stand in the same order: precision = recall = 2/3.
    assert rouge_l(["the cat sat"], ["the cat ran"]).tolist() == [pytest.approx(2 / 3)]
