"""A run in the forms of other tools."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from recx_agent.evals.run import Run
from recx_agent.evals.run.export import write_lm_eval, write_parquet
from recx_agent.evals.run.tables import as_markdown
from tests.unit.evals.worlds import USERS


def test_parquet_has_every_figure_and_every_score(finished: Run, tmp_path: Path) -> None:
    results, scores = (pd.read_parquet(path) for path in write_parquet(finished, tmp_path))
    assert results["writer"].tolist() == [row.writer for row in finished.rows]
    assert results["value"].tolist() == pytest.approx([row.value for row in finished.rows])
    assert len(scores) == 2 * 2 * USERS
    mine = scores[(scores.writer == "ranking") & (scores.scorer == "length")]
    row = next(r for r in finished.rows if (r.writer, r.metric) == ("ranking", "length"))
    assert mine["value"].mean() == pytest.approx(row.value)
    assert set(mine["user_id"]) == {sample.user_id for sample in finished.samples}


def test_an_empty_column_keeps_its_type(finished: Run, tmp_path: Path) -> None:
    rows = [{**row.as_dict(), "value": None} for row in finished.rows]
    empty = Run(finished.folder, finished.log, {**finished.results, "rows": rows})
    results = pd.read_parquet(write_parquet(empty, tmp_path)[0])
    assert results["value"].dtype == float


def test_lm_eval_reads_a_writer_as_a_task(finished: Run, tmp_path: Path) -> None:
    results, *samples = write_lm_eval(finished, tmp_path)
    content = json.loads(results.read_text())
    task = "recx_planted_ranking"
    row = next(r for r in finished.rows if (r.writer, r.metric) == ("ranking", "length"))
    assert content["results"][task]["length,none"] == row.value
    assert content["results"][task]["length_stderr,none"] == row.error
    assert content["higher_is_better"][task] == {"title_named": True, "different_words": True}
    assert content["n-samples"][task] == {"original": USERS, "effective": USERS}
    assert content["configs"][task]["metadata"]["writer"]["kind"] == "ranking"
    assert [path.name for path in samples] == [
        f"lm_eval_samples_recx_planted_{name}.jsonl" for name in ("template", "ranking")
    ]
    lines = [json.loads(line) for line in samples[1].read_text().splitlines()]
    assert [line["doc_id"] for line in lines] == list(range(USERS))
    own = [sample for sample in finished.samples if sample.writer == "ranking"]
    assert lines[0]["filtered_resps"] == [own[0].text]
    assert lines[0]["length"] == len(own[0].text.split())
    assert lines[0]["doc"]["evidence"][0]["id"] == own[0].evidence[0].id


def test_the_table_has_a_column_a_writer(finished: Run) -> None:
    text = as_markdown(finished)
    assert "| judges | template | ranking |" in text
    assert "| title_named ↑ | 1.000 [0.753, 1.000] |" in text
    assert f"| ranking | {USERS} |" in text
