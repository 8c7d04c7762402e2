"""A suite that names recommenders and groups of users."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from recx_agent import build
from recx_agent.errors import DataError, SettingsError
from recx_agent.evals.compare import check_gate, compare_runs
from recx_agent.evals.ranking.entrants import ImplicitAls
from recx_agent.evals.report import write_report
from recx_agent.evals.run import Run, Suite, ranked, read_run, run_suite
from recx_agent.evals.run.export import write_lm_eval, write_parquet
from recx_agent.evals.run.tables import as_markdown
from tests.unit.conftest import SMALL, USERS, planted_frames

ALS = {"factors": 4, "iterations": 3, "regularization": 0.1, "alpha": 1.0}
CONTENT: dict[str, Any] = {
    "name": "ranked",
    "recommenders": {
        "ours": {"kind": "workspace"},
        "als": {"kind": "implicit_als", "config": ALS},
        "popularity": {"kind": "popularity"},
    },
    "ranking": {"k": [3, 5]},
    "fair": {"by": ["activity", "taste"], "metrics": ["recall@5"], "exposure": ["genre"]},
}


def suite(**changes: Any) -> Suite:
    return Suite.model_validate({**CONTENT, **changes})


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The planted world with a users file."""
    interactions, items = planted_frames()
    users = pd.DataFrame(
        {
            "user_id": [f"u{n}" for n in range(USERS)],
            "taste": ["western" if n % 2 else "comedy" for n in range(USERS)],
        }
    )
    place = tmp_path_factory.mktemp("ranked")
    build.fit(
        place,
        interactions=interactions,
        items=items,
        users=users,
        data={"scale": (1, 5)},
        model={**SMALL, "runs": 1},
    )
    build.index(place)
    return place


