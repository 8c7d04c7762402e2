"""A judge may refuse what the exact checks have passed, and nothing else."""

from __future__ import annotations

import pytest

from recx_agent.errors import LlmFaulty
from recx_agent.factory import replay_text
from recx_agent.llms import ScriptedChatModel
from recx_agent.prompts import LlmPrompts
from recx_agent.protocols import ChatRequest
from recx_agent.stores import SqlAuditLog, SqlTextCache
from recx_agent.writing import SecondOpinion
from tests.unit.writing.conftest import GOOD, only_record, written
from tests.unit.writing.plans import OWN, PRAISE, SHARES


def judge(answer: str = "yes", *, about: str = "", name: str = "j") -> SecondOpinion:
    """One that says ``answer`` of statements with ``about`` in them, else yes."""

    def answered(request: ChatRequest) -> str:
        statement = request.messages[-1].content.partition("Statement:")[2]
        return answer if about in statement else "yes"

    return SecondOpinion(ScriptedChatModel(answered), LlmPrompts(), name)


def questions(opinion: SecondOpinion) -> list[str]:
    assert isinstance(opinion.model, ScriptedChatModel)
    return [request.messages[-1].content for request in opinion.model.requests]


def test_a_sentence_it_refuses_is_repaired(log: SqlAuditLog) -> None:
    opinion = judge("no", about="share")
    model = ScriptedChatModel([GOOD, SHARES])
    draft = written(model, opinion=opinion, audit=log)
    assert len(model.asked) == 2, "the refused sentence is asked for anew"
    assert draft.verdict == "repaired"
    assert [v.detail for v in draft.violations if "second opinion" in v.detail]
    record = only_record(log)
    opinions = [(step.detail, step.raw) for step in record.steps if step.kind == "opinion"]
    assert opinions == [(OWN, "yes"), (SHARES, "no")], "what it refused once is not asked again"


def test_a_yes_changes_nothing() -> None:
    alone = written(ScriptedChatModel([GOOD]))
    assert written(ScriptedChatModel([GOOD]), opinion=judge("Yes.")) == alone


def test_it_lets_nothing_through(log: SqlAuditLog) -> None:
    opinion = judge("yes")
    draft = written(ScriptedChatModel([f"{OWN} {PRAISE}", PRAISE]), opinion=opinion, audit=log)
    assert "great" not in draft.text
    assert all("great" not in asked.partition("Statement:")[2] for asked in questions(opinion))


def test_it_sees_the_evidence_as_data() -> None:
    opinion = judge()
    written(ScriptedChatModel([GOOD]), opinion=opinion)
    first = questions(opinion)[0]
    assert "Fargo" in first and "Heat" in first
    assert "Jackie Brown" in first.partition("Statement:")[2]
    assert "{H1}" not in first


@pytest.mark.parametrize("answer", ["", "perhaps"])
def test_what_is_no_answer_stands_aside(answer: str) -> None:
    alone = written(ScriptedChatModel([GOOD]))
    assert written(ScriptedChatModel([GOOD]), opinion=judge(answer)) == alone


def test_a_judge_that_fails_stands_aside_and_is_noted(log: SqlAuditLog) -> None:
    def fails(request: ChatRequest) -> str:
        raise LlmFaulty("broken")

    opinion = SecondOpinion(ScriptedChatModel(fails), LlmPrompts(), "j")
    draft = written(ScriptedChatModel([GOOD]), opinion=opinion, audit=log)
    assert (draft.verdict, draft.fault) == ("supported", None)
    faults = [step.detail for step in only_record(log).steps if step.kind == "fault"]
    assert len(faults) == 2
    assert all(fault.startswith("second opinion: ") for fault in faults)


def test_it_is_replayed_without_the_judge(log: SqlAuditLog) -> None:
    written(ScriptedChatModel([GOOD, PRAISE]), opinion=judge("no", about="share"), audit=log)
    record = only_record(log)
    assert replay_text(record).same
    steps = tuple(step for step in record.steps if step.kind != "opinion")
    assert not replay_text(record.model_copy(update={"steps": steps})).same


def test_it_is_part_of_what_is_kept(cache: SqlTextCache) -> None:
    refused = written(
        ScriptedChatModel([GOOD, PRAISE]), opinion=judge("no", about="share"), cache=cache
    )
    again = written(ScriptedChatModel([]), opinion=judge("no", about="share"), cache=cache)
    assert again == refused
    other = ScriptedChatModel([GOOD])
    written(other, opinion=judge(name="another"), cache=cache)
    assert len(other.asked) == 1, "another judge, another text"


def test_its_model_is_closed_with_the_writer() -> None:
    opinion = judge()
    written(ScriptedChatModel([GOOD]), opinion=opinion)
    assert isinstance(opinion.model, ScriptedChatModel)
    assert opinion.model.closed
