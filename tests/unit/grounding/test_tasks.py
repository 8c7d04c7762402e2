"""Comparisons, what-ifs and profiles: what passes, and untruths of every kind next to it."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from recx_agent.grounding import fill
from recx_agent.protocols import Task
from tests.unit.grounding import task_world

SENTENCES = Path(__file__).parent / "sentences"
LANGUAGES = ("en", "zh")
TABLES = {
    language: tomllib.loads((SENTENCES / f"tasks_{language}.toml").read_text(encoding="utf-8"))
    for language in LANGUAGES
}
TRUE = [
    (language, task, text)
    for language in LANGUAGES
    for task in task_world.TASKS
    for text in TABLES[language][task]["true"]
]
LIES = [
    (language, task, text, kind)
    for language in LANGUAGES
    for task in task_world.TASKS
    for text, kind in TABLES[language][task]["lies"]
]


@pytest.mark.parametrize(("language", "task", "text"), TRUE)
def test_what_the_plan_carries_passes_with_placeholders_and_filled(
    language: str, task: Task, text: str
) -> None:
    plan, slots = task_world.plan(task), task_world.slots(task, language)
    verifier = task_world.verifier(language, task)
    for told in (text, fill(text, slots)):
        reading = verifier.read(told, plan, slots)
        assert reading.ok, [s.violations for s in reading.sentences]
        assert all(sentence.evidence for sentence in reading.sentences)


@pytest.mark.parametrize(("language", "task", "text", "kind"), LIES)
def test_what_it_does_not_carry_is_found(language: str, task: Task, text: str, kind: str) -> None:
    plan, slots = task_world.plan(task), task_world.slots(task, language)
    verifier = task_world.verifier(language, task)
    for told in (text, fill(text, slots)):
        found = [v.kind for s in verifier.read(told, plan, slots).sentences for v in s.violations]
        if "{I9}" not in told:
            assert kind in found, (told, found)
        assert found


def test_a_sentence_leans_on_a_change_that_was_told_before_it() -> None:
    plan, slots = task_world.plan("what_if"), task_world.slots("what_if", "en")
    verifier = task_world.verifier("en", "what_if")
    alone = "{I2} would enter {TOP}."
    told = "{CHANGE}, {I1} would leave {TOP}. " + alone
    assert not verifier.read(alone, plan, slots).ok
    assert verifier.read(told, plan, slots).ok


def test_a_reason_is_told_as_the_claim_that_carries_it() -> None:
    plan, slots = task_world.plan("compare"), task_world.slots("compare", "en")
    verifier = task_world.verifier("en", "compare")

    def claims(text: str) -> tuple[str, ...]:
        return verifier.read(text, plan, slots).sentences[0].claims

    assert claims("{H1} adds more to {I1} than to {I2}.") == ("because_more",)
    assert claims("{H2} adds more to {I1} than to {I2}.") == ("more",)
    assert claims("{H3} adds more to {I2} than to {I1}.") == ("more_for_other",)
    assert claims("{E1} favours {I2}.") == ("everyone_more",)
    assert claims("{I1} ranks above {I2}.") == ("ahead",)


@pytest.mark.parametrize(
    ("numbers", "passes"),
    [((1.0, 0.2), True), ((0.2, 1.0), False), ((-0.1, -0.5), False), ((0.4, 0.4), False)],
)
def test_the_numbers_decide_even_where_a_claim_would_allow_it(
    numbers: tuple[float, float], passes: bool
) -> None:
    plan, slots = task_world.plan("compare"), task_world.slots("compare", "en")
    piece = plan.evidence["H1"]
    fields = {**piece.fields, "to_ahead": numbers[0], "to_behind": numbers[1]}
    changed = {**plan.evidence, "H1": piece.model_copy(update={"fields": fields})}
    reading = task_world.verifier("en", "compare").read(
        "{H1} adds more to {I1} than to {I2}.", replace(plan, evidence=changed), slots
    )
    assert reading.ok == passes
