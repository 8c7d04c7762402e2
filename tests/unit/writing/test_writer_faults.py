"""Whatever the model does, there is an answer, by the deadline, and the fault is noted."""

from __future__ import annotations

import threading
import time
from statistics import median

import pytest

from recx_agent.errors import (
    LlmError,
    LlmFaulty,
    LlmOverloaded,
    LlmPaused,
    LlmRefused,
    LlmTimeout,
    LlmUnreachable,
)
from recx_agent.llms import ScriptedChatModel
from recx_agent.prompts import TemplateWriter
from recx_agent.protocols import ChatReply, ChatRequest
from recx_agent.stores import SqlAuditLog
from tests.promptness import LATE, PROMISED
from tests.unit.writing.conftest import GIVEN, Hanging, only_record, written
from tests.unit.writing.plans import (
    ABSTAINS,
    BECAUSE,
    OWN,
    PRAISE,
    plan,
    writer,
)

FAULTS: list[tuple[LlmError, str]] = [
    (LlmUnreachable("no"), "unreachable"),
    (LlmTimeout("no"), "timeout"),
    (LlmOverloaded("no", 3.0), "overloaded"),
    (LlmFaulty("no"), "faulty"),
    (LlmRefused("no"), "refused"),
    (LlmPaused("no"), "paused"),
]


@pytest.mark.parametrize(("error", "fault"), FAULTS)
def test_a_fault_gives_template_text_and_is_noted(
    error: LlmError, fault: str, log: SqlAuditLog
) -> None:
    draft = written(ScriptedChatModel([error]), audit=log)
    assert draft.fault == fault
    assert draft.text == TemplateWriter().write(GIVEN).text
    steps = only_record(log).steps
    assert [step.kind for step in steps] == ["fault", "template"]
    assert steps[0].detail.startswith(fault)


def test_a_fault_in_a_repair_costs_the_repair_alone(log: SqlAuditLog) -> None:
    draft = written(ScriptedChatModel([f"{OWN} {PRAISE}", LlmFaulty("no")]), audit=log)
    assert draft.verdict == "repaired"
    assert draft.fault is None
    assert [step.kind for step in only_record(log).steps] == ["draft", "fault"]


def test_a_bug_of_ours_is_no_error_page(caplog: pytest.LogCaptureFixture) -> None:
    draft = written(ScriptedChatModel([RuntimeError("a bug")]))
    assert draft.fault == "error"
    assert draft.text == TemplateWriter().write(GIVEN).text
    assert "a bug" in caplog.text


class Blocking(ScriptedChatModel):
    """Holds the event loop itself."""

    def __init__(self) -> None:
        super().__init__([])
        self.free = threading.Event()

    async def complete(self, request: ChatRequest, *, deadline: float | None = None) -> ChatReply:
        self.free.wait(20)
        raise LlmFaulty("at last")


def test_a_model_that_hangs_is_not_waited_for(log: SqlAuditLog) -> None:
    model = Hanging()
    used = writer(model, audit=log)
    took = []
    for _ in range(20):
        began = time.monotonic()
        draft = used.write_all([GIVEN], deadline_ms=100)[0]
        took.append(time.monotonic() - began)
        assert draft.fault == "timeout"
        assert draft.text == TemplateWriter().write(GIVEN).text
    used.close()
    assert 0.1 <= median(took) <= 0.1 + PROMISED
    assert max(took) <= 0.1 + LATE
    assert model.ended == model.started > 10, "what is late is not left running"
    assert only_record(log).steps[-1].detail == "late"


def test_a_loop_that_is_held_is_not_waited_for_either(log: SqlAuditLog) -> None:
    model = Blocking()
    used = writer(model, audit=log)
    plans = [GIVEN, plan(ABSTAINS, key="k2"), plan(BECAUSE, key="k3")]
    drafts = used.write_all(plans, deadline_ms=50)
    assert [draft.fault for draft in drafts][0] == "timeout"
    assert drafts[1].text == TemplateWriter().write(plan(ABSTAINS)).text
    model.free.set()
    used.close()
    assert len(log.newest(9)) == 3
