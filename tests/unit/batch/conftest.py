"""Explanations as a batch gets them from a writer."""

from __future__ import annotations

from pathlib import Path

import pytest

from recx_agent.batch.lines import Lines
from recx_agent.schemas import Attribution, Explanation, ItemRef, Sentence, Views, Writer

VIEWS = Views(history=(), attribute=(), pair=())
WRITER = Writer(kind="llm", style="s", language="en", prompt_version="1", model="m")


def explanation(user: str, item: str, fault: str | None = None) -> Explanation:
    return Explanation(
        user_id=user,
        item=ItemRef(item_id=item, title=item.upper()),
        text="words",
        sentences=(Sentence(text="words", evidence=("H1",)),),
        evidence=(),
        attribution=Attribution(
            score=1.0, baseline=0.0, rank=1, view="history", contributions=(), views=VIEWS
        ),
        verdict="template" if fault else "supported",
        writer=WRITER,
        fault=fault,
        audit_id="a",
    )


@pytest.fixture
def lines(tmp_path: Path) -> Lines:
    return Lines(tmp_path / "out.jsonl")