@pytest.fixture(scope="module")
def done(workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_suite(suite(), tmp_path_factory.mktemp("run"), workspace=workspace)


def row(run: Run, writer: str, metric: str) -> Any:
    (found,) = [one for one in run.rows if (one.writer, one.metric) == (writer, metric)]
    return found


def lists_of(run: Run) -> list[dict[str, Any]]:
    lines = (run.folder / "rankings.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def test_every_recommender_has_every_figure(done: Run) -> None:
    assert done.names == ["ours", "als", "popularity"]
    names = {one.metric for one in done.rows if one.family == "recommendation"}
    kinds = "recall ndcg mrr hit_rate novelty diversity popularity popularity_lift coverage"
    assert names == {f"{kind}@{k}" for kind in kinds.split() for k in (3, 5)}
    for name in done.names:
        for metric in names:
            found = row(done, name, metric)
            assert found.n == USERS and found.low <= found.value <= found.high
    # A user's three last films are of his own kind, half of the catalogue; popularity is blind.
    assert row(done, "ours", "recall@5").value > row(done, "popularity", "recall@5").low
    assert row(done, "ours", "recall@5").value == pytest.approx(
        np.mean(list(done.ranked["ours", "recall@5"].values()))
    )
    assert (
        row(done, "popularity", "exposure_gini@5").value
        > row(done, "ours", "exposure_gini@5").value
    )
    assert row(done, "ours", "bias_disparity@5/genre=Film").value == pytest.approx(0.0)


def test_what_was_ranked_is_kept_by_user(done: Run) -> None:
    lines = lists_of(done)
    assert len(lines) == 3 * USERS
    mine = next(one for one in lines if one["recommender"] == "ours" and one["user_id"] == "u1")
    (items,) = mine["items"]
    assert len(items) == 5
    interactions, _ = planted_frames()
    positive = interactions[interactions.value >= 4].sort_values("timestamp", kind="stable")
    held = set(positive[positive.user_id == "u1"].item_id.tolist()[-3:])
    assert mine["values"]["recall@5"] == pytest.approx(len(held & set(items)) / 3)
    assert not set(items) & set(positive[positive.user_id == "u1"].item_id.tolist()[:-3])
    log = read_run(done.folder).log
    assert log["recommenders"]["als"]["config"] == ALS
    assert (log["ranking"]["users"], log["ranking"]["held_out"]) == (USERS, 3 * USERS)
    about = {one["name"]: one for one in log["scorers"]}
    assert about["ndcg@3"]["about"] and about["coverage@5"]["judges"] == "all lists at once"


def test_groups_have_rows_and_the_whole_is_in_the_results(done: Run) -> None:
    told = [one for one in done.results["fair"] if one["writer"] == "ours"]
    assert [one["by"] for one in told] == ["activity", "taste"]
    groups = {one["group"]: one for one in told[1]["groups"]}
    assert groups.keys() == {"comedy", "western"}
    own = done.ranked["ours", "recall@5"]
    west = np.mean([value for user, value in own.items() if int(user[1:]) % 2])
    assert groups["western"]["value"] == pytest.approx(west)
    gap = row(done, "ours", "recall@5/taste/gap")
    assert gap.value == pytest.approx(abs(groups["western"]["value"] - groups["comedy"]["value"]))
    assert gap.note.startswith("p = ") and gap.better == "lower"
    worst = row(done, "ours", "recall@5/taste/worst")
    assert worst.note == min(groups, key=lambda name: groups[name]["value"])
    assert row(done, "ours", "recall@5/taste/gap_by_chance").better == "neither"
    # All have ten events, so that nobody can be told from anybody by activity.
    alone = row(done, "ours", "recall@5/activity/gap")
    assert (alone.value, alone.note) == (None, "1 group(s) of enough users")


def test_what_is_done_is_not_done_again(workspace: Path, done: Run, tmp_path: Path) -> None:
    lines = (done.folder / "journal.jsonl").read_text().splitlines()
    cut = tmp_path / "cut"
    cut.mkdir()
    (cut / "journal.jsonl").write_text(lines[0] + "\n" + lines[1][:40])
    again = run_suite(suite(), cut, workspace=workspace)
    assert again.results == done.results
    assert len((cut / "journal.jsonl").read_text().splitlines()) == len(lines) == 3


def test_what_other_code_ranked_is_ranked_anew(
    workspace: Path, done: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(done.folder / "journal.jsonl", tmp_path)
    monkeypatch.setattr(ranked, "code_of_recommenders", lambda: "newer")
    again = run_suite(suite(), tmp_path, workspace=workspace)
    assert again.results == done.results
    assert len((tmp_path / "journal.jsonl").read_text().splitlines()) == 2 * 3


def test_one_that_fails_is_a_record_and_not_the_end(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(self: object, *args: object) -> None:
        raise ValueError("no memory left")

    monkeypatch.setattr(ImplicitAls, "fit", fails)
    run = run_suite(suite(), tmp_path, workspace=workspace)
    (fault,) = run.results["faults"]
    assert (fault["stage"], fault["writer"]) == ("rank", "als")
    assert "no memory left" in fault["error"]
    lost = row(run, "als", "recall@3")
    assert (lost.value, lost.failed) == (None, USERS)
    assert row(run, "ours", "recall@3").value is not None
    assert "als" not in {one["writer"] for one in run.results["fair"]}


def test_data_without_times_are_a_record_too(tmp_path: Path) -> None:
    interactions, items = planted_frames()
    place = tmp_path / "w"
    build.fit(
        place,
        interactions=interactions.drop(columns="timestamp"),
        items=items,
        data={"scale": (1, 5)},
        model={**SMALL, "runs": 1, "epochs": 1},
    )
    build.index(place)
    run = run_suite(suite(fair={}), tmp_path / "out", workspace=place)
    assert run.rows == []
    assert len(run.results["faults"]) == 3
    assert "no times" in run.results["faults"][0]["error"]


def test_lists_from_elsewhere(workspace: Path, tmp_path: Path) -> None:
    path = tmp_path / "lists.csv"
    theirs = suite(
        recommenders={"theirs": {"kind": "file", "path": str(path)}}, fair={}, ranking={"k": [3]}
    )
    out = tmp_path / "out"
    with pytest.raises(DataError, match="'theirs' are not there.*train.csv"):
        run_suite(theirs, out, workspace=workspace)
    train, users = pd.read_csv(out / "split/train.csv"), pd.read_csv(out / "split/users.csv")
    assert set(users.user_id) == {f"u{n}" for n in range(USERS)}
    assert list(train.columns) == ["user_id", "item_id", "value", "timestamp", "positive"]
    interactions, _ = planted_frames()
    positive = interactions[interactions.value >= 4].sort_values("timestamp", kind="stable")
    held = positive.groupby("user_id").tail(3)
    pairs = set(zip(train.user_id, train.item_id, strict=True))
    assert not pairs & set(zip(held.user_id, held.item_id, strict=True)), "nothing is given away"
    # A perfect list for all but one, who has none.
    lists = held[held.user_id != "u7"].assign(rank=held.groupby("user_id").cumcount() + 1)
    lists.to_csv(path, index=False)
    run = run_suite(theirs, out, workspace=workspace)
    assert row(run, "theirs", "ndcg@3").value == pytest.approx(1 - 1 / USERS)
    assert row(run, "theirs", "ndcg@3").note == "no list for 1 users"
    assert row(run, "theirs", "novelty@3").unscored == 1


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("user_id,item_id\nu1,i1\n", "no column 'rank'"),
        ("user_id,item_id,rank\nu1,i1,first\n", "'first' is no rank"),
        ("user_id,item_id,rank\nu1,i1,1\nu1,i1,2\n", "twice"),
        ("user_id,item_id,rank\nu1,iX,1\n", "'iX', which is not in the catalogue"),
    ],
)
def test_what_is_wrong_with_lists_is_said(
    workspace: Path, tmp_path: Path, text: str, problem: str
) -> None:
    path = tmp_path / "lists.csv"
    path.write_text(text)
    theirs = suite(recommenders={"theirs": {"kind": "file", "path": str(path)}}, fair={})
    try:
        (fault,) = run_suite(theirs, tmp_path / "out", workspace=workspace).results["faults"]
        said = str(fault["error"])
    except DataError as error:
        said = str(error)
    assert problem in said


def test_trials_choose_on_a_validation_split(workspace: Path, tmp_path: Path) -> None:
    chosen = suite(
        recommenders={"ease": {"kind": "ease_flat"}}, ranking={"trials": 3, "k": [3]}, fair={}
    )
    run = run_suite(chosen, tmp_path, workspace=workspace)
    about = run.log["recommenders"]["ease"]
    assert about["trials"] == 3 and 0 < about["validation"] <= 1
    assert about["config"].keys() == {"regularisation", "half_life"}


def test_several_trainings_are_one_value_a_user(workspace: Path, tmp_path: Path) -> None:
    chosen = suite(
        recommenders={"als": CONTENT["recommenders"]["als"]}, ranking={"seeds": 2}, fair={}
    )
    run = run_suite(chosen, tmp_path, workspace=workspace)
    lines = lists_of(run)
    assert {len(one["items"]) for one in lines} == {2}
    assert any(one["items"][0] != one["items"][1] for one in lines)
    assert row(run, "als", "ndcg@10").n == USERS


@pytest.mark.parametrize(
    ("fair", "problem"),
    [
        ({"by": ["taste"], "metrics": ["recall@7"]}, "nothing measures 'recall@7' here"),
        ({"by": ["income"]}, "users have no 'income'; there is activity, taste"),
        ({"exposure": ["colour"]}, "items have no 'colour'; there is genre"),
    ],
)
def test_what_cannot_be_told_apart_is_refused(
    workspace: Path, tmp_path: Path, fair: dict[str, Any], problem: str
) -> None:
    chosen = suite(recommenders={"popularity": {"kind": "popularity"}}, fair=fair)
    with pytest.raises(SettingsError, match=problem):
        run_suite(chosen, tmp_path, workspace=workspace)


def test_recommenders_are_compared_user_by_user(done: Run) -> None:
    found = compare_runs(done, done, writers=[("ours", "popularity")])
    gap = next(one for one in found.differences if one.metric == "recall@5")
    ours, theirs = (row(done, name, "recall@5").value for name in ("ours", "popularity"))
    assert gap.figure is not None
    assert gap.figure.value == pytest.approx(ours - theirs)
    assert gap.figure.n == USERS
    assert not any("/" in one.metric for one in found.differences)
    for metric in ("coverage@5", "exposure_gini@5"):
        figure = next(one.figure for one in found.differences if one.metric == metric)
        one, other = (row(done, name, metric).value for name in ("ours", "popularity"))
        assert figure is not None
        assert figure.value == pytest.approx(one - other)
        assert figure.low is not None
    assert any("who is in which group" in remark for remark in found.remarks)


def test_a_worse_recommender_does_not_pass(workspace: Path, tmp_path: Path) -> None:
    known = suite(recommenders={"ours": {"kind": "workspace"}}, ranking={"k": [3]}, fair={})
    blind = suite(recommenders={"ours": {"kind": "popularity"}}, ranking={"k": [3]}, fair={})
    before = run_suite(known, tmp_path / "before", workspace=workspace)
    after = run_suite(blind, tmp_path / "after", workspace=workspace)
    assert check_gate(before, before).passed
    gate = check_gate(after, before)
    assert {"recall@3", "novelty@3"} <= {one.metric for one in gate.worse}
    nobody = replace(after, log={**after.log, "recommenders": {}})
    assert check_gate(nobody, before).lost[0] == "recommender 'ours'"


def test_the_tables_the_page_and_the_exports_have_them(done: Run, tmp_path: Path) -> None:
    table = as_markdown(done)
    assert "| recommendation | ours | als | popularity |" in table
    assert "gaps between groups have p < 0.05" in table
    page = write_report(done, tmp_path / "report.html").read_text()
    assert "ndcg@5" in page and "western" in page, "figures, and groups of users"
    results = pd.read_parquet(write_parquet(done, tmp_path)[0])
    assert set(results.writer) == {"ours", "als", "popularity"}
    content = json.loads(write_lm_eval(done, tmp_path)[0].read_text())
    assert content["results"] == {}, "texts alone are tasks there"
