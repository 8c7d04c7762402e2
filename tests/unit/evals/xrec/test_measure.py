"""The comparison from a file to its table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from recx_agent.errors import DataError
from recx_agent.evals.xrec import figures, run_xrec
from recx_agent.evals.xrec.rows import read_sample
from recx_agent.evals.xrec.similarity import rouge_l

NO_MODEL: dict[str, Any] = {"llm": {"base_url": None}}
THEMES = ["quiet villages", "old ships", "lost letters", "garden parties", "winter wars"]


class CountsLetters:
    """An embedder whose vectors are known."""

    name = "letters"

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = [[text.count(chr(97 + n)) + 1e-6 for n in range(26)] for text in texts]
        vectors = np.array(rows, dtype=np.float32)
        unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


@pytest.fixture(autouse=True)
def _no_large_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "_embedder", CountsLetters)


@pytest.fixture
def rows_file(tmp_path: Path) -> Path:
    lines = [
        {
            "user_id": str(number % 3),
            "title": f"Title {number}",
            "user_summary": f"Likely to enjoy stories of {theme}.",
            "item_summary": f"A book on {theme} in the north.",
            "reference": f"The user would buy the book because of {theme} and a friend.",
            "xrec_output": "The user would buy the book because it is captivating.",
        }
        for number, theme in enumerate(THEMES * 2)
    ]
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)) + "\n", encoding="utf-8")
    return path


def test_three_systems_stand_side_by_side(rows_file: Path, tmp_path: Path) -> None:
    report = run_xrec(rows_file, tmp_path / "out", rows=8, **NO_MODEL)
    ours, xrec, reference = (report.figures[name] for name in ("ours", "XRec", "reference"))
    assert ours["words_carried"].value > 0.8 > 0.1 > xrec["words_carried"].value
    assert xrec["jaccard"].value == xrec["opening"].value == 1.0
    assert "rouge_l" not in reference and 0 < xrec["rouge_l"].value < 1
    assert report.verdicts == {"template": 8}
    table = report.as_markdown()
    assert "templates" in table and "| content words carried by the summaries |" in table
    assert report.for_reading(3).count("(template)") == 3
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert written == {"results.json", "texts.jsonl", "xrec.md"}
    assert len((tmp_path / "out" / "texts.jsonl").read_text("utf-8").splitlines()) == 8


def test_best_of_several_is_paired_with_one(rows_file: Path, tmp_path: Path) -> None:
    report = run_xrec(rows_file, tmp_path / "out", rows=6, best_of=4, **NO_MODEL)
    (arm,) = report.gains
    assert arm == "first of 4"
    assert all(gain.value == 0.0 for gain in report.gains[arm].values())
    assert "nothing that is sure" in report.as_markdown()


def test_the_sample_is_drawn_by_its_seed(rows_file: Path) -> None:
    assert read_sample(rows_file, 5, 1) == read_sample(rows_file, 5, 1) != read_sample(rows_file, 5)
    assert len(read_sample(rows_file, 99)) == 10


def test_a_row_without_a_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"title": "A"}\n', encoding="utf-8")
    with pytest.raises(DataError, match="row 1, field 'user_summary'"):
        read_sample(path, 3)


def test_rouge_l_is_the_longest_common_subsequence() -> None:
    # Of three words two stand in the same order: precision = recall = 2/3.
    assert rouge_l(["the cat sat"], ["the cat ran"]).tolist() == [pytest.approx(2 / 3)]
