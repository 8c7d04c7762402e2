"""The command line, by its own process boundary: arguments in, text and codes out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def run(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    recx = Path(sys.executable).with_name("recx")
    return subprocess.run(
        [str(recx), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "120", **(env or {})},
    )


def test_a_stranger_s_file_needs_no_python_and_no_renaming(
    planted_files: tuple[Path, Path], tmp_path: Path
) -> None:
    interactions, items = planted_files
    workspace = tmp_path / "w"
    place = ("--workspace", str(workspace))
    fitted = run(
        *("fit", "--interactions", str(interactions), "--items", str(items)),
        *("--map", "user_id=who", "--map", "item_id=what"),
        *("--map", "value=stars", "--map", "timestamp=when"),
        *("--scale", "1:5", "--item-noun", "film", "--epochs", "5", *place),
        env={"RECX_MODEL__COMPONENTS": "8"},
    )
    assert fitted.returncode == 0, fitted.stderr
    assert fitted.stdout == ""
    assert run("index", *place).returncode == 0
    answer = run("explain", "u0", *place)
    assert answer.returncode == 0, answer.stderr
    assert "“Comedy" in answer.stdout
    assert "[H1" in answer.stdout


def test_the_json_of_an_explanation_has_the_documented_shape(planted_workspace: Path) -> None:
    env = {"RECX_WORKSPACE": str(planted_workspace)}
    listed = json.loads(run("explain", "u0", "-k", "3", "--format", "json", env=env).stdout)
    assert len(listed) == 3
    alone = run("explain", "u0", listed[0]["item"]["item_id"], "-f", "json", env=env)
    one = json.loads(alone.stdout)
    assert set(one) == {
        "user_id",
        "item",
        "text",
        "sentences",
        "evidence",
        "attribution",
        "verdict",
        "writer",
        "violations",
        "fault",
        "chosen_by",
        "audit_id",
    }
    assert set(one["item"]) == {"item_id", "title"}
    assert set(one["sentences"][0]) == {"text", "evidence"}
    assert set(one["evidence"][0]) == {
        "id",
        "kind",
        "text",
        "fields",
        "contribution",
        "rank_without",
    }
    history = next(piece for piece in one["evidence"] if piece["id"].startswith("H"))
    assert {"title", "rating", "rating_max", "date", "event_type"} <= set(history["fields"])
    attribution = one["attribution"]
    assert {"score", "baseline", "view", "contributions", "views"} <= set(attribution)
    assert set(attribution["views"]) == {"history", "attribute", "pair"}
    assert set(attribution["contributions"][0]) == {"source", "value"}
    assert set(attribution["contributions"][0]["source"]) == {"kind", "id", "label"}
    for terms in (attribution["contributions"], *attribution["views"].values()):
        total = attribution["baseline"] + sum(term["value"] for term in terms)
        assert total == pytest.approx(attribution["score"], abs=1e-9)


def test_the_json_of_the_other_answers(planted_workspace: Path) -> None:
    env = {"RECX_WORKSPACE": str(planted_workspace)}
    ranked = json.loads(run("recommend", "u0", "-k", "2", "-f", "json", env=env).stdout)
    assert ranked["user_id"] == "u0"
    assert [set(item) for item in ranked["items"]] == [{"item_id", "title", "score", "rank"}] * 2
    changed = run("what-if", "u0", "--mute", "Comedy", "-f", "json", env=env)
    assert json.loads(changed.stdout)["change"]["mute"] == ["genre=Comedy"]
    assert json.loads(run("profile", "u0", "-f", "json", env=env).stdout)["history"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["recommend", "nobody"], 3, "nobody"),
        (["explain", "u0", "Comdy 10"], 2, "did you mean"),
        (["what-if", "u0", "--mute", "genre=Nothing"], 2, "name=value"),
        (["model", "rollback"], 2, "no version before"),
        (["model", "rollback", "77"], 2, "'77'"),
        (["data", "ml-1b"], 2, "ml-100k"),
        (["fit", "--interactions", "no-such.csv"], 1, "no-such.csv"),
        (["fit", "--map", "user_id"], 2, "ours=theirs"),
        (["fit", "--scale", "5:1"], 2, "lowest:highest"),
        (["recommend", "u0", "--context", "tv"], 2, "name=value"),
        (["recommend", "u0", "--context", "device=tv"], 2, "does not offer"),
        (["explain", "u0", "--language", "fr"], 2, "en, zh"),
        (["explain", "u0", "--candidate", "i1"], 2, "--chosen-by"),
        (["explain", "u0", "i1", "--candidate", "i1", "--chosen-by", "x"], 2, "without ITEM"),
        (["explain", "u0", "--candidates", "no-such.txt", "--chosen-by", "x"], 2, "no-such.txt"),
        (["counterfactual", "u0", "Western 1", "-k", "3"], 2, "not among the top 3"),
    ],
)
def test_errors_are_one_message_and_a_code(
    planted_workspace: Path, arguments: list[str], code: int, words: str
) -> None:
    result = run(*arguments, env={"RECX_WORKSPACE": str(planted_workspace)})
    assert result.returncode == code, result.stderr
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_an_empty_workspace_is_named_with_the_remedy(tmp_path: Path) -> None:
    result = run("recommend", "u0", "-w", str(tmp_path / "none"))
    assert result.returncode == 4
    assert "recx fit" in result.stderr


def test_a_wrong_setting_is_named(planted_workspace: Path) -> None:
    env = {"RECX_WORKSPACE": str(planted_workspace), "RECX_EVIDENCE__MIN_SHARE": "7"}
    result = run("recommend", "u0", env=env)
    assert result.returncode == 2
    assert "evidence.min_share" in result.stderr


def test_text_answers_are_readable(planted_workspace: Path) -> None:
    env = {"RECX_WORKSPACE": str(planted_workspace)}
    assert "Comedy" in run("recommend", "u0", env=env).stdout
    one = run("explain", "u0", "Comedy 0", env=env).stdout
    assert "sum of the terms" in one
    assert "rank before" in run("what-if", "u0", "--mute", "Comedy", env=env).stdout
    assert "history that counts" in run("profile", "u0", env=env).stdout


def test_doctor_says_what_is_in_force_and_what_is_missing(
    planted_workspace: Path, tmp_path: Path
) -> None:
    good = run("doctor", "-w", str(planted_workspace))
    assert good.returncode == 0, good.stdout
    assert "000001" in good.stdout
    assert "half_life" in good.stdout
    bad = run("doctor", "-w", str(tmp_path / "none"))
    assert bad.returncode == 1
    assert "recx fit" in bad.stdout


def test_help_lists_the_commands() -> None:
    text = run("--help").stdout
    for command in (
        "demo",
        "data",
        "fit",
        "index",
        "recommend",
        "explain",
        "counterfactual",
        "what-if",
        "profile",
        "doctor",
    ):
        assert command in text


def test_candidates_from_a_file(planted_workspace: Path, tmp_path: Path) -> None:
    chosen = tmp_path / "chosen.txt"
    chosen.write_text("\ufeffWestern 1\n\n  i3 \n", encoding="utf-8")
    shop = ("--chosen-by", "our shop's ranker")
    result = run(
        *("explain", "u0", "--candidates", str(chosen), "--candidate", "i5", *shop, "-f", "json"),
        env={"RECX_WORKSPACE": str(planted_workspace)},
    )
    told = json.loads(result.stdout)
    assert [entry["item"]["item_id"] for entry in told] == ["i5", "i1", "i3"]
    assert {entry["chosen_by"] for entry in told} == {"our shop's ranker"}


def test_a_counterfactual_in_text_and_json(planted_workspace: Path) -> None:
    env = {"RECX_WORKSPACE": str(planted_workspace)}
    best = json.loads(run("recommend", "u0", "-k", "1", "-f", "json", env=env).stdout)["items"][0]
    asked = ("counterfactual", "u0", best["item_id"])
    answer = json.loads(run(*asked, "-k", "1", "-f", "json", env=env).stdout)
    assert answer["found"]
    text = " ".join(run(*asked, "-k", "1", env=env).stdout.split())
    assert " ".join(answer["sentence"]["text"].split()) in text
    none = run(*asked, "-k", "5", "--budget", "1", env=env).stdout
    assert "No set of up to 1 items was found" in " ".join(none.split())


def test_doctor_tells_what_the_rules_cover(planted_workspace: Path) -> None:
    rules = [{"items": ["i3"], "attributes": ["genre=Western"]}, {"items": ["gone"]}]
    env = {"RECX_PRIVACY__SENSITIVE": json.dumps(rules), "RECX_FACTS__HOOK": "no_such:facts"}
    result = run("doctor", "-w", str(planted_workspace), env=env)
    words = " ".join(result.stdout.split())
    assert "2 rules cover 15 items, 1 attribute values, 0 event types" in words
    assert "rule 2 covers nothing" in words
    assert "facts.hook" in words
    assert result.returncode == 1


@pytest.mark.parametrize(
    ("entries", "problem"),
    [(["tv"], "name=value"), (["=tv"], "name=value"), (["a=1", "a=2"], "given twice")],
)
def test_context_options_that_say_nothing(entries: list[str], problem: str) -> None:
    from recx_agent.cli.options import parse_context
    from recx_agent.errors import SettingsError

    assert parse_context([" device = tv ", "a=b=c"]) == {"device": "tv", "a": "b=c"}
    assert parse_context(None) == {}
    with pytest.raises(SettingsError, match=problem):
        parse_context(entries)
