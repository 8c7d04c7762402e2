"""The figures of ``recx eval writing``, with a model whose answers are known."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from recx_agent import Recx
from recx_agent.errors import LlmUnreachable
from recx_agent.evals.journal import Journal
from recx_agent.evals.writing import measure, run_writing
from recx_agent.evals.writing.baselines import ask_baseline, judge
from recx_agent.evals.writing.blocks import Bench
from recx_agent.evals.writing.report import WritingReport
from recx_agent.evals.writing.speed import WAYS, measure_speed
from recx_agent.evals.writing.texts import write_texts
from recx_agent.llms import ScriptedChatModel
from recx_agent.protocols import ChatRequest, no_progress
from recx_agent.schemas import AuditRecord
from recx_agent.settings import Settings
from recx_agent.writing import is_worded
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


def bench_of(model: ScriptedChatModel, folder: Path) -> Bench:
    return Bench(model, Settings(), Journal(folder / "journal.jsonl"), 1, no_progress)


@pytest.fixture(scope="module")
def report(
    planted_workspace: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[WritingReport, Path]:
    out = tmp_path_factory.mktemp("out")
    model = ScriptedChatModel(answer, name="m")
    with pytest.MonkeyPatch.context() as patch, Recx.open(planted_workspace) as recx:
        patch.setattr(measure, "make_chat_model", lambda settings: model)
        found = run_writing(recx, out, users=USERS, timed=5, concurrency=4)
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
    assert list(found.speed) == list(WAYS)
    assert {rate.answers for rate in found.speed.values()} == {found.timed}
    assert found.timed == min(5, found.worded)
    assert 0 < found.speed["verified"].own <= found.speed["repaired"].own <= found.timed
    whole, lowest, highest = found.ratio("grammar")
    rate, raw = found.speed["grammar"], found.speed["raw"]
    assert whole == pytest.approx(rate.per_second / raw.per_second)
    assert 0 < lowest <= highest
    assert found.drafts[0] == found.worded


def test_each_way_has_a_prefix_cache_of_its_own(planted_workspace: Path, tmp_path: Path) -> None:
    model = ScriptedChatModel(answer, name="m")
    with Recx.open(planted_workspace) as recx:
        plans = [plan for user in sorted(recx.dataset.users)[:9] for plan in recx.plans(user, 1)]
        plans = [plan for plan in plans if is_worded(plan)]
        measure_speed(bench_of(model, tmp_path), plans)
    salts = Counter(request.cache_salt for request in model.requests)
    shared = {salt: count for salt, count in salts.items() if count > 1}
    assert len(shared) == len(WAYS) - 1, "one of them shares nothing"
    assert min(shared.values()) == len(plans)
    assert len(salts) == len(shared) + len(plans)
    assert None not in salts


def test_a_run_that_is_stopped_goes_on_where_it_stood(
    planted_workspace: Path, tmp_path: Path
) -> None:
    def texts_of(model: ScriptedChatModel, folder: Path) -> list[AuditRecord]:
        with Recx.open(planted_workspace) as recx:
            plans = [
                plan for user in sorted(recx.dataset.users)[:9] for plan in recx.plans(user, 1)
            ]
            return list(write_texts(bench_of(model, folder), plans).records)

    unbroken = texts_of(ScriptedChatModel(answer, name="m"), tmp_path / "one")
    whole = (tmp_path / "one" / "journal.jsonl").read_text().splitlines(keepends=True)
    assert len(whole) > 2
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "journal.jsonl").write_text("".join(whole[:1]) + whole[1][:40])
    again = ScriptedChatModel(answer, name="m")
    resumed = texts_of(again, tmp_path / "two")
    assert [one.text for one in resumed] == [one.text for one in unbroken]
    assert 0 < len(again.asked) < len(unbroken)


def test_it_is_written_down(report: tuple[WritingReport, Path]) -> None:
    found, out = report
    assert json.loads((out / "results.json").read_text())["own"] == found.own
    assert len((out / "texts.jsonl").read_text().splitlines()) == USERS
    assert (out / "writing.md").read_text() == found.as_markdown()
    assert "| supported |" in found.as_markdown()


@pytest.mark.parametrize("way", ["texts", "naive", "speed"])
def test_an_endpoint_that_fails_is_no_measurement(
    planted_workspace: Path, tmp_path: Path, way: str
) -> None:
    def fails_later(request: ChatRequest) -> str:
        if len(model.asked) > 3:
            raise LlmUnreachable("gone")
        return answer(request)

    model = ScriptedChatModel(fails_later, name="m")
    bench = bench_of(model, tmp_path)
    with Recx.open(planted_workspace) as recx:
        plans = [plan for user in sorted(recx.dataset.users)[:9] for plan in recx.plans(user, 1)]
        plans = [plan for plan in plans if is_worded(plan)]
    measures: dict[str, Callable[[], object]] = {
        "texts": lambda: write_texts(bench, plans),
        "naive": lambda: ask_baseline(bench, "naive", plans),
        "speed": lambda: measure_speed(bench, plans),
    }
    with pytest.raises(LlmUnreachable):
        measures[way]()
    kept = (tmp_path / "journal.jsonl").read_text()
    assert "gone" not in kept
    assert len(kept.splitlines()) == 1, "the block before it"


def test_a_true_answer_of_a_baseline_passes() -> None:
    given = plan(BECAUSE, COMMON)
    said = "“Jackie Brown” is here because of “Fargo” and “Heat”."
    assert not judge("naive", given, said, "stop").unsupported
    assert judge("naive", given, said.replace("Fargo", "Cargo"), "stop").unsupported


def test_what_is_no_json_is_not_supported() -> None:
    judged = judge("json", plan(BECAUSE, COMMON), "oh", "stop")
    assert judged.violations is None
    assert judged.unsupported
