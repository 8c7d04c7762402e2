"""The writer asks, checks, keeps, and answers by the deadline whatever the model does."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from recx_agent.errors import (
    LlmError,
    LlmFaulty,
    LlmOverloaded,
    LlmPaused,
    LlmRefused,
    LlmTimeout,
    LlmUnreachable,
    UsageError,
)
from recx_agent.llms import ScriptedChatModel
from recx_agent.prompts import TemplateWriter
from recx_agent.prompts.style_bank import load_styles
from recx_agent.protocols import ChatChoice, ChatReply, ChatRequest, Draft
from recx_agent.schemas import AuditRecord
from recx_agent.stores import SqlAuditLog, SqlTextCache
from tests.unit.writing.plans import (
    ABSTAINS,
    AGAINST,
    BECAUSE,
    COMMON,
    OWN,
    PRAISE,
    SHARES,
    case,
    plan,
    writer,
)

GIVEN = plan(BECAUSE, COMMON)
GOOD = f"{OWN} {SHARES}"


def nobody(user_id: str) -> bool:
    return False


@pytest.fixture
def log(tmp_path: Path) -> SqlAuditLog:
    return SqlAuditLog(tmp_path, 30.0, nobody)


@pytest.fixture
def cache(tmp_path: Path) -> SqlTextCache:
    return SqlTextCache(tmp_path, 100, nobody)


def written(model: ScriptedChatModel, **more: Any) -> Draft:
    used = writer(model, **more)
    try:
        return used.write(GIVEN)
    finally:
        used.close()


def only_record(log: SqlAuditLog) -> AuditRecord:
    (record,) = log.newest(9)
    return record


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


class Hanging(ScriptedChatModel):
    """Never answers, whatever the deadline."""

    def __init__(self) -> None:
        super().__init__([])
        self.started = self.ended = 0
        self.begun = threading.Event()

    async def complete(self, request: ChatRequest, *, deadline: float | None = None) -> ChatReply:
        self.started += 1
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.ended += 1
        raise AssertionError


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
    assert sorted(took)[18] < 0.2
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


def test_a_verified_text_is_not_written_again(cache: SqlTextCache, log: SqlAuditLog) -> None:
    first = written(ScriptedChatModel([f"{OWN} {PRAISE}", SHARES]), cache=cache, audit=log)
    again = ScriptedChatModel([])
    second = written(again, cache=cache, audit=log)
    assert second == first
    assert again.asked == []
    assert only_record(log).steps[0].kind == "draft", "how it came about is not forgotten"


def test_how_a_kept_text_came_about_is_told_where_the_record_is_gone(
    cache: SqlTextCache, log: SqlAuditLog
) -> None:
    written(ScriptedChatModel([GOOD]), cache=cache)
    draft = written(ScriptedChatModel([]), cache=cache, audit=log)
    record = only_record(log)
    assert [step.kind for step in record.steps] == ["cache", "draft"]
    assert record.text == draft.text


@pytest.mark.parametrize("text", [PRAISE, LlmFaulty("no")])
def test_templates_and_faults_are_not_kept(text: Any, cache: SqlTextCache) -> None:
    written(ScriptedChatModel([text, text]), cache=cache, repair=False)
    model = ScriptedChatModel([GOOD])
    assert written(model, cache=cache, repair=False).verdict == "supported"


def test_what_is_kept_is_judged_before_it_is_shown(
    cache: SqlTextCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(ScriptedChatModel([GOOD]), cache=cache)
    (kept,) = cache.of_user("ann")
    with cache._database.writing() as connection:
        untrue = kept.replace(OWN, PRAISE)
        connection.exec_driver_sql("UPDATE texts SET text = ?", (untrue,))
    assert written(ScriptedChatModel([]), cache=cache).verdict == "template"


CHANGES: list[dict[str, Any]] = [
    {"temperature": 0.2},
    {"name": "another model"},
    {"claims": (BECAUSE, COMMON, AGAINST)},
    {"variant": 1},
    {"key": "k2"},
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_text_depends_on_makes_another_one(
    change: dict[str, Any], cache: SqlTextCache
) -> None:
    written(ScriptedChatModel([GOOD]), cache=cache)
    claims = change.get("claims", (BECAUSE, COMMON))
    of_plan = {name: change[name] for name in ("variant", "key") if name in change}
    model = ScriptedChatModel([GOOD], name=change.get("name", "scripted"))
    used = writer(model, cache=cache, temperature=change.get("temperature", 0.7))
    used.write(plan(*claims, **of_plan))
    used.close()
    assert len(model.asked) == 1


def test_a_model_nobody_can_name_is_asked_and_nothing_is_kept(cache: SqlTextCache) -> None:
    written(ScriptedChatModel([GOOD], name="?@http://nowhere"), cache=cache)
    assert cache.users() == frozenset()


def test_a_plan_of_nobody_leaves_no_record(log: SqlAuditLog) -> None:
    used = writer(ScriptedChatModel([]), audit=log)
    used.write(plan(ABSTAINS, key="", user_id=""))
    used.close()
    assert log.newest(9) == []


def test_a_store_that_fails_costs_the_record_not_the_answer(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    below = tmp_path / "file" / "below"
    used = writer(
        ScriptedChatModel(lambda request: GOOD),
        cache=SqlTextCache(below, 9, nobody),
        audit=SqlAuditLog(below, 9.0, nobody),
    )
    for _ in range(3):
        assert used.write(GIVEN).verdict == "supported"
    used.close()
    assert len(caplog.records) == 2, "once for each store"


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
