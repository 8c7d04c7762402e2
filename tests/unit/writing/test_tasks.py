"""Comparisons, what-ifs and profiles go the way of every text: read, repaired, replaced, kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from recx_agent.errors import LlmUnreachable
from recx_agent.factory import replay_text
from recx_agent.llms import ScriptedChatModel
from recx_agent.prompts import LlmPrompts, TemplateWriter
from recx_agent.prompts.task_bank import load_task
from recx_agent.protocols import Plan, Task
from recx_agent.stores import SqlAuditLog, SqlTextCache
from recx_agent.writing.kinds import abstains, is_worded
from tests.unit.writing.conftest import Hanging, only_record
from tests.unit.writing.plans import writer

OWN: dict[Task, str] = {
    "compare": "{I1} is ahead of {I2}, thanks to {H1}. {H7} does more for {I2} than for {I1}.",
    "what_if": "{I2} would join {TOP} and {L1} would be new, {CHANGE}.",
    "profile": "You are drawn to the {A1.name} {A1}, while {T1} matter.",
}
UNTRUE: dict[Task, str] = {
    "compare": "{I2} is ahead of {I1} because of {H7}.",
    "what_if": "{CHANGE}, {I2} would leave {TOP}.",
    "profile": "Your history leans to the {A4.name} {A4}.",
}
TASKS: tuple[Task, ...] = ("compare", "what_if", "profile")


def plan(task: Task, language: str = "en", **more: Any) -> Plan:
    wording = {"language": language, "item": "film" if language == "en" else "电影"}
    own = load_task(language, task).example(wording)
    return replace(own, user_id="ann", key=f"key of {task}", **more)


@pytest.mark.parametrize("task", TASKS)
def test_what_passes_is_the_model_s_own(task: Task, log: SqlAuditLog) -> None:
    with_model = writer(ScriptedChatModel([OWN[task]], name="m"), audit=log)
    draft = with_model.write(plan(task))
    with_model.flush()
    assert (draft.verdict, draft.violations, draft.fault) == ("supported", (), None)
    assert "{" not in draft.text
    assert (draft.writer.kind, draft.writer.model) == ("llm", "m")
    record = only_record(log)
    assert record.plan["task"] == task
    assert replay_text(record).same


@pytest.mark.parametrize("task", TASKS)
def test_an_untruth_is_repaired_once_or_replaced(task: Task, log: SqlAuditLog) -> None:
    model = ScriptedChatModel([f"{OWN[task]} {UNTRUE[task]}", UNTRUE[task]])
    with_model = writer(model, audit=log)
    draft = with_model.write(plan(task))
    with_model.flush()
    assert draft.verdict == "repaired"
    assert draft.violations
    assert len(model.asked) == 2
    shown = LlmPrompts().slots(plan(task))
    assert _filled(UNTRUE[task], shown) not in draft.text
    assert replay_text(only_record(log)).same


@pytest.mark.parametrize("task", TASKS)
def test_nothing_but_untruth_is_template_text(task: Task) -> None:
    draft = writer(ScriptedChatModel([UNTRUE[task], UNTRUE[task]])).write(plan(task))
    assert draft.verdict == "template"
    assert draft.text == TemplateWriter().write(plan(task)).text
    assert draft.violations


@pytest.mark.parametrize("task", TASKS)
def test_an_example_said_again_is_template_text(task: Task) -> None:
    own = plan(task)
    asked = LlmPrompts().explain(own, LlmPrompts().slots(own))
    for example in asked.examples:
        draft = writer(ScriptedChatModel([example, example])).write(own)
        assert (draft.verdict, draft.writer.kind) == ("template", "template")


def test_what_speaks_for_the_other_item_is_never_lost() -> None:
    said = "{I1} is ahead of {I2}, thanks to {H1}."
    draft = writer(ScriptedChatModel([said])).write(plan("compare"))
    other = TemplateWriter().write(plan("compare")).sentences[2]
    assert other.evidence == ("I2", "I1", "H7")
    assert draft.sentences[-1].evidence == other.evidence
    assert draft.verdict == "repaired"


def test_a_template_sentence_after_the_model_s_own_does_not_tell_the_change_again() -> None:
    said = "{I2} would join {TOP}, {CHANGE}. {I9} would leave."
    draft = writer(ScriptedChatModel([said, said])).write(plan("what_if"))
    assert draft.verdict == "repaired"
    assert draft.text.count("“The Long Ridge”") == 1


@pytest.mark.parametrize("task", TASKS)
def test_a_text_is_kept_and_read_again_when_it_is_taken(task: Task, cache: SqlTextCache) -> None:
    own = writer(ScriptedChatModel([OWN[task]], name="m"), cache=cache)
    first = own.write(plan(task))
    own.flush()
    silent = ScriptedChatModel([], name="m")
    again = writer(silent, cache=cache).write(plan(task))
    assert (again.text, again.verdict) == (first.text, first.verdict)
    assert not silent.asked


@pytest.mark.parametrize("task", TASKS)
def test_a_fault_and_a_deadline_are_template_text(task: Task) -> None:
    template = TemplateWriter().write(plan(task)).text
    down = writer(ScriptedChatModel([LlmUnreachable("nobody there")])).write(plan(task))
    assert (down.text, down.fault) == (template, "unreachable")
    late = writer(Hanging(), deadline_ms=30).write(plan(task))
    assert (late.text, late.fault) == (template, "timeout")


def test_which_plans_a_model_words() -> None:
    assert all(is_worded(plan(task)) and not abstains(plan(task)) for task in TASKS)
    compared = plan("compare")
    ahead, because, *_ = compared.claims
    assert not is_worded(replace(compared, claims=[ahead]))
    assert abstains(replace(compared, claims=[ahead]))
    others = replace(because, kind="because_others_more")
    assert not is_worded(replace(compared, claims=[ahead, because, others]))
    changed = plan("what_if")
    same = replace(changed.claims[0], kind="list_same")
    assert not is_worded(replace(changed, claims=[same]))
    assert not abstains(replace(changed, claims=[same]))


def _filled(text: str, slots: Any) -> str:
    for name, slot in slots.items():
        text = text.replace("{" + name + "}", slot.text)
    return text
