"""Explanations of MovieLens streamed from the real model: whole, untrue in nothing, replayed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from recx_agent import Recx
from recx_agent.audit import newest_records, replay_record
from recx_agent.schemas import ExplanationBegun, ExplanationTold, SentenceTold
from recx_agent.writing import GroundedWriter
from tests.e2e.llm.conftest import SERVED

USERS = 3


@pytest.mark.timeout(900)
def test_streams_of_the_real_model(film_workspace: Path, tmp_path: Path, vllm_url: str) -> None:
    workspace = Path(shutil.copytree(film_workspace, tmp_path / "workspace"))
    llm = {"base_url": vllm_url, "model": SERVED, "deadline_ms": 120_000, "timeout_seconds": 120}
    verdicts = []
    with Recx.open(workspace, llm=llm) as recx:
        for user in range(USERS):
            user_id = recx.dataset.users.external(user)
            item = recx.recommend(user_id, 1).items[0].item_id
            begun, *told, last = recx.stream_explanation(user_id, item)
            assert isinstance(begun, ExplanationBegun)
            assert isinstance(last, ExplanationTold)
            sentences = [one for one in told if isinstance(one, SentenceTold)]
            whole = last.explanation
            assert len(sentences) == len(told)
            assert "".join(one.added for one in sentences) == whole.text
            assert whole.fault is None
            writer = recx._explainers.writer
            assert isinstance(writer, GroundedWriter)
            writer.flush()  # texts are kept in a thread of their own
            again = recx.explain(user_id, item)
            assert again.text == whole.text or whole.verdict == "template", "it is kept"
            verdicts.append(whole.verdict)
    print(f"\nverdicts: {verdicts}")
    for record in newest_records(workspace, 2 * USERS):
        assert replay_record(record).same, record.text
