"""A record's drafts, judged again without a model, give the same text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from recx_agent.errors import LlmFaulty
from recx_agent.factory import replay_text
from recx_agent.llms import ScriptedChatModel
from recx_agent.protocols import ChatChoice, ChatReply
from recx_agent.schemas import AuditRecord
from recx_agent.stores import SqlAuditLog
from tests.unit.writing.plans import (
    ABSTAINS,
    AGAINST,
    BECAUSE,
    COMMON,
    FACT,
    OWN,
    PRAISE,
    SHARES,
    plan,
    writer,
)

GIVEN = plan(BECAUSE, COMMON, AGAINST, FACT)


def record_of(tmp_path: Path, script: list[Any], given: Any = GIVEN, **more: Any) -> AuditRecord:
    """The record as it comes back from disk."""
    log = SqlAuditLog(tmp_path, 30.0, lambda user: False)
    used = writer(ScriptedChatModel(script), audit=log, **more)
    used.write(given)
    used.close()
    (record,) = log.newest(9)
    return record


SCRIPTS: list[tuple[list[Any], str]] = [
    ([f"{OWN} {SHARES} {{H4}} counts against it."], "supported"),
    ([f"{OWN} {SHARES}"], "repaired"),
    ([f"{OWN} {PRAISE}", SHARES], "repaired"),
    ([f"{OWN} {PRAISE}", PRAISE], "repaired"),
    ([f"{OWN} {PRAISE}", LlmFaulty("no")], "repaired"),
    ([PRAISE, PRAISE], "template"),
    ([LlmFaulty("no")], "template"),
]


@pytest.mark.parametrize(("script", "verdict"), SCRIPTS)
def test_the_same_comes_out(script: list[Any], verdict: str, tmp_path: Path) -> None:
    record = record_of(tmp_path, script)
    replayed = replay_text(record)
    assert (replayed.text, replayed.verdict) == (record.text, record.verdict)
    assert replayed.same
    assert record.verdict == verdict


def test_of_several_drafts_the_chosen_one_is_judged(tmp_path: Path) -> None:
    choices = [ChatChoice(text, "stop") for text in (PRAISE, f"{OWN} {SHARES}")]
    record = record_of(tmp_path, [ChatReply(choices, "m")], candidates=2)
    replayed = replay_text(record)
    assert replayed.same
    assert [one.raw for one in replayed.sentences] == [OWN, SHARES]


def test_in_chinese_and_with_a_caution_too(tmp_path: Path) -> None:
    given = plan(BECAUSE, AGAINST, language="zh")
    given = plan(BECAUSE, AGAINST, wording={**given.wording, "domain": "health"}, language="zh")
    record = record_of(tmp_path, ["{ITEM}出现在这里，是因为{H1}和{H2}。"], given)
    assert record.verdict == "repaired"
    assert replay_text(record).same


def test_an_abstention_stays_one(tmp_path: Path) -> None:
    record = record_of(tmp_path, [], plan(ABSTAINS))
    assert record.verdict == "abstained"
    assert replay_text(record).same


def test_a_draft_that_was_changed_is_noticed(tmp_path: Path) -> None:
    record = record_of(tmp_path, [f"{OWN} {SHARES}"])
    step = record.steps[0].model_copy(update={"raw": f"{OWN} {PRAISE}"})
    replayed = replay_text(record.model_copy(update={"steps": (step,)}))
    assert not replayed.same
    assert "great" not in replayed.text


def test_evidence_that_was_changed_is_noticed(tmp_path: Path) -> None:
    record = record_of(tmp_path, [f"{OWN} {SHARES}"])
    claims = [c for c in record.plan["claims"] if c["kind"] != "in_common"]
    replayed = replay_text(record.model_copy(update={"plan": {**record.plan, "claims": claims}}))
    assert not replayed.same
