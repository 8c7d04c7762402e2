"""``recx compare``, ``what-if`` and ``profile``: numbers, the text below them, and JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from recx_agent.cli.app import app
from recx_agent.errors import NotOffered, UnknownItem, UnknownUser, UsageError

TOLD = {
    *("text", "sentences", "evidence", "verdict", "writer", "violations", "fault", "audit_id"),
}


@pytest.fixture
def place(planted_workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECX_WORKSPACE", str(planted_workspace))
    monkeypatch.setenv("COLUMNS", "200")
    return planted_workspace


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def ranked(count: int) -> list[str]:
    listed = json.loads(run("recommend", "u0", "-k", "20", "-f", "json").stdout)["items"]
    return [item["item_id"] for item in listed][:count]


def told_of(*arguments: str) -> dict[str, Any]:
    done = run(*arguments, "-f", "json")
    assert done.exit_code == 0, done.output
    answer: dict[str, Any] = json.loads(done.stdout)
    assert set(answer["told"]) == TOLD
    cited = {id for sentence in answer["told"]["sentences"] for id in sentence["evidence"]}
    assert cited <= {piece["id"] for piece in answer["told"]["evidence"]}
    return answer


def flat(text: str) -> str:
    """Without the line breaks of a narrow screen."""
    return " ".join(text.split())


def test_a_comparison_shows_both_scores_the_terms_and_the_text(place: Path) -> None:
    one, other = ranked(9)[0], ranked(9)[8]
    done = run("compare", "u0", one, other)
    assert done.exit_code == 0, done.output
    for part in ("difference", "to the first", "to the second", "rank", "[I1, I2]"):
        assert part in flat(done.stdout)
    answer = told_of("compare", "u0", one, other)
    assert (answer["item"]["item_id"], answer["other"]["item_id"]) == (one, other)
    gap = answer["item"]["score"] - answer["other"]["score"]
    assert answer["difference"] == gap
    assert sum(t["difference"] for t in answer["history"]) == pytest.approx(gap)
    assert told_of("compare", "u0", one, other, "--view", "attribute")["view"] == "attribute"


def test_a_what_if_and_a_profile_show_the_text_below_the_numbers(place: Path) -> None:
    newest = told_of("profile", "u0")["history"][0]["item_id"]
    shown = flat(run("what-if", "u0", "--remove", newest, "-k", "5").stdout)
    assert "rank before" in shown
    assert shown.index("rank before") < shown.index("[W1, L1]")
    assert told_of("what-if", "u0", "--remove", newest)["told"]["verdict"] == "template"
    profile = flat(run("profile", "u0").stdout)
    assert profile.index("history that counts") < profile.index("[T1]")


def test_the_language_is_that_asked_for(place: Path) -> None:
    one, other = ranked(2)
    for asked in (("compare", "u0", one, other), ("what-if", "u0"), ("profile", "u0")):
        told = told_of(*asked, "--language", "zh", "--no-llm", "--deadline-ms", "500")["told"]
        assert told["writer"]["language"] == "zh"
        assert told["text"].endswith("。")


def test_a_change_of_nothing_says_so(place: Path) -> None:
    assert "nothing changed" in told_of("what-if", "u0")["told"]["text"]


def test_a_dead_endpoint_costs_the_text_of_no_answer(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECX_LLM__BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("RECX_LLM__RETRIES", "0")
    one, other = ranked(9)[0], ranked(9)[8]
    asked = ("compare", "u0", one, other, "--deadline-ms", "3000")
    told = told_of(*asked)["told"]
    assert told["verdict"] == "template" and told["fault"]
    assert told_of(*asked, "--no-llm")["told"]["fault"] is None


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (("u0", "{0}", "{0}"), UsageError, "given twice"),
        (("u0", "{0}", "Comdy 1"), UnknownItem, "did you mean"),
        (("nobody", "{0}", "{1}"), UnknownUser, "nobody"),
        (("u0", "{0}", "{1}", "--language", "xx"), UsageError, "language"),
    ],
)
def test_what_cannot_be_compared_is_told(
    place: Path, arguments: tuple[str, ...], error: type[Exception], words: str
) -> None:
    done = run("compare", *(text.format(*ranked(2)) for text in arguments))
    assert isinstance(done.exception, error)
    assert words in str(done.exception)
    assert not isinstance(done.exception, NotOffered)
