"""``recx eval run quick -w``, as engineers of a shop, a school or a clinic walk it.

Every family runs or says why it does not, on LightFM, implicit ALS and factors from elsewhere;
what is left behind can be read, compared, gated and exported.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from recx_agent.evals.compare import check_gate, compare_runs
from recx_agent.evals.report import write_report
from recx_agent.evals.run import Run, Suite, load_suite, run_suite
from recx_agent.evals.run.export import write_lm_eval, write_parquet
from tests.unit.evals.domains.worlds import DOMAINS, ITEMS

TRUE = ("untrue", "unread", "refuted", "untrue_noise", "untrue_reorder")
ALS: dict[str, Any] = {"half_life": 4.0}


def small() -> Suite:
    """The quick suite with fewer cases."""
    content = load_suite("quick").model_dump(exclude_unset=True)
    content["cases"] |= {"users": 5, "sanity": 1}
    content["cases"]["held_out"] |= {"users": 3, "model": {"epochs": 3, "runs": 1}}
    content["cases"]["robust"] = {"users": 1}
    content["recommenders"] = {n: content["recommenders"][n] for n in ("ours", "popularity")}
    content["fair"]["least"] = 4
    return Suite.model_validate(content)


def fitted(name: str, folder: Path) -> Path:
    if name == "als":
        own = {"factors": 8, "iterations": 6, **ALS}
        return DOMAINS["film"].fitted(folder, recommender="als", als=own, model={})
    if name == "spark":
        random = np.random.default_rng(0)
        rows = [
            {"id": f"i{i}", "features": [float(i % 2), float(1 - i % 2), *random.normal(0, 0.2, 4)]}
            for i in range(ITEMS)
        ]
        pd.DataFrame(rows).to_parquet(folder / "factors.parquet")
        own = {**ALS, "alpha": 10.0, "regularization": 0.1}
        factors = folder / "factors.parquet"
        return DOMAINS["shop"].fitted(folder, item_factors=factors, als=own, model={})
    return DOMAINS[name].fitted(folder)


@pytest.fixture(scope="module", params=["shop", "als", "spark", "health"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp(request.param)
    return run_suite(small(), folder / "run", workspace=fitted(request.param, folder), threads=1)


def test_every_family_runs_or_says_why(run: Run) -> None:
    faults = {fault["error"] for fault in run.results["faults"]}
    elsewhere = {error for error in faults if "made elsewhere" in error}
    assert faults == elsewhere  # of factors from Spark, which cannot be trained anew
    families = {row.family for row in run.rows}
    assert families >= {"text", "grounded", "faithful", "effect", "robust", "service"}
    for row in run.rows:
        there = row.value is not None or row.unscored or row.failed or row.note
        assert there, f"{row.metric} of {row.writer}: neither a value nor a reason"
    told = {(row.writer, row.metric): row for row in run.rows}
    for writer in run.writers:
        for metric in TRUE:
            assert told[writer, metric].value == 0, told[writer, metric]
        assert told[writer, "additivity_gap"].value == pytest.approx(0, abs=1e-5)
        assert (told[writer, "claim_recall"].value or 0) > 0.2


def test_what_is_left_can_be_used(run: Run, tmp_path: Path) -> None:
    page = write_report(run, tmp_path / "report.html")
    assert "claim_recall" in page.read_text(encoding="utf-8")
    found = compare_runs(run, run, writers=[("ranking", "template")])
    assert any(one.metric == "claim_recall" and one.figure for one in found.differences)
    assert check_gate(run, run).passed
    written = [*write_parquet(run, tmp_path), *write_lm_eval(run, tmp_path)]
    assert written and all(path.is_file() for path in written)
