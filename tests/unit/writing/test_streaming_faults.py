"""A fault at every position of a stream: what was told stays, the rest follows, by the deadline."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import AsyncGenerator, Callable, Sequence

import pytest

from recx_agent.errors import LlmFaulty, LlmOverloaded, LlmRefused, LlmTimeout, LlmUnreachable
from recx_agent.llms import Pieces, ScriptedChatModel
from recx_agent.prompts import TemplateWriter
from recx_agent.protocols import ChatReply, ChatRequest, Draft, Plan
from recx_agent.schemas import Sentence
from recx_agent.stores import SqlAuditLog
from tests.promptness import LATE
from tests.unit.writing.conftest import GIVEN, GOOD, only_record
from tests.unit.writing.plans import (
    AGAINST,
    AGAINST_TOLD,
    BECAUSE,
    COMMON,
    FACT,
    OWN,
    PRAISE,
    SHARES,
    plan,
    writer,
)
from tests.unit.writing.streams import heard, keeps_to_the_rules, replays, split

FULL = plan(BECAUSE, COMMON, AGAINST, FACT)
DRAFTS = {
    "passes": f"{OWN} {AGAINST_TOLD}",
    "reason last": f"{AGAINST_TOLD} {OWN} {SHARES}",
    "first fails": f"{PRAISE} {OWN} {AGAINST_TOLD}",
    "no reason": f"{SHARES} {AGAINST_TOLD}",
}
ONE_FAILS = f"{OWN} {PRAISE} {AGAINST_TOLD}"
Break = Callable[[Sequence[str]], Pieces]
BREAKS: dict[str, Break] = {
    "connection": lambda before: Pieces([*before, LlmUnreachable("it broke")]),
    "unreadable": lambda before: Pieces([*before, LlmFaulty("no JSON")]),
    "overloaded": lambda before: Pieces([*before, LlmOverloaded("busy", 3.0)]),
    "refused": lambda before: Pieces([*before, LlmRefused("no")]),
    "deadline": lambda before: Pieces([*before, LlmTimeout("too slow")]),
    "stall": lambda before: Pieces([*before, 1e9]),
    "silent end": lambda before: Pieces(before, None),
    "cut off": lambda before: Pieces(before, "length"),
    "filtered": lambda before: Pieces(before, "content_filter"),
    "garbage": lambda before: Pieces([*before, "\x00 {{ 7*7 }} {H9} ", "\ufffd?!"]),
    "other words": lambda before: Pieces([*before, f" {PRAISE} 42 stars!", " {ITEM}"]),
    "a bug": lambda before: Pieces([*before, RuntimeError("a bug")]),
}


def words_of(text: str) -> list[str]:
    """Each with the space before it."""
    return re.findall(r"\s*\S+", text)


def tokens_of(text: str) -> list[str]:
    """As a model gives them: words, stops, and placeholders in parts."""
    return re.findall(r"\s*(?:\{|\}|[\w']+|[^\w\s])", text)


async def no_time(seconds: float) -> None:
    """What is waited for is over at once."""
    await asyncio.sleep(0)


def verdicts(pieces: Sequence[str], kind: str, first: str = "") -> set[str]:
    """Break at every position of an answer: the first, or the repair of ``first``."""
    answers: list[Pieces | str] = []
    model = ScriptedChatModel(lambda request: answers.pop(0), sleep=no_time)
    used = writer(model, deadline_ms=60_000.0)
    seen: set[str] = set()
    for position in range(len(pieces) + 1):
        broken = BREAKS[kind](pieces[:position])
        answers[:] = [first, broken] if first else [broken, PRAISE]
        told, draft = split(list(used.stream(FULL)))
        keeps_to_the_rules(told, draft, FULL)
        assert model.open_streams == 0
        seen.add(draft.verdict)
    used.close()
    return seen


@pytest.mark.parametrize("kind", BREAKS)
def test_at_every_word(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    assert verdicts(words_of(ONE_FAILS), kind) == {"template", "repaired"}
    assert ("a bug" in caplog.text) is (kind == "a bug")


@pytest.mark.parametrize("name", DRAFTS)
def test_at_every_word_of_any_draft(name: str) -> None:
    seen = verdicts(words_of(DRAFTS[name]), "silent end")
    assert seen == ({"template"} if name == "no reason" else {"template", "repaired"})


def test_at_every_token() -> None:
    assert verdicts(tokens_of(ONE_FAILS), "connection") == {"template", "repaired"}


@pytest.mark.parametrize("kind", ["connection", "stall", "silent end", "garbage", "a bug"])
def test_at_every_word_of_a_repair(kind: str) -> None:
    first = f"{PRAISE} {AGAINST_TOLD}"
    assert verdicts(words_of(f"{OWN} {SHARES}"), kind, first) == {"template", "repaired"}


def test_a_repair_that_breaks_is_no_fault() -> None:
    repair = Pieces([OWN, " {ITEM}", LlmUnreachable("it broke")])
    told, draft = heard(ScriptedChatModel([PRAISE, repair]), FULL)
    assert (draft.verdict, draft.fault) == ("repaired", None)
    assert told[0].text.endswith("because of “Fargo” and “Heat”.")


@pytest.mark.parametrize(
    ("kind", "fault"),
    [("connection", "unreachable"), ("stall", "timeout"), ("silent end", "faulty")],
)
def test_the_fault_and_the_record(kind: str, fault: str, log: SqlAuditLog) -> None:
    tokens = tokens_of(f"{OWN} {SHARES} {AGAINST_TOLD}")
    first = len(tokens_of(OWN))
    for position in (0, first - 1, first, first + 1, first + 4, len(tokens)):
        model = ScriptedChatModel([BREAKS[kind](tokens[:position])], sleep=no_time)
        told, draft = heard(model, FULL, audit=log, deadline_ms=60_000.0)
        assert draft.fault == fault
        record = only_record(log)
        assert record.text == draft.text
        assert record.steps[0].detail.startswith(fault)
        assert (draft.verdict == "template") is (position <= first)
        replays(record)
        log.erase("ann")


class Stuck(ScriptedChatModel):
    """Says some pieces and hangs, whatever the deadline; ``hold`` holds the loop itself."""

    def __init__(self, *pieces: str, hold: bool = False) -> None:
        super().__init__([])
        self.pieces = pieces
        self.hold = hold
        self.free = threading.Event()
        self.reached = threading.Event()

    async def stream(
        self, request: ChatRequest, *, deadline: float | None = None
    ) -> AsyncGenerator[str | ChatReply]:
        self.open_streams += 1
        try:
            for piece in self.pieces:
                yield piece
            self.reached.set()
            if self.hold:
                self.free.wait(20)
            await asyncio.Event().wait()
        finally:
            self.open_streams -= 1


@pytest.mark.parametrize("hold", [False, True])
def test_at_the_deadline_the_rest_is_templates(hold: bool, log: SqlAuditLog) -> None:
    model = Stuck(OWN, " {ITEM} and", hold=hold)
    used = writer(model, audit=log)
    began = time.monotonic()
    items: list[Sentence | Draft] = []
    for item in used.stream(GIVEN, deadline_ms=150):
        items.append(item)
    took = time.monotonic() - began
    told, draft = split(items)
    keeps_to_the_rules(told, draft, GIVEN)
    assert 0.1 < took < 0.15 + LATE
    assert (draft.verdict, draft.fault) == ("repaired", "timeout")
    assert len(told) == 2, "a template for what the model did not come to say"
    model.free.set()
    used.close()
    assert model.open_streams == 0
    replays(only_record(log))


def test_with_nothing_told_at_the_deadline_it_is_the_template(log: SqlAuditLog) -> None:
    used = writer(Stuck("{ITEM} is"), audit=log)
    told, draft = split(list(used.stream(GIVEN, deadline_ms=60)))
    used.close()
    assert draft.fault == "timeout"
    assert draft.text == TemplateWriter().write(GIVEN).text
    assert tuple(told) == draft.sentences
    replays(only_record(log))


def test_no_time_at_all() -> None:
    for deadline_ms in (0.0, 1e-9):
        used = writer(Stuck())
        told, draft = split(list(used.stream(GIVEN, deadline_ms=deadline_ms)))
        used.close()
        assert draft.fault == "timeout"
        assert tuple(told) == draft.sentences


def test_the_writer_is_closed_meanwhile() -> None:
    model = Stuck(OWN, " {ITEM} and")
    used = writer(model)
    stream = iter(used.stream(GIVEN))
    told = [next(stream)]
    assert model.reached.wait(20)
    used.close()
    told += list(stream)
    sentences, draft = split(told)
    keeps_to_the_rules(sentences, draft, GIVEN)
    assert model.open_streams == 0


def _sent(given: Plan, text: str, at: int) -> list[str]:
    told, _ = heard(ScriptedChatModel([Pieces(tokens_of(text)[:at], None)]), given)
    return [sentence.text for sentence in told]


def test_what_was_told_does_not_hang_on_what_comes_later() -> None:
    """A longer piece of the same draft begins with the same sentences of the model's."""
    tokens = tokens_of(GOOD)
    reasons = {_sent(GIVEN, GOOD, at)[0] for at in range(len(tokens_of(OWN)) + 1, len(tokens))}
    assert len(reasons) == 1


def test_a_title_that_is_known_by_its_second_word_only() -> None:
    """The text before a stop may turn out to be a part of a title: then nothing more is heard."""
    pieces = [OWN, " {H1", "} and {ITEM} share {SHARED}", ". ", "St", ". Elmo", "'s Fire."]
    told, draft = heard(ScriptedChatModel([Pieces(pieces), PRAISE]), GIVEN)
    keeps_to_the_rules(told, draft, GIVEN)
