"""The same drafts for every way to choose, asked for once, whatever happens in between."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from recx_agent.errors import LlmUnreachable
from recx_agent.evals.journal import Journal
from recx_agent.evals.xrec import XrecReport, measure, run_xrec, ways
from recx_agent.evals.xrec.drafts import KeptDrafts
from recx_agent.factory import writers
from recx_agent.llms import ScriptedChatModel
from recx_agent.protocols import ChatChoice, ChatReply, ChatRequest, Message

LLM = {"base_url": "http://127.0.0.1:9/v1", "model": "m", "concurrency": 1}
ENDINGS = ("", " It is captivating.", " You adore it.", " It is in the north.")


class Author:
    """Answers each request for the n-th time with the n-th draft; dies after so many."""

    def __init__(self, lives: int = 10_000) -> None:
        self.lives = lives
        self.drafts: Counter[str] = Counter()

    def __call__(self, request: ChatRequest) -> ChatReply | LlmUnreachable:
        if self.lives <= 0:
            return LlmUnreachable("it is gone")
        self.lives -= 1
        asked = json.dumps([message.content for message in request.messages])
        choices = []
        for _ in range(request.n):
            number = self.drafts[asked]
            self.drafts[asked] += 1
            choices.append(ChatChoice(f"You enjoy stories.{ENDINGS[number % 4]}", "stop"))
        return ChatReply(choices, "m")


class LikesLong:
    """A chooser that takes the longest."""

    name = "likes-long"

    def scores(self, texts: Sequence[str]) -> list[float]:
        return [float(len(text)) for text in texts]


@pytest.fixture
def author(monkeypatch: pytest.MonkeyPatch) -> Author:
    found = Author()
    monkeypatch.setattr(ways, "make_chat_model", lambda llm: ScriptedChatModel(found, name="m@x"))
    for module in (measure, writers):
        monkeypatch.setattr(module, "make_chooser", lambda folder: LikesLong())
    monkeypatch.setattr(measure, "held_out_users", lambda folder: lambda user_id: user_id != "2")
    return found


def run(rows_file: Path, out: Path, **more: Any) -> XrecReport:
    return run_xrec(rows_file, out, llm=LLM, **{"rows": 6, **more})


def results(out: Path) -> dict[str, str]:
    return {p.name: p.read_text("utf-8") for p in out.iterdir() if p.name != measure.JOURNAL}


@pytest.mark.parametrize("dies_after", [0, 1, 4, 5])
def test_a_run_that_broke_off_goes_on_and_ends_as_an_unbroken_one(
    author: Author, rows_file: Path, tmp_path: Path, dies_after: int
) -> None:
    more = {"best_of": 4, "discriminator": tmp_path}
    run(rows_file, tmp_path / "whole", **more)
    asked = Counter(author.drafts)

    author.drafts.clear()
    author.lives = dies_after
    with pytest.raises(LlmUnreachable, match="it is gone"):
        run(rows_file, tmp_path / "broken", **more)
    assert author.drafts.total() < asked.total()
    assert not (tmp_path / "broken" / "results.json").exists()
    author.lives = 10_000
    run(rows_file, tmp_path / "broken", **more)
    assert author.drafts == asked, "nothing is asked for twice"
    assert results(tmp_path / "broken") == results(tmp_path / "whole")

    author.lives = 0
    run(rows_file, tmp_path / "whole", **more)
    assert author.drafts == asked


def test_more_rows_and_more_drafts_ask_for_what_is_missing(
    author: Author, rows_file: Path, tmp_path: Path
) -> None:
    first = run(rows_file, tmp_path, rows=3)
    drafts = [asked for asked, count in author.drafts.items() if count == 1]
    assert len(author.drafts) == len(drafts) == 3, "what passes is not repaired"
    more = run(rows_file, tmp_path, rows=5, best_of=4)
    assert sorted(author.drafts[asked] for asked in drafts) == [4, 4, 4]
    assert first.texts == _without(more, "first of 4")[:3]


def _without(report: XrecReport, way: str) -> list[dict[str, Any]]:
    return [{name: text for name, text in row.items() if name != way} for row in report.texts]


def test_one_draft_is_the_first_of_the_several(
    author: Author, rows_file: Path, tmp_path: Path
) -> None:
    report = run(rows_file, tmp_path / "out", best_of=4, discriminator=tmp_path)
    assert {row["user_id"] for row in report.texts} == {"0", "1"}, "held out"
    assert list(report.figures) == [
        "templates",
        "ours",
        "first of 4",
        "discriminator's of 4",
        "XRec",
        "reference",
    ]
    for row in report.texts:
        assert row["ours"].startswith("You may enjoy stories.")
        assert "captivating" not in row["ours"] + row["discriminator's of 4"]
    # The fourth draft has one more sentence that passes: it is in the north.
    assert all("It is in the north." in row["first of 4"] for row in report.texts)
    compared = [(gain.way, gain.than) for gain in report.gains]
    assert compared == [
        ("first of 4", "ours"),
        ("discriminator's of 4", "ours"),
        ("discriminator's of 4", "first of 4"),
    ]
    assert report.gains[0].figures["words"].high < 0, "its own sentence for a longer quote"
    assert report.gains[2].figures["words"].value == 0.0
    table = report.as_markdown()
    assert "- templates: template 6\n- ours: supported 6" in table
    assert "| words a text | " in table and "nothing that is sure" in table


async def test_faults_are_not_kept(author: Author, tmp_path: Path) -> None:
    model = ScriptedChatModel(author, name="m@x")
    drafts = KeptDrafts(model, Journal(tmp_path / "drafts.jsonl"))
    request = ChatRequest((Message("user", "Why?"),))
    author.lives = 0
    with pytest.raises(LlmUnreachable):
        await drafts.complete(request)
    assert isinstance(drafts.fault, LlmUnreachable)
    author.lives = 1
    again = KeptDrafts(model, Journal(tmp_path / "drafts.jsonl"))
    reply = await again.complete(request)
    assert (reply.choices[0].text, reply.model) == ("You enjoy stories.", "m")
    assert await again.complete(request) == reply and again.fault is None


async def test_what_else_is_asked_is_another_draft(author: Author, tmp_path: Path) -> None:
    drafts = KeptDrafts(ScriptedChatModel(author, name="m@x"), Journal(tmp_path / "d.jsonl"))
    asked = ChatRequest((Message("user", "Why?"),))
    for request in (asked, ChatRequest(asked.messages, temperature=0.0)):
        await drafts.complete(request)
    assert author.drafts.total() == 2
