"""``recx explain-batch`` and ``recx audit`` on a small workspace, with a scripted model."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from recx_agent import Recx, factory
from recx_agent.cli.app import app
from recx_agent.errors import LlmUnreachable, RecxError
from recx_agent.factory import writers
from recx_agent.llms import ScriptedChatModel
from recx_agent.protocols import ChatRequest

RUNNER = CliRunner()
DRAFT = "{ITEM} is here because of {H1}."


def answer(request: ChatRequest) -> str:
    return DRAFT


@pytest.fixture
def workspace(planted_workspace: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(planted_workspace, tmp_path / "w"))


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedChatModel]:
    scripted = ScriptedChatModel(answer, name="m")
    monkeypatch.setattr(writers, "open_chat_model", lambda settings: scripted)
    monkeypatch.setenv("RECX_LLM__DEADLINE_MS", "20000")
    yield scripted


def run(*words: object, code: int = 0) -> Result:
    result = RUNNER.invoke(app, [str(word) for word in words])
    if code == 0:
        assert result.exit_code == 0, (result.output, result.exception)
    return result


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_same_command_goes_on(workspace: Path, model: ScriptedChatModel) -> None:
    out = workspace.parent / "out.jsonl"
    run("explain-batch", "--sample", 3, "-k", 2, "--out", out, "-w", workspace)
    assert len(lines(out)) == 6
    result = run("explain-batch", "--sample", 4, "-k", 2, "--out", out, "-w", workspace)
    assert "6 lines were there before" in result.stderr
    assert len(lines(out)) == 8
    assert len({(line["user_id"], line["item"]["item_id"]) for line in lines(out)}) == 8


def test_a_line_is_what_explain_says(workspace: Path, model: ScriptedChatModel) -> None:
    out = workspace.parent / "out.jsonl"
    run("explain-batch", "--sample", 1, "-k", 1, "--out", out, "-w", workspace)
    (line,) = lines(out)
    with Recx.open(workspace) as recx:
        (told,) = recx.explain_list(line["user_id"], 1)
    assert line == json.loads(told.model_dump_json())


def test_pairs_with_errors_are_told(workspace: Path, model: ScriptedChatModel) -> None:
    with Recx.open(workspace) as recx:
        user = next(iter(recx.dataset.users))
        (item,) = recx.recommend(user, 1).items
    pairs, out = workspace.parent / "pairs.csv", workspace.parent / "out.jsonl"
    pairs.write_text(
        f"user_id,item_id\n{user},{item.item_id}\nnobody,{item.item_id}\n{user},no such item\n"
    )
    result = run("explain-batch", "--pairs", pairs, "--out", out, "-w", workspace)
    kinds = {line.get("error", {}).get("kind") for line in lines(out)}
    assert kinds == {None, "UnknownUser", "UnknownItem"}
    assert "2 pairs with errors" in result.stderr


@pytest.mark.parametrize(("wait", "faults"), [("5", {None}), ("0", {None, "unreachable"})])
def test_what_a_fault_cost_is_written_again_unless_nobody_waits(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, wait: str, faults: set[str | None]
) -> None:
    unreachable = iter([LlmUnreachable("nobody there")])
    scripted = ScriptedChatModel(lambda request: next(unreachable, DRAFT), name="m")
    monkeypatch.setattr(writers, "open_chat_model", lambda settings: scripted)
    out = workspace.parent / "out.jsonl"
    options = ("--sample", 3, "-k", 1, "--concurrency", 1, "--wait", wait)
    result = run("explain-batch", *options, "--out", out, "-w", workspace)
    assert {line["fault"] for line in lines(out)} == faults
    assert len(lines(out)) == len({line["user_id"] for line in lines(out)}) == 3
    assert ("1 unreachable" in result.stderr) == (wait == "0")


def test_which_pairs_has_to_be_said_once(workspace: Path) -> None:
    for options in ((), ("--sample", 1, "--users", "u.txt")):
        result = run("explain-batch", *options, "--out", "o.jsonl", "-w", workspace, code=2)
        assert isinstance(result.exception, RecxError)
        assert "one of --users, --pairs and --sample" in str(result.exception)


def test_no_llm_asks_nobody(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECX_LLM__BASE_URL", "http://127.0.0.1:9/v1")
    with Recx.open(workspace) as recx:
        user = next(iter(recx.dataset.users))
    result = run("explain", user, "-k", 1, "--no-llm", "-f", "json", "-w", workspace)
    (told,) = json.loads(result.stdout)
    assert told["fault"] is None
    assert told["writer"]["kind"] == "template"


def test_a_text_is_shown_and_replayed(workspace: Path, model: ScriptedChatModel) -> None:
    with Recx.open(workspace) as recx:
        user = next(iter(recx.dataset.users))
        (told,) = recx.explain_list(user, 1)
    assert told.writer.kind == "llm"
    listed = run("audit", "list", "-w", workspace).stdout
    assert told.audit_id in listed
    shown = run("audit", "show", told.audit_id, "--prompts", "-w", workspace).stdout
    for words in (DRAFT, "{ITEM}", "1. draft (chosen)", "system:", told.verdict):
        assert words in shown
    assert "system:" not in run("audit", "show", told.audit_id, "-w", workspace).stdout
    record = json.loads(run("audit", "show", told.audit_id, "-f", "json", "-w", workspace).stdout)
    assert record["text"] == told.text
    assert "the same" in run("audit", "replay", told.audit_id, "-w", workspace).stdout
    own = run("audit", "list", "--user", user, "-f", "json", "-w", workspace).stdout
    assert [record["audit_id"] for record in json.loads(own)] == [told.audit_id]


def test_a_replay_that_differs_fails(workspace: Path, model: ScriptedChatModel) -> None:
    with Recx.open(workspace) as recx:
        (told,) = recx.explain_list(next(iter(recx.dataset.users)), 1)
    log = factory.make_audit_log(workspace, recx.settings, lambda user: False)
    found = log.get(told.audit_id)
    assert found is not None
    log.put(found.model_copy(update={"text": "Something else."}))
    log.close()
    result = run("audit", "replay", told.audit_id, "-w", workspace, code=1)
    assert result.exit_code == 1
    assert "something else comes out" in result.stdout


def test_no_such_record_is_told(workspace: Path) -> None:
    result = run("audit", "show", "nothing", "-w", workspace, code=1)
    assert "no audit record 'nothing'" in str(result.exception)
    assert "no audit records" in run("audit", "list", "-w", workspace).stderr


def test_old_records_go_when_asked(
    workspace: Path, model: ScriptedChatModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Recx.open(workspace) as recx:
        recx.explain_list(next(iter(recx.dataset.users)), 2)
    assert "0 records removed" in run("audit", "prune", "-w", workspace).stderr
    monkeypatch.setenv("RECX_KEPT__AUDIT_DAYS", "0.0000001")
    assert "2 records removed" in run("audit", "prune", "-w", workspace).stderr
