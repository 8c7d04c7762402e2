"""Which tool is chosen for utterances that nothing was made for: a table of docs/assistant.md.

The phrases and prompts were done before the utterances were written. With
``RECX_TEST_ROUTING=all`` the model is also asked where the words say it.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest

from recx_agent import Recx
from recx_agent.assistant import Assistant
from recx_agent.assistant.asking import intent_of
from recx_agent.assistant.intents import intents_of
from recx_agent.factory import make_tool_chat
from recx_agent.settings import LlmSettings
from tests.e2e.llm.conftest import SERVED

UNSEEN = tomllib.loads(
    Path(__file__).with_name("utterances_unseen.toml").read_text(encoding="utf-8")
)
ALL = os.environ.get("RECX_TEST_ROUTING") == "all"


@pytest.mark.timeout(1200)
def test_unseen_utterances(film_workspace: Path, vllm_url: str) -> None:
    """The model is asked where the words do not say, so it must not lose what they say."""
    said = [
        (language, tool, text)
        for language, tools in UNSEEN.items()
        for tool, texts in tools.items()
        for text in texts
    ]
    chat = make_tool_chat(LlmSettings(base_url=vllm_url, model=SERVED, timeout_seconds=300))
    assert chat is not None
    settings = {"deadline_ms": 300_000}
    with Recx.open(film_workspace, assistant=settings) as recx, Assistant(recx, chat) as assistant:
        talk = assistant.conversation(next(iter(recx.dataset.users)))
        words = [intents_of(language).of(text) for language, _, text in said]
        by_words = [None if pattern is None else pattern.tool for pattern in words]
        by_model = [
            intent_of(chat, assistant.begin(talk, text)) if ALL or chosen is None else None
            for chosen, (_, _, text) in zip(by_words, said, strict=True)
        ]
    wanted = [tool for _, tool, _ in said]
    guided = [one or other for one, other in zip(by_words, by_model, strict=True)]

    def right(chosen: list[str | None]) -> int:
        return sum(one == tool for one, tool in zip(chosen, wanted, strict=True))

    print(f"\nof {len(said)}: by words {right(by_words)} ({by_words.count(None)} left open), ")
    asked = len(said) - by_model.count(None)
    print(f"by the model {right(by_model)} of {asked}, guided {right(guided)}")
    for chosen, (_, tool, text) in zip(guided, said, strict=True):
        if chosen != tool:
            print(f"  {text!r}: {chosen}, not {tool}")
    assert right(guided) > right(by_words)
    assert not ALL or right(guided) > right(by_model)
