"""The door for texts of one's own, in Python and on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from recx_agent import explain_given
from recx_agent.cli.app import app
from recx_agent.errors import DataError, UsageError
from recx_agent.given import explain_given_all, given_case

USER, ITEM = "Enjoys historical fiction.", "A piece of historical fiction."


def test_it_needs_no_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = explain_given("A Song", about_user=[USER], about_item=[ITEM])
    assert "historical fiction" in told.sentences[-1].text
    assert {p.id for p in told.passages} == {"U1", "I1"}
    assert not list(tmp_path.iterdir())


def test_passages_are_numbered_and_put_on_one_line() -> None:
    case = given_case(" A  Song ", [" a\n b ", "", "c"], ["d"])
    assert case.item_title == "A Song"
    assert [(p.id, p.text) for p in case.passages] == [("U1", "a b"), ("U2", "c"), ("I1", "d")]


@pytest.mark.parametrize(
    ("title", "user", "item", "told"),
    [
        (" ", [USER], [ITEM], "no title"),
        ("A", [""], [ITEM], "about_user"),
        ("A", [USER], [], "about_item"),
        ("A", USER, [ITEM], "a list of texts"),
    ],
)
def test_what_is_missing_is_told(title: str, user: list[str], item: list[str], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        explain_given(title, about_user=user, about_item=item)


def test_several_come_in_order() -> None:
    cases = [given_case(title, [USER], [ITEM]) for title in "BAC"]
    assert [told.item_title for told in explain_given_all(cases)] == ["B", "A", "C"]


def ask(path: Path, *more: str) -> str:
    result = CliRunner().invoke(app, ["explain-given", "--file", str(path), *more])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.stdout


ROW = {"item_title": "A Song", "about_user": USER, "about_item": [ITEM]}


@pytest.mark.parametrize("form", ["object", "list", "lines"])
def test_a_file_is_read_in_each_form(tmp_path: Path, form: str) -> None:
    path = tmp_path / "given.json"
    chinese = {"item_title": "静歌", "about_user": "喜欢爱情故事。", "about_item": "爱情故事。"}
    rows = [ROW, {**chinese, "language": "zh"}]
    texts = {
        "object": json.dumps(ROW),
        "list": json.dumps(rows),
        "lines": "\n".join(map(json.dumps, rows)),
    }
    path.write_text(texts[form], encoding="utf-8")
    told = [json.loads(line) for line in ask(path, "--format", "json").splitlines()]
    assert [one["item_title"] for one in told] == ["A Song", "静歌"][: 1 if form == "object" else 2]
    assert "A Song" in ask(path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "nothing is in it"),
        ('{"item_title": 1}', "row 1, field 'item_title'"),
        ('{"item_title": "A", "about_user": 1}', "field 'about_user'"),
        (json.dumps({**ROW, "user": "7"}), "field 'user': unknown"),
        (json.dumps({**ROW, "language": "fr"}), "field 'language'"),
        (json.dumps({**ROW, "about_item": []}), "row 1: about_item"),
        ("[1]", "no JSON object"),
        ('{"item_title": "A"}\n{', "row 2: no JSON"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "given.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=told):
        ask(path)
