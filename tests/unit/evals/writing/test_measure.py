"""The figures of ``recx eval writing``, with a model whose answers are known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recx_agent import Recx
from recx_agent.evals.writing import measure, run_writing
from recx_agent.evals.writing.baselines import ask_baseline
from recx_agent.evals.writing.report import WritingReport
from recx_agent.llms import ScriptedChatModel
from recx_agent.protocols import ChatRequest, no_progress
from tests.unit.writing.plans import BECAUSE, COMMON, plan

USERS = 12
GOOD = "{ITEM} is here because of {H1}."


def answer(request: ChatRequest) -> str:
    """True of most; naive prompting invents, JSON cites what does not carry it."""
    text = request.messages[-1].content
    if "JSON list" in text:
        return json.dumps([{"sentence": "Critics love it.", "evidence": ["H1"]}])
    if "Why is it recommended" in text:
        return "You gave it top marks."
    return GOOD


@pytest.fixture(scope="module")
def report(
    planted_workspace: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[WritingReport, Path]:
    out = tmp_path_factory.mktemp("out")
    model = ScriptedChatModel(answer, name="m")
    with pytest.MonkeyPatch.context() as patch, Recx.open(planted_workspace) as recx:
        patch.setattr(measure, "make_chat_model", lambda settings: model)
        found = run_writing(recx, out, users=USERS, concurrency=4)
    assert model.closed
    return found, out


def test_every_text_is_counted_once(report: tuple[WritingReport, Path]) -> None:
    found, _ = report
    assert sum(found.verdicts.values()) == found.users == USERS
    assert found.own == found.verdicts.get("supported", 0) + found.verdicts.get("repaired", 0)
    assert found.own > 0
    assert found.skeletons == 1
    assert found.untrue == 0


def test_a_model_that_looks_at_nothing_says_the_same_of_others(
    report: tuple[WritingReport, Path],
) -> None:
    found, _ = report
    assert found.compared > 0
    assert found.changed == 0


def test_the_baselines_are_judged(report: tuple[WritingReport, Path]) -> None:
    found, _ = report
    assert [one.name for one in found.baselines] == ["naive", "json"]
    assert all(one.unsupported == one.answers == found.worded for one in found.baselines)


def test_speed_is_of_the_same_prompts(report: tuple[WritingReport, Path]) -> None:
    found, _ = report
    assert found.raw_per_second > 0 and found.grammar_per_second > 0
    assert found.ratio == pytest.approx(found.own / found.seconds / found.raw_per_second)
    assert found.drafts[0] == found.worded


def test_it_is_written_down(report: tuple[WritingReport, Path]) -> None:
    found, out = report
    assert json.loads((out / "results.json").read_text())["own"] == found.own
    assert len((out / "texts.jsonl").read_text().splitlines()) == USERS
    assert (out / "writing.md").read_text() == found.as_markdown()
    assert "| supported |" in found.as_markdown()


def test_a_true_answer_of_a_baseline_passes() -> None:
    given = plan(BECAUSE, COMMON)
    said = "“Jackie Brown” is here because of “Fargo” and “Heat”."
    judged = ask_baseline("naive", [given], ScriptedChatModel([said]), 1, no_progress)
    assert [one.unsupported for one in judged] == [False]
    wrong = said.replace("Fargo", "Cargo")
    judged = ask_baseline("naive", [given], ScriptedChatModel([wrong]), 1, no_progress)
    assert [one.unsupported for one in judged] == [True]


def test_what_is_no_json_is_not_supported() -> None:
    given = plan(BECAUSE, COMMON)
    judged = ask_baseline("json", [given], ScriptedChatModel(["oh"]), 1, no_progress)
    assert [one.violations for one in judged] == [None]
    assert judged[0].unsupported
