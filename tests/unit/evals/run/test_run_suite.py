"""A whole suite: figures, what went wrong, and going on after a kill."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from recx_agent import build
from recx_agent.errors import LlmUnreachable, SettingsError, UsageError, WriteLocked
from recx_agent.evals.cases import Case
from recx_agent.evals.run import Run, log, read_run, suites, writing
from recx_agent.evals.scorers import registry, unscored
from recx_agent.evals.writers import Written
from recx_agent.evals.writers.template import TemplateTexts
from recx_agent.llms import ScriptedChatModel
from recx_agent.protocols import ChatRequest
from recx_agent.write_lock import write_lock
from tests.unit.evals import judges, worlds
from tests.unit.evals.worlds import USERS

pytestmark = pytest.mark.usefixtures("known_judges")


def bring(monkeypatch: pytest.MonkeyPatch, *scorers: Any) -> None:
    """Let the family of judges have these as well."""
    monkeypatch.setattr(registry, "_maker", lambda family, place: worlds.bringing(*scorers))


def rows_of(run: Run) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["writer"], row["metric"]): row for row in run.results["rows"]}


def test_every_scorer_has_a_row_of_every_writer(finished: Run) -> None:
    rows = rows_of(finished)
    assert len(rows) == 2 * 3
    named = rows["template", "title_named"]
    assert (named["value"], named["n"], named["users"]) == (1.0, USERS, USERS)
    assert named["low"] == pytest.approx(0.025 ** (1 / USERS)), "not exactly 1"
    assert rows["ranking", "title_named"]["value"] < 1.0
    samples = [one for one in finished.samples if one.writer == "ranking"]
    words = [len(one.text.split()) for one in samples]
    assert rows["ranking", "length"]["value"] == pytest.approx(sum(words) / len(words))
    everything = " ".join(one.text for one in samples).split()
    assert rows["ranking", "different_words"]["value"] == pytest.approx(
        len(set(everything)) / len(everything)
    )
    assert finished.results["verdicts"]["ranking"] == {"none": USERS}
    assert sum(finished.results["verdicts"]["template"].values()) == USERS
    assert finished.results["faults"] == []


def test_what_a_run_leaves_is_read_back(finished: Run) -> None:
    again = read_run(finished.folder)
    assert again.rows == finished.rows
    assert again.writers == ["template", "ranking"]
    assert len(again.samples) == 2 * USERS
    assert again.samples[0].extra["explanation"]["attribution"]["score"] is not None
    score = again.scores["template", "title_named"][again.samples[0].key]
    assert (score.value, score.answer) == (1.0, "yes")
    assert "explanation" not in (finished.folder / "samples.jsonl").read_text()


def test_the_log_says_what_it_rested_on(finished: Run) -> None:
    found = read_run(finished.folder).log
    assert found["packages"]["numpy"]
    assert found["writers"] == {
        "template": {"kind": "template"},
        "ranking": {"kind": "ranking", "statements": 2},
    }
    assert [one["name"] for one in found["scorers"]] == ["length", "title_named", "different_words"]
    assert found["scorers"][1]["about"].startswith("Whether the item is named")
    assert found["data"]["fingerprint"] and found["data"]["model"]
    assert found["seeds"] == {"rows": 0, "bootstrap": 0}
    assert found["suite"]["name"] == "planted"
    assert found["seconds"] > 0


def test_secrets_do_not_get_into_the_log(planted_workspace: Path, tmp_path: Path) -> None:
    secret = {"base_url": "http://127.0.0.1:1/v1", "api_key": "sk-very-secret"}
    worlds.run(planted_workspace, tmp_path, llm=secret)
    assert "very-secret" not in "".join(path.read_text() for path in tmp_path.glob("*.json*"))
    assert "127.0.0.1" in (tmp_path / "run.json").read_text()


def kept(folder: Path) -> list[str]:
    return (folder / "journal.jsonl").read_text().splitlines(keepends=True)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_run_that_was_killed_goes_on_to_the_same_end(
    planted_workspace: Path, tmp_path: Path, finished: Run, share: float
) -> None:
    lines = kept(finished.folder)
    at = int(len(lines) * share)
    # What a kill leaves: whole lines, and the beginning of one more; no results.
    (tmp_path / "journal.jsonl").write_text("".join(lines[:at]) + lines[at][:30])
    again = worlds.run(planted_workspace, tmp_path)
    assert (tmp_path / "results.json").read_bytes() == (
        finished.folder / "results.json"
    ).read_bytes()
    assert (tmp_path / "scores.jsonl").read_bytes() == (
        finished.folder / "scores.jsonl"
    ).read_bytes()
    assert [one.digest for one in again.samples] == [one.digest for one in finished.samples]
    assert kept(tmp_path)[:at] == lines[:at]
    assert len(kept(tmp_path)) == len(lines)


def test_what_is_done_is_not_done_again(
    planted_workspace: Path, tmp_path: Path, finished: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(finished.folder / "journal.jsonl", tmp_path)

    def never(*args: object) -> Any:
        raise AssertionError("it is done already")

    monkeypatch.setattr(TemplateTexts, "write", never)
    monkeypatch.setattr(judges.TitleNamed, "score", never)
    monkeypatch.setattr(judges.DifferentWords, "value", never)
    again = worlds.run(planted_workspace, tmp_path)
    assert again.results == finished.results


def test_threads_change_nothing(planted_workspace: Path, tmp_path: Path, finished: Run) -> None:
    alone = worlds.run(planted_workspace, tmp_path, threads=1)
    assert alone.results == finished.results
    assert (tmp_path / "scores.jsonl").read_bytes() == (
        finished.folder / "scores.jsonl"
    ).read_bytes()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (ZeroDivisionError("oh"), "ZeroDivisionError: oh (judges.py:"),
        (UsageError("no model"), "no model"),
        (float("nan"), "gave nan, which is no figure"),
        (1.5, "gave 1.5, outside its range 0.0 to 1.0"),
    ],
)
def test_a_scorer_that_fails_is_a_record_and_not_the_end(
    planted_workspace: Path,
    tmp_path: Path,
    finished: Run,
    monkeypatch: pytest.MonkeyPatch,
    answer: Any,
    error: str,
) -> None:
    someone = finished.samples[0].user_id
    faulty = judges.Faulty(user_id=someone, answer=answer)
    bring(monkeypatch, faulty)
    run = worlds.run(planted_workspace, tmp_path)
    rows = rows_of(run)
    assert (rows["template", "faulty"]["n"], rows["template", "faulty"]["failed"]) == (USERS - 1, 1)
    assert rows["template", "title_named"] == rows_of(finished)["template", "title_named"]
    faults = run.results["faults"]
    assert [(one["writer"], one["scorer"]) for one in faults] == [
        ("ranking", "faulty"),
        ("template", "faulty"),
    ]
    assert all(error in one["error"] for one in faults)


def test_a_scorer_that_failed_is_asked_again(
    planted_workspace: Path, tmp_path: Path, finished: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty = judges.Faulty(user_id=finished.samples[0].user_id, answer=ValueError("oh"))
    bring(monkeypatch, faulty)
    worlds.run(planted_workspace, tmp_path)
    faulty.answer = 1.0
    mended = worlds.run(planted_workspace, tmp_path)
    assert rows_of(mended)["template", "faulty"]["n"] == USERS
    assert mended.results["faults"] == []


def test_a_scorer_that_can_judge_nothing_is_told(
    planted_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judges.DifferentWords, "value", lambda self, samples: None)
    monkeypatch.setattr(judges.TitleNamed, "score", lambda self, sample: unscored("no text"))
    rows = rows_of(worlds.run(planted_workspace, tmp_path))
    for name in ("title_named", "different_words"):
        row = rows["template", name]
        assert (row["value"], row["n"], row["unscored"], row["failed"]) == (None, 0, USERS, 0)


def test_a_group_scorer_that_fails_is_a_record_too(
    planted_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(self: object, samples: object) -> float:
        raise ValueError("no")

    monkeypatch.setattr(judges.DifferentWords, "value", fails)
    run = worlds.run(planted_workspace, tmp_path)
    row = rows_of(run)["ranking", "different_words"]
    assert (row["value"], row["failed"]) == (None, USERS)
    assert {one["stage"] for one in run.results["faults"]} == {"group"}


def test_a_writer_that_fails_is_a_record_too(
    planted_workspace: Path, tmp_path: Path, finished: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone = finished.samples[0].key
    write = TemplateTexts.write

    async def fails(self: TemplateTexts, case: Case) -> Written:
        if case.key == someone:
            raise KeyError("oh")
        return await write(self, case)

    monkeypatch.setattr(TemplateTexts, "write", fails)
    run = worlds.run(planted_workspace, tmp_path)
    assert rows_of(run)["template", "length"]["n"] == USERS - 1
    assert run.results["missing"]["template"]["count"] == 1
    (fault,) = run.results["faults"]
    assert (fault["stage"], fault["writer"], fault["key"]) == ("write", "template", someone)
    monkeypatch.setattr(TemplateTexts, "write", write)
    assert worlds.run(planted_workspace, tmp_path).results == finished.results


def test_changed_sources_or_scorers_are_scored_anew(
    planted_workspace: Path, tmp_path: Path, finished: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(finished.folder / "journal.jsonl", tmp_path)
    lines = kept(tmp_path)
    monkeypatch.setattr(judges.TitleNamed, "settings", {"strict": True}, raising=False)
    worlds.run(planted_workspace, tmp_path)
    assert len(kept(tmp_path)) > len(lines)


def test_texts_of_other_code_are_written_anew(
    planted_workspace: Path, tmp_path: Path, finished: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = kept(finished.folder)
    shutil.copy(finished.folder / "journal.jsonl", tmp_path)
    monkeypatch.setattr(writing, "code_of_writers", lambda: "newer")
    again = worlds.run(planted_workspace, tmp_path)
    assert len(kept(tmp_path)) == len(lines) + 2 * USERS, "the texts, and no score of the same"
    assert again.results == finished.results


def test_texts_of_a_file_stand_beside_ours(
    planted_workspace: Path, tmp_path: Path, finished: Run
) -> None:
    known = [one for one in finished.samples if one.writer == "template"][:5]
    frame = pd.DataFrame(
        {
            "user_id": [one.user_id for one in known],
            "item_id": [one.item_id for one in known],
            "text": ["Watch it."] * 5,
        }
    )
    frame.to_csv(tmp_path / "theirs.csv", index=False)
    chosen = worlds.suite().with_texts({"theirs": tmp_path / "theirs.csv"})
    run = worlds.run(planted_workspace, tmp_path / "out", suite=chosen)
    assert rows_of(run)["theirs", "length"]["value"] == 2.0
    assert run.results["missing"]["theirs"]["count"] == USERS - 5
    assert list(run.results["missing"]["theirs"]["reasons"].values()) == [USERS - 5]


def test_a_folder_is_one_suites(planted_workspace: Path, tmp_path: Path, finished: Run) -> None:
    shutil.copy(finished.folder / "run.json", tmp_path)
    shutil.copy(finished.folder / "results.json", tmp_path)
    with pytest.raises(UsageError, match="suite 'planted'; give 'other' a folder"):
        worlds.run(planted_workspace, tmp_path, suite=worlds.suite(name="other"))


def test_two_runs_do_not_share_a_folder(planted_workspace: Path, tmp_path: Path) -> None:
    with write_lock(tmp_path), pytest.raises(WriteLocked):
        worlds.run(planted_workspace, tmp_path)


ASKING = {"writers": {"naive": {"kind": "naive"}, "template": {"kind": "template"}}}


def test_a_writer_without_its_model_is_one_line(planted_workspace: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="'naive' asks a language model: .*llm.base_url"):
        worlds.run(planted_workspace, tmp_path, suite=worlds.suite(**ASKING))


def test_an_endpoint_that_fails_ends_the_run_and_keeps_what_is_written(
    planted_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails_later(request: ChatRequest) -> str | Exception:
        return LlmUnreachable("gone") if len(models[0].asked) > 6 else "You liked it."

    models = [ScriptedChatModel(fails_later, name="m")]
    monkeypatch.setattr(suites, "make_chat_model", lambda settings: models[0])
    asking = worlds.suite(**ASKING)
    with pytest.raises(LlmUnreachable, match="gone"):
        worlds.run(planted_workspace, tmp_path, suite=asking, concurrency=1)
    assert models[0].closed
    assert len(kept(tmp_path)) == 6
    assert not (tmp_path / "results.json").exists()
    models[0] = ScriptedChatModel(lambda request: "You liked it.", name="m")
    run = worlds.run(planted_workspace, tmp_path, suite=asking, concurrency=4)
    assert len(models[0].asked) == USERS - 6
    assert rows_of(run)["naive", "length"]["value"] == 3.0
    assert run.log["writers"]["naive"]["model"] == "m"


def test_data_in_a_folder_are_fitted_once(
    tmp_path: Path, planted_files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.unit.conftest import SMALL, planted_frames

    folder = tmp_path / "data"
    folder.mkdir()
    for name, frame in zip(("interactions", "items"), planted_frames(), strict=True):
        frame.to_csv(folder / f"{name}.csv", index=False)
    fit = {"data": {"scale": [1, 5]}, "model": SMALL, "wording": {"item": "film"}}
    chosen = worlds.suite(cases={"users": 4, "fit": fit})
    fits: list[Mapping[str, Any]] = []
    really = build.fit

    def fit_once(*args: Any, **options: Any) -> Any:
        fits.append(options)
        return really(*args, **options)

    monkeypatch.setattr(build, "fit", fit_once)
    run = suites.run_suite(chosen, tmp_path / "out", data=folder)
    again = suites.run_suite(chosen, tmp_path / "out", data=folder)
    assert len(fits) == 1
    assert again.results == run.results
    assert run.log["sources"]["interactions"] == str(folder / "interactions.csv")
    assert run.log["sources"]["data"]["scale"] == [1.0, 5.0]
    with pytest.raises(SettingsError, match="not both"):
        suites.run_suite(chosen, tmp_path / "out", data=folder, workspace=tmp_path)


def test_rows_of_a_file_are_a_suite_too(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text(
        "".join(
            json.dumps(
                {
                    "user_id": str(n),
                    "title": f"Book {n}",
                    "user_summary": "Likes ships.",
                    "item_summary": "On ships.",
                    "reference": f"Ships in Book {n}.",
                    "xrec_output": "They would enjoy it.",
                }
            )
            + "\n"
            for n in range(6)
        )
    )
    writers = {
        "ours": {"kind": "template"},
        "xrec": {"kind": "case", "text": "xrec"},
        "gold": {"kind": "case", "text": "reference"},
    }
    chosen = worlds.suite(cases={"source": "xrec", "rows": 4}, writers=writers)
    run = suites.run_suite(chosen, tmp_path / "out", data=rows)
    found = rows_of(run)
    assert found["xrec", "length"]["value"] == 4.0
    assert found["gold", "title_named"]["value"] == 1.0
    assert found["ours", "title_named"]["n"] == 4
    with pytest.raises(SettingsError, match="no file of rows"):
        suites.run_suite(chosen, tmp_path / "other")


def test_a_revision_is_that_of_our_own_tree_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alien = tmp_path / "log.py"
    alien.write_text("")
    monkeypatch.setattr(log, "__file__", str(alien))
    assert log.revision() is None
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert log.revision() is None
