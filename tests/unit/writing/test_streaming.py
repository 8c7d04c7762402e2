"""A text told sentence by sentence: what is told, in which order, and what is kept of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from recx_agent.factory import replay_text
from recx_agent.grounding import unfill
from recx_agent.llms import Pieces, ScriptedChatModel
from recx_agent.prompts import LlmPrompts, TemplateWriter
from recx_agent.protocols import ChatModel, ChatReply, ChatRequest, Draft, Plan, StreamingWriter
from recx_agent.schemas import Sentence
from recx_agent.stores import SqlAuditLog, SqlTextCache
from tests.unit.writing.conftest import GIVEN, GOOD, only_record
from tests.unit.writing.plans import (
    ABSTAINS,
    AGAINST,
    BECAUSE,
    COMMON,
    FACT,
    OWN,
    PRAISE,
    REASON,
    SHARES,
    plan,
    writer,
)
from tests.unit.writing.streams import heard, keeps_to_the_rules, replays, split
from tests.unit.writing.test_second_opinion import judge

WHY = "“Jackie Brown” is here because of “Fargo” and “Heat”."
COMMONLY = "“Jackie Brown” and “Fargo” share Crime."


def texts(told: list[Sentence]) -> list[str]:
    return [sentence.text for sentence in told]


class Paced(ScriptedChatModel):
    """Goes on with a piece when it is told to."""

    def __init__(self, *pieces: str) -> None:
        super().__init__([])
        self.pieces = pieces
        self.go_on = asyncio.Semaphore(0)

    async def stream(
        self, request: ChatRequest, *, deadline: float | None = None
    ) -> AsyncGenerator[str | ChatReply]:
        for piece in self.pieces:
            await self.go_on.acquire()
            yield piece
        yield self._reply("".join(self.pieces), request, 0.0)


async def test_a_sentence_comes_when_the_next_begins() -> None:
    model = Paced(OWN, " {ITEM}", " and {H1} share {SHARED}.")
    used = writer(model)
    assert isinstance(used, StreamingWriter)
    stream = aiter(used.stream(GIVEN))
    first = asyncio.ensure_future(anext(stream))
    loop = used._loop._loop
    while loop is None:
        await asyncio.sleep(0)
        loop = used._loop._loop
    for told in (False, True):
        loop.call_soon_threadsafe(model.go_on.release)
        done, _ = await asyncio.wait({first}, timeout=None if told else 0.05)
        assert bool(done) is told
    assert (await first).text == WHY
    loop.call_soon_threadsafe(model.go_on.release)
    told_, draft = split([await first, *[item async for item in stream]])
    assert texts(told_) == [WHY, COMMONLY]
    assert draft.verdict == "supported"
    used.close()


def test_what_passes_at_once_is_supported(log: SqlAuditLog) -> None:
    told, draft = heard(ScriptedChatModel([GOOD]), GIVEN, audit=log)
    assert texts(told) == [WHY, COMMONLY]
    assert (draft.verdict, draft.fault, draft.writer.kind) == ("supported", None, "llm")
    assert [set(sentence.evidence) for sentence in told] == [{"H1", "H2"}, {"H1", "F1"}]
    record = only_record(log)
    assert [step.kind for step in record.steps] == ["draft"]
    assert [s.fate for s in record.steps[0].sentences] == ["kept", "kept"]
    replays(record)


def test_the_reason_is_waited_for_and_comes_first() -> None:
    told, draft = heard(ScriptedChatModel([f"{SHARES} {OWN}"]), GIVEN)
    assert texts(told) == [WHY, COMMONLY]
    assert draft.verdict == "supported"


def test_a_failed_sentence_is_repaired_at_the_end(log: SqlAuditLog) -> None:
    given = plan(BECAUSE, COMMON, FACT)
    model = ScriptedChatModel([f"{OWN} {PRAISE}", SHARES])
    told, draft = heard(model, given, audit=log)
    assert texts(told) == [WHY, COMMONLY]
    assert draft.verdict == "repaired"
    assert {violation.sentence for violation in draft.violations} == {1}
    draft_step, repair_step = only_record(log).steps
    assert [s.fate for s in draft_step.sentences] == ["kept", "repaired"]
    assert [s.fate for s in repair_step.sentences] == ["kept"]
    assert "great" in model.requests[1].messages[-1].content, "it is told what was wrong"
    replays(only_record(log))


def test_a_repair_that_fails_gives_way_to_a_template() -> None:
    told, draft = heard(ScriptedChatModel([f"{OWN} {PRAISE}", PRAISE]), GIVEN)
    assert texts(told) == [WHY, "Both have this in common with “Jackie Brown”: genre Crime."]
    assert draft.verdict == "repaired"


def test_a_repair_may_bring_the_reason() -> None:
    told, draft = heard(ScriptedChatModel([f"{PRAISE} {SHARES}", OWN]), GIVEN)
    assert texts(told) == [WHY, COMMONLY]
    assert draft.verdict == "repaired"


def test_a_repair_does_not_say_it_again_nor_more_than_was_asked() -> None:
    told, _ = heard(ScriptedChatModel([f"{OWN} {PRAISE}", OWN]), plan(BECAUSE))
    assert texts(told) == [WHY]
    told, _ = heard(ScriptedChatModel([f"{PRAISE}", f"{OWN} {SHARES}"]), GIVEN)
    assert texts(told) == [WHY], "one failed, one is taken"


def test_without_repairs_templates_say_it() -> None:
    model = ScriptedChatModel([f"{OWN} {PRAISE}"])
    told, draft = heard(model, GIVEN, repair=False)
    assert texts(told)[0] == WHY
    assert len(told) == 2
    assert draft.verdict == "repaired"


def test_what_leans_on_a_failed_sentence_is_not_told() -> None:
    given = plan(BECAUSE, COMMON, AGAINST)
    leaning = "It is great. " + OWN
    told, draft = heard(ScriptedChatModel([leaning, PRAISE]), given)
    keeps_to_the_rules(told, draft, given)
    assert texts(told)[0] == WHY


@pytest.mark.parametrize("text", [SHARES, PRAISE, "", "  ", "nothing at all"])
def test_without_a_reason_of_the_model_it_is_the_template(text: str) -> None:
    told, draft = heard(ScriptedChatModel([text, text]), GIVEN)
    keeps_to_the_rules(told, draft, GIVEN)
    assert draft.verdict == "template"


def test_a_template_said_again_is_a_template(log: SqlAuditLog) -> None:
    copied = unfill(TemplateWriter().write(GIVEN).sentences[0].text, LlmPrompts().slots(GIVEN))
    told, draft = heard(ScriptedChatModel([copied]), GIVEN, audit=log)
    assert draft.verdict == "template"
    keeps_to_the_rules(told, draft, GIVEN)
    replays(only_record(log))


def test_what_speaks_against_it_is_never_lost() -> None:
    given = plan(BECAUSE, COMMON, AGAINST, FACT)
    told, draft = heard(ScriptedChatModel([GOOD]), given)
    assert texts(told)[-1] == "“Cats” (you rated it 1 out of 5) counts against “Jackie Brown”."
    assert draft.verdict == "repaired"


def test_the_caution_of_the_domain_comes_last() -> None:
    given = plan(BECAUSE, COMMON)
    given = Plan(**{**given.__dict__, "wording": {**given.wording, "domain": "finance"}})
    told, draft = heard(ScriptedChatModel([f"{REASON}"]), given)
    caution = TemplateWriter().write(given).sentences[-1].text
    assert "advice" in caution
    assert texts(told)[-1] == caution
    assert tuple(told) == draft.sentences


def test_in_chinese(log: SqlAuditLog) -> None:
    given = plan(BECAUSE, COMMON, AGAINST, language="zh")
    text = "{ITEM}出现在这里，是因为{H1}和{H2}。{ITEM}很棒。"
    model = ScriptedChatModel([Pieces(list(text)), "{ITEM}很棒。"])
    told, draft = heard(model, given, audit=log)
    assert tuple(told) == draft.sentences
    assert draft.verdict == "repaired"
    assert draft.text.startswith("《Jackie Brown》出现在这里，是因为《Fargo》和《Heat》。")
    replays(only_record(log))


def test_an_abstention_asks_nobody(log: SqlAuditLog) -> None:
    model = ScriptedChatModel([])
    given = plan(ABSTAINS)
    told, draft = heard(model, given, audit=log)
    assert draft.text == TemplateWriter().write(given).text
    assert tuple(told) == draft.sentences
    assert model.asked == []
    assert only_record(log).verdict == "abstained"


def test_a_kept_text_comes_at_once_and_again_the_same(cache: SqlTextCache, tmp_path: Path) -> None:
    model = ScriptedChatModel([f"{SHARES} {OWN} {PRAISE}", PRAISE])
    first = writer(model, cache=cache)
    told, draft = split(list(first.stream(GIVEN)))
    first.flush()
    again, same = split(list(first.stream(GIVEN)))
    whole = first.write(GIVEN)
    first.close()
    assert len(model.asked) == 2, "a draft and its repair"
    assert again == told
    assert same.sentences == draft.sentences == whole.sentences
    assert same.verdict == draft.verdict == whole.verdict == "repaired"


def test_a_text_that_was_not_streamed_is_kept_as_ever(cache: SqlTextCache) -> None:
    used = writer(ScriptedChatModel([GOOD]), cache=cache)
    whole = used.write(GIVEN)
    used.flush()
    (kept,) = cache.of_user("ann")
    assert "streamed" not in kept
    told, draft = split(list(used.stream(GIVEN)))
    used.close()
    assert draft.sentences == whole.sentences == tuple(told)


def test_what_broke_off_is_not_kept(cache: SqlTextCache) -> None:
    used = writer(ScriptedChatModel([Pieces([OWN, " {ITEM}"], None), GOOD]), cache=cache)
    told, draft = split(list(used.stream(GIVEN)))
    used.flush()
    assert cache.of_user("ann") == []
    assert draft.fault == "faulty"
    assert split(list(used.stream(GIVEN)))[1].verdict == "supported"
    used.close()


def test_several_drafts_are_compared_before_one_is_told() -> None:
    model = ScriptedChatModel([GOOD])
    told, draft = heard(model, GIVEN, candidates=3)
    assert model.requests[0].n == 3
    assert texts(told) == [WHY, COMMONLY]
    assert draft.verdict == "supported"


class NotHeard:
    """A model without a stream."""

    name = "whole"

    def __init__(self) -> None:
        self._model = ScriptedChatModel([GOOD])

    async def complete(self, request: ChatRequest, *, deadline: float | None = None) -> ChatReply:
        return await self._model.complete(request, deadline=deadline)

    async def aclose(self) -> None:
        await self._model.aclose()


def test_a_model_that_cannot_be_heard_tells_it_at_the_end() -> None:
    model: ChatModel = NotHeard()
    used = writer(model)  # type: ignore[arg-type]
    told, draft = split(list(used.stream(GIVEN)))
    used.close()
    assert texts(told) == [WHY, COMMONLY]
    assert draft.verdict == "supported"


def test_a_second_opinion_refuses_before_it_is_told(log: SqlAuditLog) -> None:
    opinion = judge("no", about="share")
    model = ScriptedChatModel([GOOD, SHARES])
    told, draft = heard(model, GIVEN, audit=log, opinion=opinion)
    assert texts(told)[0] == WHY
    assert COMMONLY not in texts(told)
    assert draft.verdict == "repaired"
    record = only_record(log)
    assert [s.kind for s in record.steps] == ["opinion", "opinion", "draft", "repair"]
    replays(record)


def test_each_iteration_writes_it() -> None:
    used = writer(ScriptedChatModel([GOOD, OWN]))
    stream = used.stream(GIVEN)
    first, second = list(stream), list(stream)
    used.close()
    assert len(first) == 3
    assert texts(split(second)[0])[0] == WHY


def test_the_deadline_is_that_of_the_call() -> None:
    model = ScriptedChatModel([GOOD])
    used = writer(model)
    began = time.monotonic()
    list(used.stream(GIVEN, deadline_ms=5_000))
    used.close()
    assert model.asked[0].deadline is not None
    assert model.asked[0].deadline - began < 5.1


def test_a_record_of_before_is_replayed_as_ever(log: SqlAuditLog) -> None:
    used = writer(ScriptedChatModel([f"{SHARES} {OWN}"]), audit=log)
    draft = used.write(GIVEN)
    used.close()
    assert replay_text(only_record(log)).text == draft.text
    assert only_record(log).steps[0].detail == "chosen"


def test_its_parts_are_a_draft_s(log: SqlAuditLog) -> None:
    _, draft = heard(ScriptedChatModel([GOOD]), GIVEN)
    used = writer(ScriptedChatModel([GOOD]))
    whole: Draft = used.write(GIVEN)
    used.close()
    assert draft == whole, "where all passes, both ways give the same"
