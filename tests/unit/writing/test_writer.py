"""The writer asks, checks and puts together what is shown."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from recx_agent.errors import (
    LlmFaulty,
    UsageError,
)
from recx_agent.llms import ScriptedChatModel
from recx_agent.prompts import TemplateWriter
from recx_agent.prompts.style_bank import load_styles
from recx_agent.protocols import ChatChoice, ChatReply, ChatRequest
from recx_agent.stores import SqlAuditLog
from tests.unit.writing.conftest import GIVEN, GOOD, Hanging, only_record, written
from tests.unit.writing.plans import (
    ABSTAINS,
    BECAUSE,
    COMMON,
    OWN,
    PRAISE,
    SHARES,
    case,
    plan,
    writer,
)


def test_a_draft_that_passes_is_the_model_s_own(log: SqlAuditLog) -> None:
    draft = written(ScriptedChatModel([GOOD], name="m"), audit=log)
    assert draft.verdict == "supported"
    assert draft.text.startswith("“Jackie Brown” is here because of “Fargo” and “Heat”. ")
    assert (draft.writer.kind, draft.writer.model, draft.writer.language) == ("llm", "m", "en")
    assert draft.fault is None
    record = only_record(log)
    assert (record.text, record.verdict, record.model) == (draft.text, "supported", "m")
    assert [step.kind for step in record.steps] == ["draft"]
    assert record.steps[0].raw == GOOD
    assert {m["role"] for m in record.steps[0].messages} >= {"system", "user"}
    assert record.plan["slots"][0]["text"] == "“Jackie Brown”"


def test_the_model_is_sent_a_grammar_unless_it_is_off() -> None:
    model = ScriptedChatModel([GOOD])
    written(model, max_tokens=99, temperature=0.1)
    (asked,) = model.asked
    assert asked.request.grammar is not None and "{H1}" in asked.request.grammar
    assert (asked.request.max_tokens, asked.request.temperature, asked.request.n) == (99, 0.1, 1)
    off = ScriptedChatModel([GOOD])
    written(off, structured="off")
    assert off.asked[0].request.grammar is None


def test_a_failed_sentence_is_repaired_once_with_its_violations_named(log: SqlAuditLog) -> None:
    model = ScriptedChatModel([f"{OWN} {PRAISE}", SHARES])
    draft = written(model, audit=log)
    assert draft.verdict == "repaired"
    assert draft.text.endswith("“Jackie Brown” and “Fargo” share Crime.")
    assert len(model.asked) == 2
    assert "great" in model.asked[1].request.messages[-1].content
    assert {violation.kind for violation in draft.violations} >= {"unsupported_content"}
    record = only_record(log)
    assert [step.kind for step in record.steps] == ["draft", "repair"]
    assert [s.fate for s in record.steps[0].sentences] == ["kept", "repaired"]


def test_without_repair_it_is_asked_once() -> None:
    model = ScriptedChatModel([f"{OWN} {PRAISE}"])
    assert written(model, repair=False).verdict == "repaired"
    assert len(model.asked) == 1


def test_what_is_not_the_model_s_own_is_template_text(log: SqlAuditLog) -> None:
    draft = written(ScriptedChatModel([PRAISE, PRAISE]), audit=log)
    template = TemplateWriter().write(GIVEN)
    assert (draft.text, draft.writer) == (template.text, template.writer)
    assert draft.verdict == "template"
    assert draft.fault is None
    assert draft.violations
    assert only_record(log).steps[-1].kind == "template"


def test_an_abstention_asks_nobody(log: SqlAuditLog) -> None:
    model = ScriptedChatModel([])
    used = writer(model, audit=log)
    draft = used.write(plan(ABSTAINS))
    used.close()
    assert draft == TemplateWriter().write(plan(ABSTAINS))
    assert model.asked == []
    assert only_record(log).verdict == "abstained"


def test_several_are_asked_for_at_once_and_come_in_their_order() -> None:
    titles = ["One", "Two", "Three", "Four"]
    together = threading.Barrier(1)
    waiting: list[asyncio.Future[None]] = []

    class AllAtOnce(ScriptedChatModel):
        async def complete(
            self, request: ChatRequest, *, deadline: float | None = None
        ) -> ChatReply:
            together.wait()
            mine = asyncio.get_running_loop().create_future()
            waiting.append(mine)
            if len(waiting) == len(titles):
                for one in waiting:
                    one.set_result(None)
            await mine
            return ChatReply([ChatChoice(GOOD, "stop")], "m")

    used = writer(AllAtOnce([]))
    plans = [plan(BECAUSE, COMMON, key=title, item_title=title) for title in titles]
    drafts = used.write_all(plans)
    used.close()
    assert [draft.text.split(" ")[0] for draft in drafts] == [f"“{title}”" for title in titles]


def test_the_best_of_several_drafts_is_taken(log: SqlAuditLog) -> None:
    choices = [PRAISE, f"{OWN} {PRAISE}", GOOD, SHARES]
    reply = ChatReply([ChatChoice(text, "stop") for text in choices], "m", seconds=1.5)
    model = ScriptedChatModel([reply])
    draft = written(model, audit=log, candidates=4)
    assert draft.verdict == "supported"
    assert model.asked[0].request.n == 4
    assert [step.detail for step in only_record(log).steps] == ["", "", "chosen", ""]


def test_a_chooser_decides_among_equals() -> None:
    other = "Since you {H1.deed}, {ITEM} is here. " + SHARES

    class LikesSince:
        name = "likes since"

        def scores(self, texts: list[str]) -> list[float]:
            assert len(texts) == 2, "only what passed as well as any"
            return [float(text.startswith("Since")) for text in texts]

    reply = ChatReply([ChatChoice(text, "stop") for text in (GOOD, PRAISE, other)], "m")
    used = writer(ScriptedChatModel([reply]), candidates=3)
    object.__setattr__(used._author, "chooser", LikesSince())
    assert used.write(GIVEN).text.startswith("Since you rated “Fargo”")
    used.close()


def test_a_plan_of_nobody_leaves_no_record(log: SqlAuditLog) -> None:
    used = writer(ScriptedChatModel([]), audit=log)
    used.write(plan(ABSTAINS, key="", user_id=""))
    used.close()
    assert log.newest(9) == []


def test_a_caution_ends_every_text() -> None:
    given = plan(BECAUSE, COMMON)
    finance = plan(BECAUSE, COMMON, wording={**given.wording, "domain": "finance"})
    caution = TemplateWriter().write(finance).sentences[-1]
    for answer in (GOOD, PRAISE, LlmFaulty("no")):
        used = writer(ScriptedChatModel([answer, answer]), repair=False)
        draft = used.write(finance)
        used.close()
        assert draft.sentences[-1] == caution
        assert draft.text.count(caution.text) == 1


def test_closing_lets_go_of_the_model_and_ends_what_runs() -> None:
    model = Hanging()
    used = writer(model)
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(used.write_all, [GIVEN], deadline_ms=60_000)
        assert model.begun.wait(20)
        used.close()
        assert asking.result(20)[0].text == TemplateWriter().write(GIVEN).text
    assert model.closed
    with pytest.raises(UsageError):
        used.write(GIVEN)


def test_it_closes_without_ever_having_written() -> None:
    model = ScriptedChatModel([])
    writer(model).close()
    assert model.closed


async def test_it_writes_in_any_loop_without_a_deadline() -> None:
    used = writer(ScriptedChatModel(lambda request: GOOD), deadline_ms=0.001)
    drafts = await asyncio.gather(*(used.write_slowly(GIVEN) for _ in range(5)))
    assert {draft.verdict for draft in drafts} == {"supported"}
    await asyncio.to_thread(used.close)


def test_evidence_is_in_the_words_of_the_templates() -> None:
    used = writer(ScriptedChatModel([]))
    piece = GIVEN.evidence["H1"]
    assert used.evidence_text("H1", piece.fields, GIVEN.wording) == TemplateWriter().evidence_text(
        "H1", piece.fields, GIVEN.wording
    )
    used.close()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_example_that_the_model_is_shown_is_an_echo_of_its_instructions(language: str) -> None:
    about = case(plan(BECAUSE, language=language))
    bank = load_styles(language)
    for style in (*bank.styles, *bank.always):
        kinds = {v.kind for s in about.read(style.text).sentences for v in s.violations}
        assert "instruction_echo" not in kinds, style.text


def test_instructions_said_again_are_an_echo() -> None:
    about = case(plan(BECAUSE))
    said = "Tell nothing that is not in the notes: no praise, no opinion, no guess, no advice."
    kinds = {v.kind for s in about.read(said).sentences for v in s.violations}
    assert "instruction_echo" in kinds
