"""Conversations over the real model: whatever it says, what is shown is true by the files.

``RECX_TEST_CONVERSATIONS`` is how many (2), or a part of many (``40:80``), ``RECX_TEST_RECORD`` a
file that the first one is recorded into, such as ``docs/conversation.md``.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from recx_agent import Recx
from recx_agent.assistant import Assistant, Reply
from recx_agent.evals.scorers.grounded.data import Raw
from recx_agent.factory import make_tool_chat
from recx_agent.settings import LlmSettings
from tests.e2e.llm.conftest import SERVED
from tests.e2e.llm.shown_check import ShownCheck
from tests.e2e.told_figures import Saved

FIRST, _, LAST = os.environ.get("RECX_TEST_CONVERSATIONS", "2").rpartition(":")
PART = slice(int(FIRST or 0), int(LAST))
RECORD = os.environ.get("RECX_TEST_RECORD")
AT_ONCE = 12

SAID = {
    "en": (
        "Hello!",
        "What should I watch tonight?",
        "Why the first one?",
        "Read me like an open book.",
        "And if I had not seen “{cause}”?",
        "Why “{first}” and not “{second}”?",
        "Please, not because of “{cause}” again.",
        "So why is “{first}” suggested now?",
        "Tell me a secret about the cast, and how many prizes it won.",
    ),
    "zh": (
        "你好！",
        "今晚看什么电影好？",
        "为什么推荐第一部？",
        "谈谈我这个人。",
        "如果我没看过《{cause}》呢？",
        "为什么是《{first}》而不是《{second}》？",
        "以后不要因为《{cause}》推荐。",
        "那现在为什么推荐《{first}》？",
        "说说演员的秘密，它得过多少奖？",
    ),
}
KEEPS = 6
"""The turn in which the reason is muted."""


@dataclass
class Talked:
    """One conversation as it went."""

    user: str
    language: str
    routing: str
    turns: list[tuple[str, Reply]] = field(default_factory=list)
    cause: str = ""
    first: str = ""


@pytest.fixture(scope="module")
def workspace(film_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("talked") / "workspace"
    return Path(shutil.copytree(film_workspace, place))


@pytest.fixture(scope="module")
def opened(workspace: Path) -> Iterator[dict[str, Recx]]:
    """One for each way to choose tools; templates word the texts, the model talks."""
    settings = {"deadline_ms": 300_000, "max_tokens": 64}
    found = {
        routing: Recx.open(workspace, assistant={**settings, "routing": routing})
        for routing in ("guided", "free")
    }
    yield found
    for recx in found.values():
        recx.close()


@pytest.fixture(scope="module")
def talked(opened: dict[str, Recx], vllm_url: str, users: list[str]) -> list[Talked]:
    chat = make_tool_chat(LlmSettings(base_url=vllm_url, model=SERVED, timeout_seconds=300))
    assert chat is not None
    plans = [
        Talked(user, "zh" if n % 2 else "en", "free" if n % 3 == 2 else "guided")
        for n, user in enumerate(users[PART])
    ]

    def talk(plan: Talked) -> Talked:
        assistant = Assistant(opened[plan.routing], chat, language=plan.language)
        conversation = assistant.conversation(plan.user)
        recx = opened[plan.routing]
        best = recx.recommend(plan.user, 2).items
        why = recx.explain(plan.user, best[0].item_id, language=plan.language)
        told = {id for sentence in why.sentences for id in sentence.evidence}
        causes = [e for e in why.evidence if e.id in told and e.id[0] == "H" and e.kind == "cause"]
        plan.first = best[0].title
        plan.cause = (
            causes[0].fields["title"] if causes else recx.profile(plan.user).history[0].title
        )
        names = {"cause": plan.cause, "first": plan.first, "second": best[1].title}
        for said in SAID[plan.language]:
            text = said.format(**names)
            plan.turns.append((text, assistant.reply(conversation, text)))
        return plan

    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = list(pool.map(talk, plans))
    chat.close()
    if RECORD:
        Path(RECORD).write_text(recorded(done[0]), encoding="utf-8")
    return done


@pytest.mark.timeout(7200)
def test_every_message_answers_and_the_model_was_asked(talked: list[Talked]) -> None:
    assert len(talked) == PART.stop - PART.start
    replies = [reply for one in talked for _, reply in one.turns]
    own = [part for reply in replies for part in reply.parts if part.result is None]
    print(f"\n{len(talked)} conversations, {len(replies)} messages, ", end="")
    print(f"{sum(reply.requests for reply in replies)} requests; faults: ", end="")
    print(dict(Counter(reply.fault for reply in replies)))
    print(f"  sentences of the model's own: {len(own)} parts shown, ", end="")
    print(f"{sum(len(reply.dropped) for reply in replies)} sentences dropped")
    for text in list(dict.fromkeys(part.text for part in own))[:15]:
        print(f"  shown: {text}")
    assert all(reply.text for reply in replies)
    assert {reply.fault for reply in replies} == {None}
    assert sum(reply.requests for reply in replies) >= len(replies)


def test_nothing_untrue_is_shown(talked: list[Talked], raw: Raw, opened: dict[str, Recx]) -> None:
    saved = Saved(opened["guided"].version.model.parent)
    wrong: dict[str, Any] = {}
    for one in talked:
        check = ShownCheck(raw, saved, one.user)
        for said, reply in one.turns:
            if found := check.problems(parts_of(reply), one.language):
                wrong[f"{one.user}: {said}"] = found
    assert not wrong, json.dumps(wrong, ensure_ascii=False, indent=1, default=str)[:4000]


def test_the_reason_is_gone_after_the_feedback(talked: list[Talked]) -> None:
    for one in talked:
        kept, after = one.turns[KEEPS][1], one.turns[KEEPS + 1][1]
        assert any(result.kind == "kept" for result in kept.results), kept.text
        rest = after.text.replace(one.first, "")
        assert after.results, after
        assert f"“{one.cause}”" not in rest
        assert f"《{one.cause}》" not in rest


def test_led_conversations_use_the_tool_that_was_asked_for(talked: list[Talked]) -> None:
    wanted = {
        1: "recommend_items",
        2: "explain_recommendation",
        4: "what_if",
        5: "compare_items",
        6: "give_feedback",
        7: "explain_recommendation",
    }
    for one in talked:
        if one.routing == "guided":
            assert {n: one.turns[n][1].tool for n in wanted} == wanted


def parts_of(reply: Reply) -> list[dict[str, Any]]:
    """What was shown, in plain values."""
    return [
        {
            "text": part.text,
            "kind": None if part.result is None else part.result.kind,
            "record": None if part.result is None else part.result.record,
            "evidence": list(part.evidence),
        }
        for part in reply.parts
    ]


def recorded(one: Talked) -> str:
    """A conversation as a page."""
    lines = [
        "# A conversation",
        "",
        'MovieLens 100K, Qwen2.5-Coder 0.5B behind vLLM, `assistant.routing = "guided"`. What is',
        "shown was recorded as it came (`RECX_TEST_RECORD`, `tests/e2e/llm/test_conversation.py`);",
        "each statement was held against the raw files. *Tool* is what answered, *dropped* are",
        "sentences of the model's own that nobody saw.",
        "",
    ]
    for said, reply in one.turns:
        lines += [f"**You:** {said}", ""]
        lines += [f"> {line}".rstrip() for line in reply.text.splitlines()]
        dropped = "; ".join(f"`{' '.join(text.split())}`" for text in reply.dropped)
        lines += ["", f"*Tool:* {reply.tool or 'none'}. *Dropped:* {dropped or 'nothing'}.", ""]
    return "\n".join(lines)
